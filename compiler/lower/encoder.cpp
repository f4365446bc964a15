#include <llvm/IR/Intrinsics.h>

#include "compiler/lower/lower.h"
#include "compiler/lower/module_descriptor.h"
#include "compiler/lower/values.h"
#include "compiler/lower/varint.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

// A number takes ten bytes at most, a word is written whole, and 16 bytes of a short string at once.
constexpr uint64_t kLeafMax = 2 * 10 + 16;

class EncoderWriter {
 public:
  EncoderWriter(llvm::Function* function, ModuleState& state, const plan::Output& output)
      : f_(function, state), call_(function->getArg(0)), at_(f_.Local(f_.ptr, "at")) {
    if (output.meta) leaves_ = rulert::MetaFields();
    leaves_.insert(leaves_.end(), output.fields.begin(), output.fields.end());
    llvm::Value* columns = f_.Member(call_, offsetof(rulert_encode, columns), f_.ptr, "columns");
    uint32_t next = 0;
    for (const rulert::OutputField& leaf : leaves_) {
      columns_.push_back(LoadColumnPointers(f_, columns, next++, leaf.column));
    }
  }

  void Write(const avro::Schema& schema) {
    auto& ir = f_.ir();
    llvm::Value* out = f_.Member(call_, offsetof(rulert_encode, out), f_.ptr, "out");
    llvm::Value* limit = f_.Address(out, f_.Member(call_, offsetof(rulert_encode, capacity), f_.i64));
    llvm::Value* rows = Word(offsetof(rulert_encode, rows));
    llvm::Value* first = Word(offsetof(rulert_encode, next));
    f_.Store(at_, out);
    llvm::BasicBlock* from = ir.GetInsertBlock();
    llvm::BasicBlock* head = f_.NewBlock("loop");
    llvm::BasicBlock* fit = f_.NewBlock("fit");
    llvm::BasicBlock* write = f_.NewBlock("write");
    llvm::BasicBlock* done = f_.NewBlock("done");
    f_.Jump(head);
    f_.Enter(head);
    row_ = ir.CreatePHI(f_.i64, 2, "row");
    row_->addIncoming(first, from);
    f_.Branch(ir.CreateICmpULT(row_, rows), fit, done);
    f_.Enter(fit);
    llvm::Value* room = ir.CreatePtrDiff(f_.i8, limit, f_.Load(at_));
    f_.Branch(ir.CreateICmpULE(MostBytes(), room), write, done, Weight::Likely);
    f_.Enter(write);
    WriteRecord(schema);
    row_->addIncoming(ir.CreateAdd(row_, f_.Int64(1)), ir.GetInsertBlock());
    f_.Jump(head);
    f_.Enter(done);
    f_.SetMember(call_, offsetof(rulert_encode, next), ir.CreateTrunc(row_, f_.i32));
    f_.SetMember(call_, offsetof(rulert_encode, size), ir.CreatePtrDiff(f_.i8, f_.Load(at_), out));
    ir.CreateRetVoid();
  }

 private:
  llvm::Value* Word(size_t offset) { return f_.ir().CreateZExt(f_.Member(call_, offset, f_.i32), f_.i64); }

  // No row needs more than this.
  llvm::Value* MostBytes() {
    llvm::Value* most = f_.Int64(kLeafMax * leaves_.size() + kLeafMax);
    for (size_t i = 0; i < leaves_.size(); ++i) {
      if (leaves_[i].column.kind != rulert::ColumnKind::String) continue;
      most = f_.ir().CreateAdd(most, StringLength(f_, LoadColumn(f_, columns_[i], row_)));
    }
    return most;
  }

  void WriteRecord(const avro::Schema& schema) {
    for (const avro::Field& field : schema.fields) {
      if (field.type->kind == avro::Kind::Record) {
        WriteRecord(*field.type);
      } else {
        WriteLeaf(*field.type, next_leaf_++);
      }
    }
  }

  void WriteLeaf(const avro::Schema& type, size_t leaf) {
    const Value value = LoadColumn(f_, columns_[leaf], row_);
    if (type.kind != avro::Kind::Union) return WritePlain(type, leaves_[leaf].column.kind, value);
    const int null_branch = type.NullBranch();
    const uint32_t other = null_branch == 0 && type.branches.size() > 1 ? 1 : 0;
    if (!value.valid) {
      WriteBranch(BranchByte(other));
      return WritePlain(*type.branches[other], leaves_[leaf].column.kind, value);
    }
    llvm::BasicBlock* present = f_.NewBlock("not_null");
    llvm::BasicBlock* on = f_.NewBlock("written");
    WriteBranch(f_.ir().CreateSelect(value.valid, BranchByte(other), BranchByte(static_cast<uint32_t>(null_branch))));
    f_.Branch(value.valid, present, on);
    f_.Enter(present);
    WritePlain(*type.branches[other], leaves_[leaf].column.kind, value);
    f_.Jump(on);
    f_.Enter(on);
  }

