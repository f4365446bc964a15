// The functions by the cases of stdlib/cases: a line is
//
//   lower("ÄRGER") == "ärger"
//   char_at("abc", 3) fails index out of range
//
// and `//` begins a comment. The table of functions says what cases each row needs; one that lacks them fails:
//
//   null      every case and example is called again with each argument null in turn; a row that takes null itself has
//   a
//             case with `null` written out
//   error     a row that may fail has a case that fails, one that may give null a case that does; a row that allocates
//             has one that needs memory, and fails without it
//   edge      the empty text or list, the greatest and least numbers, NaN, the ends of time: one case for each row
//   Unicode   a row that takes texts has a case with a character beyond ASCII
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "stdlib/calendar.h"
#include "stdlib/decimal.h"
#include "stdlib/example_evaluator.h"

namespace rulelib {
namespace {

enum Need : uint32_t {
  kFails = 1,
  kGivesNull = 2,
  kWithoutMemory = 4,
  kEdge = 8,
  kUnicode = 16,
  kTakesNull = 32,
  kCase = 64
};

constexpr std::pair<Need, const char*> kNeedNames[] = {{kFails, "a case that fails"},
                                                       {kGivesNull, "a case that gives null"},
                                                       {kWithoutMemory, "a result that needs memory"},
                                                       {kEdge, "a case at an edge"},
                                                       {kUnicode, "a case beyond ASCII"},
                                                       {kTakesNull, "a case with null written out"},
                                                       {kCase, "a case besides its example"}};

bool IsText(const Parameter& parameter) {
  return parameter.kind == Kind::String || parameter.kind == Kind::Bytes || IsPrepared(parameter.kind) ||
         parameter.kind == Kind::Map || (parameter.kind == Kind::List && parameter.element == Kind::String);
}

// The names of zones and units are ASCII, and nothing else is asked of them.
bool TakesFreeText(const FunctionRow& row) {
  return std::any_of(row.parameters.begin(), row.parameters.end(),
                     [](const Parameter& p) { return IsText(p) && p.kind != Kind::Zone; });
}

uint32_t NeedsOf(const FunctionRow& row) {
  uint32_t needs = kCase;
  if (row.parameters.empty()) return 0;
  if ((row.effects & MayFail) != 0) needs |= kFails;
  if ((row.effects & MayNull) != 0) needs |= kGivesNull;
  if ((row.effects & Allocates) != 0) needs |= kWithoutMemory;
  if (row.nulls == Nulls::TakesNull) needs |= kTakesNull;
  if (TakesFreeText(row)) needs |= kUnicode;
  if (row.parameters[0].kind != Kind::Bool) needs |= kEdge;
  return needs;
}

bool IsEdge(double x) {
  return !std::isfinite(x) || std::fabs(x) >= 1e300 || (x == 0 && std::signbit(x)) || (x != 0 && std::fabs(x) < 1e-300);
}

bool HasEdge(Kind element, RuleList list) {
  if (element == Kind::Double) return std::ranges::any_of(Items<double>(list), [](double x) { return IsEdge(x); });
  auto is_edge = [](int64_t x) { return x == INT64_MIN || x == INT64_MAX; };
  return element == Kind::Long && std::ranges::any_of(Items<int64_t>(list), is_edge);
}

bool IsEdge(const Parameter& parameter, const Cell& cell, uint32_t form) {
  constexpr int64_t kYear1 = -62'135'596'800'000'000, kYear10000 = 253'402'300'800'000'000;
  auto whole = static_cast<int64_t>(cell.low);
  auto small = FromCell<int32_t>(cell);
  switch (parameter.kind) {
    case Kind::Int: return small == INT32_MIN || small == INT32_MAX;
    case Kind::Long:
    case Kind::Duration: return whole == INT64_MIN || whole == INT64_MAX;
    case Kind::Date: return small < kYear1 / kMicrosPerDay || small >= kYear10000 / kMicrosPerDay;
    case Kind::Timestamp: return whole < kYear1 || whole >= kYear10000;
    case Kind::TimeOfDay: return whole == 0 || whole == kMicrosPerDay - 1;
    case Kind::Float: return !std::isfinite(FromCell<float>(cell));
    case Kind::Double: return IsEdge(FromCell<double>(cell));
    case Kind::Decimal: return FormPrecision(form) == 38 && !HasDigits(Unscaled(FromCell<RuleDecimal>(cell)), 37);
    case Kind::String:
    case Kind::Bytes:
      return ByteLength(FromCell<RuleString>(cell)) == 0 || ByteLength(FromCell<RuleString>(cell)) > 4096;
    case Kind::Uuid: return cell == Cell{} || cell == Cell{~uint64_t{0}, ~uint64_t{0}};
    case Kind::List:
    case Kind::Map: return cell.low == 0 || HasEdge(parameter.element, FromCell<RuleList>(cell));
    default: return false;
  }
}

// A row that only allocates may run out of memory or meet a limit; a text to prepare may be wrong.
bool MayFailSo(const FunctionRow& row, const std::string& error) {
  if ((row.effects & MayFail) != 0) return true;
  if (std::any_of(row.parameters.begin(), row.parameters.end(), [](auto& p) { return IsPrepared(p.kind); }))
    return true;
  return (row.effects & Allocates) != 0 && (error == "error: text too long" || error == "error: list too long");
}

bool IsBeyondAscii(std::string_view expression) {
  return !IsAscii(expression) || expression.find("\\u{") != std::string_view::npos;
}

class CaseTable {
 public:
  void Add(const std::string& where, std::string_view expression, const std::string& wanted, bool is_example) {
    SCOPED_TRACE(where + ": " + std::string(expression));
    TestArena arena;
    ExampleEvaluator evaluator(&arena, expression);
    std::string result;
    try {
      result = TextOf(evaluator.Evaluate());
    } catch (const std::runtime_error& error) {
      result = "error: " + std::string(error.what());
    }
    EXPECT_EQ(result, wanted);
    const ExampleEvaluator::MadeCall& call = evaluator.last_call();
    if (call.row == nullptr) {
      ADD_FAILURE() << "no function is called";
      return;
    }
    uint32_t& met = met_[call.row];
    bool any_null = std::find(call.valid.begin(), call.valid.end(), 0) != call.valid.end();
    if (!is_example) met |= kCase;
    if (result.starts_with("error: ")) {
      met |= kFails;
      EXPECT_TRUE(MayFailSo(*call.row, result)) << "its row does not say that it may fail";
    }
    if (result == "null" && !any_null) met |= kGivesNull;
    if (any_null) met |= kTakesNull;
    if (IsBeyondAscii(expression)) met |= kUnicode;
    if (call.cells.size() < call.row->parameters.size())
      return;  // a text that could not be prepared: nothing was called
    size_t next_form = 0;
    for (size_t i = 0; i < call.cells.size(); ++i) {
      uint32_t form = call.row->parameters[i].kind == Kind::Decimal ? call.forms[next_form++] : 0;
      if (IsEdge(call.row->parameters[i], call.cells[i], form)) met |= kEdge;
    }
    WithNulls(call);
    if (WithoutMemory(call, result)) met |= kWithoutMemory;
  }

