// The part of the compiler for values without parts.
#include <algorithm>

#include "avro/spelling.h"
#include "generate/encode_value.h"
#include "generate/leaf_sources.h"
#include "generate/source_compiler.h"

namespace rulec::generate {
namespace {

using avro::Kind;
using avro::Logical;
using avro::Schema;

constexpr int64_t kMaxTexts = 1'000'000;
constexpr size_t kMaxTextBytes = size_t{256} << 20;
constexpr int64_t kDefaultTexts = 1000;

const std::vector<std::string> kDistributions = {"constant",    "choice", "uniform",  "zipf", "normal", "lognormal",
                                                 "exponential", "pareto", "sequence", "walk", "time",   "text"};

bool IsNumeric(const Schema& schema) {
  return schema.kind == Kind::Int || schema.kind == Kind::Long || schema.kind == Kind::Float ||
         schema.kind == Kind::Double || schema.logical == Logical::Decimal;
}

}  // namespace

NumberPlace SourceCompiler::NumbersAt(const Place& place, const KeySource* key) const {
  const bool whole = place.schema.kind == Kind::Int || place.schema.kind == Kind::Long;
  return {&place.schema, whole, key, SeedOf(place.path)};
}

ValueSource* SourceCompiler::CompileLeaf(const Place& place, Settings* settings) {
  if (!settings->present()) return DefaultLeaf(place);
  const ShapeValue* given = settings->Find("distribution");
  std::string distribution = settings->Text("distribution", "");
  if (given == nullptr && settings->Find("pattern") != nullptr) distribution = "text";
  if (given == nullptr && distribution.empty() && settings->Find("by") == nullptr) return DefaultLeaf(place);
  if (given == nullptr && distribution.empty()) {
    settings->Fail("`" + place.path + "` has no `distribution`");
    return nullptr;
  }
  if (std::find(kDistributions.begin(), kDistributions.end(), distribution) == kDistributions.end()) {
    const std::string nearest = avro::NearestWord(distribution, kDistributions);
    settings->Fail(given == nullptr ? ShapeValue() : *given,
                   "there is no distribution `" + distribution + "`" +
                       (nearest.empty() ? std::string() : "; did you mean `" + nearest + "`?"));
    return nullptr;
  }
  return ShapedLeaf(place, distribution, settings);
}

ValueSource* SourceCompiler::ShapedLeaf(const Place& place, const std::string& distribution, Settings* settings) {
  const bool keyed_itself = distribution == "walk" || distribution == "sequence";
  const KeySource* key = nullptr;
  if (const ShapeValue* by = settings->Find("by")) {
    key = keys_.at(by->text);
    if (distribution == "time") settings->Fail(*by, "a `time` goes forward for all events alike; it takes no `by`");
  }
  const double keep = key != nullptr && !keyed_itself ? settings->Probability("keep", 1) : 1;
  ValueSource* source = nullptr;
  const bool listed = distribution == "constant" || distribution == "choice" || settings->Find("values") != nullptr;
  const Kind kind = place.schema.kind;
  if (listed || kind == Kind::Enum || kind == Kind::Bool) {
    source = ListedValues(place, distribution, settings);
  } else if (kind == Kind::String) {
    source = PatternLeaf(place, distribution, settings);
  } else if (distribution != "text" && (IsNumeric(place.schema) || kind == Kind::Bytes)) {
    // The length, for bytes that are no decimal.
    NumberPlace numbers = NumbersAt(place, key);
    if (!IsNumeric(place.schema)) numbers = {nullptr, true, key, numbers.seed};
    NumberSourcePtr made = MakeNumbers(distribution, numbers, settings);
    if (errors_->any()) return nullptr;
    if (IsNumeric(place.schema)) {
      source = New<NumberValue>(place.schema, std::move(made));
    } else {
      source = New<BytesValue>(std::move(made), 0);
    }
  } else {
    settings->Fail("`" + distribution + "` makes no values of " + Describe(place.schema));
  }
  if (errors_->any()) return nullptr;
  if (key == nullptr || keyed_itself) return source;
  return New<ByKeySource>(key, SeedOf(place.path + " by"), keep, source);
}

ValueSource* SourceCompiler::DefaultLeaf(const Place& place) {
  const Schema& schema = place.schema;
  switch (schema.kind) {
    case Kind::Null: return New<NullValue>();
    case Kind::Bool: return New<BoolValue>();
    case Kind::String: {
      if (schema.logical == Logical::Uuid) return New<UuidValue>(true);
      std::string problem;
      std::optional<TextPattern> pattern = TextPattern::Parse(place.name + "-{0}", &problem);
      return New<PatternValue>(std::move(*pattern), UniformWhole(1, kDefaultTexts));
    }
    case Kind::Enum: {
      ChoiceValue* choice = New<ChoiceValue>(AliasTable::Even(schema.symbols.size()));
      for (size_t i = 0; i < schema.symbols.size(); ++i) {
        choice->values().PutVarint(static_cast<int64_t>(i));
        choice->EndValue();
      }
      return choice;
    }
    case Kind::Bytes:
    case Kind::Fixed:
      if (schema.logical == Logical::Decimal) break;
      if (schema.logical == Logical::Uuid) return New<UuidValue>(false);
      return New<BytesValue>(schema.kind == Kind::Bytes ? UniformWhole(0, 16) : nullptr, schema.size);
    default: break;
  }
  const bool is_time = place.path == time_path_ && (schema.kind == Kind::Long || schema.kind == Kind::Int);
  return New<NumberValue>(schema, is_time ? DefaultTimes(schema) : DefaultNumbers(NumbersAt(place, nullptr)));
}

std::optional<AliasTable> SourceCompiler::WeightTable(size_t count, Settings* settings) {
  const ShapeValue* given = settings->Find("weights");
  if (given == nullptr) return AliasTable::Even(count);
  std::vector<double> weights;
  double sum = 0;
  for (const ShapeValue& weight : given->items) {
    const bool fits = weight.is_number() && weight.real >= 0 && weight.real <= 1e9;
    if (!fits) settings->Fail(weight, "a weight must be a number from 0 to 1,000,000,000");
    if (!fits) return std::nullopt;
    weights.push_back(weight.real);
    sum += weight.real;
  }
  if (given->type != ShapeValue::Type::List || weights.size() != count || !(sum > 0)) {
    settings->Fail(
        *given, "`weights` must be a list of " + std::to_string(count) + " numbers, one for each value and not all 0");
    return std::nullopt;
  }
  return AliasTable(weights);
}

ValueSource* SourceCompiler::Choice(const Place& place, const std::vector<ShapeValue>& values, AliasTable table,
                                    Settings* settings) {
  ChoiceValue* choice = New<ChoiceValue>(std::move(table));
  for (const ShapeValue& value : values) {
    const std::string problem = EncodeShapeValue(place.schema, value, &choice->values());
    if (!problem.empty()) settings->Fail(value, problem);
    if (!problem.empty()) return nullptr;
    choice->EndValue();
  }
  return choice;
}

ValueSource* SourceCompiler::ListedValues(const Place& place, const std::string& distribution, Settings* settings) {
  if (distribution == "constant") {
    const ShapeValue* value = settings->Find("value");
    if (value == nullptr) settings->Fail("a `constant` needs a `value`");
    return value == nullptr ? nullptr : Choice(place, {*value}, AliasTable::Even(1), settings);
  }
  std::vector<ShapeValue> all;
  if (const std::vector<ShapeValue>* values = settings->List("values")) {
    all = *values;
  } else if (place.schema.kind == Kind::Enum) {
    for (const std::string& symbol : place.schema.symbols) {
      all.emplace_back().type = ShapeValue::Type::Text;
      all.back().text = symbol;
    }
  } else if (place.schema.kind == Kind::Bool) {
    for (const bool value : {false, true}) {
      all.emplace_back().type = ShapeValue::Type::Bool;
      all.back().boolean = value;
    }
  } else {
    settings->Fail("a `" + distribution + "` needs `values`");
  }
  if (errors_->any()) return nullptr;
  if (distribution == "zipf") return Choice(place, all, AliasTable::Zipf(all.size(), ReadSkew(settings)), settings);
  if (distribution != "choice" && distribution != "uniform") {
    settings->Fail("`" + distribution + "` does not choose from values; `choice`, `uniform` and `zipf` do");
    return nullptr;
  }
  std::optional<AliasTable> table =
      distribution == "choice" ? WeightTable(all.size(), settings) : std::optional(AliasTable::Even(all.size()));
  return table ? Choice(place, all, std::move(*table), settings) : nullptr;
}

ValueSource* SourceCompiler::PatternLeaf(const Place& place, const std::string& distribution, Settings* settings) {
  if (distribution == "uniform" || distribution == "zipf") return CountedPattern(place, distribution, settings);
  if (distribution != "sequence" && distribution != "text") {
    settings->Fail("`" + distribution + "` makes no strings; `choice`, `zipf`, `uniform`, `sequence` and `text` do");
    return nullptr;
  }
  const ShapeValue* given = settings->Find("pattern");
  const std::string text = settings->Text("pattern", place.name + "-{0}");
  std::string problem;
  std::optional<TextPattern> pattern = TextPattern::Parse(text, &problem);
  if (distribution == "text" && given == nullptr) problem = "a `text` needs a `pattern`";
  if (problem.empty() && distribution == "text" && pattern->has_number()) {
    problem = "the pattern has a number, so its `distribution` must be `sequence`, `uniform` or `zipf`";
  }
  if (!problem.empty()) {
    if (given != nullptr) settings->Fail(*given, problem);
    settings->Fail(problem);
    return nullptr;
  }
  NumberSourcePtr numbers;
  if (distribution == "sequence") {
    const ShapeValue* by = settings->Find("by");
    numbers = MakeNumbers("sequence", NumbersAt(place, by == nullptr ? nullptr : keys_.at(by->text)), settings);
  }
  return New<PatternValue>(std::move(*pattern), std::move(numbers));
}

// `count` different texts are made once; events choose from them.
ValueSource* SourceCompiler::CountedPattern(const Place& place, const std::string& distribution, Settings* settings) {
  const int64_t count = settings->Whole("count", kDefaultTexts, 1, kMaxTexts);
  const int64_t first = settings->Whole("first", 1, INT32_MIN, INT32_MAX);
  const ShapeValue* given = settings->Find("pattern");
  const std::string text = settings->Text("pattern", place.name + "-{0}");
  std::string problem;
  const std::optional<TextPattern> pattern = TextPattern::Parse(text, &problem);
  if (problem.empty() && !pattern->has_number() && !pattern->has_random()) {
    problem = "the pattern gives the same text each time; put a number in it, as in \"S{0000}\"";
  }
  if (!problem.empty()) {
    if (given != nullptr) settings->Fail(*given, problem);
    settings->Fail(problem);
    return nullptr;
  }
  const auto size = static_cast<size_t>(count);
  ChoiceValue* choice =
      New<ChoiceValue>(distribution == "zipf" ? AliasTable::Zipf(size, ReadSkew(settings)) : AliasTable::Even(size));
  Random random(SeedOf(place.path + " values"));
  std::string value;
  for (int64_t i = 0; i < count; ++i) {
    value.clear();
    pattern->Append(first + i, random, &value);
    choice->values().PutText(value);
    choice->EndValue();
    if (choice->values().size() <= kMaxTextBytes) continue;
    settings->Fail("the texts take more than 256 MiB; lower `count` or shorten `pattern`");
    return nullptr;
  }
  return choice;
}

}  // namespace rulec::generate
