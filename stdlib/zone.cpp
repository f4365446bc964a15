#include "stdlib/zone.h"

#include <algorithm>
#include <cstdlib>

#include "stdlib/calendar.h"
#include "stdlib/tzif.h"

namespace rulelib {
namespace {

constexpr int64_t kSecondsOf400Years = int64_t{146097} * 86400;
// Offsets are less than a day and change less than once in two of them.
constexpr int64_t kMicrosAround = kMicrosPerDay;

std::unique_ptr<Zone> FixedZone(int32_t seconds, std::string name) {
  Zone::Span span;
  span.offset = seconds;
  return std::make_unique<Zone>(std::vector{span}, std::vector{std::move(name)}, false, 0);
}

// `+05:30`, `-03:00`, `+0530`, `+05`
bool ParseOffset(std::string_view text, int32_t* seconds) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return false;
  std::string digits;
  for (size_t i = 1; i < text.size(); ++i) {
    if (i == 3 && text[i] == ':' && text.size() == 6) continue;
    if (text[i] < '0' || text[i] > '9') return false;
    digits += text[i];
  }
  if (digits.size() != 2 && digits.size() != 4) return false;
  int hours = (digits[0] - '0') * 10 + digits[1] - '0';
  int minutes = digits.size() == 4 ? (digits[2] - '0') * 10 + digits[3] - '0' : 0;
  if (hours > 18 || minutes > 59) return false;
  *seconds = (hours * 3600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
  return true;
}

}  // namespace

Zone::Zone(std::vector<Span> spans, std::vector<std::string> names, bool repeats, int64_t end)
    : spans_(std::move(spans)), names_(std::move(names)), repeats_(repeats), end_(end) {}

const Zone::Span& Zone::SpanAt(int64_t seconds) const {
  if (spans_.size() == 1) return spans_[0];
  if (repeats_ && seconds >= end_) seconds = end_ - kSecondsOf400Years + (seconds - end_) % kSecondsOf400Years;
  // The last one that begins at or before it.
  const Span* base = spans_.data();
  size_t length = spans_.size();
  while (length > 1) {
    size_t half = length / 2;
    base = base[half].from <= seconds ? base + half : base;
    length -= half;
  }
  return *base;
}

int64_t Zone::OffsetAt(int64_t micros) const {
  return SpanAt(FloorDivide(micros, kMicrosPerSecond)).offset * kMicrosPerSecond;
}

std::string_view Zone::NameAt(int64_t micros) const {
  return names_[SpanAt(FloorDivide(micros, kMicrosPerSecond)).name];
}

int64_t Zone::ToUtc(int64_t local_micros) const {
  auto around = [&](int64_t shift) {
    int64_t time = 0;
    return __builtin_add_overflow(local_micros, shift, &time) ? OffsetAt(local_micros) : OffsetAt(time);
  };
  auto minus = [&](int64_t offset) {
    int64_t time = 0;
    return __builtin_sub_overflow(local_micros, offset, &time) ? local_micros : time;
  };
  int64_t before = around(-kMicrosAround), after = around(kMicrosAround);
  if (before == after || OffsetAt(minus(before)) == before) return minus(before);
  if (OffsetAt(minus(after)) == after) return minus(after);
  return minus(before);
}

std::unique_ptr<Zone> MakeZone(std::string_view name, std::string* error) {
  if (name == "UTC" || name == "Z") return FixedZone(0, "UTC");
  int32_t seconds = 0;
  if (ParseOffset(name, &seconds)) return FixedZone(seconds, std::string(name));
  return ReadTzif(name, error);
}

}  // namespace rulelib
