// Random rules: expressions of known types are accepted with those types and planned; what is broken at random is told,
// and never ends the compiler.

#include <random>

#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"
#include "compiler/planner/typed_to_plan.h"

namespace rulec {
namespace {

// An expression and the type that the manual gives it.
struct Made {
  std::string text;
  TypeKind kind;
  bool literal = false;  // a number as it is written
};

class Maker {
 public:
  explicit Maker(uint32_t seed) : random_(seed) {}

  std::string Bool(int depth) {
    if (depth == 0) return OneOf({"suspicious", "true", "lot is null", "side == SELL", "venue like \"X%\""});
    switch (Pick(9)) {
      case 0: return "(" + Bool(depth - 1) + " and " + Bool(depth - 1) + ")";
      case 1: return "(" + Bool(depth - 1) + " or " + Bool(depth - 1) + ")";
      case 2: return "(not " + Bool(depth - 1) + ")";
      case 3: return "(" + Number(depth - 1).text + " " + Order() + " " + Number(depth - 1).text + ")";
      case 4: return "(" + String(depth - 1) + " " + Order() + " " + String(depth - 1) + ")";
      case 5: return "(" + Time(depth - 1) + " " + Order() + " " + Time(depth - 1) + ")";
      case 6: return "(" + String(depth - 1) + " in [" + String(depth - 1) + ", " + String(depth - 1) + "])";
      case 7: return "(if " + Bool(depth - 1) + " then " + Bool(depth - 1) + " else " + Bool(depth - 1) + ")";
      default: {
        const std::string item = "x" + std::to_string(++names_);
        return "any([" + Number(depth - 1).text + "], " + item + " => " + item + " > " + Number(depth - 1).text + ")";
      }
    }
  }

  std::string String(int depth) {
    if (depth == 0)
      return OneOf({"symbol", "\"A\"", "\"\"", "buyer.country", "(venue ?? \"-\")", "(broker?.country ?? symbol)"});
    switch (Pick(5)) {
      case 0: return "lower(" + String(depth - 1) + ")";
      case 1: return "concat(" + String(depth - 1) + ", " + String(depth - 1) + ")";
      case 2: return "f\"{" + Number(depth - 1).text + "} {" + String(0) + "}\"";
      case 3: return "(if " + Bool(depth - 1) + " then " + String(depth - 1) + " else " + String(depth - 1) + ")";
      default: return "substring(" + String(depth - 1) + ", 0, 2)";
    }
  }

  std::string Time(int depth) {
    if (depth == 0)
      return OneOf({"executed_at", "@time", "(settled_at ?? @time)", "timestamp(\"2024-05-01T00:00:00Z\")"});
    return "(" + Time(depth - 1) + (Pick(2) ? " + " : " - ") + Duration(depth - 1) + ")";
  }

  std::string Duration(int depth) {
    if (depth == 0) return OneOf({"5s", "1h30m", "500us"});
    switch (Pick(3)) {
      case 0: return "(" + Time(depth - 1) + " - " + Time(depth - 1) + ")";
      case 1: return "(" + Duration(depth - 1) + " * " + Number(depth - 1).text + ")";
      default: return "(" + Duration(depth - 1) + " + " + Duration(depth - 1) + ")";
    }
  }

  Made Number(int depth) {
    if (depth == 0) {
      switch (Pick(7)) {
        case 0: return {std::to_string(Pick(100)), TypeKind::Long, true};
        case 1: return {std::to_string(Pick(100)) + ".5", TypeKind::Double, true};
        case 2: return {"size", TypeKind::Int};
        case 3: return {"trade_id", TypeKind::Long};
        case 4: return {"price", TypeKind::Double};
        case 5: return {"ratio", TypeKind::Float};
        default: return {"(lot ?? 1)", TypeKind::Int};
      }
    }
    switch (Pick(4)) {
      case 0: return {"length(" + String(depth - 1) + ")", TypeKind::Long};
      case 1: {
        const Made a = Number(depth - 1), b = Number(depth - 1);
        return {"(if " + Bool(depth - 1) + " then " + a.text + " else " + b.text + ")", Common(a, b)};
      }
      case 2: {
        const Made a = Number(depth - 1), b = Number(depth - 1);
        const TypeKind kind = Common(a, b);
        const bool whole = kind == TypeKind::Int || kind == TypeKind::Long;
        return {"(" + a.text + " / " + b.text + ")", whole ? TypeKind::Double : kind};
      }
      default: {
        static const char* operators[] = {" + ", " - ", " * "};
        const Made a = Number(depth - 1), b = Number(depth - 1);
        return {"(" + a.text + operators[Pick(3)] + b.text + ")", Common(a, b)};
      }
    }
  }

