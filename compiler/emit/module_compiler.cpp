#include "compiler/emit/module_compiler.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/SmallVectorMemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/SubtargetFeature.h>
#include <llvm/Transforms/IPO/AlwaysInliner.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/ADCE.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/LICM.h>
#include <llvm/Transforms/Scalar/LoopPassManager.h>
#include <llvm/Transforms/Scalar/SROA.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>

#include "compiler/emit/link_library.h"

namespace rulec {

namespace {

constexpr char kTriple[] = "x86_64-unknown-linux-gnu";

std::string HostFeatures() {
  llvm::SubtargetFeatures features;
  for (const auto& feature : llvm::sys::getHostCPUFeatures()) features.AddFeature(feature.first(), feature.second);
  return features.getString();
}

}  // namespace

std::unique_ptr<ModuleCompiler> ModuleCompiler::Create(const std::string& cpu, std::string* error) {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  std::string why;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(kTriple, why);
  if (!target) {
    *error = why;
    return nullptr;
  }
  const bool native = cpu == "native";
  const std::string name = native ? llvm::sys::getHostCPUName().str() : cpu;
  std::unique_ptr<llvm::MCSubtargetInfo> known(target->createMCSubtargetInfo(kTriple, "", ""));
  if (!known->isCPUStringValid(name)) {
    *error = "unknown target processor `" + cpu +
             "`: name one that LLVM knows, such as native, x86-64-v2, x86-64-v3, "
             "x86-64-v4, skylake, znver3";
    return nullptr;
  }
  std::unique_ptr<ModuleCompiler> compiler(new ModuleCompiler(cpu));
  llvm::TargetOptions options;
  compiler->machine_.reset(target->createTargetMachine(kTriple, name, native ? HostFeatures() : "", options,
                                                       llvm::Reloc::PIC_, llvm::CodeModel::Small,
                                                       llvm::CodeGenOptLevel::Less));
  return compiler;
}

bool ModuleCompiler::has_bmi2() const { return machine_->getMCSubtargetInfo()->checkFeatures("+bmi2"); }

// The levels of the x86-64 psABI.
std::string ModuleCompiler::level() const {
  struct Level {
    const char* name;
    const char* features;
  };
  constexpr Level kLevels[] = {{"x86-64-v2", "+cx16,+popcnt,+sse3,+sse4.1,+sse4.2,+ssse3,+sahf"},
                               {"x86-64-v3", "+avx,+avx2,+bmi,+bmi2,+f16c,+fma,+lzcnt,+movbe"},
                               {"x86-64-v4", "+avx512f,+avx512bw,+avx512cd,+avx512dq,+avx512vl"}};
  std::string name = "x86-64";
  for (const Level& level : kLevels) {
    if (!machine_->getMCSubtargetInfo()->checkFeatures(level.features)) break;
    name = level.name;
  }
  return name;
}

void ModuleCompiler::Prepare(llvm::Module& module) {
  module.setTargetTriple(kTriple);
  module.setDataLayout(machine_->createDataLayout());
}

// The IR comes in good shape: what is left is to turn locals into registers, to fold, and to move loads out of loops.
// A full O2 pipeline takes several times as long and makes the same code of it.
void ModuleCompiler::Optimize(llvm::Module& module) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager sccs;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(machine_.get());
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(sccs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, sccs, modules);

  if (LinkLibrary(module)) {
    llvm::ModulePassManager inlining;
    inlining.addPass(llvm::AlwaysInlinerPass(false));
    inlining.run(module, modules);
  }

  llvm::FunctionPassManager passes;
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::PreserveCFG));
  passes.addPass(llvm::EarlyCSEPass(true));
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(llvm::LICMPass(llvm::LICMOptions()), true));
  passes.addPass(llvm::ADCEPass());
  for (llvm::Function& function : module) {
    if (!function.isDeclaration()) passes.run(function, functions);
  }
}

std::string ModuleCompiler::Compile(llvm::Module& module, CodeStage stage, std::string* text) {
#ifndef NDEBUG
  if (llvm::verifyModule(module, &llvm::errs())) {
    module.print(llvm::errs(), nullptr);
    llvm::report_fatal_error("the code made for a module is not valid LLVM IR");
  }
#endif
  Optimize(module);
  if (text && stage == CodeStage::Llvm) {
    llvm::raw_string_ostream out(*text);
    module.print(out, nullptr);
  }
  if (text && stage == CodeStage::Asm) {
    llvm::SmallString<0> assembly;
    llvm::raw_svector_ostream out(assembly);
    llvm::legacy::PassManager passes;
    // Making code changes the module, so a module is printed or compiled, not both.
    machine_->addPassesToEmitFile(passes, out, nullptr, llvm::CodeGenFileType::AssemblyFile);
    passes.run(module);
    text->append(assembly.begin(), assembly.end());
    return "";
  }
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream out(object);
  llvm::legacy::PassManager passes;
  if (machine_->addPassesToEmitFile(passes, out, nullptr, llvm::CodeGenFileType::ObjectFile)) {
    llvm::report_fatal_error("the target cannot write object files");
  }
  passes.run(module);
  return std::string(object.begin(), object.end());
}

}  // namespace rulec
