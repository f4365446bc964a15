// What is known of a value before any condition: by its type, and by the function that gives it.

#include <algorithm>
#include <limits>
#include <string_view>

#include "compiler/check/facts.h"
#include "compiler/check/fold.h"
#include "compiler/check/ranges.h"
#include "compiler/types/avro_type.h"
#include "stdlib/functions.h"

namespace rulec::check {
namespace {

constexpr size_t kMaxTermName = 300;
constexpr int64_t kMicrosecondsADay = 86'400'000'000;

bool IsConversion(typed::UnaryOp op) { return op >= typed::UnaryOp::NotNull && op < typed::UnaryOp::UnionToBranch; }

// Without what widens it or says that it is not null.
const typed::Expr& CoreOf(const typed::Expr& expr) {
  const typed::Expr* at = &expr;
  while (const auto* unary = std::get_if<typed::Unary>(&at->node)) {
    if (!IsConversion(unary->op)) break;
    at = unary->operand.get();
  }
  return *at;
}

// Functions whose results lie between two whole numbers; `high` below `low`: there is no greatest one.
struct Bounds {
  std::string_view name;
  int64_t low, high;
};
constexpr Bounds kBounds[] = {{"length", 0, -1},
                              {"byte_length", 0, -1},
                              {"count_of", 0, -1},
                              {"index_of", 0, -1},
                              {"last_index_of", 0, -1},
                              {"code_point", 0, 0x10FFFF},
                              {"levenshtein", 0, -1},
                              {"hamming", 0, -1},
                              {"damerau_levenshtein", 0, -1},
                              {"jaro", 0, 1},
                              {"levenshtein_similarity", 0, 1},
                              {"jaro_winkler", 0, 1},
                              {"token_similarity", 0, 1},
                              {"ngram_similarity", 0, 1},
                              {"quarter", 1, 4},
                              {"month", 1, 12},
                              {"day", 1, 31},
                              {"hour", 0, 23},
                              {"minute", 0, 59},
                              {"second", 0, 59},
                              {"millisecond", 0, 999},
                              {"day_of_week", 1, 7},
                              {"day_of_year", 1, 366},
                              {"iso_week", 1, 53},
                              {"days_in_month", 28, 31},
                              {"json_length", 0, -1},
                              {"ip_version", 4, 6},
                              {"luhn_digit", 0, 9},
                              {"uuid_version", 0, 15},
                              {"bit_count", 0, 64},
                              {"sign", -1, 1},
                              {"abs", 0, -1},
                              {"sqrt", 0, -1},
                              {"list_variance", 0, -1},
                              {"list_stddev", 0, -1},
                              {"geo_distance", 0, -1}};

// Texts that such a function gives are its own results: `lower(s)` is never "ABC".
constexpr std::string_view kIdempotent[] = {"lower", "upper", "fold", "trim", "ltrim", "rtrim", "squeeze"};

std::string_view FunctionOf(const typed::Expr& expr) {
  if (const auto* call = std::get_if<typed::Call>(&expr.node)) return rulelib::Functions()[call->function].name;
  const auto* call = std::get_if<typed::IntrinsicCall>(&expr.node);
  if (!call) return "";
  return call->intrinsic == typed::Intrinsic::CountIf   ? "length"
         : call->intrinsic == typed::Intrinsic::IndexOf ? "index_of"
                                                        : "";
}

class Nature {
 public:
  explicit Nature(const typed::Expr& core) : core_(core) {}

  Range Take() {
    range_.type = core_.type;
    range_.may_be_null = core_.type.nullable;
    ByType();
    ByFunction();
    return std::move(range_);
  }

 private:
  void ByType() {
    switch (core_.type.kind) {
      case TypeKind::Int:
        return Whole(std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max(), "an int goes from ");
      case TypeKind::Long:
        return Whole(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), "a long goes from ");
      case TypeKind::Decimal: return Digits();
      case TypeKind::TimeOfDay: {
        const std::string nature = "a time of day lies within 24 hours";
        range_.low = Range::Bound{{TypeKind::TimeOfDay}, {.integer = 0}, false, {}, nature};
        range_.high = Range::Bound{{TypeKind::TimeOfDay}, {.integer = kMicrosecondsADay}, true, {}, nature};
        return;
      }
      case TypeKind::Float:
      case TypeKind::Double: range_.may_be_nan = true; return;
      case TypeKind::Bool: range_.left = {0, 1}; return;
      case TypeKind::Enum:
        range_.left.emplace();
        for (size_t i = 0; i < core_.type.schema->symbols.size(); ++i) range_.left->insert(static_cast<int64_t>(i));
        return;
      default: return;
    }
  }

  void Whole(int64_t low, int64_t high, const std::string& words) {
    const std::string nature = words + std::to_string(low) + " to " + std::to_string(high);
    range_.low = Range::Bound{{TypeKind::Long}, {.integer = low}, false, {}, nature};
    range_.high = Range::Bound{{TypeKind::Long}, {.integer = high}, false, {}, nature};
  }

  void Digits() {
    const Type type = core_.type.NotNull();
    typed::Int128 greatest = 1;
    for (int i = 0; i < type.precision; ++i) greatest *= 10;
    const std::string nature =
        "a " + TypeName(type) + " has " + std::to_string(type.precision - type.scale) + " digits in front of its point";
    range_.low = Range::Bound{type, {.decimal = 1 - greatest}, false, {}, nature};
    range_.high = Range::Bound{type, {.decimal = greatest - 1}, false, {}, nature};
  }

