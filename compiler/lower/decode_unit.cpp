#include "compiler/lower/decode_unit.h"

#include "compiler/lower/composite_reader.h"
#include "compiler/lower/skip_functions.h"

namespace rulec::lower {

DecodeUnit::DecodeUnit(llvm::Module& module, ModuleState& state, const avro::Resolution& resolution)
    : module_(module), state_(state), resolution_(resolution), shapes_(resolution.writer().root()) {}

llvm::Function* DecodeUnit::Declare(const char* name) {
  auto& context = module_.getContext();
  auto* pointer = llvm::PointerType::getUnqual(context);
  auto* number = llvm::Type::getInt32Ty(context);
  auto* result = llvm::StructType::get(pointer, number);
  auto* type = llvm::FunctionType::get(result, {pointer, pointer, pointer, number, pointer}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, module_);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::NoInline);
  return function;
}

llvm::Function* DecodeUnit::SkipFunction(const avro::Schema& type) {
  llvm::Function*& known = skips_[&type];
  if (!known) {
    known = Declare("skip");
    Later([this, function = known, &type] { WriteSkipFunction(*this, function, type); });
  }
  return known;
}

llvm::Function* DecodeUnit::SkipFieldsFunction(const avro::Schema& record, size_t first, size_t last) {
  llvm::Function* function = Declare("skip_fields");
  Later([this, function, &record, first, last] { WriteSkipFieldsFunction(*this, function, record, first, last); });
  return function;
}

llvm::Function* DecodeUnit::ReadFunction(avro::ActionId action, const rulert::ColumnSpec& column) {
  llvm::Function*& known = readers_[action];
  if (!known) {
    known = Declare("read");
    Later([this, function = known, action, &column] { WriteReadFunction(*this, function, action, column); });
  }
  return known;
}

llvm::Function* DecodeUnit::ReadFieldsFunction(avro::ActionId action, const rulert::ColumnSpec& column, size_t first,
                                               size_t last) {
  llvm::Function* function = Declare("read_fields");
  Later([this, function, action, &column, first, last] {
    WriteReadFieldsFunction(*this, function, action, column, first, last);
  });
  return function;
}

void DecodeUnit::Finish() {
  while (!bodies_.empty()) {
    const std::function<void()> make = std::move(bodies_.back());
    bodies_.pop_back();
    make();
  }
}

}  // namespace rulec::lower
