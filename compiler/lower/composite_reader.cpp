#include "compiler/lower/composite_reader.h"

#include <algorithm>

#include "compiler/lower/blocks_reader.h"
#include "compiler/lower/constant_cells.h"
#include "compiler/lower/skip_functions.h"
#include "compiler/lower/utf8_check.h"
#include "compiler/lower/value_reader.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

using rulert::ColumnSpec;

namespace {

constexpr uint64_t kFirstItems = 32;
// Of items that take no bytes: a list of more is refused, as nothing in the input accounts for its memory.
constexpr uint64_t kMostNothings = 65'536;
constexpr uint64_t kKeyWidth = 16;

// ptr (ptr call, ptr items, i64 length, i64 capacity, i64 key_width, i64 width, i64 nullable): room for `capacity`
// items with the `length` ones there were, or null.
llvm::Function* GrowFunction(FunctionBuilder& outer) {
  if (auto* existing = outer.module().getFunction("list.grow")) return existing;
  auto* type = llvm::FunctionType::get(
      outer.ptr, {outer.ptr, outer.ptr, outer.i64, outer.i64, outer.i64, outer.i64, outer.i64}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, "list.grow", outer.module());
  function->addFnAttr(llvm::Attribute::NoInline);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  FunctionBuilder f(function, outer.state());
  auto& ir = f.ir();
  auto argument = [&](unsigned i) { return function->getArg(i); };
  llvm::Value *items = argument(1), *length = argument(2), *capacity = argument(3);
  llvm::Value* width = ir.CreateAdd(ir.CreateAdd(argument(4), argument(5)), argument(6));
  llvm::Value* room = Allocate(f, argument(0), ir.CreateMul(capacity, width));
  llvm::BasicBlock* none = f.NewBlock("none");
  llvm::BasicBlock* move = f.NewBlock("move");
  f.Branch(ir.CreateIsNull(room), none, move, Weight::Unlikely);
  f.Enter(none);
  ir.CreateRet(room);
  f.Enter(move);
  // Keys, cells and bytes of validity stand in three rows, one behind the other.
  llvm::Value* from = items;
  llvm::Value* to = room;
  for (unsigned part = 4; part < 7; ++part) {
    ir.CreateMemCpy(to, llvm::Align(1), from, llvm::Align(1), ir.CreateMul(length, argument(part)));
    from = f.Address(from, ir.CreateMul(length, argument(part)));
    to = f.Address(to, ir.CreateMul(capacity, argument(part)));
  }
  ir.CreateRet(room);
  return function;
}

// An array or map on its way into memory that grows.
class ItemsWriter {
 public:
  ItemsWriter(DecodeUnit& unit, CursorFunction& in, avro::ActionId id, const ColumnSpec& column)
      : unit_(unit),
        in_(in),
        f_(in.f()),
        action_(unit.resolution().action(id)),
        element_(column.children[0]),
        values_(in.f(), unit, in.reader(), in.call()),
        is_map_(column.kind == rulert::ColumnKind::Map),
        width_(rulert::ColumnWidth(element_.kind)),
        items_(f_.Local(f_.ptr, "items")),
        length_(f_.Local(f_.i64, "length")),
        capacity_(f_.Local(f_.i64, "capacity")) {}

  void Write() {
    auto& ir = f_.ir();
    f_.Store(items_, llvm::ConstantPointerNull::get(f_.ptr));
    f_.Store(length_, f_.Int64(0));
    f_.Store(capacity_, f_.Int64(0));
    llvm::AllocaInst* claimed = f_.Local(f_.i64, "claimed");
    const bool no_bytes = !is_map_ && unit_.shape(*action_.writer->items).no_bytes;
    ReadBlocks(
        in_,
        [&](llvm::Value* count) {
          f_.Store(claimed, count);
          llvm::Value* most = no_bytes
                                  ? static_cast<llvm::Value*>(ir.CreateSub(f_.Int64(kMostNothings), f_.Load(length_)))
                                  : ir.CreatePtrDiff(f_.i8, in_.end(), in_.reader().Cursor());
          in_.reader().Require(ir.CreateICmpULE(count, most), no_bytes ? RULERT_DECODE_MEMORY : RULERT_DECODE_CUT);
        },
        [&] { ReadItem(f_.Load(claimed)); });
    CloseUp();
    ir.CreateStore(f_.Load(length_), in_.out());
    ir.CreateStore(f_.Load(items_), f_.Address(in_.out(), 8));
  }

