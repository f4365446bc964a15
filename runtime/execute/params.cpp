#include "runtime/execute/params.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "avro/utf8.h"
#include "runtime/base/text.h"
#include "runtime/execute/time_text.h"
#include "stdlib/prepare.h"
#include "stdlib/support.h"
#include "stdlib/text_of_values.h"

namespace rulert {
namespace {

Error Misfit(std::string_view text, const ParamSpec& param, const std::string& wanted) {
  return Error::Environment("param `" + param.name + "`: `" + std::string(text) + "` is not " + wanted);
}

Error Take(std::optional<int64_t> value, std::string_view text, const std::string& wanted, ParamSpec* param) {
  if (!value) return Misfit(text, *param, wanted);
  param->integer = *value;
  return {};
}

std::optional<double> ParsePercent(std::string_view text) {
  if (text.empty() || text.back() != '%') return ParseDouble(text);
  // The shift is made in the text, so that 5% is the double nearest to 0.05, as the compiler has it.
  const std::string_view number = text.substr(0, text.size() - 1);
  if (number.empty() || number.find_first_of("eE") != std::string_view::npos) return std::nullopt;
  return ParseDouble(std::string(number) + "e-2");
}

// `10_000` as rules write it: an underscore between digits means nothing.
std::string Ungrouped(std::string_view text) {
  const auto is_digit = [&](size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_' || i == 0 || !is_digit(i - 1) || !is_digit(i + 1)) plain += text[i];
  }
  return plain;
}

Error ParseSymbol(std::string_view text, ParamSpec* param) {
  const auto& symbols = param->column.symbols;
  const auto found = std::find(symbols.begin(), symbols.end(), text);
  if (found != symbols.end()) {
    param->integer = found - symbols.begin();
    return {};
  }
  std::string names;
  for (const std::string& symbol : symbols) names += (names.empty() ? "" : ", ") + symbol;
  return Misfit(text, *param, "one of " + names);
}

bool IsNamed(const RuleSpec& rule, const ParamSpec& param, const std::string& name) {
  return !param.name.empty() && (param.name == name || rule.package + "." + param.name == name);
}

}  // namespace

Error ParseParam(std::string_view text, ParamSpec* param) {
  const bool is_text = param->column.kind == ColumnKind::String || param->column.kind == ColumnKind::Bytes;
  param->is_null = param->column.nullable && !is_text && text == "null";
  if (param->is_null) return {};
  switch (param->column.kind) {
    case ColumnKind::Bool:
      if (text != "true" && text != "false") return Misfit(text, *param, "true or false");
      param->boolean = text == "true";
      return {};
    case ColumnKind::Int: {
      const auto value = ParseInteger(Ungrouped(text));
      const bool fits =
          value && *value >= std::numeric_limits<int32_t>::min() && *value <= std::numeric_limits<int32_t>::max();
      return Take(fits ? value : std::nullopt, text, "an integer of 32 bits", param);
    }
    case ColumnKind::Long: return Take(ParseInteger(Ungrouped(text)), text, "an integer of 64 bits", param);
    case ColumnKind::Float:
    case ColumnKind::Double: {
      const auto value = ParsePercent(Ungrouped(text));
      if (!value) return Misfit(text, *param, "a number");
      param->number = *value;
      return {};
    }
    case ColumnKind::Decimal: {
      rulelib::Int128 unscaled = 0;
      const uint32_t form = rulelib::MakeForm(param->column.precision, param->column.scale);
      const std::string plain = Ungrouped(text);
      if (rulelib::ParseDecimal(plain, form, false, &unscaled) != rulelib::DecimalText::Ok) {
        return Misfit(text, *param,
                      "a decimal of at most " + std::to_string(param->column.precision) + " digits, " +
                          std::to_string(param->column.scale) + " of them behind the point");
      }
      param->text = plain;
      return {};
    }
    case ColumnKind::Date: {
      int32_t days = 0;
      if (!rulelib::ParseDate(text, &days)) return Misfit(text, *param, "a date, as `2024-05-01`");
      param->integer = days;
      return {};
    }
    case ColumnKind::TimeOfDay:
      if (!rulelib::ParseTimeOfDay(text, &param->integer)) return Misfit(text, *param, "a time of day, as `09:30`");
      return {};
    case ColumnKind::Uuid: {
      uint8_t unused[16];
      if (!rule_uuid_from_text(text.data(), text.size(), unused)) return Misfit(text, *param, "a uuid");
      param->text = text;
      return {};
    }
    case ColumnKind::String:
      if (!avro::IsUtf8(text)) return Misfit(text, *param, "UTF-8");
      param->text = text;
      return {};
    case ColumnKind::Enum: return ParseSymbol(text, param);
    case ColumnKind::Timestamp:
      return Take(ParseTimestamp(text), text, "a time: integer microseconds, or as `2024-05-01T12:00:00Z`", param);
    case ColumnKind::Duration: return Take(ParseDuration(text), text, "a duration, as `20ms` or `1h30m`", param);
    case ColumnKind::Bytes: param->text = text; return {};
    default: return Misfit(text, *param, "a value that can be given here");
  }
  return {};
}

Error CheckOverrides(const std::vector<RuleSpec>& rules, const ParamOverrides& overrides) {
  std::set<std::string> names;
  for (const RuleSpec& rule : rules) {
    for (const ParamSpec& param : rule.params) {
      if (!param.name.empty()) names.insert(param.name);
    }
  }
  for (const auto& [name, text] : overrides) {
    const bool known = std::any_of(rules.begin(), rules.end(), [&](const RuleSpec& rule) {
      return std::any_of(rule.params.begin(), rule.params.end(),
                         [&](const ParamSpec& param) { return IsNamed(rule, param, name); });
    });
    if (known) continue;
    std::string list;
    for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
    return Error::Environment("no rule has a param `" + name +
                              "`: " + (list.empty() ? "there are none" : "there are " + list));
  }
  return {};
}

Result<ParamsBlock> ParamsBlock::Build(const RuleSpec& rule, const ParamOverrides& overrides) {
  ParamsBlock block;
  block.params_ = rule.params;
  block.units_.resize(std::max<size_t>(1, (rule.params_size + sizeof(Unit) - 1) / sizeof(Unit)));
  for (ParamSpec& param : block.params_) {
    for (const auto& [name, text] : overrides) {
      if (!IsNamed(rule, param, name)) continue;
      if (Error error = ParseParam(text, &param)) return error;
    }
    if (Error error = block.Put(param)) return error;
  }
  return block;
}

Error ParamsBlock::PutPrepared(const ParamSpec& param, uint8_t* to) {
  std::vector<std::string_view> texts(param.texts.begin(), param.texts.end());
  // Of a param that is null nothing is asked: the empty text stands for it.
  if (param.prepared != Prepared::StringSet) texts = {param.is_null ? std::string_view() : param.text};
  std::string why;
  std::shared_ptr<const void> made = rulelib::Prepare(static_cast<uint32_t>(param.prepared), texts, &why);
  if (!made) {
    const std::string what = param.name.empty() ? "a literal" : "param `" + param.name + "`";
    return Error::Environment(what + ": `" + param.text + "` can not be used as a " +
                              std::string(PreparedName(param.prepared)) + ": " + why);
  }
  const void* pointer = made.get();
  std::memcpy(to, &pointer, sizeof pointer);
  prepared_.push_back(std::move(made));
  return {};
}

Error ParamsBlock::Put(const ParamSpec& param) {
  uint8_t* to = reinterpret_cast<uint8_t*>(units_.data()) + param.offset;
  if (param.prepared != Prepared::None) return PutPrepared(param, to);
  if (param.column.nullable) to[ColumnWidth(param.column.kind)] = param.is_null ? 0 : 1;
  if (param.is_null) return {};
  const auto put = [to](const auto& value) {
    std::memcpy(to, &value, sizeof value);
    return Error();
  };
  switch (param.column.kind) {
    case ColumnKind::Bool: return put(static_cast<uint8_t>(param.boolean));
    case ColumnKind::Int:
    case ColumnKind::Enum:
    case ColumnKind::Date: return put(static_cast<int32_t>(param.integer));
    case ColumnKind::Long:
    case ColumnKind::Timestamp:
    case ColumnKind::TimeOfDay:
    case ColumnKind::Duration: return put(param.integer);
    case ColumnKind::Float: return put(static_cast<float>(param.number));
    case ColumnKind::Double: return put(param.number);
    case ColumnKind::String:
    case ColumnKind::Bytes: return put(MakeString(param.text));
    case ColumnKind::Decimal: {
      rulelib::Int128 unscaled = 0;
      const uint32_t form = rulelib::MakeForm(param.column.precision, param.column.scale);
      if (rulelib::ParseDecimal(param.text, form, false, &unscaled) != rulelib::DecimalText::Ok) break;
      return put(unscaled);
    }
    case ColumnKind::Uuid:
      if (!rule_uuid_from_text(param.text.data(), param.text.size(), to)) break;
      return {};
    case ColumnKind::List:
    case ColumnKind::Map:
    case ColumnKind::Record:
    case ColumnKind::Union: break;
  }
  const std::string what = param.name.empty() ? "a literal" : "param `" + param.name + "`";
  return Error::Environment("the program is damaged: " + what + " has no value of its type, " +
                            std::string(ColumnKindName(param.column.kind)));
}

}  // namespace rulert
