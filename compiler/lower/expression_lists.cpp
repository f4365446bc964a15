// Lists, maps, records and unions: cells in the memory of the batch.

#include "compiler/lower/expression.h"
#include "compiler/types/avro_type.h"
#include "runtime/abi/abi.h"
#include "stdlib/causes.h"

namespace rulec::lower {

using plan::Op;
using rulert::ColumnKind;

namespace {

llvm::Value* Pointer(FunctionBuilder& f, llvm::Value* word) { return f.ir().CreateIntToPtr(word, f.ptr); }
llvm::Value* Word(FunctionBuilder& f, llvm::Value* pointer) { return f.ir().CreatePtrToInt(pointer, f.i64); }
uint32_t WidthOf(const Type& type) { return rulert::ColumnWidth(plan::KindOf(type.kind)); }

// Where a record's field stands, without building its whole column.
struct FieldPlace {
  uint32_t offset = 0;
  uint32_t null_byte = 0;
};

FieldPlace PlaceOf(const Type& record, uint32_t field) {
  rulert::ColumnSpec shape{ColumnKind::Record};
  for (size_t i = 0; i < FieldCount(record); ++i) {
    const Type type = FieldType(record, i);
    shape.children.push_back({plan::KindOf(type.kind), type.nullable});
  }
  const rulert::RecordLayout layout = rulert::LayOutRecord(shape);
  return {layout.offsets[field], static_cast<uint32_t>(layout.null_bytes[field])};
}

}  // namespace

// ---- Cells behind each other ----

ExprLowering::Cells ExprLowering::CellsOfList(const Type& type, const Value& list) {
  return {ElementOf(type), Pointer(f_, list.high), f_.ir().CreateAnd(list.value, f_.Int64(0xffffffff))};
}

ExprLowering::Cells ExprLowering::CellsOfMap(const Type& type, const Value& map) {
  Cells cells = CellsOfList(type, map);
  cells.cells = f_.Address(cells.cells, f_.ir().CreateMul(cells.count, f_.Int64(sizeof(rulert_string))));
  return cells;
}

Value ExprLowering::LoadCell(const Cells& cells, llvm::Value* index) {
  auto& ir = f_.ir();
  const uint32_t width = WidthOf(cells.type);
  Value value =
      LoadValue(f_, plan::KindOf(cells.type.kind), f_.Address(cells.cells, ir.CreateMul(index, f_.Int64(width))));
  if (cells.type.nullable) {
    llvm::Value* at = ir.CreateAdd(ir.CreateMul(cells.count, f_.Int64(width)), index);
    value.valid = ir.CreateTrunc(ir.CreateLoad(f_.i8, f_.Address(cells.cells, at)), f_.i1);
  }
  return value;
}

void ExprLowering::StoreCell(const Cells& cells, llvm::Value* index, const Value& value) {
  auto& ir = f_.ir();
  const uint32_t width = WidthOf(cells.type);
  const ColumnKind kind = plan::KindOf(cells.type.kind);
  Value stored = value;
  if (value.valid) stored = SelectValue(f_, value.valid, value, ZeroOf(f_, {kind}));
  StoreValue(f_, kind, stored, f_.Address(cells.cells, ir.CreateMul(index, f_.Int64(width))));
  if (cells.type.nullable) {
    llvm::Value* at = ir.CreateAdd(ir.CreateMul(cells.count, f_.Int64(width)), index);
    llvm::Value* valid = value.valid ? ir.CreateZExt(value.valid, f_.i8) : static_cast<llvm::Value*>(ir.getInt8(1));
    ir.CreateStore(valid, f_.Address(cells.cells, at));
  }
}

llvm::Value* ExprLowering::Allocate(const Expr& expr, llvm::Value* bytes) {
  llvm::Value* memory = memory_->Allocate(bytes);
  ErrorDetails details;
  details.cause = f_.Int32(static_cast<uint32_t>(rulelib::Cause::Memory));
  Raise(f_.ir().CreateICmpEQ(memory, llvm::ConstantPointerNull::get(f_.ptr)), expr, details);
  return memory;
}

llvm::Value* ExprLowering::AllocateCells(const Expr& expr, const Type& element, llvm::Value* count) {
  return Allocate(expr, f_.ir().CreateMul(count, f_.Int64(WidthOf(element) + (element.nullable ? 1 : 0))));
}

// ---- Literals ----

Value ExprLowering::MakeList(const Expr& expr) {
  std::vector<Value> items;
  for (const plan::ExprId operand : expr.operands) items.push_back(Lower(operand));
  if (items.empty()) return {f_.Int64(0), f_.Int64(0)};
  const Type& element = ElementOf(expr.type);
  llvm::Value* count = f_.Int64(items.size());
  const Cells cells{element, AllocateCells(expr, element, count), count};
  for (size_t i = 0; i < items.size(); ++i) StoreCell(cells, f_.Int64(i), items[i]);
  return {count, Word(f_, cells.cells)};
}

Value ExprLowering::MakeMap(const Expr& expr) {
  const size_t entries = expr.operands.size() / 2;
  std::vector<Value> operands;
  for (const plan::ExprId operand : expr.operands) operands.push_back(Lower(operand));
  if (entries == 0) return {f_.Int64(0), f_.Int64(0)};
  const Type& element = ElementOf(expr.type);
  llvm::Value* count = f_.Int64(entries);
  const uint64_t keys_bytes = entries * sizeof(rulert_string);
  const uint64_t value_bytes = entries * (WidthOf(element) + (element.nullable ? 1 : 0));
  llvm::Value* keys = Allocate(expr, f_.Int64(keys_bytes + value_bytes));
  const Cells values{element, f_.Address(keys, keys_bytes), count};
  for (size_t i = 0; i < entries; ++i) {
    StoreValue(f_, ColumnKind::String, operands[i], f_.Address(keys, i * sizeof(rulert_string)));
    StoreCell(values, f_.Int64(i), operands[entries + i]);
  }
  return {count, Word(f_, keys)};
}

Value ExprLowering::MakeRecord(const Expr& expr) {
  std::vector<Value> fields;
  for (const plan::ExprId operand : expr.operands) fields.push_back(Lower(operand));
  const rulert::ColumnSpec column = plan::ColumnOf(expr.type);
  const rulert::RecordLayout layout = rulert::LayOutRecord(column);
  llvm::Value* record = Allocate(expr, f_.Int64(std::max<uint32_t>(layout.size, 8)));
  for (size_t i = 0; i < fields.size(); ++i) {
    const ColumnKind kind = column.children[i].kind;
    Value field = fields[i];
    if (field.valid) field = SelectValue(f_, field.valid, field, ZeroOf(f_, {kind}));
    StoreValue(f_, kind, field, f_.Address(record, layout.offsets[i]));
    if (layout.null_bytes[i] == rulert::kNone) continue;
    llvm::Value* valid =
        fields[i].valid ? f_.ir().CreateZExt(fields[i].valid, f_.i8) : static_cast<llvm::Value*>(f_.ir().getInt8(1));
    f_.ir().CreateStore(valid, f_.Address(record, static_cast<uint64_t>(layout.null_bytes[i])));
  }
  return {record};
}

Value ExprLowering::MakeUnion(const Expr& expr) {
  auto& ir = f_.ir();
  Value value = Lower(expr.operands[0]);
  const Type& branch = expr.type.of->types[expr.index];
  const ColumnKind kind = plan::KindOf(branch.kind);
  auto make = [&]() -> Value {
    llvm::Value* content;
    if (WidthOf(branch) == 16) {
      llvm::Value* cell = Allocate(expr, f_.Int64(16));
      StoreValue(f_, kind, value, cell);
      content = Word(f_, cell);
    } else if (kind == ColumnKind::Record) {
      content = Word(f_, value.value);
    } else {
      llvm::Value* bits = value.value;
      if (bits->getType()->isFloatTy()) bits = ir.CreateBitCast(bits, f_.i32);
      if (bits->getType()->isDoubleTy()) bits = ir.CreateBitCast(bits, f_.i64);
      content = ir.CreateZExt(bits, f_.i64);
    }
    return {f_.Int64(expr.index), content};
  };
  return ValueIf(value.valid, expr.type, make);
}

// ---- Parts ----

Value ExprLowering::Member(const Expr& expr) {
  auto& ir = f_.ir();
  const Value record = Lower(expr.operands[0]);
  const Type& record_type = TypeOf(expr.operands[0]);
  const Type field = FieldType(record_type, expr.index);
  const FieldPlace place = PlaceOf(record_type, expr.index);
  return ValueIf(record.valid, expr.type, [&] {
    Value value = LoadValue(f_, plan::KindOf(field.kind), f_.Address(record.value, place.offset));
    if (field.nullable) {
      value.valid = ir.CreateTrunc(ir.CreateLoad(f_.i8, f_.Address(record.value, place.null_byte)), f_.i1);
    }
    return value;
  });
}

Value ExprLowering::UnionAs(const Expr& expr) {
  auto& ir = f_.ir();
  const Value value = Lower(expr.operands[0]);
  const ColumnKind kind = plan::KindOf(expr.type.kind);
  return ValueIf(value.valid, expr.type, [&]() -> Value {
    if (rulert::ColumnWidth(kind) == 16) return LoadValue(f_, kind, Pointer(f_, value.high));
    llvm::Type* type = f_.RegisterType(kind);
    if (type->isPointerTy()) return {Pointer(f_, value.high)};
    llvm::Value* bits = ir.CreateTrunc(value.high, ir.getIntNTy(type->getPrimitiveSizeInBits()));
    return {ir.CreateBitCast(bits, type)};
  });
}

Value ExprLowering::ListItem(const Expr& expr) {
  auto& ir = f_.ir();
  const Value list = Lower(expr.operands[0]);
  const Value index = Lower(expr.operands[1]);
  const Cells cells = CellsOfList(TypeOf(expr.operands[0]), list);
  llvm::Value* inside = ir.CreateICmpULT(index.value, cells.count);
  if (expr.op == Op::ListGet) return ValueIf(inside, expr.type, [&] { return LoadCell(cells, index.value); });
  Raise(ir.CreateNot(inside), expr, {list, index});
  return LoadCell(cells, index.value);
}

Value ExprLowering::MapItem(const Expr& expr) {
  const Value map = Lower(expr.operands[0]);
  llvm::Value* index = Lower(expr.operands[1]).value;
  llvm::Value* there = f_.ir().CreateICmpSGE(index, f_.Int64(0));
  return ValueIf(there, expr.type, [&] { return LoadCell(CellsOfMap(TypeOf(expr.operands[0]), map), index); });
}

// ---- Loops ----

Value ExprLowering::Loop(const Expr& expr) {
  auto& ir = f_.ir();
  const Value list = Lower(expr.operands[0]);
  const Cells items = CellsOfList(TypeOf(expr.operands[0]), list);
  const bool gives_list = expr.op == Op::MapItems || expr.op == Op::Filter;

  llvm::BasicBlock* empty = ir.GetInsertBlock();
  llvm::BasicBlock* begin = f_.NewBlock("items");
  llvm::BasicBlock* head = f_.NewBlock("item");
  llvm::BasicBlock* next = f_.NewBlock("next_item");
  llvm::BasicBlock* ended = f_.NewBlock("items_end");
  llvm::BasicBlock* found = f_.NewBlock("item_found");
  llvm::BasicBlock* on = f_.NewBlock("items_done");
  // What comes out: of an empty list, at the end, and where the loop stops early.
  Value of_empty, at_end, when_found;
  f_.Branch(ir.CreateICmpEQ(items.count, f_.Int64(0)), on, begin);

  f_.Enter(begin);
  Cells made;
  if (gives_list) {
    const Type& element = ElementOf(expr.type);
    made = {element, AllocateCells(expr, element, items.count), items.count};
  }
  llvm::AllocaInst* kept = f_.Local(f_.i64, "kept");
  f_.Store(kept, f_.Int64(0));
  llvm::BasicBlock* before = ir.GetInsertBlock();
  f_.Jump(head);

  f_.Enter(head);
  llvm::PHINode* index = ir.CreatePHI(f_.i64, 2, "item_index");
  index->addIncoming(f_.Int64(0), before);
  const Value item = LoadCell(items, index);
  variables_[expr.index] = item;
  const Value result = Conditionally(expr.operands[1]);
  switch (expr.op) {
    case Op::Any:
    case Op::Find:
    case Op::IndexWhere: f_.Branch(result.value, found, next); break;
    case Op::All: f_.Branch(result.value, next, found); break;
    case Op::CountIf:
      f_.Store(kept, ir.CreateAdd(f_.Load(kept), ir.CreateZExt(result.value, f_.i64)));
      f_.Jump(next);
      break;
    case Op::MapItems:
      StoreCell(made, index, result);
      f_.Jump(next);
      break;
    default:  // Filter: every item is written, and overwritten by the next one if it is not wanted
      StoreCell(made, f_.Load(kept), item);
      f_.Store(kept, ir.CreateAdd(f_.Load(kept), ir.CreateZExt(result.value, f_.i64)));
      f_.Jump(next);
      break;
  }

  f_.Enter(next);
  llvm::Value* following = ir.CreateAdd(index, f_.Int64(1));
  index->addIncoming(following, next);
  f_.Branch(ir.CreateICmpULT(following, items.count), head, ended);

  f_.Enter(ended);
  if (expr.op == Op::Filter && made.type.nullable) {
    // The bytes of nullable items stand behind the cells that were kept.
    const llvm::Align one(1);
    const uint32_t width = WidthOf(made.type);
    llvm::Value* from = f_.Address(made.cells, ir.CreateMul(made.count, f_.Int64(width)));
    llvm::Value* to = f_.Address(made.cells, ir.CreateMul(f_.Load(kept), f_.Int64(width)));
    ir.CreateMemMove(to, one, from, one, f_.Load(kept));
  }
  const Value zero = ZeroOf(f_, {plan::KindOf(expr.type.kind), expr.op == Op::Find});
  of_empty = at_end = when_found = zero;
  switch (expr.op) {
    case Op::Any: when_found.value = ir.getTrue(); break;
    case Op::All: of_empty.value = at_end.value = ir.getTrue(); break;
    case Op::CountIf: at_end.value = f_.Load(kept); break;
    case Op::IndexWhere:
      of_empty.value = at_end.value = f_.Int64(~0ull);
      when_found.value = index;
      break;
    case Op::Find:
      when_found = item;
      if (!item.valid) when_found.valid = ir.getTrue();
      break;
    case Op::MapItems: at_end = {items.count, Word(f_, made.cells)}; break;
    default: {
      at_end.value = f_.Load(kept);
      llvm::Value* none = ir.CreateICmpEQ(at_end.value, f_.Int64(0));
      at_end.high = ir.CreateSelect(none, f_.Int64(0), Word(f_, made.cells));
    }
  }
  llvm::BasicBlock* from_end = ir.GetInsertBlock();
  f_.Jump(on);
  f_.Enter(found);
  f_.Jump(on);

  f_.Enter(on);
  auto merged = [&](llvm::Value* Value::* part) -> llvm::Value* {
    if (!(zero.*part)) return nullptr;
    llvm::PHINode* phi = ir.CreatePHI((zero.*part)->getType(), 3);
    phi->addIncoming(of_empty.*part, empty);
    phi->addIncoming(at_end.*part, from_end);
    if (found->hasNPredecessorsOrMore(1)) phi->addIncoming(when_found.*part, found);
    return phi;
  };
  const Value out{merged(&Value::value), merged(&Value::high), merged(&Value::valid)};
  if (!found->hasNPredecessorsOrMore(1)) found->eraseFromParent();
  return out;
}

Value ExprLowering::Fold(const Expr& expr) {
  auto& ir = f_.ir();
  const Value list = Lower(expr.operands[0]);
  const Cells items = CellsOfList(TypeOf(expr.operands[0]), list);
  Value first = Lower(expr.operands[1]);
  if (expr.type.nullable && !first.valid) first.valid = ir.getTrue();
  llvm::BasicBlock* head = f_.NewBlock("fold");
  llvm::BasicBlock* body = f_.NewBlock("fold_item");
  llvm::BasicBlock* done = f_.NewBlock("folded");
  llvm::BasicBlock* before = ir.GetInsertBlock();
  f_.Jump(head);
  f_.Enter(head);
  llvm::PHINode* index = ir.CreatePHI(f_.i64, 2);
  index->addIncoming(f_.Int64(0), before);
  auto begin = [&](llvm::Value* value) -> llvm::PHINode* {
    if (!value) return nullptr;
    llvm::PHINode* phi = ir.CreatePHI(value->getType(), 2);
    phi->addIncoming(value, before);
    return phi;
  };
  llvm::PHINode* value = begin(first.value);
  llvm::PHINode* high = begin(first.high);
  llvm::PHINode* valid = begin(first.valid);
  const Value so_far{value, high, valid};
  f_.Branch(ir.CreateICmpULT(index, items.count), body, done);
  f_.Enter(body);
  variables_[expr.index] = LoadCell(items, index);
  variables_[expr.count] = so_far;
  const Value next = Conditionally(expr.operands[2]);
  llvm::BasicBlock* from = ir.GetInsertBlock();
  index->addIncoming(ir.CreateAdd(index, f_.Int64(1)), from);
  value->addIncoming(next.value, from);
  if (high) high->addIncoming(next.high, from);
  if (valid) valid->addIncoming(next.valid ? next.valid : ir.getTrue(), from);
  f_.Jump(head);
  f_.Enter(done);
  return so_far;
}

}  // namespace rulec::lower