  int Pick(int below) { return static_cast<int>(random_() % static_cast<uint32_t>(below)); }

 private:
  // A literal takes the type of the operand beside it, if it fits; else the wider one wins, and a float beside a whole
  // number is a double.
  static TypeKind Common(const Made& a, const Made& b) {
    TypeKind left = a.kind, right = b.kind;
    const auto adapt = [](const Made& literal, TypeKind other) {
      if (!literal.literal) return literal.kind;
      if (other == TypeKind::Float) return TypeKind::Float;
      return literal.kind == TypeKind::Long && other == TypeKind::Int ? TypeKind::Int : literal.kind;
    };
    left = adapt(a, b.kind);
    right = adapt(b, left);
    const auto floating = [](TypeKind kind) { return kind == TypeKind::Float || kind == TypeKind::Double; };
    return floating(left) != floating(right) ? TypeKind::Double : std::max(left, right);
  }

  std::string Order() { return OneOf({"<", "<=", ">", ">=", "==", "!="}); }
  std::string OneOf(const std::vector<std::string>& texts) {
    return texts[static_cast<size_t>(Pick(static_cast<int>(texts.size())))];
  }

  std::mt19937 random_;
  int names_ = 0;
};

// Beside computations of constants that fail, which are right to be told.
std::string ErrorsIn(const check::CheckedText& checked) {
  std::string errors;
  for (const Diagnostic& diagnostic : checked.diagnostics.all()) {
    if (diagnostic.kind->severity != Severity::Error || diagnostic.kind->code == std::string_view("R0308")) continue;
    errors += RenderText(checked.sources, diagnostic, false);
  }
  return errors;
}

TEST(RandomRules, WellTypedOnesAreAcceptedAndPlanned) {
  const uint32_t seed = 7'031;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Maker maker(seed);
  int planned = 0;
  for (int round = 0; round < 500; ++round) {
    const Made number = maker.Number(4);
    const std::string body = "where " + maker.Bool(4) + "\nlet d = " + maker.Duration(3) +
                             "\nemit out { n: " + number.text + ", s: " + maker.String(3) + ", t: " + maker.Time(3) +
                             ", d }";
    const auto checked = check::CheckBody(body);
    ASSERT_EQ(ErrorsIn(*checked), "") << body;
    if (checked->diagnostics.has_errors()) continue;
    const typed::Emit& emit = checked->program.rules.front().emits.front();
    EXPECT_EQ(TypeName(emit.fields[0]->type), TypeName(Type{number.kind})) << number.text;
    plan::Program plan;
    EXPECT_EQ(PlanProgram(checked->sources, checked->program, &plan), "") << body;
    ++planned;
    if (HasFailure()) return;
  }
  EXPECT_GT(planned, 250);
}

// Words of the text in another order, left out or given twice.
std::string Broken(const std::string& text, Maker& maker) {
  std::vector<std::string> words{""};
  for (const char c : text) {
    const bool word = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    const bool before = !words.back().empty() && (std::isalnum(static_cast<unsigned char>(words.back().back())) != 0 ||
                                                  words.back().back() == '_');
    if (word && before) {
      words.back() += c;
    } else {
      words.emplace_back(1, c);
    }
  }
  const auto any = [&] { return static_cast<size_t>(maker.Pick(static_cast<int>(words.size()))); };
  for (int i = 0; i < 1 + maker.Pick(4); ++i) {
    switch (maker.Pick(3)) {
      case 0: std::swap(words[any()], words[any()]); break;
      case 1: words.erase(words.begin() + static_cast<std::ptrdiff_t>(any())); break;
      default: words[any()] = std::string(words[any()]); break;
    }
  }
  std::string broken;
  for (const std::string& word : words) broken += word;
  return broken;
}

TEST(RandomRules, BrokenOnesAreToldOrPlanned) {
  const uint32_t seed = 99;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Maker maker(seed);
  int told = 0;
  for (int round = 0; round < 1'000; ++round) {
    const std::string body = "partition by symbol where " + maker.Bool(3) + "\nlet d = " + maker.Duration(2) +
                             "\nemit out { n: " + maker.Number(3).text + ", s: " + maker.String(2) + ", d }";
    const auto checked = check::CheckBody(Broken(body, maker));
    if (checked->diagnostics.has_errors()) {
      ++told;
      continue;
    }
    plan::Program plan;
    EXPECT_EQ(PlanProgram(checked->sources, checked->program, &plan), "") << body;
  }
  EXPECT_GT(told, 500);
}

}  // namespace
}  // namespace rulec
