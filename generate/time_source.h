// Times that go forward event by event, with bursts and a bounded disorder.
#pragma once

#include "generate/number_source.h"

namespace rulec::generate {

enum class Gaps : uint8_t { Exponential, Fixed, Uniform };

struct TimeSettings {
  int64_t start = 0;        // all in nanoseconds; start since 1970
  int64_t gap = 1'000'000;  // mean time between two events
  Gaps gaps = Gaps::Exponential;
  double burst_probability = 0;  // that a burst begins at an event
  double burst_length = 0;       // mean number of events in it
  int64_t burst_gap = 0;         // mean time between its events
  int64_t disorder = 0;          // a late event is at most this much behind the greatest time so far
  double late = 0;               // probability that an event is late
  int64_t unit = 1;              // nanoseconds in one unit of the field
  int64_t wrap = 0;              // for a time of day: units in a day, else 0
};

NumberSourcePtr Time(const TimeSettings& settings);

}  // namespace rulec::generate
