#include "generate/time_source.h"

#include <algorithm>

namespace rulec::generate {
namespace {

// Rounds down also before 1970.
int64_t FloorDivide(int64_t value, int64_t unit) {
  const int64_t quotient = value / unit;
  return value % unit < 0 ? quotient - 1 : quotient;
}

class TimeSource : public NumberSource {
 public:
  explicit TimeSource(const TimeSettings& settings) : settings_(settings), now_(settings.start) {}

  double Real(Random& random) override { return static_cast<double>(Whole(random)); }

  int64_t Whole(Random& random) override {
    // The last moment that fits the count of nanoseconds; a run that long stands still there.
    constexpr int64_t kEnd = INT64_MAX - (int64_t{1} << 60);
    if (!first_) now_ = std::min(kEnd, now_ + Gap(random));
    first_ = false;
    int64_t time = now_;
    if (settings_.late > 0 && random.Chance(settings_.late)) {
      time -= static_cast<int64_t>(random.Below(static_cast<uint64_t>(settings_.disorder) + 1));
    }
    const int64_t units = FloorDivide(time, settings_.unit);
    return settings_.wrap == 0 ? units : units - FloorDivide(units, settings_.wrap) * settings_.wrap;
  }

 private:
  int64_t Gap(Random& random) {
    if (in_burst_) {
      in_burst_ = !random.Chance(1 / settings_.burst_length);
      return RoundToWhole(static_cast<double>(settings_.burst_gap) * random.Exponential());
    }
    in_burst_ = settings_.burst_probability > 0 && random.Chance(settings_.burst_probability);
    switch (settings_.gaps) {
      case Gaps::Fixed: return settings_.gap;
      case Gaps::Uniform: return static_cast<int64_t>(random.Below(2 * static_cast<uint64_t>(settings_.gap) + 1));
      case Gaps::Exponential: break;
    }
    return RoundToWhole(static_cast<double>(settings_.gap) * random.Exponential());
  }

  TimeSettings settings_;
  int64_t now_;
  bool first_ = true;
  bool in_burst_ = false;
};

}  // namespace

NumberSourcePtr Time(const TimeSettings& settings) { return std::make_unique<TimeSource>(settings); }

}  // namespace rulec::generate
