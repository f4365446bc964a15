#include "compiler/lower/value_writer.h"

#include <algorithm>

#include <llvm/IR/Intrinsics.h>

#include "compiler/lower/utf8_check.h"
#include "compiler/lower/varint.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

using avro::Kind;
using avro::Logical;
using rulert::ColumnKind;
using rulert::ColumnSpec;

void ValueWriter::Require(llvm::Value* condition, uint32_t code) {
  llvm::BasicBlock* failed = f_.NewBlock("unfit");
  f_.Require(condition, failed, "fit");
  llvm::IRBuilder<>::InsertPointGuard guard(f_.ir());
  f_.Enter(failed);
  fail_(f_.Int32(code));
}

// Code 0: no room.
void ValueWriter::RequireRoom(llvm::Value* bytes) {
  llvm::Value* room = f_.ir().CreatePtrDiff(f_.i8, limit_, At());
  Require(f_.ir().CreateICmpSLE(bytes, room), 0);
}

void ValueWriter::Call(llvm::Function* function, llvm::Value* from, llvm::Value* row) {
  auto& ir = f_.ir();
  llvm::Value* result = ir.CreateCall(function, {At(), limit_, from, row});
  llvm::Value* next = ir.CreateExtractValue(result, 0);
  llvm::BasicBlock* failed = f_.NewBlock("unwritten");
  f_.Require(ir.CreateIsNotNull(next), failed, "written");
  {
    llvm::IRBuilder<>::InsertPointGuard guard(ir);
    f_.Enter(failed);
    fail_(ir.CreateExtractValue(result, 1));
  }
  Advance(next);
}

void ValueWriter::Put(llvm::Value* value, uint64_t bytes) {
  f_.StoreUnaligned(value, At());
  Advance(f_.Address(At(), bytes));
}

void ValueWriter::WriteLongNumber(llvm::Value* number) { Advance(WriteLong(f_, At(), number)); }

void ValueWriter::WriteIndex(uint32_t index) {
  if (checks_ == Checks::EachValue) RequireRoom(f_.Int64(kLeafMax));
  if (index < 64) {
    Put(f_.ir().getInt8(static_cast<uint8_t>(index << 1)), 1);
  } else {
    WriteLongNumber(f_.Int64(index));
  }
}

void ValueWriter::WriteNull(const avro::Schema& type) {
  if (type.kind == Kind::Union) WriteIndex(static_cast<uint32_t>(type.NullBranch()));
}

void ValueWriter::Write(const avro::Schema& type, const ColumnSpec& column, const Value& value) {
  if (!value.valid) return WriteUnion(type, column, value);
  if (type.NullBranch() < 0) {
    Require(value.valid, RULERT_DECODE_MISSING);
    return WriteUnion(type, column, value);
  }
  llvm::BasicBlock* present = f_.NewBlock("not_null");
  llvm::BasicBlock* null = f_.NewBlock("null");
  llvm::BasicBlock* on = f_.NewBlock("nullable");
  f_.Branch(value.valid, present, null);
  f_.Enter(null);
  WriteNull(type);
  f_.Jump(on);
  f_.Enter(present);
  WriteUnion(type, column, value);
  f_.Jump(on);
  f_.Enter(on);
}

// A value that is not null, to a type that may be a union.
void ValueWriter::WriteUnion(const avro::Schema& type, const ColumnSpec& column, const Value& value) {
  if (column.kind == ColumnKind::Union) return WriteComposite(type, column, value);
  if (type.kind != Kind::Union) return WritePlain(type, column, value);
  const int branch = BranchFor(type, column);
  // The checker lets no such value into an output.
  if (branch < 0) return Require(f_.ir().getFalse(), RULERT_DECODE_TYPE);
  WriteIndex(static_cast<uint32_t>(branch));
  WritePlain(*type.branches[static_cast<size_t>(branch)], column, value);
}

void ValueWriter::WriteComposite(const avro::Schema& type, const ColumnSpec& column, const Value& value) {
  llvm::AllocaInst* cell = f_.Local(llvm::FixedVectorType::get(f_.i64, 2), "cell");
  StoreValue(f_, column.kind, value, cell);
  Call(unit_.WriteFunction(type, column), cell, f_.Int64(0));
}

