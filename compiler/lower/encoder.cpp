#include <algorithm>

#include "compiler/lower/lower.h"
#include "compiler/lower/module_descriptor.h"
#include "compiler/lower/value_writer.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

using rulert::ColumnKind;

namespace {

// An output with more columns is written by functions for some of them each: the time to compile a function grows
// faster than its code.
constexpr size_t kMostLeavesInLoop = 64;
constexpr int32_t kNoLeaf = -1;

// A column and the type it is written as, or null where the output has no such column.
struct Leaf {
  const avro::Schema* type = nullptr;
  int32_t column = kNoLeaf;
};

// The leaves of an output in the order of its schema. `_meta` is a record of the columns before the fields.
class Leaves {
 public:
  Leaves(const plan::Output& output, const avro::Schema& schema) {
    if (output.meta) columns_ = rulert::MetaFields();
    const size_t meta = columns_.size();
    columns_.insert(columns_.end(), output.fields.begin(), output.fields.end());
    size_t own_fields = schema.fields.size();
    for (const avro::Field& field : schema.fields) own_fields -= IsMeta(output, field) ? 1 : 0;
    // Names of an output that is not declared are made fit for Avro: there the order tells.
    const bool by_order = own_fields == output.fields.size();
    size_t next = meta;
    for (const avro::Field& field : schema.fields) {
      if (IsMeta(output, field)) {
        for (const avro::Field& part : field.type->fields) leaves_.push_back({part.type, Find(part.name, 0, meta)});
      } else if (by_order) {
        leaves_.push_back({field.type, static_cast<int32_t>(next++)});
      } else {
        leaves_.push_back({field.type, Find(field.name, meta, columns_.size())});
      }
    }
  }

  const std::vector<Leaf>& leaves() const { return leaves_; }
  const rulert::ColumnSpec& column(const Leaf& leaf) const { return columns_[static_cast<size_t>(leaf.column)].column; }

 private:
  static bool IsMeta(const plan::Output& output, const avro::Field& field) {
    return output.meta && field.name == "_meta" && field.type->kind == avro::Kind::Record;
  }

  int32_t Find(const std::string& name, size_t first, size_t last) const {
    for (size_t i = first; i < last; ++i) {
      if (columns_[i].name == name) return static_cast<int32_t>(i);
    }
    return kNoLeaf;
  }

  std::vector<rulert::OutputField> columns_;
  std::vector<Leaf> leaves_;
};

// Functions made later refer to the specification of the column, so it is that of `leaves`.
void WriteLeaf(FunctionBuilder& f, ValueWriter& writer, const Leaves& leaves, const Leaf& leaf,
               const ColumnPointers& column, llvm::Value* row) {
  if (leaf.column != kNoLeaf) return writer.Write(*leaf.type, leaves.column(leaf), LoadColumn(f, column, row));
  if (leaf.type->kind == avro::Kind::Null || leaf.type->NullBranch() >= 0) return writer.WriteNull(*leaf.type);
  writer.Require(f.ir().getFalse(), RULERT_DECODE_MISSING);
}

class EncoderWriter {
 public:
  EncoderWriter(llvm::Function* function, EncodeUnit& unit, const Leaves& leaves)
      : unit_(unit),
        leaves_(leaves),
        f_(function, unit.state()),
        call_(function->getArg(0)),
        at_(f_.Local(f_.ptr, "at")),
        row_start_(f_.Local(f_.ptr, "row_start")) {}

  void Write() {
    auto& ir = f_.ir();
    columns_base_ = f_.Member(call_, offsetof(rulert_encode, columns), f_.ptr, "columns");
    const bool wide = leaves_.leaves().size() > kMostLeavesInLoop;
    if (!wide) LoadColumns();
    llvm::Value* out = f_.Member(call_, offsetof(rulert_encode, out), f_.ptr, "out");
    limit_ = f_.Address(out, f_.Member(call_, offsetof(rulert_encode, capacity), f_.i64));
    llvm::Value* rows = Word(offsetof(rulert_encode, rows));
    llvm::Value* first = Word(offsetof(rulert_encode, next));
    f_.Store(at_, out);
    f_.Store(row_start_, out);
    llvm::BasicBlock* from = ir.GetInsertBlock();
    llvm::BasicBlock* head = f_.NewBlock("loop");
    llvm::BasicBlock* write = f_.NewBlock("write");
    done_ = f_.NewBlock("done");
    f_.Enter(done_);
    code_ = ir.CreatePHI(f_.i32, 4, "code");
    column_ = ir.CreatePHI(f_.i32, 4, "column");
    f_.Enter(from);
    f_.Jump(head);
    f_.Enter(head);
    row_ = ir.CreatePHI(f_.i64, 2, "row");
    row_->addIncoming(first, from);
    f_.Store(row_start_, f_.Load(at_));
    AddExit(f_.Int32(0), f_.Int32(0));
    f_.Branch(ir.CreateICmpULT(row_, rows), write, done_);
    f_.Enter(write);
    wide ? WriteInPieces() : WriteRow();
    row_->addIncoming(ir.CreateAdd(row_, f_.Int64(1)), ir.GetInsertBlock());
    f_.Jump(head);
    Finish(out);
  }

 private:
  llvm::Value* Word(size_t offset) { return f_.ir().CreateZExt(f_.Member(call_, offset, f_.i32), f_.i64); }

  void AddExit(llvm::Value* code, llvm::Value* column) {
    code_->addIncoming(code, f_.ir().GetInsertBlock());
    column_->addIncoming(column, f_.ir().GetInsertBlock());
  }

