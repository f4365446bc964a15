#include "compiler/check/ranges.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "compiler/check/context.h"
#include "compiler/check/fold.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::BinaryOp;
using typed::Value;

// What is remembered of one rule; values that are met later are judged by their nature alone.
constexpr size_t kMaxTerms = 64;
constexpr size_t kMaxExcluded = 32;
constexpr size_t kMaxMembers = 256;  // of a list that is looked through

// Below, equal to or above 0. Numbers of any kinds; NaN compares as equal, so that nothing is said of it.
int CompareBounds(const Type& a_type, const Value& a, const Type& b_type, const Value& b) {
  bool unordered = false;
  int order = 0;
  if (IsFloating(a_type.kind) != IsFloating(b_type.kind) && IsNumber(a_type.kind) && IsNumber(b_type.kind)) {
    const double x = IsFloating(a_type.kind) ? a.number : static_cast<double>(a.integer);
    const double y = IsFloating(b_type.kind) ? b.number : static_cast<double>(b.integer);
    order = x < y ? -1 : y < x ? 1 : 0;
  } else if (a_type.kind != b_type.kind && (a_type.kind == TypeKind::Decimal || b_type.kind == TypeKind::Decimal)) {
    const auto as_decimal = [](const Type& type, const Value& value) {
      const bool whole = type.kind == TypeKind::Int || type.kind == TypeKind::Long;
      return whole ? std::pair(DecimalOf(19, 0), Value{.decimal = value.integer}) : std::pair(type, value);
    };
    const auto [x_type, x] = as_decimal(a_type, a);
    const auto [y_type, y] = as_decimal(b_type, b);
    order = CompareValues(x_type, y_type, x, y, &unordered);
  } else {
    order = CompareValues(a_type, b_type, a, b, &unordered);
  }
  return unordered ? 0 : order;
}

BinaryOp Mirrored(BinaryOp op) {
  switch (op) {
    case BinaryOp::Less: return BinaryOp::Greater;
    case BinaryOp::LessEqual: return BinaryOp::GreaterEqual;
    case BinaryOp::Greater: return BinaryOp::Less;
    case BinaryOp::GreaterEqual: return BinaryOp::LessEqual;
    default: return op;
  }
}

BinaryOp Negated(BinaryOp op) {
  switch (op) {
    case BinaryOp::Less: return BinaryOp::GreaterEqual;
    case BinaryOp::LessEqual: return BinaryOp::Greater;
    case BinaryOp::Greater: return BinaryOp::LessEqual;
    case BinaryOp::GreaterEqual: return BinaryOp::Less;
    case BinaryOp::Equal: return BinaryOp::NotEqual;
    default: return BinaryOp::Equal;
  }
}

bool IsSimple(const Type& type) {
  return IsOrdered(type.kind) || type.kind == TypeKind::Enum || type.kind == TypeKind::Bool;
}

// NaN and null are left out: comparisons with them say nothing of an order.
bool IsUsable(const Type& type, const Value& constant) {
  return IsSimple(type) && !constant.is_null && !std::isnan(constant.number);
}

int64_t IndexOf(const Type& type, const Value& value) {
  return type.kind == TypeKind::Bool ? int64_t{value.boolean} : value.integer;
}

// `value OP constant`.
struct Comparison {
  const typed::Expr* value = nullptr;
  std::string name;
  BinaryOp op = BinaryOp::Equal;
  Type type;
  const Value* constant = nullptr;
};

std::optional<Comparison> ComparisonIn(const typed::Expr& expr) {
  const auto* binary = std::get_if<typed::Binary>(&expr.node);
  if (!binary || binary->op < BinaryOp::Equal || binary->op > BinaryOp::GreaterEqual) return std::nullopt;
  const bool constant_left = std::holds_alternative<typed::Constant>(binary->left->node);
  const typed::Expr& value = constant_left ? *binary->right : *binary->left;
  const typed::Expr& other = constant_left ? *binary->left : *binary->right;
  const auto* constant = std::get_if<typed::Constant>(&other.node);
  if (!constant || !IsUsable(other.type, constant->value)) return std::nullopt;
  std::optional<std::string> name = TermName(value);
  if (!name) return std::nullopt;
  return Comparison{&value, std::move(*name), constant_left ? Mirrored(binary->op) : binary->op, other.type,
                    &constant->value};
}

// What a comparison says in the light of what is known, and why.
struct Verdict {
  enum class Kind : uint8_t { Open, Always, Never } kind = Kind::Open;
  Span span;           // of the condition that decides it
  std::string nature;  // or what does

