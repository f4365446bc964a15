#include "compiler/lower/row_emitter.h"

#include <iterator>

#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

// With more emits, where rows go is loaded for each row: there are no registers for so many pointers.
constexpr size_t kMostInRegisters = 3;

}  // namespace

RowEmitter::RowEmitter(FunctionBuilder& f, const plan::Program& program, const plan::Rule& rule, llvm::Value* call)
    : f_(f),
      program_(program),
      rule_(rule),
      call_(call),
      params_(f, rule, f.InEntry([&] { return f.Member(call, offsetof(rulert_rule_call, params), f.ptr, "params"); })),
      memory_(f, call) {
  f_.InEntry([&] {
    for (size_t i = 0; i < rule.emits.size(); ++i) {
      OutputPointers& output = outputs_.emplace_back(RowsOf(call, i));
      output.emit = &rule.emits[i];
      output.count = f_.Local(f_.i64, "count");
      f_.Store(output.count, f_.ir().CreateZExt(f_.Member(output.rows, offsetof(rulert_rows, rows), f_.i32), f_.i64));
      if (rule.expand) {
        output.capacity =
            f_.ir().CreateZExt(f_.Member(output.rows, offsetof(rulert_rows, capacity), f_.i32, "capacity"), f_.i64);
      }
      if (rule.emits.size() <= kMostInRegisters) LoadPointers(&output);
    }
    if (!rule.sites.empty()) BeginErrors();
    if (rule.expand) {
      first_item_ = f_.Local(f_.i64, "first_item");
      f_.Store(first_item_,
               f_.ir().CreateZExt(f_.Member(call_, offsetof(rulert_rule_call, next_item), f_.i32), f_.i64));
    }
  });
}

RowEmitter::OutputPointers RowEmitter::RowsOf(llvm::Value* call, size_t index) {
  OutputPointers output;
  llvm::Value* all = f_.Member(call, offsetof(rulert_rule_call, outputs), f_.ptr, "outputs");
  output.rows = f_.Address(all, index * sizeof(rulert_rows));
  return output;
}

void RowEmitter::LoadPointers(OutputPointers* output) {
  output->source_rows = f_.Member(output->rows, offsetof(rulert_rows, source_rows), f_.ptr);
  if (rule_.expand) output->source_items = f_.Member(output->rows, offsetof(rulert_rows, source_items), f_.ptr);
  output->times = f_.Member(output->rows, offsetof(rulert_rows, times), f_.ptr);
  llvm::Value* columns = f_.Member(output->rows, offsetof(rulert_rows, columns), f_.ptr, "columns");
  uint32_t next = 0;
  for (const rulert::OutputField& field : program_.outputs[output->emit->output].fields) {
    output->columns.push_back(LoadColumnPointers(f_, columns, next++, field.column));
  }
  for (plan::ExprId key : rule_.keys) {
    output->columns.push_back(LoadColumnPointers(f_, columns, next++, plan::ColumnOf(rule_.exprs[key].type)));
  }
}

void RowEmitter::BeginErrors() {
  errors_ = f_.Member(call_, offsetof(rulert_rule_call, errors), f_.ptr, "errors");
  error_count_ = f_.Local(f_.i32, "error_count");
  f_.Store(error_count_, f_.Member(errors_, offsetof(rulert_errors, count), f_.i32));
}

