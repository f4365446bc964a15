#include "compiler/lower/value_reader.h"

#include <algorithm>

#include "runtime/abi/abi.h"

namespace rulec::lower {

using ActionKind = avro::Resolution::Kind;
using rulert::ColumnKind;
using rulert::ColumnSpec;

llvm::Value* Allocate(FunctionBuilder& outer, llvm::Value* call, llvm::Value* bytes) {
  llvm::Function* function = outer.module().getFunction("arena.allocate");
  if (!function) {
    auto* type = llvm::FunctionType::get(outer.ptr, {outer.ptr, outer.i64}, false);
    function = llvm::Function::Create(type, llvm::Function::InternalLinkage, "arena.allocate", outer.module());
    function->addFnAttr(llvm::Attribute::NoInline);
    function->addFnAttr(llvm::Attribute::NoUnwind);
    FunctionBuilder f(function, outer.state());
    llvm::Value* host = f.Member(function->getArg(0), offsetof(rulert_decode, host), f.ptr);
    llvm::Value* arena = f.Member(function->getArg(0), offsetof(rulert_decode, arena), f.ptr);
    llvm::Value* allocate = f.Member(host, offsetof(rulert_host, allocate), f.ptr);
    auto* signature = llvm::FunctionType::get(f.ptr, {f.ptr, f.i64}, false);
    f.ir().CreateRet(f.ir().CreateCall(signature, allocate, {arena, function->getArg(1)}));
  }
  return outer.ir().CreateCall(function, {call, bytes});
}

Value ValueReader::Null(const ColumnSpec& column) {
  Value zero = ZeroOf(f_, column);
  zero.valid = f_.ir().getFalse();
  return zero;
}

bool ValueReader::GivesNull(const Action& action) const {
  return action.kind == ActionKind::ReaderUnion && action.reader->branches[action.branch]->kind == avro::Kind::Null;
}

Value ValueReader::Read(avro::ActionId id, const ColumnSpec& column) {
  const Action& action = unit_.resolution().action(id);
  if (action.kind == ActionKind::WriterUnion) return ReadWriterUnion(action, column);
  if (action.kind == ActionKind::ReaderUnion) return ReadReaderUnion(action, column);
  Value value = ReadPlain(action, id, column);
  if (column.nullable) value.valid = f_.ir().getTrue();
  return value;
}

void ValueReader::ReadInto(avro::ActionId id, const ColumnSpec& column, llvm::Value* address, llvm::Value* null_byte) {
  const Action& action = unit_.resolution().action(id);
  auto& ir = f_.ir();
  if ((action.kind == ActionKind::Record || action.kind == ActionKind::Items)) {
    reader_.Call(unit_.ReadFunction(id, column), call_, reader_.Depth(), address);
    if (column.nullable) ir.CreateStore(ir.getInt8(1), null_byte);
    return;
  }
  const Value value = Read(id, column);
  StoreValue(f_, column.kind, value, address);
  if (column.nullable) ir.CreateStore(ir.CreateZExt(value.valid, f_.i8), null_byte);
}

Value ValueReader::ReadWriterUnion(const Action& action, const ColumnSpec& column) {
  auto& ir = f_.ir();
  const auto count = static_cast<uint32_t>(action.branches.size());
  const auto branch_action = [&](size_t i) -> const Action& { return unit_.resolution().action(action.branches[i]); };
  if (count == 2) {
    for (uint32_t null = 0; null < 2; ++null) {
      const bool other_reads = branch_action(1 - null).kind != ActionKind::Refuse;
      if (GivesNull(branch_action(null)) && other_reads) return ReadNullable(action, null, column);
    }
  }
  const bool two_words = IsTwoWords(column.kind);
  llvm::AllocaInst* value = f_.Local(two_words ? f_.i64 : f_.RegisterType(column.kind), "value");
  llvm::AllocaInst* high = two_words ? f_.Local(f_.i64, "high") : nullptr;
  llvm::AllocaInst* valid = column.nullable ? f_.Local(f_.i1, "valid") : nullptr;
  llvm::Value* branch = reader_.ReadIndex(count, RULERT_DECODE_BRANCH);
  llvm::BasicBlock* none = f_.NewBlock("no_branch");
  llvm::BasicBlock* on = f_.NewBlock("union");
  llvm::SwitchInst* choice = ir.CreateSwitch(branch, none, count);
  f_.Enter(none);
  ir.CreateUnreachable();
  const uint32_t before = reader_.pending();
  uint32_t most = before;
  for (uint32_t i = 0; i < count; ++i) {
    llvm::BasicBlock* block = f_.NewBlock("branch");
    choice->addCase(f_.Int32(i), block);
    f_.Enter(block);
    if (branch_action(i).kind == ActionKind::Refuse) {
      reader_.Refuse(RULERT_DECODE_RESOLVE);
      continue;
    }
    reader_.set_pending(before);
    const Value read = Read(action.branches[i], column);
    most = std::max(most, reader_.pending());
    f_.Store(value, read.value);
    if (high) f_.Store(high, read.high);
    if (valid) f_.Store(valid, read.valid);
    f_.Jump(on);
  }
  f_.Enter(on);
  reader_.set_pending(most);
  return {f_.Load(value), high ? f_.Load(high) : nullptr, valid ? f_.Load(valid) : nullptr};
}

Value ValueReader::ReadNullable(const Action& action, uint32_t null_branch, const ColumnSpec& column) {
  auto& ir = f_.ir();
  llvm::Value* branch = reader_.ReadIndex(2, RULERT_DECODE_BRANCH);
  llvm::BasicBlock* from = ir.GetInsertBlock();
  llvm::BasicBlock* present = f_.NewBlock("not_null");
  llvm::BasicBlock* on = f_.NewBlock("nullable");
  f_.Branch(ir.CreateICmpEQ(branch, f_.Int32(null_branch)), on, present);
  f_.Enter(present);
  const uint32_t before = reader_.pending();
  const Value value = Read(action.branches[1 - null_branch], column);
  llvm::BasicBlock* from_present = ir.GetInsertBlock();
  // Bounds that were checked on this path alone are not on the other.
  reader_.set_pending(std::max(before, reader_.pending()));
  f_.Jump(on);
  f_.Enter(on);
  return Merge(f_, value, from_present, ZeroOf(f_, column), from);
}

Value ValueReader::ReadReaderUnion(const Action& action, const ColumnSpec& column) {
  if (GivesNull(action)) return Null(column);
  const Action& inner = unit_.resolution().action(action.inner);
  Value value;
  if (column.kind == ColumnKind::Union) {
    uint32_t branch = action.branch;
    for (uint32_t i = 0; i < action.branch; ++i) branch -= action.reader->branches[i]->kind == avro::Kind::Null ? 1 : 0;
    const ColumnSpec& part = column.children[branch];
    value = InUnion(branch, ReadPlain(inner, action.inner, part), part);
  } else {
    value = ReadPlain(inner, action.inner, column);
  }
  if (column.nullable) value.valid = f_.ir().getTrue();
  return value;
}

Value ValueReader::InUnion(uint32_t branch, const Value& value, const ColumnSpec& column) {
  auto& ir = f_.ir();
  Value in{f_.Int64(branch)};
  if (rulert::ColumnWidth(column.kind) == 16) {
    llvm::Value* cell = Allocate(f_, call_, f_.Int64(16));
    reader_.Require(ir.CreateICmpNE(cell, llvm::ConstantPointerNull::get(f_.ptr)), RULERT_DECODE_MEMORY);
    StoreValue(f_, column.kind, value, cell);
    in.high = ir.CreatePtrToInt(cell, f_.i64);
    return in;
  }
  llvm::Value* bits = value.value;
  if (bits->getType()->isPointerTy()) {
    in.high = ir.CreatePtrToInt(bits, f_.i64);
    return in;
  }
  if (bits->getType()->isFloatingPointTy()) {
    bits = ir.CreateBitCast(bits, ir.getIntNTy(static_cast<unsigned>(bits->getType()->getScalarSizeInBits())));
  }
  in.high = ir.CreateZExtOrTrunc(bits, f_.i64);
  return in;
}

Value ValueReader::ReadPlain(const Action& action, avro::ActionId id, const ColumnSpec& column) {
  switch (action.kind) {
    case ActionKind::Enum: return {ReadSymbol(action)};
    case ActionKind::Record:
    case ActionKind::Items: return ReadComposite(id, column);
    case ActionKind::Value: return ReadScalar(*action.writer, *action.reader, column);
    case ActionKind::WriterUnion:
    case ActionKind::ReaderUnion:
    case ActionKind::Refuse: break;
  }
  llvm_unreachable("a union within a union");
}

Value ValueReader::ReadComposite(avro::ActionId id, const ColumnSpec& column) {
  llvm::AllocaInst* cell = f_.Local(llvm::FixedVectorType::get(f_.i64, 2), "cell");
  reader_.Call(unit_.ReadFunction(id, column), call_, reader_.Depth(), cell);
  return LoadValue(f_, column.kind, cell);
}

llvm::Value* ValueReader::ReadSymbol(const Action& action) {
  auto& ir = f_.ir();
  const auto count = static_cast<uint32_t>(action.symbols.size());
  llvm::Value* written = reader_.ReadIndex(count, RULERT_DECODE_SYMBOL);
  bool same = true;
  bool all_known = true;
  for (uint32_t i = 0; i < count; ++i) {
    same = same && action.symbols[i] == static_cast<int32_t>(i);
    all_known = all_known && action.symbols[i] >= 0;
  }
  if (same) return written;
  std::vector<uint32_t> symbols(action.symbols.begin(), action.symbols.end());
  auto* values = llvm::ConstantDataArray::get(f_.module().getContext(), symbols);
  auto* table = new llvm::GlobalVariable(f_.module(), values->getType(), true, llvm::GlobalValue::PrivateLinkage,
                                         values, "symbols");
  llvm::Value* symbol = ir.CreateLoad(f_.i32, ir.CreateGEP(f_.i32, table, ir.CreateZExt(written, f_.i64)));
  if (!all_known) reader_.Require(ir.CreateICmpSGE(symbol, f_.Int32(0)), RULERT_DECODE_RESOLVE);
  return symbol;
}

}  // namespace rulec::lower