void ValueWriter::WritePlain(const avro::Schema& type, const ColumnSpec& column, const Value& value) {
  auto& ir = f_.ir();
  if (FitOf(type, column) == 0) return Require(ir.getFalse(), RULERT_DECODE_TYPE);
  if (IsComposite(column.kind)) return WriteComposite(type, column, value);
  if (checks_ == Checks::EachValue) {
    llvm::Value* need = f_.Int64(kLeafMax + type.size);
    const bool text = column.kind == ColumnKind::String || column.kind == ColumnKind::Bytes;
    RequireRoom(text ? ir.CreateAdd(need, StringLength(f_, value)) : need);
  }
  switch (column.kind) {
    case ColumnKind::Bool: return Put(ir.CreateZExt(value.value, f_.i8), 1);
    case ColumnKind::Int:
    case ColumnKind::Date:
    case ColumnKind::Long:
    case ColumnKind::Duration: return WriteNumber(type, ir.CreateSExt(value.value, f_.i64));
    case ColumnKind::Float:
      if (type.kind == Kind::Float) return Put(value.value, 4);
      return Put(ir.CreateFPExt(value.value, f_.f64), 8);
    case ColumnKind::Double: return Put(value.value, 8);
    case ColumnKind::TimeOfDay:
    case ColumnKind::Timestamp: return WriteTime(type.logical, value.value);
    case ColumnKind::Enum: return WriteSymbol(type, column, value.value);
    case ColumnKind::String:
    case ColumnKind::Bytes: return WriteText(type, value);
    case ColumnKind::Decimal: return WriteDecimal(type, value.value);
    case ColumnKind::Uuid: return WriteUuid(type, value);
    case ColumnKind::List:
    case ColumnKind::Map:
    case ColumnKind::Record:
    case ColumnKind::Union: break;
  }
  llvm_unreachable("every kind is handled above");
}

void ValueWriter::WriteNumber(const avro::Schema& type, llvm::Value* value) {
  auto& ir = f_.ir();
  if (type.kind == Kind::Float) return Put(ir.CreateSIToFP(value, f_.f32), 4);
  if (type.kind == Kind::Double) return Put(ir.CreateSIToFP(value, f_.f64), 8);
  WriteLongNumber(value);
}

// Into the unit of a declared output; coarser units are floored.
void ValueWriter::WriteTime(Logical logical, llvm::Value* micros) {
  auto& ir = f_.ir();
  llvm::Value* time = micros;
  switch (logical) {
    case Logical::TimestampNanos:
    case Logical::LocalTimestampNanos: {
      llvm::Value* product =
          ir.CreateIntrinsic(llvm::Intrinsic::smul_with_overflow, {f_.i64}, {micros, f_.Int64(1000)});
      Require(ir.CreateNot(ir.CreateExtractValue(product, 1)), RULERT_DECODE_TIME);
      time = ir.CreateExtractValue(product, 0);
      break;
    }
    case Logical::TimeMillis:
    case Logical::TimestampMillis:
    case Logical::LocalTimestampMillis: {
      llvm::Value* quotient = ir.CreateSDiv(micros, f_.Int64(1000));
      llvm::Value* rest = ir.CreateSub(micros, ir.CreateMul(quotient, f_.Int64(1000)));
      time = ir.CreateSub(quotient, ir.CreateZExt(ir.CreateICmpSLT(rest, f_.Int64(0)), f_.i64));
      if (logical == Logical::TimeMillis) {
        llvm::Value* narrow = ir.CreateSExt(ir.CreateTrunc(time, f_.i32), f_.i64);
        Require(ir.CreateICmpEQ(narrow, time), RULERT_DECODE_TIME);
      }
      break;
    }
    default: break;
  }
  WriteLongNumber(time);
}

void ValueWriter::WriteSymbol(const avro::Schema& type, const ColumnSpec& column, llvm::Value* symbol) {
  auto& ir = f_.ir();
  std::vector<uint32_t> numbers;
  bool same = true;
  bool all_known = true;
  for (size_t i = 0; i < column.symbols.size(); ++i) {
    const auto found = std::find(type.symbols.begin(), type.symbols.end(), column.symbols[i]);
    const bool known = found != type.symbols.end();
    numbers.push_back(known ? static_cast<uint32_t>(found - type.symbols.begin()) : ~0u);
    same = same && numbers.back() == i;
    all_known = all_known && known;
  }
  if (!same) {
    auto* values = llvm::ConstantDataArray::get(f_.module().getContext(), numbers);
    auto* table = new llvm::GlobalVariable(f_.module(), values->getType(), true, llvm::GlobalValue::PrivateLinkage,
                                           values, "symbols");
    symbol = ir.CreateLoad(f_.i32, ir.CreateGEP(f_.i32, table, ir.CreateZExt(symbol, f_.i64)));
    if (!all_known) Require(ir.CreateICmpSGE(symbol, f_.Int32(0)), RULERT_DECODE_SYMBOL);
  }
  WriteLongNumber(ir.CreateZExt(symbol, f_.i64));
}

