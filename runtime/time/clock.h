// Wall-clock time as an interface, so that tests decide how it passes.
#pragma once

#include <chrono>
#include <cstdint>

namespace rulert {

class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since 1970, UTC.
  virtual int64_t NowMicros() const = 0;
  // Microseconds from some fixed point, never going back: for rates and intervals.
  virtual int64_t SteadyMicros() const = 0;
};

class SystemClock final : public Clock {
 public:
  int64_t NowMicros() const override { return Since(std::chrono::system_clock::now()); }
  int64_t SteadyMicros() const override { return Since(std::chrono::steady_clock::now()); }

 private:
  template <typename TimePoint>
  static int64_t Since(TimePoint point) {
    return std::chrono::duration_cast<std::chrono::microseconds>(point.time_since_epoch()).count();
  }
};

class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(int64_t start_micros = 0) : start_(start_micros), now_(start_micros) {}
  int64_t NowMicros() const override { return now_; }
  int64_t SteadyMicros() const override { return now_ - start_; }
  void Advance(int64_t micros) { now_ += micros; }

 private:
  int64_t start_;
  int64_t now_;
};

}  // namespace rulert
