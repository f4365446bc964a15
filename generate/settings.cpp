#include "generate/settings.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "avro/number_text.h"
#include "avro/spelling.h"

namespace rulec::generate {
namespace {

constexpr int64_t kNanosADay = int64_t{86'400} * 1'000'000'000;
constexpr int64_t kMaxDuration = 1000 * kNanosADay;

std::string ShortNumber(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value);
  return std::string(digits, end.ptr);
}

}  // namespace

std::optional<int64_t> ParseDuration(std::string_view text) {
  constexpr std::pair<std::string_view, int64_t> kUnits[] = {{"ns", 1},
                                                             {"us", 1'000},
                                                             {"ms", 1'000'000},
                                                             {"s", 1'000'000'000},
                                                             {"m", 60'000'000'000},
                                                             {"h", 3'600'000'000'000},
                                                             {"d", kNanosADay}};
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || !(number >= 0)) return std::nullopt;
  const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  for (const auto& [name, nanos] : kUnits) {
    if (unit != name) continue;
    const double total = std::floor(number * static_cast<double>(nanos) + 0.5);
    if (total > static_cast<double>(kMaxDuration)) return std::nullopt;
    return static_cast<int64_t>(total);
  }
  return std::nullopt;
}

void ShapeErrors::Add(uint32_t line, uint32_t column, std::string message) {
  if (!first_) first_ = {std::move(message), file_, line, column};
}

void ShapeErrors::Add(std::string message) {
  if (!first_) first_ = {std::move(message), "", 0, 0};
}

const ShapeValue* Settings::Find(const std::string& key) {
  asked_.push_back(key);
  if (entry_ == nullptr) return nullptr;
  const auto found = entry_->settings.find(key);
  return found == entry_->settings.end() ? nullptr : &found->second;
}

double Settings::Real(const std::string& key, double fallback, double least, double most) {
  const ShapeValue* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number() || !(value->real >= least && value->real <= most)) {
    Fail(*value, "`" + key + "` must be a number from " + ShortNumber(least) + " to " + ShortNumber(most));
    return fallback;
  }
  return value->real;
}

int64_t Settings::Whole(const std::string& key, int64_t fallback, int64_t least, int64_t most) {
  const ShapeValue* value = Find(key);
  if (value == nullptr) return fallback;
  if (value->type != ShapeValue::Type::Whole || value->whole < least || value->whole > most) {
    Fail(*value,
         "`" + key + "` must be a whole number from " + avro::WithCommas(least) + " to " + avro::WithCommas(most));
    return fallback;
  }
  return value->whole;
}

std::string Settings::Text(const std::string& key, const std::string& fallback) {
  const ShapeValue* value = Find(key);
  if (value == nullptr) return fallback;
  if (value->type != ShapeValue::Type::Text) {
    Fail(*value, "`" + key + "` must be a string, not " + std::string(ShapeTypeName(value->type)));
    return fallback;
  }
  return value->text;
}

int64_t Settings::Duration(const std::string& key, int64_t fallback) {
  const ShapeValue* value = Find(key);
  if (value == nullptr) return fallback;
  const std::optional<int64_t> nanos =
      value->type == ShapeValue::Type::Text ? ParseDuration(value->text) : std::nullopt;
  if (!nanos) Fail(*value, "`" + key + "` must be a duration up to 1000d, such as \"400us\", \"1.5s\" or \"2h\"");
  return nanos.value_or(fallback);
}

const std::vector<ShapeValue>* Settings::List(const std::string& key) {
  const ShapeValue* value = Find(key);
  if (value == nullptr) return nullptr;
  if (value->type != ShapeValue::Type::List || value->items.empty()) {
    Fail(*value, "`" + key + "` must be a list of at least one value");
    return nullptr;
  }
  return &value->items;
}

void Settings::Fail(const ShapeValue& at, std::string message) { errors_->Add(at.line, at.column, std::move(message)); }

void Settings::Fail(std::string message) {
  if (entry_ == nullptr) {
    errors_->Add(std::move(message));
  } else {
    errors_->Add(entry_->line, entry_->column, std::move(message));
  }
}

void Settings::RefuseOthers() {
  if (entry_ == nullptr) return;
  for (const auto& [key, value] : entry_->settings) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    const std::string nearest = avro::NearestWord(key, asked_);
    Fail(value, "there is no setting `" + key + "` here" +
                    (nearest.empty() ? std::string() : "; did you mean `" + nearest + "`?"));
  }
}

}  // namespace rulec::generate