void RowEmitter::NoteError(const Place& place, plan::SiteId site, const ErrorDetails& details, llvm::BasicBlock* next) {
  auto& ir = f_.ir();
  llvm::Value* count = f_.Load(error_count_);
  llvm::Value* items = f_.Member(errors_, offsetof(rulert_errors, items), f_.ptr);
  llvm::Value* item = f_.Address(items, ir.CreateMul(ir.CreateZExt(count, f_.i64), f_.Int64(sizeof(rulert_error))));
  f_.SetMember(item, offsetof(rulert_error, row), ir.CreateTrunc(place.row, f_.i32));
  f_.SetMember(item, offsetof(rulert_error, site), f_.Int32(site));
  f_.SetMember(item, offsetof(rulert_error, cause), details.cause ? details.cause : f_.Int32(0));
  f_.SetMember(item, offsetof(rulert_error, item), place.item);
  llvm::Value* operands = f_.Address(item, offsetof(rulert_error, operands));
  ir.CreateMemSet(operands, ir.getInt8(0), sizeof(rulert_error::operands), llvm::Align(4));
  const Value* values[] = {&details.left, &details.right};
  const std::vector<rulert::ColumnSpec>& specs = rule_.sites[site].operands;
  for (size_t i = 0; i < specs.size() && i < std::size(values); ++i) {
    Value value = *values[i];
    if (!value.value) continue;
    if (value.valid) value = SelectValue(f_, value.valid, value, ZeroOf(f_, {specs[i].kind}));
    StoreValue(f_, specs[i].kind, value, f_.Address(operands, i * sizeof(rulert_error::operands[0])));
  }
  f_.Store(error_count_, ir.CreateAdd(count, f_.Int32(1)));
  f_.Jump(next);
}

void RowEmitter::StoreRow(const OutputPointers& known, ExprLowering& lowering, const Place& place) {
  auto& ir = f_.ir();
  OutputPointers output = known;
  if (!output.times) {
    // Pinned, else the loads would be moved out of the loop all the same.
    output.rows = RowsOf(f_.Opaque(call_, true), static_cast<size_t>(&known - outputs_.data())).rows;
    LoadPointers(&output);
  }
  llvm::Value* at = f_.Load(output.count);
  size_t next = 0;
  for (plan::ExprId field : output.emit->fields) {
    StoreColumn(f_, output.columns[next++], at, lowering.Lower(field));
  }
  for (plan::ExprId key : rule_.keys) StoreColumn(f_, output.columns[next++], at, lowering.Lower(key));
  ir.CreateStore(ir.CreateTrunc(place.row, f_.i32), ir.CreateGEP(f_.i32, output.source_rows, at));
  if (output.source_items) ir.CreateStore(place.item, ir.CreateGEP(f_.i32, output.source_items, at));
  ir.CreateStore(place.time, ir.CreateGEP(f_.i64, output.times, at));
}

void RowEmitter::EmitPlace(ExprLowering& lowering, RowSource& source, Place place, llvm::BasicBlock* next) {
  auto& ir = f_.ir();
  // Everything that can fail comes before the counts are raised: a row that fails leaves nothing.
  for (plan::ExprId key : rule_.keys) lowering.Lower(key);
  place.time = source.EventTime();
  std::vector<llvm::Value*> emitted;
  for (const OutputPointers& output : outputs_) {
    if (!output.emit->where) {
      StoreRow(output, lowering, place);
      emitted.push_back(f_.Int64(1));
      continue;
    }
    llvm::BasicBlock* store = f_.NewBlock("emit_where");
    llvm::BasicBlock* on = f_.NewBlock("emitted");
    llvm::Value* wanted = lowering.LowerCondition(*output.emit->where);
    f_.Branch(wanted, store, on);
    f_.Enter(store);
    ExprLowering inside = lowering;  // what is computed in here is not known behind it
    StoreRow(output, inside, place);
    f_.Jump(on);
    f_.Enter(on);
    emitted.push_back(ir.CreateZExt(wanted, f_.i64));
  }
  for (size_t i = 0; i < outputs_.size(); ++i) {
    f_.Store(outputs_[i].count, ir.CreateAdd(f_.Load(outputs_[i].count), emitted[i]));
  }
  f_.Jump(next);
}

// Is there room for one row in each output, and for one error?
llvm::Value* RowEmitter::HasRoom() {
  auto& ir = f_.ir();
  llvm::Value* room = ir.getTrue();
  for (const OutputPointers& output : outputs_) {
    room = ir.CreateAnd(room, ir.CreateICmpULT(f_.Load(output.count), output.capacity));
  }
  if (!errors_) return room;
  llvm::Value* capacity = f_.Member(errors_, offsetof(rulert_errors, capacity), f_.i32);
  return ir.CreateAnd(room, ir.CreateICmpULT(f_.Load(error_count_), capacity));
}