  static Verdict By(Kind kind, const Range::Bound& bound) { return {kind, bound.span, bound.nature}; }
  Verdict Opposite() const {
    const Kind other = kind == Kind::Always ? Kind::Never : kind == Kind::Never ? Kind::Always : Kind::Open;
    return {other, span, nature};
  }
};

// Is every value (or none) that the range leaves below the constant, or equal to it where `or_equal`?
Verdict Below(const Range& range, const Type& type, const Value& constant, bool or_equal) {
  if (range.high) {
    const int order = CompareBounds(range.high->type, range.high->value, type, constant);
    if (order < 0 || (order == 0 && (or_equal || range.high->strict)))
      return Verdict::By(Verdict::Kind::Always, *range.high);
  }
  if (range.low) {
    const int order = CompareBounds(range.low->type, range.low->value, type, constant);
    if (order > 0 || (order == 0 && (!or_equal || range.low->strict)))
      return Verdict::By(Verdict::Kind::Never, *range.low);
  }
  return {};
}

Verdict JudgeEqual(const Range& range, const Comparison& comparison) {
  const Type& type = comparison.type;
  const Value& constant = *comparison.constant;
  if (range.left) {
    const bool there = range.left->contains(IndexOf(type, constant));
    if (!there) return {Verdict::Kind::Never, {}, ""};
    return {range.left->size() == 1 ? Verdict::Kind::Always : Verdict::Kind::Open, {}, ""};
  }
  std::string why = WhyNeverEqual(*comparison.value, type, constant);
  if (!why.empty()) return {Verdict::Kind::Never, {}, std::move(why)};
  for (const Range::Bound& excluded : range.excluded) {
    if (CompareBounds(excluded.type, excluded.value, type, constant) == 0) {
      return Verdict::By(Verdict::Kind::Never, excluded);
    }
  }
  Verdict below = Below(range, type, constant, false);
  if (below.kind == Verdict::Kind::Always) return {Verdict::Kind::Never, below.span, below.nature};
  below = Below(range, type, constant, true);
  if (below.kind == Verdict::Kind::Never) return below;
  const bool one = range.low && range.high && range.low->nature.empty() && range.high->nature.empty() &&
                   CompareBounds(range.low->type, range.low->value, range.high->type, range.high->value) == 0;
  return one ? Verdict::By(Verdict::Kind::Always, *range.low) : Verdict{};
}

Verdict Judge(const Range& range, const Comparison& comparison) {
  const Type& type = comparison.type;
  const bool equality = comparison.op == BinaryOp::Equal || comparison.op == BinaryOp::NotEqual;
  Verdict verdict;
  if (equality) {
    verdict =
        !range.may_be_value ? Verdict{Verdict::Kind::Never, {}, "it is null here"} : JudgeEqual(range, comparison);
    // What is not null alone decides; NaN equals nothing.
    const bool others = range.may_be_null || range.may_be_nan;
    if (verdict.kind == Verdict::Kind::Always && others) verdict.kind = Verdict::Kind::Open;
    return comparison.op == BinaryOp::Equal ? verdict : verdict.Opposite();
  }
  switch (comparison.op) {
    case BinaryOp::Less: verdict = Below(range, type, *comparison.constant, false); break;
    case BinaryOp::LessEqual: verdict = Below(range, type, *comparison.constant, true); break;
    case BinaryOp::Greater: verdict = Below(range, type, *comparison.constant, true).Opposite(); break;
    default: verdict = Below(range, type, *comparison.constant, false).Opposite(); break;
  }
  if (verdict.kind == Verdict::Kind::Always && range.may_be_nan) verdict.kind = Verdict::Kind::Open;
  return verdict;
}

// ---- What a comparison adds ----

// The next whole number within, so that what lies between two neighbours is seen to be empty.
void MakeInclusive(const Range& range, bool low, Range::Bound* bound) {
  const auto whole = [](const Type& type) { return type.kind == TypeKind::Int || type.kind == TypeKind::Long; };
  if (!bound->strict || !whole(range.type) || !whole(bound->type)) return;
  if (__builtin_add_overflow(bound->value.integer, low ? 1 : -1, &bound->value.integer)) return;
  bound->strict = false;
}

void Exclude(const Comparison& comparison, Span span, Range* range) {
  if (range->left) {
    range->left->erase(IndexOf(comparison.type, *comparison.constant));
  } else if (range->excluded.size() < kMaxExcluded) {
    range->excluded.push_back({comparison.type, *comparison.constant, false, span, ""});
  }
}