 private:
  llvm::Value* KeyWidth() { return f_.Int64(is_map_ ? kKeyWidth : 0); }
  // Where a row of memory begins: that of the cells, and that of the bytes of validity.
  llvm::Value* Cells(llvm::Value* items, llvm::Value* capacity) {
    return is_map_ ? f_.Address(items, f_.ir().CreateMul(capacity, f_.Int64(kKeyWidth))) : items;
  }
  llvm::Value* NullBytes(llvm::Value* items, llvm::Value* capacity) {
    return f_.Address(items, f_.ir().CreateMul(capacity, f_.Int64(width_ + (is_map_ ? kKeyWidth : 0))));
  }

  // Twice as much each time, so that what was moved is less than what is read.
  void Grow(llvm::Value* claimed) {
    auto& ir = f_.ir();
    llvm::BasicBlock* grow = f_.NewBlock("grow");
    llvm::BasicBlock* on = f_.NewBlock("room");
    llvm::Value* length = f_.Load(length_);
    f_.Branch(ir.CreateICmpEQ(length, f_.Load(capacity_)), grow, on, Weight::Unlikely);
    f_.Enter(grow);
    llvm::Value* first =
        ir.CreateSelect(ir.CreateICmpULT(claimed, f_.Int64(kFirstItems)), claimed, f_.Int64(kFirstItems));
    llvm::Value* twice = ir.CreateShl(length, f_.Int64(1));
    llvm::Value* capacity = ir.CreateSelect(ir.CreateICmpUGT(twice, first), twice, first);
    llvm::Value* items = ir.CreateCall(GrowFunction(f_), {in_.call(), f_.Load(items_), length, capacity, KeyWidth(),
                                                          f_.Int64(width_), f_.Int64(element_.nullable ? 1 : 0)});
    in_.reader().Require(ir.CreateIsNotNull(items), RULERT_DECODE_MEMORY);
    f_.Store(items_, items);
    f_.Store(capacity_, capacity);
    f_.Jump(on);
    f_.Enter(on);
  }

  void ReadItem(llvm::Value* claimed) {
    auto& ir = f_.ir();
    Grow(claimed);
    llvm::Value* items = f_.Load(items_);
    llvm::Value* length = f_.Load(length_);
    llvm::Value* capacity = f_.Load(capacity_);
    if (is_map_) {
      const WireReader::Bytes bytes = in_.reader().ReadBytes();
      const Value key = MakeString(f_, bytes.data, bytes.length);
      in_.reader().Require(IsUtf8(f_, key), RULERT_DECODE_UTF8);
      StoreValue(f_, rulert::ColumnKind::String, key, f_.Address(items, ir.CreateMul(length, f_.Int64(kKeyWidth))));
    }
    llvm::Value* cell = f_.Address(Cells(items, capacity), ir.CreateMul(length, f_.Int64(width_)));
    llvm::Value* null_byte = element_.nullable ? f_.Address(NullBytes(items, capacity), length) : nullptr;
    values_.ReadInto(action_.inner, element_, cell, null_byte);
    f_.Store(length_, ir.CreateAdd(f_.Load(length_), f_.Int64(1)));
  }

  // Room that was not needed lies between the rows.
  void CloseUp() {
    if (!is_map_ && !element_.nullable) return;
    auto& ir = f_.ir();
    llvm::BasicBlock* close = f_.NewBlock("close_up");
    llvm::BasicBlock* on = f_.NewBlock("closed_up");
    llvm::Value *items = f_.Load(items_), *length = f_.Load(length_), *capacity = f_.Load(capacity_);
    f_.Branch(ir.CreateICmpEQ(length, capacity), on, close);
    f_.Enter(close);
    if (is_map_) {
      ir.CreateMemMove(Cells(items, length), llvm::Align(1), Cells(items, capacity), llvm::Align(1),
                       ir.CreateMul(length, f_.Int64(width_)));
    }
    if (element_.nullable) {
      ir.CreateMemMove(NullBytes(items, length), llvm::Align(1), NullBytes(items, capacity), llvm::Align(1), length);
    }
    f_.Jump(on);
    f_.Enter(on);
  }