  void ByFunction() {
    if (const auto* meta = std::get_if<typed::MetaRef>(&core_.node)) {
      const bool counted = meta->meta == typed::Meta::Partition || meta->meta == typed::Meta::Offset;
      if (counted) range_.low->value.integer = 0, range_.low->nature = "partitions and offsets are counted from 0";
      return;
    }
    const std::string_view name = FunctionOf(core_);
    const auto* bounds =
        std::find_if(std::begin(kBounds), std::end(kBounds), [&](const Bounds& b) { return b.name == name; });
    if (bounds == std::end(kBounds)) return;
    const bool endless = bounds->high < bounds->low;
    const std::string nature = "`" + std::string(name) + "` gives " + std::to_string(bounds->low) +
                               (endless ? " or more" : " to " + std::to_string(bounds->high));
    const auto bound = [&](int64_t value) -> std::optional<Range::Bound> {
      switch (core_.type.kind) {
        case TypeKind::Long: return Range::Bound{{TypeKind::Long}, {.integer = value}, false, {}, nature};
        case TypeKind::Duration: return Range::Bound{{TypeKind::Duration}, {.integer = value}, false, {}, nature};
        case TypeKind::Decimal: return Range::Bound{DecimalOf(5, 0), {.decimal = value}, false, {}, nature};
        case TypeKind::Double:
          return Range::Bound{{TypeKind::Double}, {.number = static_cast<double>(value)}, false, {}, nature};
        default: return std::nullopt;
      }
    };
    const std::optional<Range::Bound> low = bound(bounds->low);
    if (!low) return;
    range_.low = low;
    if (!endless) range_.high = bound(bounds->high);
  }

  const typed::Expr& core_;
  Range range_;
};

// Has the constant digits behind the point that values of the type have not?
std::string WhyNoFraction(const Type& core, const Type& type, const typed::Value& constant) {
  const bool whole = core.kind == TypeKind::Int || core.kind == TypeKind::Long;
  if (whole && type.kind == TypeKind::Double) {
    return constant.number == static_cast<double>(static_cast<typed::Int128>(constant.number))
               ? ""
               : "the value is a whole number";
  }
  const int digits = whole ? 0 : core.kind == TypeKind::Decimal ? core.scale : -1;
  if (digits < 0 || type.kind != TypeKind::Decimal) return "";
  typed::Int128 value = constant.decimal;
  for (int scale = type.scale; scale > digits; --scale, value /= 10) {
    if (value % 10 != 0) return "the value has " + std::to_string(digits) + " digits behind its point";
  }
  return "";
}

std::string TextOf(const typed::Value& value) {
  std::string text = std::to_string(value.integer) + "," + std::to_string(value.number) + "," + value.text;
  return text + "," + std::to_string(static_cast<int64_t>(value.decimal)) + (value.boolean ? "t" : "f");
}

template <typename Arguments>
std::optional<std::string> NameOfCall(std::string name, const Arguments& arguments) {
  name += "(";
  for (const typed::ExprPtr& argument : arguments) {
    if (const auto* constant = std::get_if<typed::Constant>(&argument->node)) {
      if (!constant->value.items.empty()) return std::nullopt;
      name += TextOf(constant->value) + ";";
      continue;
    }
    const std::optional<std::string> inner = TermName(*argument);
    if (!inner || name.size() + inner->size() > kMaxTermName) return std::nullopt;
    name += *inner + ";";
  }
  return name + ")";
}

}  // namespace

std::optional<std::string> TermName(const typed::Expr& expr) {
  const typed::Expr& core = CoreOf(expr);
  if (std::optional<std::string> name = FactName(core)) {
    return name->size() <= kMaxTermName ? std::move(name) : std::nullopt;
  }
  if (const auto* meta = std::get_if<typed::MetaRef>(&core.node)) {
    return "meta " + std::to_string(static_cast<int>(meta->meta));
  }
  if (const auto* call = std::get_if<typed::Call>(&core.node)) {
    return NameOfCall("call " + std::to_string(call->function), call->arguments);
  }
  const auto* call = std::get_if<typed::IntrinsicCall>(&core.node);
  if (!call || call->lambda) return std::nullopt;
  return NameOfCall("intrinsic " + std::to_string(static_cast<int>(call->intrinsic)), call->arguments);
}

Range RangeByNature(const typed::Expr& expr) { return Nature(CoreOf(expr)).Take(); }

std::string WhyNeverEqual(const typed::Expr& expr, const Type& type, const typed::Value& constant) {
  const typed::Expr& core = CoreOf(expr);
  std::string why = WhyNoFraction(core.type, type, constant);
  if (!why.empty() || type.kind != TypeKind::String) return why;
  const auto* call = std::get_if<typed::Call>(&core.node);
  const std::string_view name = FunctionOf(core);
  const bool idempotent = std::find(std::begin(kIdempotent), std::end(kIdempotent), name) != std::end(kIdempotent);
  if (!call || !idempotent || call->arguments.size() != 1) return "";
  typed::Call again{call->function, {}};
  again.arguments.push_back(std::make_unique<typed::Expr>(typed::Expr{core.span, type, typed::Constant{constant}}));
  const typed::Expr applied{core.span, type, std::move(again)};
  typed::Value result;
  if (Evaluator().Evaluate(applied, &result) != Outcome::Value || result.text == constant.text) return "";
  return "`" + std::string(name) + "` makes \"" + result.text + "\" of it";
}

}  // namespace rulec::check