// The range of the value where the comparison holds.
void Hold(const Comparison& comparison, Span span, Range* range) {
  const bool equal = comparison.op == BinaryOp::Equal;
  if (comparison.op == BinaryOp::NotEqual) return Exclude(comparison, span, range);
  range->may_be_null = false;
  range->may_be_nan = false;
  if (range->left) {
    range->left = {IndexOf(comparison.type, *comparison.constant)};
    return;
  }
  const bool strict = comparison.op == BinaryOp::Less || comparison.op == BinaryOp::Greater;
  Range::Bound bound{comparison.type, *comparison.constant, strict, span, ""};
  if (equal || comparison.op == BinaryOp::Less || comparison.op == BinaryOp::LessEqual) {
    range->high = bound;
    MakeInclusive(*range, false, &*range->high);
  }
  if (equal || comparison.op == BinaryOp::Greater || comparison.op == BinaryOp::GreaterEqual) {
    range->low = bound;
    MakeInclusive(*range, true, &*range->low);
  }
}

// And where it does not: null and NaN fail all but `!=`.
void Fail(const Comparison& comparison, Span span, Range* range) {
  Comparison negated = comparison;
  negated.op = Negated(comparison.op);
  const bool null = range->may_be_null;
  const bool nan = range->may_be_nan;
  Hold(negated, span, range);
  if (comparison.op == BinaryOp::NotEqual) return;
  range->may_be_null = null;
  range->may_be_nan = nan;
}

// ---- Where two ways meet ----

std::optional<Range::Bound> Wider(const std::optional<Range::Bound>& a, const std::optional<Range::Bound>& b,
                                  int side) {
  if (!a || !b) return std::nullopt;
  const int order = CompareBounds(a->type, a->value, b->type, b->value) * side;
  if (order == 0) return a->strict ? b : a;
  return order > 0 ? a : b;
}

Range Joined(const Range& a, const Range& b) {
  if (!a.may_be_value || !b.may_be_value) {
    Range joined = a.may_be_value ? a : b;
    joined.may_be_null = a.may_be_null || b.may_be_null;
    return joined;
  }
  Range joined = a;
  joined.may_be_null = a.may_be_null || b.may_be_null;
  joined.may_be_nan = a.may_be_nan || b.may_be_nan;
  joined.low = Wider(a.low, b.low, -1);
  joined.high = Wider(a.high, b.high, 1);
  if (joined.left) joined.left->insert(b.left->begin(), b.left->end());
  std::erase_if(joined.excluded, [&](const Range::Bound& bound) {
    return std::none_of(b.excluded.begin(), b.excluded.end(), [&](const Range::Bound& other) {
      return other.type == bound.type && other.value == bound.value;
    });
  });
  return joined;
}

Ranges Joined(Ranges a, Ranges b) {
  if (a.impossible) return b;
  if (b.impossible) return a;
  Ranges joined;
  for (const auto& [name, range] : a.of) {
    const auto other = b.of.find(name);
    if (other == b.of.end()) continue;
    joined.of[name] = range == other->second ? range : std::make_shared<const Range>(Joined(*range, *other->second));
  }
  return joined;
}

// ---- Conditions ----

class Learner {
 public:
  explicit Learner(Context& context) : context_(context) {}

  // Recurses as deep as the expression is high, which the parser bounds.
  Learned Visit(const typed::Expr& expr, const Ranges& known) {
    if (const auto* unary = std::get_if<typed::Unary>(&expr.node)) return VisitUnary(expr, *unary, known);
    if (const auto* binary = std::get_if<typed::Binary>(&expr.node)) {
      if (binary->op == BinaryOp::And && IsOwn(expr, *binary->right)) return VisitBetween(expr, *binary, known);
      if (binary->op == BinaryOp::And || binary->op == BinaryOp::Or) return VisitLogic(*binary, known);
      if (binary->op == BinaryOp::In) return VisitIn(expr, *binary, known);
    }
    if (const auto* bind = std::get_if<typed::Bind>(&expr.node); bind && IsOwn(expr, *bind->body)) {
      bound_[bind->variable] = bind->value.get();
      return Visit(*bind->body, known);
    }
    if (std::optional<Comparison> comparison = ComparisonIn(expr)) return Compare(expr, std::move(*comparison), known);
    static const Value yes{.boolean = true};
    if (expr.type.kind == TypeKind::Bool) {
      if (std::optional<std::string> name = TermName(expr)) {
        return Compare(expr, {&expr, std::move(*name), BinaryOp::Equal, {TypeKind::Bool}, &yes}, known);
      }
    }
    return {known, known};
  }