void RowEmitter::EmitItems(ExprLowering& lowering, RowSource& source, const Place& place, llvm::BasicBlock* next,
                           llvm::BasicBlock* full) {
  auto& ir = f_.ir();
  const plan::Expand& expand = *rule_.expand;
  const Value list = lowering.Lower(expand.list);
  const Type& list_type = rule_.exprs[expand.list].type;
  llvm::Value* count = ir.CreateAnd(list.value, f_.Int64(0xffffffff));
  if (list.valid) count = ir.CreateSelect(list.valid, count, f_.Int64(0));

  // A row that was begun in the call before goes on with the item it stopped at; all others begin with 0.
  llvm::Value* first = f_.Load(first_item_);
  f_.Store(first_item_, f_.Int64(0));
  llvm::BasicBlock* from = ir.GetInsertBlock();
  llvm::BasicBlock* head = f_.NewBlock("expand");
  llvm::BasicBlock* test = f_.NewBlock("expand_room");
  llvm::BasicBlock* body = f_.NewBlock("expand_item");
  llvm::BasicBlock* stop = f_.NewBlock("expand_full");
  llvm::BasicBlock* following = f_.NewBlock("expand_next");
  f_.Jump(head);
  f_.Enter(head);
  llvm::PHINode* index = ir.CreatePHI(f_.i64, 2, "expand_index");
  index->addIncoming(first, from);
  f_.Branch(ir.CreateICmpULT(index, count), test, next);
  f_.Enter(test);
  f_.Branch(HasRoom(), body, stop, Weight::Likely);
  f_.Enter(stop);
  f_.SetMember(call_, offsetof(rulert_rule_call, next_item), ir.CreateTrunc(index, f_.i32));
  f_.Jump(full);

  f_.Enter(body);
  const Place item{place.row, ir.CreateTrunc(index, f_.i32), nullptr};
  ExprLowering inside = lowering;
  inside.set_raise([&](plan::SiteId site, const ErrorDetails& details) { NoteError(item, site, details, following); });
  inside.BindVariable(expand.variable, inside.LoadListItem(list_type.NotNull(), list, index));
  for (plan::ExprId condition : expand.conditions) {
    llvm::BasicBlock* pass = f_.NewBlock("pass");
    f_.Branch(inside.LowerCondition(condition), pass, following);
    f_.Enter(pass);
  }
  EmitPlace(inside, source, item, following);
  f_.Enter(following);
  index->addIncoming(ir.CreateAdd(index, f_.Int64(1)), following);
  f_.Jump(head);
}

void RowEmitter::EmitRow(const ExprFacts& facts, RowSource& source, const std::vector<plan::ExprId>& conditions,
                         llvm::Value* row, llvm::BasicBlock* next, llvm::BasicBlock* full) {
  const Place place{row, f_.Int32(0), nullptr};
  if (rule_.expand) {
    // A row that fails before its first item needs room for its error.
    llvm::BasicBlock* room = f_.NewBlock("row_room");
    llvm::BasicBlock* none = f_.NewBlock("row_full");
    f_.Branch(HasRoom(), room, none, Weight::Likely);
    f_.Enter(none);
    f_.SetMember(call_, offsetof(rulert_rule_call, next_item), f_.ir().CreateTrunc(f_.Load(first_item_), f_.i32));
    f_.Jump(full);
    f_.Enter(room);
  }
  ExprLowering lowering(f_, rule_, facts, source, params_, &memory_,
                        [&](plan::SiteId site, const ErrorDetails& details) { NoteError(place, site, details, next); });
  for (plan::ExprId condition : conditions) {
    llvm::BasicBlock* pass = f_.NewBlock("pass");
    f_.Branch(lowering.LowerCondition(condition), pass, next);
    f_.Enter(pass);
  }
  if (rule_.expand) {
    EmitItems(lowering, source, place, next, full);
  } else {
    EmitPlace(lowering, source, place, next);
  }
}

void RowEmitter::Finish() {
  for (const OutputPointers& output : outputs_) {
    f_.SetMember(output.rows, offsetof(rulert_rows, rows), f_.ir().CreateTrunc(f_.Load(output.count), f_.i32));
  }
  if (errors_) f_.SetMember(errors_, offsetof(rulert_errors, count), f_.Load(error_count_));
}

}  // namespace rulec::lower
