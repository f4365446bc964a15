// A prepared time zone: when its clocks are how far ahead of UTC.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rulelib {

// Read from the system's database (TZif, RFC 8536); read by any thread.
class Zone {
 public:
  struct Span {
    int64_t from = INT64_MIN;  // seconds since 1970
    int32_t offset = 0;        // seconds ahead of UTC
    uint32_t name = 0;         // of its abbreviation in `names`
  };
  // `spans` in order, the first from INT64_MIN on. With `repeats`, the calendar of the 400 years before its `end` goes
  // on for ever.
  Zone(std::vector<Span> spans, std::vector<std::string> names, bool repeats, int64_t end);

  // Microseconds ahead of UTC at a time.
  int64_t OffsetAt(int64_t micros) const;
  std::string_view NameAt(int64_t micros) const;
  // When its clocks show a local time: the earlier of two; in a gap, what they show had they not been put forward.
  int64_t ToUtc(int64_t local_micros) const;

 private:
  const Span& SpanAt(int64_t seconds) const;

  // Constant after construction.
  std::vector<Span> spans_;
  std::vector<std::string> names_;
  bool repeats_;
  int64_t end_;
};

// By name (`Europe/Berlin`), `UTC`, `Z`, or an offset `+05:30`. nullptr if there is none: `error` says so.
std::unique_ptr<Zone> MakeZone(std::string_view name, std::string* error);

}  // namespace rulelib