  uint32_t Met(const FunctionRow& row) const {
    auto found = met_.find(&row);
    return found == met_.end() ? 0 : found->second;
  }

 private:
  static void WithNulls(const ExampleEvaluator::MadeCall& call) {
    for (size_t i = 0; i < call.cells.size(); ++i) {
      const Parameter& parameter = call.row->parameters[i];
      if (IsPrepared(parameter.kind)) continue;
      TestArena arena;
      std::vector<uint8_t> valid = call.valid;
      valid[i] = 0;
      Cell result = InvokeWithNulls(*call.row, arena.context(), call.cells, valid, call.forms);
      if (parameter.nullable) {
        EXPECT_EQ(arena.context()->outcome, uint32_t{RULERT_VALUE}) << "argument " << i << " null";
      } else {
        EXPECT_EQ(arena.context()->outcome, uint32_t{RULERT_NULL}) << "argument " << i << " null";
        EXPECT_EQ(result, Cell{}) << "argument " << i << " null";
      }
    }
  }

  // Gives the same or the error that there is no memory. The arguments live where they lived.
  static bool WithoutMemory(const ExampleEvaluator::MadeCall& call, const std::string& wanted) {
    TestArena arena(0);
    rulert_context* context = arena.context();
    Cell result = InvokeWithNulls(*call.row, context, call.cells, call.valid, call.forms);
    if (context->outcome == RULERT_ERROR && context->cause == static_cast<uint32_t>(Cause::Memory)) {
      EXPECT_EQ(result, Cell{});
      return true;
    }
    if (context->outcome == RULERT_ERROR) {
      EXPECT_EQ("error: " + std::string(rule_cause_text(context->cause)), wanted);
    } else {
      uint32_t form = call.forms.empty() ? 0 : call.forms[0];
      EXPECT_EQ(TextOf({call.row->result, context->outcome == RULERT_NULL, form, result}), wanted);
    }
    return false;
  }

  std::map<const FunctionRow*, uint32_t> met_;
};

std::string Signature(const FunctionRow& row) {
  std::string text = std::string(row.name) + "(";
  for (const Parameter& p : row.parameters) text += (text.back() == '(' ? "" : ", ") + std::string(KindName(p.kind));
  return text + ")";
}

// The file's place in the list, and how many lines it has.
void AddFile(const std::filesystem::path& path, CaseTable* table) {
  std::ifstream file(path);
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.starts_with("//")) continue;
    std::string where = path.filename().string() + ":" + std::to_string(number);
    size_t equals = line.rfind(" == "), fails = line.rfind(" fails ");
    if (fails != std::string::npos && (equals == std::string::npos || fails > equals)) {
      table->Add(where, std::string_view(line).substr(0, fails), "error: " + line.substr(fails + 7), false);
    } else if (equals != std::string::npos) {
      table->Add(where, std::string_view(line).substr(0, equals), Evaluate(line.substr(equals + 4)), false);
    } else {
      ADD_FAILURE() << where << ": neither `==` nor `fails`: " << line;
    }
  }
}

CaseTable AllCases() {
  CaseTable table;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(RULEC_SOURCE_DIR "/stdlib/cases")) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  EXPECT_FALSE(paths.empty());
  for (const auto& path : paths) AddFile(path, &table);
  for (const FunctionRow& row : Functions()) table.Add("example", row.example, Evaluate(row.result_of_example), true);
  return table;
}

TEST(Cases, HoldAndEveryFunctionHasThoseItNeeds) {
  CaseTable table = AllCases();
  for (const FunctionRow& row : Functions()) {
    uint32_t lacking = NeedsOf(row) & ~table.Met(row);
    for (auto [need, name] : kNeedNames) {
      if ((lacking & need) != 0) ADD_FAILURE() << Signature(row) << " lacks " << name << ": add it to stdlib/cases";
    }
  }
}

}  // namespace
}  // namespace rulelib
