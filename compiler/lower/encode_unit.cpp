#include "compiler/lower/encode_unit.h"

#include "compiler/lower/value_writer.h"

namespace rulec::lower {

llvm::Function* EncodeUnit::Declare(const char* name) {
  auto& context = module_.getContext();
  auto* pointer = llvm::PointerType::getUnqual(context);
  auto* result = llvm::StructType::get(pointer, llvm::Type::getInt32Ty(context));
  auto* type = llvm::FunctionType::get(result, {pointer, pointer, pointer, llvm::Type::getInt64Ty(context)}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, module_);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::NoInline);
  return function;
}

llvm::Function* EncodeUnit::WriteFunction(const avro::Schema& type, const rulert::ColumnSpec& column) {
  llvm::Function*& known = writers_[{&type, &column}];
  if (!known) {
    known = Declare("write");
    Later([this, function = known, &type, &column] { WriteWriteFunction(*this, function, type, column); });
  }
  return known;
}

void EncodeUnit::Finish() {
  while (!bodies_.empty()) {
    const std::function<void()> make = std::move(bodies_.back());
    bodies_.pop_back();
    make();
  }
}

}  // namespace rulec::lower
