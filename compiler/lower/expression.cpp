#include "compiler/lower/expression.h"

namespace rulec::lower {

using plan::Op;

namespace {

bool OpInLanes(Op op) {
  switch (op) {
    case Op::LongToDouble:
    case Op::Divide:
    case Op::Quotient:
    case Op::Remainder:
    case Op::Variable:
    case Op::Offset:
    case Op::Partition:
    case Op::SchemaVersion:
    case Op::Bind: return false;
    case Op::InParams: return true;
    default: return op < Op::MakeList;
  }
}

bool KindInLanes(TypeKind kind) {
  switch (kind) {
    case TypeKind::Bool:
    case TypeKind::Int:
    case TypeKind::Long:
    case TypeKind::Float:
    case TypeKind::Double:
    case TypeKind::Date:
    case TypeKind::TimeOfDay:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Enum: return true;
    default: return false;
  }
}

// More params than this are looked for by halving, which needs branches.
constexpr uint32_t kMostComparedOneByOne = 16;

}  // namespace

ExprFacts::ExprFacts(const plan::Rule& rule) {
  for (const plan::Expr& expr : rule.exprs) {
    bool fails = expr.site != plan::kNoSite;
    bool lanes = KindInLanes(expr.type.kind) && OpInLanes(expr.op) &&
                 (expr.op != Op::InParams || expr.count <= kMostComparedOneByOne) &&
                 (expr.op != Op::Param || rule.params[expr.index].prepared == rulert::Prepared::None);
    for (plan::ExprId operand : expr.operands) {
      fails = fails || can_fail[operand];
      lanes = lanes && in_lanes[operand];
    }
    can_fail.push_back(fails);
    in_lanes.push_back(lanes && !fails);
  }
}

Value ParamValues::Load(uint32_t index, llvm::Value* params) {
  const rulert::ParamSpec& param = rule_.params[index];
  if (param.prepared != rulert::Prepared::None) {
    return {f_.ir().CreateLoad(f_.ptr, f_.Address(params, param.offset))};
  }
  Value value = LoadValue(f_, param.column.kind, f_.Address(params, param.offset));
  if (param.column.nullable) {
    // The byte behind the value tells whether there is one.
    const uint64_t flag_at = param.offset + rulert::ColumnWidth(param.column.kind);
    value.valid = f_.ir().CreateTrunc(f_.ir().CreateLoad(f_.i8, f_.Address(params, flag_at)), f_.i1);
  }
  if (lanes_ != 0) {
    value.value = f_.ir().CreateVectorSplat(lanes_, value.value);
    if (value.valid) value.valid = f_.ir().CreateVectorSplat(lanes_, value.valid);
  }
  return value;
}

Value ParamValues::Get(uint32_t index) {
  // There are no registers for more, and hundreds of values that live through a loop keep the register allocator busy
  // for seconds. Pinned, else the loads would be moved out of the loop all the same.
  if (index >= kMostInRegisters) return Load(index, f_.Opaque(params_, true));
  auto [known, is_new] = loaded_.try_emplace(index);
  if (is_new) known->second = f_.InEntry([&] { return Load(index, params_); });
  return known->second;
}

ExprLowering::ExprLowering(FunctionBuilder& f, const plan::Rule& rule, const ExprFacts& facts, RowSource& source,
                           ParamValues& params, BatchMemory* memory, RaiseError raise, unsigned lanes)
    : f_(f),
      rule_(rule),
      facts_(facts),
      source_(source),
      params_(params),
      memory_(memory),
      raise_(std::move(raise)),
      lanes_(lanes) {}

llvm::Type* ExprLowering::LaneType(llvm::Type* scalar) {
  return lanes_ == 0 ? scalar : llvm::FixedVectorType::get(scalar, lanes_);
}

Value ExprLowering::Lower(plan::ExprId id) {
  if (const auto known = known_.find(id); known != known_.end()) return known->second;
  const Value value = Compute(rule_.exprs[id]);
  known_[id] = value;
  return value;
}

Value ExprLowering::Compute(const Expr& expr) {
  auto& ir = f_.ir();
  switch (expr.op) {
    case Op::Slot: return source_.Slot(expr.index);
    case Op::EventTime: return {source_.EventTime()};
    case Op::Partition:
    case Op::Offset:
    case Op::SchemaVersion: return {source_.OfBatch(expr.op)};
    case Op::Present: return {source_.Present(expr.index)};
    case Op::Variable: return variables_.at(expr.index);
    case Op::Param: return params_.Get(expr.index);
    case Op::Null:
    case Op::Bool: return Constant(expr);
    case Op::IntToLong:
    case Op::IntToDouble:
    case Op::FloatToDouble:
    case Op::WholeToDecimal: return Convert(expr);
    case Op::LongToDouble: return LongToDouble(expr);
    case Op::Rescale: return Rescale(expr);
    case Op::Absolute: return Absolute(expr);
    case Op::Negate:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply: return expr.type.kind == TypeKind::Decimal ? Decimal(expr) : Arithmetic(expr);
    case Op::Divide: return Divide(expr);
    case Op::Quotient:
    case Op::Remainder: return DivideWhole(expr);
    case Op::Equal:
    case Op::NotEqual: return Equality(expr);
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual: return Compare(expr);
    case Op::InParams: return InParams(expr);
    case Op::And:
    case Op::Or: return Logical(expr);
    case Op::Not: return {ir.CreateNot(Lower(expr.operands[0]).value)};
    case Op::IsNull:
    case Op::IsNotNull: {
      llvm::Value* valid = Lower(expr.operands[0]).valid;
      if (!valid) valid = llvm::ConstantInt::getTrue(LaneType(f_.i1));
      return {expr.op == Op::IsNull ? ir.CreateNot(valid) : valid};
    }
    case Op::Coalesce: return Coalesce(expr);
    case Op::Choose: return Choose(expr);
    case Op::NotNull: {
      Value value = Lower(expr.operands[0]);
      value.valid = nullptr;
      return value;
    }
    case Op::Bind: Lower(expr.operands[0]); return Lower(expr.operands[1]);
    case Op::MakeList: return MakeList(expr);
    case Op::MakeMap: return MakeMap(expr);
    case Op::MakeRecord: return MakeRecord(expr);
    case Op::MakeUnion: return MakeUnion(expr);
    case Op::Concat: return Concat(expr);
    case Op::Member: return Member(expr);
    case Op::UnionIs: {
      const Value value = Lower(expr.operands[0]);
      llvm::Value* is = ir.CreateICmpEQ(ir.CreateTrunc(value.value, f_.i32), f_.Int32(expr.index));
      return {value.valid ? ir.CreateAnd(is, value.valid) : is};
    }
    case Op::UnionAs: return UnionAs(expr);
    case Op::Length: return {ir.CreateAnd(Lower(expr.operands[0]).value, f_.Int64(0xffffffff))};
    case Op::ListItem:
    case Op::ListGet: return ListItem(expr);
    case Op::MapFind: {
      std::vector<llvm::Value*> arguments;
      AddWords(rulert::ColumnKind::Map, Lower(expr.operands[0]), arguments);
      AddWords(rulert::ColumnKind::String, Lower(expr.operands[1]), arguments);
      return {CallSymbol("rule_map_find", f_.i64, arguments)};
    }
    case Op::MapItem: return MapItem(expr);
    case Op::Any:
    case Op::All:
    case Op::MapItems:
    case Op::Filter:
    case Op::Find:
    case Op::CountIf:
    case Op::IndexWhere: return Loop(expr);
    case Op::Fold: return Fold(expr);
    case Op::Call: return Call(expr);
  }
  llvm_unreachable("every operation is handled above");
}

Value ExprLowering::Constant(const Expr& expr) {
  if (expr.op == Op::Bool) return {llvm::ConstantInt::get(LaneType(f_.i1), expr.index)};
  Value null = ZeroOf(f_, {plan::KindOf(expr.type.kind), true});
  if (lanes_ != 0) {
    null.value = llvm::Constant::getNullValue(LaneType(null.value->getType()));
    null.valid = llvm::Constant::getNullValue(LaneType(f_.i1));
  }
  return null;
}

void ExprLowering::Raise(llvm::Value* failed, const Expr& expr, const ErrorDetails& details) {
  llvm::BasicBlock* error = f_.NewBlock("rule_error");
  llvm::BasicBlock* on = f_.NewBlock("no_error");
  f_.Branch(failed, error, on, Weight::Unlikely);
  f_.Enter(error);
  raise_(expr.site, details);
  f_.Enter(on);
}

Value ExprLowering::Conditionally(plan::ExprId id) {
  const auto before = known_;
  const Value value = Lower(id);
  known_ = before;
  return value;
}

Value ExprLowering::ValueIf(llvm::Value* condition, const Type& type, const std::function<Value()>& make) {
  if (!condition) return make();
  Value null = ZeroOf(f_, {plan::KindOf(type.kind), true});
  llvm::BasicBlock* from = f_.ir().GetInsertBlock();
  llvm::BasicBlock* some = f_.NewBlock("some");
  llvm::BasicBlock* on = f_.NewBlock("or_null");
  f_.Branch(condition, some, on);
  f_.Enter(some);
  const Value made = make();
  llvm::BasicBlock* from_made = f_.ir().GetInsertBlock();
  f_.Jump(on);
  f_.Enter(on);
  return Merge(f_, null, from, made, from_made);
}

Value ExprLowering::Logical(const Expr& expr) {
  auto& ir = f_.ir();
  llvm::Value* left = LowerCondition(expr.operands[0]);
  const bool is_and = expr.op == Op::And;
  // What cannot fail and costs little is computed without a branch, which the processor would have to guess.
  if (lanes_ != 0 || facts_.in_lanes[expr.operands[1]]) {
    llvm::Value* right = LowerCondition(expr.operands[1]);
    return {is_and ? ir.CreateAnd(left, right) : ir.CreateOr(left, right)};
  }
  llvm::BasicBlock* from = ir.GetInsertBlock();
  llvm::BasicBlock* other = f_.NewBlock(is_and ? "and" : "or");
  llvm::BasicBlock* on = f_.NewBlock("decided");
  f_.Branch(left, is_and ? other : on, is_and ? on : other);
  f_.Enter(other);
  llvm::Value* right = Conditionally(expr.operands[1]).value;
  llvm::BasicBlock* from_right = ir.GetInsertBlock();
  f_.Jump(on);
  f_.Enter(on);
  llvm::PHINode* result = ir.CreatePHI(f_.i1, 2);
  result->addIncoming(ir.getInt1(!is_and), from);
  result->addIncoming(right, from_right);
  return {result};
}

namespace {

// One of two values of one register, without a branch.
Value SelectWithValid(FunctionBuilder& f, llvm::Value* condition, const Value& yes, const Value& no) {
  Value selected = SelectValue(f, condition, yes, no);
  selected.valid = nullptr;
  if (yes.valid || no.valid) {
    llvm::Value* always = llvm::ConstantInt::getTrue(condition->getType());
    selected.valid = f.ir().CreateSelect(condition, yes.valid ? yes.valid : always, no.valid ? no.valid : always);
  }
  return selected;
}

}  // namespace

Value ExprLowering::Coalesce(const Expr& expr) {
  auto& ir = f_.ir();
  Value left = Lower(expr.operands[0]);
  if (!left.valid) return left;
  llvm::Value* present = left.valid;
  left.valid = nullptr;
  if (facts_.in_lanes[expr.operands[1]]) return SelectWithValid(f_, present, left, Lower(expr.operands[1]));
  llvm::BasicBlock* from = ir.GetInsertBlock();
  llvm::BasicBlock* other = f_.NewBlock("coalesce");
  llvm::BasicBlock* on = f_.NewBlock("coalesced");
  f_.Branch(present, on, other);
  f_.Enter(other);
  const Value right = Conditionally(expr.operands[1]);
  llvm::BasicBlock* from_right = ir.GetInsertBlock();
  f_.Jump(on);
  f_.Enter(on);
  return Merge(f_, left, from, right, from_right);
}

Value ExprLowering::Choose(const Expr& expr) {
  llvm::Value* condition = LowerCondition(expr.operands[0]);
  if (facts_.in_lanes[expr.operands[1]] && facts_.in_lanes[expr.operands[2]]) {
    const Value yes = Lower(expr.operands[1]);
    return SelectWithValid(f_, condition, yes, Lower(expr.operands[2]));
  }
  llvm::BasicBlock* then = f_.NewBlock("then");
  llvm::BasicBlock* otherwise = f_.NewBlock("else");
  llvm::BasicBlock* on = f_.NewBlock("chosen");
  f_.Branch(condition, then, otherwise);
  f_.Enter(then);
  const Value yes = Conditionally(expr.operands[1]);
  llvm::BasicBlock* from_yes = f_.ir().GetInsertBlock();
  f_.Jump(on);
  f_.Enter(otherwise);
  const Value no = Conditionally(expr.operands[2]);
  llvm::BasicBlock* from_no = f_.ir().GetInsertBlock();
  f_.Jump(on);
  f_.Enter(on);
  return Merge(f_, yes, from_yes, no, from_no);
}

}  // namespace rulec::lower
