#include "compiler/lower/row_emitter.h"

#include "runtime/abi/abi.h"

namespace rulec::lower {

RowEmitter::RowEmitter(FunctionBuilder& f, const plan::Program& program, const plan::Rule& rule, llvm::Value* call)
    : f_(f),
      rule_(rule),
      call_(call),
      params_(f, rule, f.InEntry([&] { return f.Member(call, offsetof(rulert_rule_call, params), f.ptr, "params"); })) {
  f_.InEntry([&] {
    for (size_t i = 0; i < rule.emits.size(); ++i) outputs_.push_back(LoadOutput(program, rule.emits[i], i));
    if (!rule.sites.empty()) BeginErrors();
  });
}

RowEmitter::OutputPointers RowEmitter::LoadOutput(const plan::Program& program, const plan::Emit& emit, size_t index) {
  OutputPointers output;
  output.emit = &emit;
  llvm::Value* all = f_.Member(call_, offsetof(rulert_rule_call, outputs), f_.ptr, "outputs");
  output.rows = f_.Address(all, index * sizeof(rulert_rows));
  output.count = f_.Local(f_.i64, "count");
  f_.Store(output.count, f_.ir().CreateZExt(f_.Member(output.rows, offsetof(rulert_rows, rows), f_.i32), f_.i64));
  output.source_rows = f_.Member(output.rows, offsetof(rulert_rows, source_rows), f_.ptr);
  output.times = f_.Member(output.rows, offsetof(rulert_rows, times), f_.ptr);
  llvm::Value* columns = f_.Member(output.rows, offsetof(rulert_rows, columns), f_.ptr, "columns");
  uint32_t next = 0;
  for (const rulert::OutputField& field : program.outputs[emit.output].fields) {
    output.columns.push_back(LoadColumnPointers(f_, columns, next++, field.column));
  }
  for (plan::ExprId key : rule_.keys) {
    output.columns.push_back(LoadColumnPointers(f_, columns, next++, plan::ColumnOf(rule_.exprs[key].type)));
  }
  return output;
}

void RowEmitter::BeginErrors() {
  errors_ = f_.Member(call_, offsetof(rulert_rule_call, errors), f_.ptr, "errors");
  error_count_ = f_.Local(f_.i32, "error_count");
  f_.Store(error_count_, f_.Member(errors_, offsetof(rulert_errors, count), f_.i32));
}

llvm::Value* RowEmitter::OperandBits(const Value& operand) {
  if (!operand.value || operand.high) return f_.Int64(0);
  auto& ir = f_.ir();
  if (operand.value->getType()->isDoubleTy()) return ir.CreateBitCast(operand.value, f_.i64);
  return ir.CreateSExtOrTrunc(operand.value, f_.i64);
}

void RowEmitter::NoteError(llvm::Value* row, plan::SiteId site, const Value& left, const Value& right,
                           llvm::BasicBlock* next) {
  auto& ir = f_.ir();
  llvm::Value* count = f_.Load(error_count_);
  llvm::Value* items = f_.Member(errors_, offsetof(rulert_errors, items), f_.ptr);
  llvm::Value* item = f_.Address(items, ir.CreateMul(ir.CreateZExt(count, f_.i64), f_.Int64(sizeof(rulert_error))));
  f_.SetMember(item, offsetof(rulert_error, row), ir.CreateTrunc(row, f_.i32));
  f_.SetMember(item, offsetof(rulert_error, site), f_.Int32(site));
  f_.SetMember(item, offsetof(rulert_error, operands), OperandBits(left));
  f_.SetMember(item, offsetof(rulert_error, operands) + 16, OperandBits(right));
  f_.Store(error_count_, ir.CreateAdd(count, f_.Int32(1)));
  f_.Jump(next);
}

void RowEmitter::StoreRow(const OutputPointers& output, ExprLowering& lowering, llvm::Value* row, llvm::Value* time) {
  auto& ir = f_.ir();
  llvm::Value* at = f_.Load(output.count);
  size_t next = 0;
  for (plan::ExprId field : output.emit->fields) {
    StoreColumn(f_, output.columns[next++], at, lowering.Lower(field));
  }
  for (plan::ExprId key : rule_.keys) StoreColumn(f_, output.columns[next++], at, lowering.Lower(key));
  ir.CreateStore(ir.CreateTrunc(row, f_.i32), ir.CreateGEP(f_.i32, output.source_rows, at));
  ir.CreateStore(time, ir.CreateGEP(f_.i64, output.times, at));
}

void RowEmitter::EmitRow(const ExprFacts& facts, RowSource& source, const std::vector<plan::ExprId>& conditions,
                         llvm::Value* row, llvm::BasicBlock* next) {
  auto& ir = f_.ir();
  ExprLowering lowering(
      f_, rule_, facts, source, params_,
      [&](plan::SiteId site, const Value& left, const Value& right) { NoteError(row, site, left, right, next); });
  for (plan::ExprId condition : conditions) {
    llvm::BasicBlock* pass = f_.NewBlock("pass");
    f_.Branch(lowering.LowerCondition(condition), pass, next);
    f_.Enter(pass);
  }
  // Everything that can fail comes before the counts are raised: a row that fails leaves nothing.
  for (plan::ExprId key : rule_.keys) lowering.Lower(key);
  llvm::Value* time = source.EventTime();
  std::vector<llvm::Value*> emitted;
  for (const OutputPointers& output : outputs_) {
    if (!output.emit->where) {
      StoreRow(output, lowering, row, time);
      emitted.push_back(f_.Int64(1));
      continue;
    }
    llvm::BasicBlock* store = f_.NewBlock("emit_where");
    llvm::BasicBlock* on = f_.NewBlock("emitted");
    llvm::Value* wanted = lowering.LowerCondition(*output.emit->where);
    f_.Branch(wanted, store, on);
    f_.Enter(store);
    ExprLowering inside = lowering;  // what is computed in here is not known behind it
    StoreRow(output, inside, row, time);
    f_.Jump(on);
    f_.Enter(on);
    emitted.push_back(ir.CreateZExt(wanted, f_.i64));
  }
  for (size_t i = 0; i < outputs_.size(); ++i) {
    f_.Store(outputs_[i].count, ir.CreateAdd(f_.Load(outputs_[i].count), emitted[i]));
  }
  f_.Jump(next);
}

void RowEmitter::Finish() {
  for (const OutputPointers& output : outputs_) {
    f_.SetMember(output.rows, offsetof(rulert_rows, rows), f_.ir().CreateTrunc(f_.Load(output.count), f_.i32));
  }
  if (errors_) f_.SetMember(errors_, offsetof(rulert_errors, count), f_.Load(error_count_));
}

}  // namespace rulec::lower
