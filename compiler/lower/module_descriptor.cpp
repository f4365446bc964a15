#include "compiler/lower/module_descriptor.h"

#include <llvm/IR/Constants.h>

#include "runtime/abi/abi.h"

namespace rulec::lower {

static_assert(sizeof(rulert_string) == 16, "generated code moves strings as two words");
static_assert(sizeof(rulert_module) == 24, "laid out below");

llvm::Function* NewEntryPoint(llvm::Module& module, const char* name, unsigned pointers) {
  auto& context = module.getContext();
  std::vector<llvm::Type*> arguments(pointers, llvm::PointerType::getUnqual(context));
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context), arguments, false);
  // Internal: reached through the descriptor alone.
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  for (llvm::Argument& argument : function->args()) argument.addAttr(llvm::Attribute::NoAlias);
  return function;
}

void WriteDescriptor(llvm::Module& module, uint32_t kind, llvm::Function* function, uint32_t flags) {
  auto& context = module.getContext();
  auto* i32 = llvm::Type::getInt32Ty(context);
  auto word = [&](uint32_t value) -> llvm::Constant* { return llvm::ConstantInt::get(i32, value); };
  auto* initializer = llvm::ConstantStruct::getAnon(
      {word(RULERT_ABI_VERSION), word(kind), word(flags), word(0), static_cast<llvm::Constant*>(function)});
  auto* descriptor = new llvm::GlobalVariable(module, initializer->getType(), true, llvm::GlobalValue::ExternalLinkage,
                                              initializer, RULERT_MODULE_SYMBOL);
  descriptor->setAlignment(llvm::Align(8));
  descriptor->setDSOLocal(true);
}

}  // namespace rulec::lower
