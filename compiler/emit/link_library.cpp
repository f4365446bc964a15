#include "compiler/emit/link_library.h"

#include <map>

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Support/MemoryBufferRef.h>

#include "stdlib/bitcode.h"

namespace rulec {

namespace {

// The bitcode of all functions that are called: a few modules, each once, by their addresses.
std::map<const char*, std::string_view> BitcodeOfCalls(const llvm::Module& module) {
  std::map<const char*, std::string_view> found;
  for (const llvm::Function& function : module) {
    if (!function.isDeclaration()) continue;
    const std::string_view bitcode = rulelib::BitcodeFor({function.getName().data(), function.getName().size()});
    if (!bitcode.empty()) found.emplace(bitcode.data(), bitcode);
  }
  return found;
}

// Nobody else sees them, and none stays a function of its own.
void InlineAll(llvm::Module& module, const llvm::StringSet<>& names) {
  for (const auto& name : names) {
    llvm::GlobalValue* value = module.getNamedValue(name.getKey());
    if (!value || value->isDeclaration()) continue;
    value->setLinkage(llvm::GlobalValue::InternalLinkage);
    value->setVisibility(llvm::GlobalValue::DefaultVisibility);
    auto* function = llvm::dyn_cast<llvm::Function>(value);
    if (!function) continue;
    function->setComdat(nullptr);
    function->removeFnAttr(llvm::Attribute::NoInline);
    function->addFnAttr(llvm::Attribute::AlwaysInline);
  }
}

}  // namespace

bool LinkLibrary(llvm::Module& module) {
  const auto called = BitcodeOfCalls(module);
  for (const auto& [address, bitcode] : called) {
    auto library = llvm::getLazyBitcodeModule(
        llvm::MemoryBufferRef(llvm::StringRef(bitcode.data(), bitcode.size()), "stdlib"), module.getContext());
    if (!library) llvm::report_fatal_error(library.takeError());
    (*library)->setTargetTriple(module.getTargetTriple());
    (*library)->setDataLayout(module.getDataLayout());
    const bool failed =
        llvm::Linker::linkModules(module, std::move(*library), llvm::Linker::Flags::LinkOnlyNeeded, InlineAll);
    if (failed) llvm::report_fatal_error("the bitcode of the library does not fit the module that calls it");
  }
  return !called.empty();
}

}  // namespace rulec
