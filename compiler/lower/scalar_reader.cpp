// Values of ValueReader that have no parts.
#include "compiler/lower/utf8_check.h"
#include "compiler/lower/value_reader.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

using avro::Kind;
using avro::Logical;
using rulert::ColumnKind;

namespace {

llvm::Value* FloorDivide(FunctionBuilder& f, llvm::Value* value, uint64_t by) {
  auto& ir = f.ir();
  llvm::Value* quotient = ir.CreateSDiv(value, f.Int64(by));
  llvm::Value* rest = ir.CreateSub(value, ir.CreateMul(quotient, f.Int64(by)));
  return ir.CreateSub(quotient, ir.CreateZExt(ir.CreateICmpSLT(rest, f.Int64(0)), f.i64));
}

llvm::APInt PowerOfTen(unsigned exponent) {
  llvm::APInt power(128, 1);
  for (unsigned i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// {i128, i1 fits} (ptr data, i64 length): a number of two's complement, the highest byte first. No bytes are no number.
llvm::Function* BigEndianFunction(FunctionBuilder& outer) {
  if (auto* existing = outer.module().getFunction("decimal.read")) return existing;
  auto* i128 = llvm::Type::getInt128Ty(outer.ir().getContext());
  auto* pair = llvm::StructType::get(i128, outer.i1);
  auto* type = llvm::FunctionType::get(pair, {outer.ptr, outer.i64}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, "decimal.read", outer.module());
  function->addFnAttr(llvm::Attribute::NoInline);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  FunctionBuilder f(function, outer.state());
  auto& ir = f.ir();
  llvm::Value* data = function->getArg(0);
  llvm::Value* length = function->getArg(1);
  auto give = [&](llvm::Value* value, llvm::Value* fits) {
    llvm::Value* result = ir.CreateInsertValue(llvm::PoisonValue::get(pair), value, 0);
    ir.CreateRet(ir.CreateInsertValue(result, fits, 1));
  };
  auto load = [&](llvm::Value* at) {
    return ir.CreateIntrinsic(llvm::Intrinsic::bswap, {i128}, {f.LoadUnaligned(i128, at)});
  };
  llvm::BasicBlock* none = f.NewBlock("none");
  llvm::BasicBlock* some = f.NewBlock("some");
  llvm::BasicBlock* shorter = f.NewBlock("short");
  llvm::BasicBlock* longer = f.NewBlock("long");
  f.Branch(ir.CreateICmpEQ(length, f.Int64(0)), none, some, Weight::Unlikely);
  f.Enter(none);
  give(llvm::Constant::getNullValue(i128), ir.getFalse());
  f.Enter(some);
  f.Branch(ir.CreateICmpULE(length, f.Int64(16)), shorter, longer, Weight::Likely);
  f.Enter(shorter);
  llvm::Value* unused = ir.CreateShl(ir.CreateSub(f.Int64(16), length), f.Int64(3));
  give(ir.CreateAShr(load(data), ir.CreateZExt(unused, i128)), ir.getTrue());

  // Every byte before the last 16 only repeats their sign.
  f.Enter(longer);
  llvm::Value* before = ir.CreateSub(length, f.Int64(16));
  llvm::Value* number = load(f.Address(data, before));
  llvm::Value* sign = ir.CreateTrunc(ir.CreateAShr(number, llvm::ConstantInt::get(i128, 127)), f.i8);
  llvm::BasicBlock* loop = f.NewBlock("loop");
  llvm::BasicBlock* more = f.NewBlock("more");
  llvm::BasicBlock* done = f.NewBlock("done");
  f.Jump(loop);
  f.Enter(loop);
  llvm::PHINode* at = ir.CreatePHI(f.i64, 2);
  llvm::Value* same = ir.CreateICmpEQ(f.LoadUnaligned(f.i8, f.Address(data, at)), sign);
  llvm::Value* next = ir.CreateAdd(at, f.Int64(1));
  at->addIncoming(f.Int64(0), longer);
  at->addIncoming(next, more);
  f.Branch(same, more, done);
  f.Enter(more);
  f.Branch(ir.CreateICmpULT(next, before), loop, done);
  f.Enter(done);
  llvm::PHINode* fits = ir.CreatePHI(f.i1, 2);
  fits->addIncoming(ir.getFalse(), loop);
  fits->addIncoming(ir.getTrue(), more);
  give(number, fits);
  return function;
}

}  // namespace

Value ValueReader::ReadScalar(const avro::Schema& writer, const avro::Schema& reader,
                              const rulert::ColumnSpec& column) {
  auto& ir = f_.ir();
  switch (column.kind) {
    case ColumnKind::Bool: return {reader_.ReadBool()};
    case ColumnKind::Int:
    case ColumnKind::Date: return {reader_.ReadInt()};
    case ColumnKind::Long:
    case ColumnKind::Duration: return {ReadWhole(writer)};
    case ColumnKind::TimeOfDay: {
      llvm::Value* time = ReadWhole(writer);
      return {reader.logical == Logical::TimeMillis ? ir.CreateMul(time, f_.Int64(1000)) : time};
    }
    case ColumnKind::Timestamp: return {ReadTimestamp(writer, reader.logical)};
    case ColumnKind::Float: return {ReadFloating(writer, llvm::Type::getFloatTy(ir.getContext()))};
    case ColumnKind::Double: return {ReadFloating(writer, f_.f64)};
    case ColumnKind::String: return ReadText(writer, true);
    case ColumnKind::Bytes: return ReadText(writer, writer.kind == Kind::String);
    case ColumnKind::Decimal: return {ReadDecimal(writer, column.precision)};
    case ColumnKind::Uuid: return ReadUuid(writer);
    case ColumnKind::Enum:
    case ColumnKind::List:
    case ColumnKind::Map:
    case ColumnKind::Record:
    case ColumnKind::Union: break;
  }
  llvm_unreachable("a column of another kind than the reader's type");
}

// An int or long, as i64.
llvm::Value* ValueReader::ReadWhole(const avro::Schema& writer) {
  if (writer.kind == Kind::Int) return f_.ir().CreateSExt(reader_.ReadInt(), f_.i64);
  return reader_.ReadLong();
}

// To microseconds since 1970; nanoseconds are floored.
llvm::Value* ValueReader::ReadTimestamp(const avro::Schema& writer, Logical logical) {
  auto& ir = f_.ir();
  llvm::Value* value = ReadWhole(writer);
  switch (logical) {
    case Logical::TimestampMillis:
    case Logical::LocalTimestampMillis: {
      llvm::Value* product = ir.CreateIntrinsic(llvm::Intrinsic::smul_with_overflow, {f_.i64}, {value, f_.Int64(1000)});
      reader_.Require(ir.CreateNot(ir.CreateExtractValue(product, 1)), RULERT_DECODE_TIME);
      return ir.CreateExtractValue(product, 0);
    }
    case Logical::TimestampNanos:
    case Logical::LocalTimestampNanos: return FloorDivide(f_, value, 1000);
    default: return value;
  }
}

// Whole numbers are rounded once, to the type that is wanted.
llvm::Value* ValueReader::ReadFloating(const avro::Schema& writer, llvm::Type* type) {
  auto& ir = f_.ir();
  if (writer.kind == Kind::Int || writer.kind == Kind::Long) return ir.CreateSIToFP(ReadWhole(writer), type);
  llvm::Value* value = writer.kind == Kind::Float ? reader_.ReadFloat() : reader_.ReadDouble();
  return value->getType() == type ? value : ir.CreateFPExt(value, type);
}

WireReader::Bytes ValueReader::ReadRaw(const avro::Schema& writer) {
  if (writer.kind == Kind::Fixed) return {reader_.ReadFixed(writer.size), f_.Int64(writer.size)};
  return reader_.ReadBytes();
}

Value ValueReader::ReadText(const avro::Schema& writer, bool is_utf8) {
  const WireReader::Bytes bytes = ReadRaw(writer);
  const Value text = MakeString(f_, bytes.data, bytes.length);
  if (is_utf8) reader_.Require(IsUtf8(f_, text), RULERT_DECODE_UTF8);
  return text;
}

llvm::Value* ValueReader::ReadDecimal(const avro::Schema& writer, uint8_t precision) {
  auto& ir = f_.ir();
  const WireReader::Bytes bytes = ReadRaw(writer);
  llvm::Value* read = ir.CreateCall(BigEndianFunction(f_), {bytes.data, bytes.length});
  llvm::Value* value = ir.CreateExtractValue(read, 0);
  const llvm::APInt bound = PowerOfTen(precision);
  auto number = [&](const llvm::APInt& bits) { return llvm::ConstantInt::get(ir.getContext(), bits); };
  llvm::Value* in_bounds =
      ir.CreateAnd(ir.CreateICmpSLT(value, number(bound)), ir.CreateICmpSGT(value, number(-bound)));
  reader_.Require(ir.CreateAnd(ir.CreateExtractValue(read, 1), in_bounds), RULERT_DECODE_DECIMAL);
  return value;
}

Value ValueReader::ReadUuid(const avro::Schema& writer) {
  auto& ir = f_.ir();
  const WireReader::Bytes bytes = ReadRaw(writer);
  llvm::Value* at = bytes.data;
  if (writer.kind != Kind::Fixed) {
    llvm::FunctionCallee parse = LibraryFunction(f_, "rule_uuid_from_text", f_.i8, {f_.ptr, f_.i64, f_.ptr});
    llvm::AllocaInst* parsed = f_.Local(llvm::FixedVectorType::get(f_.i64, 2), "uuid");
    llvm::Value* fits = ir.CreateCall(parse, {bytes.data, bytes.length, parsed});
    reader_.Require(ir.CreateICmpNE(fits, ir.getInt8(0)), RULERT_DECODE_UUID);
    at = parsed;
  }
  return {f_.LoadUnaligned(f_.i64, at), f_.LoadUnaligned(f_.i64, f_.Address(at, 8))};
}

}  // namespace rulec::lower
