// Any function of the library with arguments made of the input, and what must hold of texts that can be read: they are
// written and read again as the same. Bytes that are not UTF-8 can not come from a rule, but nothing may crash on them.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "stdlib/example_evaluator.h"
#include "stdlib/ip_address.h"
#include "stdlib/json.h"
#include "stdlib/posix_zone.h"
#include "stdlib/tzif.h"
#include "stdlib/url.h"

namespace rulelib {
namespace {

void Check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// Takes values off the front of the input; zeros when it is used up.
class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}
  template <class T>
  T Take() {
    T value{};
    size_t size = std::min(sizeof value, rest_.size());
    std::memcpy(&value, rest_.data(), size);
    rest_.remove_prefix(size);
    return value;
  }
  // Up to a byte 0xFE, which is in no text.
  std::string_view Text() {
    std::string_view text = rest_.substr(0, std::min(rest_.find('\xFE'), rest_.size()));
    rest_.remove_prefix(std::min(text.size() + 1, rest_.size()));
    return text;
  }

 private:
  std::string_view rest_;
};

// One argument of a row's function.
class Arguments {
 public:
  Arguments(TestArena* arena, Input* input) : arena_(arena), input_(input) {}

  bool Add(const Parameter& parameter) {
    valid_.push_back(parameter.nullable ? input_->Take<uint8_t>() & 1 : 1);
    switch (parameter.kind) {
      case Kind::Bool: return Put(static_cast<uint8_t>(input_->Take<uint8_t>() & 1));
      case Kind::Int:
      case Kind::Date: return Put(input_->Take<int32_t>());
      case Kind::TimeOfDay: return Put(static_cast<int64_t>(input_->Take<uint64_t>() % 86'400'000'000));
      case Kind::Long:
      case Kind::Timestamp:
      case Kind::Duration: return Put(Number());
      case Kind::Float: return Put(input_->Take<float>());
      case Kind::Double: return Put(input_->Take<double>());
      case Kind::Decimal: return AddDecimal();
      case Kind::Uuid: return Put(input_->Take<RuleUuid>());
      case Kind::String:
      case Kind::Bytes: return Put(arena_->Text(input_->Text()));
      case Kind::List:
      case Kind::Map: return AddList(parameter.kind == Kind::Map ? Kind::String : parameter.element);
      default: return AddPrepared(parameter.kind);
    }
  }

  std::vector<Cell> cells;
  std::vector<uint32_t> forms;
  const std::vector<uint8_t>& valid() const { return valid_; }

 private:
  template <class T>
  bool Put(T value) {
    cells.push_back(ToCell(value));
    return true;
  }
  // Small ones are as likely as any.
  int64_t Number() {
    uint8_t form = input_->Take<uint8_t>();
    return form % 2 == 0 ? static_cast<int8_t>(form) : input_->Take<int64_t>();
  }
  bool AddDecimal() {
    uint32_t precision = input_->Take<uint8_t>() % 38u + 1, scale = input_->Take<uint8_t>() % (precision + 1);
    forms.push_back(MakeForm(precision, scale));
    Int128 value = 0;
    if (ParseDecimal(input_->Text(), forms.back(), true, &value) != DecimalText::Ok) return false;
    return Put(ToDecimal(value));
  }
  bool AddList(Kind element) {
    uint64_t length = input_->Take<uint8_t>() % 20;
    lists_.emplace_back();
    for (uint64_t i = 0; i < length; ++i) {
      Cell cell = element == Kind::String ? ToCell(arena_->Text(input_->Text())) : ToCell(input_->Take<int64_t>());
      lists_.back().push_back(cell.low);
      if (element == Kind::String) lists_.back().push_back(cell.high);
    }
    return Put(ListOfItems(lists_.back().data(), length));
  }
  bool AddPrepared(Kind kind) {
    static constexpr uint32_t kKinds[] = {kRegex, kLike, kZone, kTimeFormat, kStringSet};
    static constexpr std::string_view kZones[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "+05:30"};
    std::string_view text = input_->Text();
    if (kind == Kind::Zone) text = kZones[text.size() % 4];
    std::string error;
    auto made = Prepare(kKinds[static_cast<int>(kind) - static_cast<int>(Kind::Regex)], text, &error);
    Check((made == nullptr) == !error.empty(), "what is not prepared has an error");
    prepared_.push_back(made);
    return made != nullptr && Put(made.get());
  }

  TestArena* arena_;
  Input* input_;
  std::vector<uint8_t> valid_;
  std::vector<std::vector<uint64_t>> lists_;
  std::vector<std::shared_ptr<const void>> prepared_;
};

void CallAny(Input input) {
  std::span<const FunctionRow> rows = Functions();
  const FunctionRow& row = rows[input.Take<uint16_t>() % rows.size()];
  TestArena arena(uint64_t{64} << 20);
  Arguments arguments(&arena, &input);
  for (const Parameter& parameter : row.parameters) {
    if (!arguments.Add(parameter)) return;
  }
  rulert_context* context = arena.context();
  Cell result = InvokeWithNulls(row, context, arguments.cells, arguments.valid(), arguments.forms);
  Check(context->outcome == RULERT_VALUE || result == Cell{}, row.symbol);
  Check(context->outcome != RULERT_ERROR || rule_cause_text(context->cause)[0] != '\0', row.symbol);
  if (row.result.kind == Kind::String && context->outcome == RULERT_VALUE) {
    auto text = FromCell<RuleString>(result);
    volatile char sink = 0;
    for (char c : View(text)) sink = c;
    (void)sink;
  }
}

void RoundTrips(Input input) {
  std::string_view text = input.Text();
  std::string written;
  int64_t micros = 0, again = 0;
  int32_t days = 0, days_again = 0;
  if (ParseTimestamp(text, &micros)) {
    AppendTimestamp(micros, &written);
    Check(ParseTimestamp(written, &again) && again == micros, "timestamp");
  }
  written.clear();
  if (ParseDate(text, &days)) {
    AppendDate(days, &written);
    Check(ParseDate(written, &days_again) && days_again == days, "date");
  }
  written.clear();
  if (ParseTimeOfDay(text, &micros)) {
    AppendTimeOfDay(micros, &written);
    Check(ParseTimeOfDay(written, &again) && again == micros, "time of day");
  }
  written.clear();
  if (ParseDuration(text, &micros)) {
    AppendDuration(micros, &written);
    Check(ParseDuration(written, &again) && again == micros, "duration");
  }
  written.clear();
  double number = 0, number_again = 0;
  if (ParseDouble(text, &number)) {
    AppendDouble(number, &written);
    Check(ParseDouble(written, &number_again) && ToCell(number_again) == ToCell(number), "double");
  }
}

void Decimals(Input input) {
  uint32_t precision = input.Take<uint8_t>() % 38u + 1, scale = input.Take<uint8_t>() % (precision + 1);
  Int128 value = 0, again = 0;
  std::string written;
  if (ParseDecimal(input.Text(), MakeForm(precision, scale), true, &value) != DecimalText::Ok) return;
  AppendDecimal(value, scale, &written);
  Check(ParseDecimal(written, MakeForm(precision, scale), false, &again) == DecimalText::Ok && again == value,
        "decimal");
}

void Addresses(Input input) {
  std::string_view text = input.Text();
  IpAddress address, again;
  if (ParseIp(text, &address)) {
    Check(ParseIp(IpText(address), &again) && again.bytes == address.bytes, "IP address");
  }
  Url url;
  if (ParseUrl(text, &url)) Check(!url.host.empty() && !url.scheme.empty(), "URL");
}

void Formats(Input input) {
  std::string_view spec_text = input.Text();
  TestArena arena(uint64_t{64} << 20);
  RuleString spec = arena.Text(spec_text);
  rulert_context* context = arena.context();
  auto same = [&](Kind kind) {
    bool failed = context->outcome == RULERT_ERROR;
    Check(failed == !FormatSpecError(kind, spec_text).empty(), "a specification fails as it was said to");
    context->outcome = RULERT_VALUE;
  };
  rule_format_long(context, input.Take<int64_t>(), spec);
  same(Kind::Long);
  rule_format_double(context, input.Take<double>(), spec);
  same(Kind::Double);
  rule_format_decimal(context, ToDecimal(input.Take<int64_t>()), MakeForm(38, input.Take<uint8_t>() % 38u), spec);
  same(Kind::Decimal);
  rule_format_string(context, arena.Text(input.Text()), spec);
  same(Kind::String);
}

void Json(Input input) {
  std::string_view path_text = input.Text(), json = input.Text(), value;
  JsonPath path;
  if (!ParseJsonPath(path_text, &path)) return;
  if (FindJson(json, path, &value) != JsonResult::Found) return;
  Check(IsJson(json) && IsJson(value), "what is found is JSON");
}

void Zones(Input input) {
  std::string_view bytes = input.Text();
  std::string error;
  PosixZone rule;
  ParsePosixZone(bytes, &rule);
  auto zone = ParseTzif(bytes, &error);
  Check((zone == nullptr) == !error.empty(), "a malformed zone has an error");
  if (zone == nullptr) return;
  for (int64_t micros : {INT64_MIN, int64_t{0}, INT64_MAX, input.Take<int64_t>()}) {
    zone->OffsetAt(micros);
    zone->NameAt(micros);
    zone->ToUtc(micros);
  }
}

void Likes(Input input) {
  std::string error;
  auto like = Prepare(kLike, input.Text(), &error);
  std::string text(input.Text());
  if (like != nullptr) rule_like_match(Borrow(text), like.get());
}

}  // namespace
}  // namespace rulelib

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rulelib;
  static constexpr void (*kChecks[])(Input) = {CallAny, RoundTrips, Decimals, Addresses, Formats, Json, Zones, Likes};
  if (size == 0) return 0;
  kChecks[data[0] % 8](Input({reinterpret_cast<const char*>(data) + 1, size - 1}));
  return 0;
}