  // Branches of a nullable type are the first two: one byte each.
  llvm::ConstantInt* BranchByte(uint32_t branch) { return f_.ir().getInt8(static_cast<uint8_t>(branch << 1)); }
  void WriteBranch(llvm::Value* byte) {
    f_.StoreUnaligned(byte, f_.Load(at_));
    f_.Store(at_, f_.Address(f_.Load(at_), 1));
  }

  void WriteNumber(llvm::Value* number) { f_.Store(at_, WriteLong(f_, f_.Load(at_), number)); }

  void WritePlain(const avro::Schema& type, rulert::ColumnKind kind, const Value& value) {
    auto& ir = f_.ir();
    switch (kind) {
      case rulert::ColumnKind::Bool:
        f_.StoreUnaligned(ir.CreateZExt(value.value, f_.i8), f_.Load(at_));
        f_.Store(at_, f_.Address(f_.Load(at_), 1));
        return;
      case rulert::ColumnKind::Double:
        f_.StoreUnaligned(value.value, f_.Load(at_));
        f_.Store(at_, f_.Address(f_.Load(at_), 8));
        return;
      case rulert::ColumnKind::String: return WriteString(value);
      case rulert::ColumnKind::Timestamp: return WriteNumber(FromMicros(value.value, type.logical));
      case rulert::ColumnKind::Int:
      case rulert::ColumnKind::Enum: return WriteNumber(ir.CreateSExt(value.value, f_.i64));
      case rulert::ColumnKind::Long:
      case rulert::ColumnKind::Duration: return WriteNumber(value.value);
      default: llvm_unreachable("no expression has such a type");
    }
  }

  // Into the unit of a declared output; coarser units are floored.
  llvm::Value* FromMicros(llvm::Value* micros, avro::Logical logical) {
    auto& ir = f_.ir();
    if (logical == avro::Logical::TimestampNanos) return ir.CreateMul(micros, f_.Int64(1000));
    if (logical != avro::Logical::TimestampMillis) return micros;
    llvm::Value* quotient = ir.CreateSDiv(micros, f_.Int64(1000));
    llvm::Value* rest = ir.CreateSub(micros, ir.CreateMul(quotient, f_.Int64(1000)));
    return ir.CreateSub(quotient, ir.CreateZExt(ir.CreateICmpSLT(rest, f_.Int64(0)), f_.i64));
  }

  void WriteString(const Value& value) {
    llvm::Function* write = WriteStringFunction();
    f_.Store(at_, f_.ir().CreateCall(write, {f_.Load(at_), value.value, value.high}));
  }

  // ptr (ptr at, i64 low, i64 high): made once, as an output has many.
  llvm::Function* WriteStringFunction() {
    if (auto* existing = f_.module().getFunction("string.write")) return existing;
    auto* type = llvm::FunctionType::get(f_.ptr, {f_.ptr, f_.i64, f_.i64}, false);
    auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, "string.write", f_.module());
    function->addFnAttr(llvm::Attribute::NoInline);
    function->addFnAttr(llvm::Attribute::NoUnwind);
    FunctionBuilder f(function, f_.state());
    auto& ir = f.ir();
    const Value value{function->getArg(1), function->getArg(2)};
    llvm::Value* length = StringLength(f, value);
    llvm::Value* at = WriteLong(f, function->getArg(0), length);
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

  FunctionBuilder f_;
  llvm::Value* call_;
  llvm::AllocaInst* at_;
  std::vector<rulert::OutputField> leaves_;
  std::vector<ColumnPointers> columns_;
  llvm::PHINode* row_ = nullptr;
  size_t next_leaf_ = 0;
};

}  // namespace

void LowerEncoder(llvm::Module& module, ModuleState& state, const plan::Output& output, const avro::Schema& schema) {
  llvm::Function* function = NewEntryPoint(module, "encode", 1);
  WriteDescriptor(module, RULERT_MODULE_ENCODER, function);
  EncoderWriter(function, state, output).Write(schema);
}

}  // namespace rulec::lower
