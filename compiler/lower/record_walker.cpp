#include "compiler/lower/record_walker.h"

#include <algorithm>

#include <llvm/IR/Intrinsics.h>

#include "runtime/abi/abi.h"

namespace rulec::lower {

bool RecordWalker::AnySlotUnder(const std::string& path) const {
  const std::string prefix = path + ".";
  const auto it = slots_.lower_bound(prefix);
  return it != slots_.end() && it->first.compare(0, prefix.size(), prefix) == 0;
}

void RecordWalker::WalkFields(const avro::Schema& record, const std::string& prefix) {
  for (const avro::Field& field : record.fields) {
    const std::string path = prefix + field.name;
    current_field_ = static_cast<uint32_t>(field_paths_.size());
    field_paths_.push_back(path);
    if (const auto slot = slots_.find(path); slot != slots_.end()) {
      handler_.OnLeaf(slot->second, *field.type);
    } else if (field.type->kind == avro::Kind::Record && AnySlotUnder(path)) {
      WalkFields(*field.type, path + ".");
    } else {
      reader_.Skip(*field.type);
    }
  }
}

namespace {

void RequireOr(FunctionBuilder& f, llvm::Value* condition, const WireReader::Fail& fail, uint32_t code) {
  llvm::BasicBlock* failed = f.NewBlock("failed");
  f.Require(condition, failed, "ok");
  llvm::IRBuilder<>::InsertPointGuard guard(f.ir());
  f.Enter(failed);
  fail(f.Int32(code));
}

// To microseconds since 1970.
llvm::Value* ToMicros(FunctionBuilder& f, llvm::Value* value, avro::Logical logical, const WireReader::Fail& fail) {
  auto& ir = f.ir();
  switch (logical) {
    case avro::Logical::TimestampMillis: {
      llvm::Value* product = ir.CreateIntrinsic(llvm::Intrinsic::smul_with_overflow, {f.i64}, {value, f.Int64(1000)});
      RequireOr(f, ir.CreateNot(ir.CreateExtractValue(product, 1)), fail, RULERT_DECODE_TIME);
      return ir.CreateExtractValue(product, 0);
    }
    case avro::Logical::TimestampNanos: {
      // Floored: -1 ns is the microsecond before 1970.
      llvm::Value* quotient = ir.CreateSDiv(value, f.Int64(1000));
      llvm::Value* rest = ir.CreateSub(value, ir.CreateMul(quotient, f.Int64(1000)));
      return ir.CreateSub(quotient, ir.CreateZExt(ir.CreateICmpSLT(rest, f.Int64(0)), f.i64));
    }
    default: return value;
  }
}

Value ReadPlain(FunctionBuilder& f, WireReader& reader, const avro::Schema& type, const rulert::ColumnSpec& column,
                const WireReader::Fail& fail) {
  switch (type.kind) {
    case avro::Kind::Bool: return {reader.ReadBool()};
    case avro::Kind::Int: return {reader.ReadInt()};
    case avro::Kind::Long:
      return {column.kind == rulert::ColumnKind::Timestamp ? ToMicros(f, reader.ReadLong(), type.logical, fail)
                                                           : reader.ReadLong()};
    case avro::Kind::Double: return {reader.ReadDouble()};
    case avro::Kind::Enum: return {reader.ReadIndex(static_cast<uint32_t>(type.symbols.size()), RULERT_DECODE_SYMBOL)};
    case avro::Kind::String: {
      const WireReader::Bytes bytes = reader.ReadBytes();
      return MakeString(f, bytes.data, bytes.length);
    }
    default: llvm_unreachable("the checker lets no other type into a slot");
  }
}

}  // namespace

Value ReadLeaf(FunctionBuilder& f, WireReader& reader, const avro::Schema& type, const rulert::ColumnSpec& column,
               const WireReader::Fail& fail) {
  if (type.kind != avro::Kind::Union) {
    Value value = ReadPlain(f, reader, type, column, fail);
    if (column.nullable) value.valid = f.ir().getTrue();
    return value;
  }
  auto& ir = f.ir();
  const auto count = static_cast<uint32_t>(type.branches.size());
  const int null_branch = type.NullBranch();
  if (null_branch < 0 || count == 1) {  // a union of one type alone
    reader.ReadIndex(count, RULERT_DECODE_BRANCH);
    Value value = ReadPlain(f, reader, *type.branches[0], column, fail);
    if (column.nullable) value.valid = ir.getTrue();
    return value;
  }
  llvm::Value* branch = reader.ReadIndex(count, RULERT_DECODE_BRANCH);
  llvm::BasicBlock* from = ir.GetInsertBlock();
  llvm::BasicBlock* present = f.NewBlock("not_null");
  llvm::BasicBlock* on = f.NewBlock("nullable");
  f.Branch(ir.CreateICmpEQ(branch, f.Int32(static_cast<uint32_t>(null_branch))), on, present);
  f.Enter(present);
  const uint32_t before = reader.pending();
  Value value = ReadPlain(f, reader, *type.branches[null_branch == 0 ? 1 : 0], column, fail);
  value.valid = ir.getTrue();
  llvm::BasicBlock* from_present = ir.GetInsertBlock();
  // Bounds that were checked on this path alone are not on the other.
  reader.set_pending(std::max(before, reader.pending()));
  f.Jump(on);
  f.Enter(on);
  return Merge(f, value, from_present, ZeroOf(f, column), from);
}

}  // namespace rulec::lower
