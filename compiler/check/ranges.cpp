#include "compiler/check/ranges.h"

#include <limits>
#include <utility>

#include "compiler/check/context.h"
#include "compiler/check/fold.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::BinaryOp;

// Below, equal to or above 0. Numbers of any kinds; NaN compares as equal, so that nothing is said of it.
int CompareBounds(const Type& a_type, const typed::Value& a, const Type& b_type, const typed::Value& b) {
  const auto is_floating = [](TypeKind kind) { return kind == TypeKind::Float || kind == TypeKind::Double; };
  bool unordered = false;
  int order = 0;
  if (is_floating(a_type.kind) != is_floating(b_type.kind) && IsNumber(a_type.kind) && IsNumber(b_type.kind)) {
    const double x = is_floating(a_type.kind) ? a.number : static_cast<double>(a.integer);
    const double y = is_floating(b_type.kind) ? b.number : static_cast<double>(b.integer);
    order = x < y ? -1 : y < x ? 1 : 0;
  } else {
    order = CompareValues(a_type, b_type, a, b, &unordered);
  }
  return unordered ? 0 : order;
}

// `value OP constant`.
struct Comparison {
  std::string name;
  BinaryOp op;
  Type type;
  const typed::Value* constant = nullptr;
  bool is_int = false;  // the value is an int, whatever it is compared as
};

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

bool IsInt(const typed::Expr& expr) {
  if (expr.type.kind == TypeKind::Int) return true;
  const auto* unary = std::get_if<typed::Unary>(&expr.node);
  return unary && unary->op >= typed::UnaryOp::NotNull && IsInt(*unary->operand);
}

std::optional<Comparison> ComparisonIn(const typed::Expr& expr) {
  const auto* binary = std::get_if<typed::Binary>(&expr.node);
  if (!binary || binary->op < BinaryOp::Equal || binary->op > BinaryOp::GreaterEqual) return std::nullopt;
  const bool constant_left = std::holds_alternative<typed::Constant>(binary->left->node);
  const typed::Expr& value = constant_left ? *binary->right : *binary->left;
  const typed::Expr& other = constant_left ? *binary->left : *binary->right;
  const auto* constant = std::get_if<typed::Constant>(&other.node);
  const bool simple = IsOrdered(other.type.kind) || other.type.kind == TypeKind::Enum;
  std::optional<std::string> name = FactName(value);
  if (!constant || constant->value.is_null || !simple || !name) return std::nullopt;
  return Comparison{std::move(*name), constant_left ? Mirrored(binary->op) : binary->op, other.type, &constant->value,
                    IsInt(value)};
}

// What a comparison says in the light of what is known.
enum class Verdict : uint8_t { Open, Always, Never };

class Learner {
 public:
  explicit Learner(Context& context) : context_(context) {}

  void Learn(const typed::Expr& expr, bool positive, Ranges* ranges) {
    if (const auto* unary = std::get_if<typed::Unary>(&expr.node); unary && unary->op == typed::UnaryOp::Not) {
      return Learn(*unary->operand, !positive, ranges);
    }
    const auto* binary = std::get_if<typed::Binary>(&expr.node);
    if (binary && (binary->op == BinaryOp::And || binary->op == BinaryOp::Or)) {
      const bool both = (binary->op == BinaryOp::And) == positive;
      Ranges left = *ranges, right = *ranges;
      Learn(*binary->left, positive, both ? ranges : &left);
      Learn(*binary->right, positive, both ? ranges : &right);
      return;
    }
    std::optional<Comparison> comparison = ComparisonIn(expr);
    if (!comparison) return;
    if (!positive) comparison->op = Negated(comparison->op);
    Take(expr, *comparison, positive, ranges);
  }