 private:
  // A Bind that an operator of the condition made; one of a user function has a body from elsewhere.
  static bool IsOwn(const typed::Expr& expr, const typed::Expr& body) {
    return expr.span.file == body.span.file && expr.span.begin == body.span.begin && expr.span.end == body.span.end;
  }

  Learned VisitUnary(const typed::Expr& expr, const typed::Unary& unary, const Ranges& known) {
    if (unary.op == typed::UnaryOp::Not) {
      negations_[unary.operand.get()] = &expr;
      Learned learned = Visit(*unary.operand, known);
      std::swap(learned.when_true, learned.when_false);
      return learned;
    }
    if (unary.op == typed::UnaryOp::IsNull || unary.op == typed::UnaryOp::IsNotNull) {
      Learned learned = VisitNull(expr, unary, known);
      if (unary.op == typed::UnaryOp::IsNotNull) std::swap(learned.when_true, learned.when_false);
      return learned;
    }
    return {known, known};
  }

  Learned VisitLogic(const typed::Binary& binary, const Ranges& known) {
    const bool conjunction = binary.op == BinaryOp::And;
    Learned left = Visit(*binary.left, known);
    Learned right = Visit(*binary.right, conjunction ? left.when_true : left.when_false);
    if (conjunction) {
      return {std::move(right.when_true), Joined(std::move(left.when_false), std::move(right.when_false))};
    }
    return {Joined(std::move(left.when_true), std::move(right.when_true)), std::move(right.when_false)};
  }

  // `low <= x and x <= high`, of which one is told: the whole of it.
  Learned VisitBetween(const typed::Expr& expr, const typed::Binary& binary, const Ranges& known) {
    Verdict low, high;
    captured_ = &low;
    Learned left = Visit(*binary.left, known);
    captured_ = &high;
    Learned right = Visit(*binary.right, left.when_true);
    captured_ = nullptr;
    if (low.kind == Verdict::Kind::Never) {
      Tell(expr, low, known);
    } else if (high.kind == Verdict::Kind::Never || low.kind == high.kind) {
      Tell(expr, high, known);
    }
    return {std::move(right.when_true), Joined(std::move(left.when_false), std::move(right.when_false))};
  }

  // As `is null`.
  Learned VisitNull(const typed::Expr& expr, const typed::Unary& unary, const Ranges& known) {
    const std::optional<std::string> name = TermName(*unary.operand);
    if (!name) return {known, known};
    const Range range = RangeOf(*unary.operand, *name, known);
    if (range.may_be_null && range.may_be_value) {
      Range null = range, value = range;
      null.may_be_value = false;
      value.may_be_null = false;
      return {With(known, *name, std::move(null)), With(known, *name, std::move(value))};
    }
    const bool is_null = range.may_be_null;
    Tell(expr, {is_null == (unary.op == typed::UnaryOp::IsNull) ? Verdict::Kind::Always : Verdict::Kind::Never, {}, ""},
         known);
    return is_null ? Learned{known, Impossible()} : Learned{Impossible(), known};
  }

  Learned Compare(const typed::Expr& expr, Comparison comparison, const Ranges& known) {
    Resolve(&comparison);
    const Range range = RangeOf(*comparison.value, comparison.name, known);
    const Verdict verdict = Judge(range, comparison);
    Tell(expr, verdict, known);
    if (verdict.kind == Verdict::Kind::Always) return {known, Impossible()};
    if (verdict.kind == Verdict::Kind::Never) return {Impossible(), known};
    Range holds = range, fails = range;
    Hold(comparison, expr.span, &holds);
    Fail(comparison, expr.span, &fails);
    return {With(known, comparison.name, std::move(holds)), With(known, comparison.name, std::move(fails))};
  }

  Learned VisitIn(const typed::Expr& expr, const typed::Binary& binary, const Ranges& known) {
    const auto* list = std::get_if<typed::Constant>(&binary.right->node);
    const bool simple = IsSimple(binary.left->type) && binary.right->type.kind == TypeKind::List;
    if (!list || list->value.is_null || !simple) return {known, known};
    Comparison comparison{binary.left.get(), "", BinaryOp::Equal, ElementOf(binary.right->type), nullptr};
    const std::optional<std::string> name = TermName(*binary.left);
    if (name) comparison.name = *name;
    if (!name) comparison.value = nullptr;
    return Members(expr, comparison, list->value.items, known);
  }