  DecodeUnit& unit_;
  CursorFunction& in_;
  FunctionBuilder& f_;
  const avro::Resolution::Action& action_;
  const ColumnSpec& element_;
  ValueReader values_;
  const bool is_map_;
  const uint32_t width_;
  llvm::AllocaInst* items_;
  llvm::AllocaInst* length_;
  llvm::AllocaInst* capacity_;
};

class RecordWriter {
 public:
  RecordWriter(DecodeUnit& unit, CursorFunction& in, avro::ActionId id, const ColumnSpec& column)
      : unit_(unit),
        in_(in),
        f_(in.f()),
        id_(id),
        action_(unit.resolution().action(id)),
        column_(column),
        layout_(rulert::LayOutRecord(column)),
        values_(in.f(), unit, in.reader(), in.call()) {}

  void Write() {
    auto& ir = f_.ir();
    llvm::Value* memory = Allocate(f_, in_.call(), f_.Int64(std::max(layout_.size, 8u)));
    in_.reader().Require(ir.CreateIsNotNull(memory), RULERT_DECODE_MEMORY);
    ir.CreateStore(memory, in_.out());
    const std::vector<size_t> pieces = FieldPieces(unit_, *action_.writer, 0, action_.fields.size());
    if (pieces.size() == 2) {
      ReadFields(memory, 0, action_.fields.size());
    } else {
      for (size_t i = 0; i + 1 < pieces.size(); ++i) {
        in_.reader().Call(unit_.ReadFieldsFunction(id_, column_, pieces[i], pieces[i + 1]), in_.call(),
                          in_.reader().Depth(), memory);
      }
    }
    for (const avro::Resolution::DefaultStep& step : action_.defaults) {
      const size_t field = step.reader_field;
      const Value value = ConstantCell(f_, unit_, unit_.resolution().default_value(step.value).value,
                                       *action_.reader->fields[field].type, column_.children[field]);
      StoreValue(f_, column_.children[field].kind, value, f_.Address(memory, layout_.offsets[field]));
      if (llvm::Value* byte = NullByte(memory, field)) ir.CreateStore(ir.CreateZExt(value.valid, f_.i8), byte);
    }
  }

  void ReadFields(llvm::Value* memory, size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      const avro::Resolution::FieldStep& step = action_.fields[i];
      if (step.reader_field < 0) {
        in_.reader().Skip(*action_.writer->fields[i].type);
        continue;
      }
      const auto field = static_cast<size_t>(step.reader_field);
      values_.ReadInto(step.action, column_.children[field], f_.Address(memory, layout_.offsets[field]),
                       NullByte(memory, field));
    }
  }

 private:
  llvm::Value* NullByte(llvm::Value* memory, size_t field) {
    const int32_t at = layout_.null_bytes[field];
    return at == rulert::kNone ? nullptr : f_.Address(memory, static_cast<uint64_t>(at));
  }

  DecodeUnit& unit_;
  CursorFunction& in_;
  FunctionBuilder& f_;
  const avro::ActionId id_;
  const avro::Resolution::Action& action_;
  const ColumnSpec& column_;
  const rulert::RecordLayout layout_;
  ValueReader values_;
};

}  // namespace

void WriteReadFunction(DecodeUnit& unit, llvm::Function* function, avro::ActionId action, const ColumnSpec& column) {
  CursorFunction in(unit, function);
  in.reader().EnterLevel();
  if (column.kind == rulert::ColumnKind::Record) {
    in.reader().set_guesses(0);
    RecordWriter(unit, in, action, column).Write();
  } else {
    in.reader().set_guesses(4);
    ItemsWriter(unit, in, action, column).Write();
  }
  in.Return();
}

void WriteReadFieldsFunction(DecodeUnit& unit, llvm::Function* function, avro::ActionId action,
                             const ColumnSpec& column, size_t first, size_t last) {
  CursorFunction in(unit, function);
  in.reader().set_guesses(0);
  RecordWriter(unit, in, action, column).ReadFields(in.out(), first, last);
  in.Return();
}

}  // namespace rulec::lower
