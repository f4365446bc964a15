#include "compiler/emit/module_table.h"

#include <cstddef>

#include <llvm/IR/Constants.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/ObjCopy/ConfigManager.h>
#include <llvm/ObjCopy/ObjCopy.h>
#include <llvm/Object/ObjectFile.h>
#include <llvm/Support/raw_ostream.h>

#include "runtime/abi/module_table.h"

namespace rulec {

namespace {

static_assert(sizeof(rulert_named_module) == 16 && sizeof(rulert_module_table) == 32, "laid out below");
static_assert(offsetof(rulert_module_table, manifest_size) == 24, "laid out below");

std::string SymbolOf(const ObjectModule& module) { return RULERT_MODULE_SYMBOL "." + module.name; }

// The module's object with its symbol named after it; "" and *error on failure.
std::string Renamed(const ObjectModule& module, std::string* error) {
  auto object = llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(module.object, module.name));
  if (!object) {
    *error = llvm::toString(object.takeError());
    return "";
  }
  const std::string symbol = SymbolOf(module);
  llvm::objcopy::ConfigManager config;
  config.Common.InputFilename = config.Common.OutputFilename = module.name;
  config.Common.SymbolsToRename[RULERT_MODULE_SYMBOL] = symbol;
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  if (llvm::Error failed = llvm::objcopy::executeObjcopyOnBinary(config, **object, out)) {
    *error = llvm::toString(std::move(failed));
    return "";
  }
  return std::string(bytes.begin(), bytes.end());
}

llvm::GlobalVariable* AddConstant(llvm::Module& module, llvm::Constant* value, const std::string& name) {
  auto* constant = llvm::cast<llvm::GlobalVariable>(module.getOrInsertGlobal(name, value->getType()));
  constant->setInitializer(value);
  constant->setConstant(true);
  return constant;
}

llvm::Constant* AddText(llvm::Module& module, const std::string& text, const std::string& name) {
  auto* constant = AddConstant(module, llvm::ConstantDataArray::getString(module.getContext(), text), name);
  constant->setLinkage(llvm::GlobalValue::PrivateLinkage);
  return constant;
}

// rulert_module_table
void AddTable(llvm::Module& module, const std::vector<ObjectModule>& modules, const std::string& manifest) {
  auto& context = module.getContext();
  auto* pointer = llvm::PointerType::getUnqual(context);
  auto* i32 = llvm::Type::getInt32Ty(context);
  auto* entry = llvm::StructType::get(pointer, pointer);
  std::vector<llvm::Constant*> entries;
  for (const ObjectModule& each : modules) {
    auto* symbol = llvm::cast<llvm::GlobalVariable>(module.getOrInsertGlobal(SymbolOf(each), pointer));
    // Hidden where it is used is hidden where it is defined: only the table is seen from outside.
    symbol->setVisibility(llvm::GlobalValue::HiddenVisibility);
    entries.push_back(llvm::ConstantStruct::get(entry, {AddText(module, each.name, "name." + each.name), symbol}));
  }
  auto* list =
      AddConstant(module, llvm::ConstantArray::get(llvm::ArrayType::get(entry, entries.size()), entries), "modules");
  list->setLinkage(llvm::GlobalValue::PrivateLinkage);
  auto* table =
      AddConstant(module,
                  llvm::ConstantStruct::getAnon(
                      {llvm::ConstantInt::get(i32, RULERT_ABI_VERSION), llvm::ConstantInt::get(i32, modules.size()),
                       list, AddText(module, manifest, "manifest"),
                       llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), manifest.size())}),
                  RULERT_MODULE_TABLE_SYMBOL);
  table->setAlignment(llvm::Align(8));
}

}  // namespace

std::vector<std::string> ObjectsOfTable(ModuleCompiler& compiler, const std::vector<ObjectModule>& modules,
                                        const std::string& manifest, std::string* error) {
  std::vector<std::string> objects;
  for (const ObjectModule& module : modules) {
    objects.push_back(Renamed(module, error));
    if (objects.back().empty()) return {};
  }
  llvm::LLVMContext context;
  llvm::Module table("modules", context);
  compiler.Prepare(table);
  AddTable(table, modules, manifest);
  objects.push_back(compiler.Compile(table, CodeStage::Llvm, nullptr));
  return objects;
}

}  // namespace rulec