  // `value in [a, b]`: equal to one of them.
  Learned Members(const typed::Expr& expr, Comparison comparison, const std::vector<Value>& items,
                  const Ranges& known) {
    if (items.empty()) {
      Tell(expr, {Verdict::Kind::Never, {}, "the list is empty"}, known);
      return {Impossible(), known};
    }
    const bool usable = items.size() <= kMaxMembers && std::all_of(items.begin(), items.end(), [&](const Value& item) {
                          return IsUsable(comparison.type, item);
                        });
    if (!comparison.value || !usable) return {known, known};
    Resolve(&comparison);
    const Range range = RangeOf(*comparison.value, comparison.name, known);
    Verdict last;
    std::optional<Range> holds;
    Range fails = range;
    for (const Value& item : items) {
      comparison.constant = &item;
      const Verdict verdict = Judge(range, comparison);
      if (verdict.kind != Verdict::Kind::Open) last = verdict;
      if (verdict.kind == Verdict::Kind::Never) continue;
      Range one = range;
      Hold(comparison, expr.span, &one);
      holds = holds ? Joined(*holds, one) : std::move(one);
      Exclude(comparison, expr.span, &fails);
    }
    if (!holds) {
      Tell(expr, last, known);
      return {Impossible(), known};
    }
    const bool all = fails.left && fails.left->empty() && !range.may_be_null;
    if (all || last.kind == Verdict::Kind::Always) {
      Tell(expr, {Verdict::Kind::Always, {}, all ? "nothing else is left" : ""}, known);
      return {known, Impossible()};
    }
    return {With(known, comparison.name, std::move(*holds)), With(known, comparison.name, std::move(fails))};
  }

  // What a variable of an operator stands for is known by its own name.
  void Resolve(Comparison* comparison) {
    const auto* variable = std::get_if<typed::VariableRef>(&comparison->value->node);
    const auto found = variable ? bound_.find(variable->variable) : bound_.end();
    if (found == bound_.end()) return;
    comparison->value = found->second;
    if (std::optional<std::string> name = TermName(*found->second)) comparison->name = std::move(*name);
  }

  static Range RangeOf(const typed::Expr& value, const std::string& name, const Ranges& known) {
    const auto found = known.of.find(name);
    Range range = found == known.of.end() ? RangeByNature(value) : *found->second;
    // What the facts of the rule have ruled out.
    if (!value.type.nullable) range.may_be_null = false;
    return range;
  }

  static Ranges With(Ranges known, const std::string& name, Range range) {
    if (known.of.size() >= kMaxTerms && !known.of.contains(name)) return known;
    known.of[name] = std::make_shared<const Range>(std::move(range));
    return known;
  }

  static Ranges Impossible() {
    Ranges ranges;
    ranges.impossible = true;
    return ranges;
  }

  void Tell(const typed::Expr& expr, const Verdict& verdict, const Ranges& known) {
    if (verdict.kind == Verdict::Kind::Open || known.impossible) return;
    if (captured_) {
      *captured_ = verdict;
      return;
    }
    // `not b` is told as it is written.
    if (const auto negation = negations_.find(&expr); negation != negations_.end()) {
      return Tell(*negation->second, verdict.Opposite(), known);
    }
    const bool always = verdict.kind == Verdict::Kind::Always;
    auto builder =
        context_.diagnostics.Build(expr.span, always ? AlwaysHolds : NeverHolds, {context_.Quote(expr.span)});
    const Span& why = verdict.span;
    const bool elsewhere = why.begin != expr.span.begin || why.file != expr.span.file || why.end != expr.span.end;
    if (!verdict.nature.empty()) {
      std::move(builder).Note(verdict.nature);
    } else if (why.end > why.begin && elsewhere) {
      std::move(builder).Label(why, always ? "this says more" : "this says otherwise");
    }
    std::move(builder).Emit();
  }

  Context& context_;
  Verdict* captured_ = nullptr;  // where it is kept instead of told
  std::map<uint32_t, const typed::Expr*> bound_;
  std::map<const typed::Expr*, const typed::Expr*> negations_;
};

}  // namespace

Learned LearnFrom(Context& context, const typed::Expr& condition, const Ranges& known) {
  return Learner(context).Visit(condition, known);
}

}  // namespace rulec::check