namespace {

// ptr (ptr at, i64 low, i64 high): a text's bytes. Made once, as an output has many.
llvm::Function* CopyTextFunction(FunctionBuilder& outer) {
  if (auto* existing = outer.module().getFunction("string.copy")) return existing;
  auto* type = llvm::FunctionType::get(outer.ptr, {outer.ptr, outer.i64, outer.i64}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, "string.copy", outer.module());
  function->addFnAttr(llvm::Attribute::NoInline);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  FunctionBuilder f(function, outer.state());
  auto& ir = f.ir();
  const Value value{function->getArg(1), function->getArg(2)};
  llvm::Value* at = function->getArg(0);
  llvm::Value* length = StringLength(f, value);
  llvm::BasicBlock* inlined = f.NewBlock("inlined");
  llvm::BasicBlock* outlined = f.NewBlock("outlined");
  llvm::BasicBlock* on = f.NewBlock("string");
  f.Branch(ir.CreateICmpULE(length, f.Int64(RULERT_STRING_INLINE)), inlined, outlined);
  f.Enter(inlined);
  f.StoreUnaligned(ir.CreateTrunc(ir.CreateLShr(value.value, f.Int64(32)), f.i32), at);
  f.StoreUnaligned(value.high, f.Address(at, 4));
  f.Jump(on);
  f.Enter(outlined);
  ir.CreateMemCpy(at, llvm::Align(1), ir.CreateIntToPtr(value.high, f.ptr), llvm::Align(1), length);
  f.Jump(on);
  f.Enter(on);
  ir.CreateRet(f.Address(at, length));
  return function;
}

}  // namespace

void ValueWriter::WriteText(const avro::Schema& type, const Value& text) {
  if (type.kind == Kind::Fixed) {
    Require(f_.ir().CreateICmpEQ(StringLength(f_, text), f_.Int64(type.size)), RULERT_DECODE_LENGTH);
  } else {
    WriteLongNumber(StringLength(f_, text));
  }
  Advance(f_.ir().CreateCall(CopyTextFunction(f_), {At(), text.value, text.high}));
}

// Two's complement, the highest byte first: as few bytes as hold it, or those of the fixed.
void ValueWriter::WriteDecimal(const avro::Schema& type, llvm::Value* value) {
  auto& ir = f_.ir();
  auto number = [&](uint64_t bits) { return llvm::ConstantInt::get(f_.i128, bits); };
  llvm::APInt bound(128, 1);
  for (int i = 0; i < type.precision && i < 38; ++i) bound *= 10;
  llvm::Value* below = ir.CreateICmpSLT(value, llvm::ConstantInt::get(ir.getContext(), bound));
  llvm::Value* above = ir.CreateICmpSGT(value, llvm::ConstantInt::get(ir.getContext(), -bound));
  Require(ir.CreateAnd(below, above), RULERT_DECODE_DECIMAL);

  llvm::Value* sign = ir.CreateAShr(value, number(127));
  llvm::Value* zeros = ir.CreateIntrinsic(llvm::Intrinsic::ctlz, {f_.i128}, {ir.CreateXor(value, sign), ir.getFalse()});
  llvm::Value* bytes = ir.CreateLShr(ir.CreateSub(number(136), zeros), number(3));
  if (type.kind == Kind::Fixed) {
    Require(ir.CreateICmpULE(bytes, number(type.size)), RULERT_DECODE_DECIMAL);
    if (type.size > 16) {
      ir.CreateMemSet(At(), ir.CreateTrunc(sign, f_.i8), f_.Int64(type.size - 16), llvm::Align(1));
      Advance(f_.Address(At(), type.size - 16));
    }
    bytes = number(std::min<uint64_t>(type.size, 16));
  } else {
    Put(ir.CreateTrunc(ir.CreateShl(bytes, number(1)), f_.i8), 1);
  }
  llvm::Value* unused = ir.CreateSub(number(128), ir.CreateShl(bytes, number(3)));
  f_.StoreUnaligned(ir.CreateIntrinsic(llvm::Intrinsic::bswap, {f_.i128}, {ir.CreateShl(value, unused)}), At());
  Advance(f_.Address(At(), ir.CreateTrunc(bytes, f_.i64)));
}

void ValueWriter::WriteUuid(const avro::Schema& type, const Value& uuid) {
  constexpr uint64_t kTextLength = 36;
  if (type.kind == Kind::Fixed) {
    Put(uuid.value, 8);
    return Put(uuid.high, 8);
  }
  WriteLongNumber(f_.Int64(kTextLength));
  llvm::AllocaInst* bytes = f_.Local(llvm::FixedVectorType::get(f_.i64, 2), "uuid");
  StoreValue(f_, ColumnKind::Uuid, uuid, bytes);
  llvm::FunctionCallee format =
      LibraryFunction(f_, "rule_uuid_to_text", llvm::Type::getVoidTy(f_.ir().getContext()), {f_.ptr, f_.ptr});
  f_.ir().CreateCall(format, {bytes, At()});
  Advance(f_.Address(At(), kTextLength));
}

}  // namespace rulec::lower