  void Finish(llvm::Value* out) {
    auto& ir = f_.ir();
    f_.Enter(done_);
    f_.SetMember(call_, offsetof(rulert_encode, next), ir.CreateTrunc(row_, f_.i32));
    f_.SetMember(call_, offsetof(rulert_encode, size), ir.CreatePtrDiff(f_.i8, f_.Load(row_start_), out));
    f_.SetMember(call_, offsetof(rulert_encode, error), code_);
    f_.SetMember(call_, offsetof(rulert_encode, error_column), column_);
    ir.CreateRetVoid();
  }

  void LoadColumns() {
    for (const Leaf& leaf : leaves_.leaves()) {
      columns_.emplace_back();
      if (leaf.column == kNoLeaf) continue;
      columns_.back() = LoadColumnPointers(f_, columns_base_, static_cast<uint32_t>(leaf.column), leaves_.column(leaf));
    }
  }

  // What all leaves without parts need at most is there before the first one; lists and the like look for room of their
  // own and leave that much.
  void WriteRow() {
    auto& ir = f_.ir();
    llvm::Value* reserve = f_.Int64(0);
    uint64_t fixed_part = ValueWriter::kLeafMax;
    for (size_t i = 0; i < leaves_.leaves().size(); ++i) {
      const Leaf& leaf = leaves_.leaves()[i];
      fixed_part += ValueWriter::kLeafMax + SizeOfFixed(*leaf.type);
      if (leaf.column == kNoLeaf) continue;
      const ColumnKind kind = columns_[i].spec.kind;
      if (kind != ColumnKind::String && kind != ColumnKind::Bytes) continue;
      reserve = ir.CreateAdd(reserve, StringLength(f_, LoadColumn(f_, columns_[i], row_)));
    }
    reserve = ir.CreateAdd(reserve, f_.Int64(fixed_part));
    llvm::BasicBlock* fits = f_.NewBlock("fits");
    llvm::Value* room = ir.CreatePtrDiff(f_.i8, limit_, f_.Load(at_));
    AddExit(f_.Int32(0), f_.Int32(0));
    f_.Branch(ir.CreateICmpULE(reserve, room), fits, done_, Weight::Likely);
    f_.Enter(fits);
    llvm::Value* limit = f_.Address(limit_, ir.CreateNeg(reserve));
    for (size_t i = 0; i < leaves_.leaves().size(); ++i) {
      const Leaf& leaf = leaves_.leaves()[i];
      ValueWriter writer(f_, unit_, at_, limit, ValueWriter::Checks::Composites, [&](llvm::Value* code) {
        AddExit(code, f_.Int32(static_cast<uint32_t>(std::max(leaf.column, 0))));
        f_.Jump(done_);
      });
      WriteLeaf(f_, writer, leaves_, leaf, columns_[i], row_);
    }
  }

  static uint64_t SizeOfFixed(const avro::Schema& type) {
    uint64_t size = type.size;
    for (const avro::Schema* branch : type.branches) size = std::max<uint64_t>(size, branch->size);
    return size;
  }

  void WriteInPieces() {
    ValueWriter writer(f_, unit_, at_, limit_, ValueWriter::Checks::EachValue, [&](llvm::Value* code) {
      AddExit(f_.ir().CreateAnd(code, f_.Int32(0xff)), f_.ir().CreateLShr(code, f_.Int32(8)));
      f_.Jump(done_);
    });
    for (size_t first = 0; first < leaves_.leaves().size(); first += kMostLeavesInLoop) {
      llvm::Function* piece = unit_.Declare("encode_fields");
      unit_.Later([this, piece, first] { WritePiece(piece, first); });
      writer.Call(piece, columns_base_, row_);
    }
  }

  void WritePiece(llvm::Function* function, size_t first) {
    WriteFunctionFrame in(unit_, function);
    const size_t last = std::min(first + kMostLeavesInLoop, leaves_.leaves().size());
    for (size_t i = first; i < last; ++i) {
      const Leaf& leaf = leaves_.leaves()[i];
      in.set_leaf(static_cast<uint32_t>(std::max(leaf.column, 0)));
      ColumnPointers column;
      if (leaf.column != kNoLeaf) {
        column = LoadColumnPointers(in.f(), in.from(), static_cast<uint32_t>(leaf.column), leaves_.column(leaf));
      }
      WriteLeaf(in.f(), in.writer(), leaves_, leaf, column, in.row());
    }
    in.Return();
  }

  EncodeUnit& unit_;
  const Leaves& leaves_;
  FunctionBuilder f_;
  llvm::Value* call_;
  llvm::AllocaInst* at_;
  llvm::AllocaInst* row_start_;
  llvm::Value* columns_base_ = nullptr;
  llvm::Value* limit_ = nullptr;
  std::vector<ColumnPointers> columns_;
  llvm::PHINode* row_ = nullptr;
  llvm::BasicBlock* done_ = nullptr;
  llvm::PHINode* code_ = nullptr;
  llvm::PHINode* column_ = nullptr;
};

}  // namespace

void LowerEncoder(llvm::Module& module, ModuleState& state, const plan::Output& output, const avro::Schema& schema) {
  llvm::Function* function = NewEntryPoint(module, "encode", 1);
  WriteDescriptor(module, RULERT_MODULE_ENCODER, function);
  EncodeUnit unit(module, state);
  const Leaves leaves(output, schema);
  EncoderWriter writer(function, unit, leaves);
  writer.Write();
  unit.Finish();
}

}  // namespace rulec::lower