 private:
  void Take(const typed::Expr& expr, const Comparison& comparison, bool positive, Ranges* ranges) {
    const auto [at, added] = ranges->try_emplace(comparison.name);
    Range& range = at->second;
    if (added && comparison.is_int) {
      const auto bound = [&](int64_t value) {
        return Range::Bound{{TypeKind::Int}, {.integer = value}, false, expr.span, true};
      };
      range.low = bound(std::numeric_limits<int32_t>::min());
      range.high = bound(std::numeric_limits<int32_t>::max());
    }
    const Range::Bound* why = nullptr;
    const Verdict verdict = Judge(range, comparison, &why);
    if (verdict != Verdict::Open) return Tell(expr, (verdict == Verdict::Always) == positive, *why);
    Narrow(expr, comparison, &range);
  }

  // Is every value (or none) that the range leaves below the constant, or equal to it where `or_equal`?
  static Verdict Below(const Range& range, const Comparison& comparison, bool or_equal, const Range::Bound** why) {
    if (range.high) {
      const int order = CompareBounds(range.high->type, range.high->value, comparison.type, *comparison.constant);
      *why = &*range.high;
      if (order < 0 || (order == 0 && (or_equal || range.high->strict))) return Verdict::Always;
    }
    if (range.low) {
      const int order = CompareBounds(range.low->type, range.low->value, comparison.type, *comparison.constant);
      *why = &*range.low;
      if (order > 0 || (order == 0 && (!or_equal || range.low->strict))) return Verdict::Never;
    }
    return Verdict::Open;
  }

  static Verdict Opposite(Verdict verdict) {
    return verdict == Verdict::Open ? verdict : verdict == Verdict::Always ? Verdict::Never : Verdict::Always;
  }

  static Verdict Judge(const Range& range, const Comparison& comparison, const Range::Bound** why) {
    switch (comparison.op) {
      case BinaryOp::Less: return Below(range, comparison, false, why);
      case BinaryOp::LessEqual: return Below(range, comparison, true, why);
      case BinaryOp::Greater: return Opposite(Below(range, comparison, true, why));
      case BinaryOp::GreaterEqual: return Opposite(Below(range, comparison, false, why));
      default: break;
    }
    // Equal where it lies outside; or where one value alone is left.
    Verdict equal = Verdict::Open;
    if (Below(range, comparison, false, why) == Verdict::Always || Below(range, comparison, true, why) == Verdict::Never) {
      equal = Verdict::Never;
    } else if (range.low && range.high && !range.low->by_type && !range.high->by_type &&
               CompareBounds(range.low->type, range.low->value, range.high->type, range.high->value) == 0) {
      *why = &*range.low;
      equal = Verdict::Always;
    }
    return comparison.op == BinaryOp::Equal ? equal : Opposite(equal);
  }

  static void Narrow(const typed::Expr& expr, const Comparison& comparison, Range* range) {
    const bool equal = comparison.op == BinaryOp::Equal;
    const bool strict = comparison.op == BinaryOp::Less || comparison.op == BinaryOp::Greater;
    const Range::Bound bound{comparison.type, *comparison.constant, strict, expr.span, false};
    if (equal || comparison.op == BinaryOp::Less || comparison.op == BinaryOp::LessEqual) range->high = bound;
    if (equal || comparison.op == BinaryOp::Greater || comparison.op == BinaryOp::GreaterEqual) range->low = bound;
  }

  void Tell(const typed::Expr& expr, bool always, const Range::Bound& why) {
    auto builder = context_.diagnostics.Build(expr.span, always ? AlwaysHolds : NeverHolds, {context_.Quote(expr.span)});
    if (why.by_type) {
      std::move(builder).Note("an int goes from -2147483648 to 2147483647");
    } else if (why.span.begin != expr.span.begin || why.span.file != expr.span.file || why.span.end != expr.span.end) {
      std::move(builder).Label(why.span, always ? "this says more" : "this says otherwise");
    }
    std::move(builder).Emit();
  }

  Context& context_;
};

}  // namespace

void LearnFrom(Context& context, const typed::Expr& condition, Ranges* ranges) {
  Learner(context).Learn(condition, true, ranges);
}

}  // namespace rulec::check
