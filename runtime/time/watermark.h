// The watermark of one source partition: its greatest event time - bound - 1 us.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace rulert {

// Everything at or before the watermark is expected to have been seen. Owned by the shard that reads the partition; a
// checkpoint holds `greatest`.
class PartitionWatermark {
 public:
  static constexpr int64_t kNone = std::numeric_limits<int64_t>::min();

  explicit PartitionWatermark(int64_t bound_us) : bound_us_(bound_us) {}

  void Observe(const int64_t* times, uint32_t rows) {
    for (uint32_t row = 0; row < rows; ++row) greatest_ = std::max(greatest_, times[row]);
  }
  // For a decoder that keeps the greatest time itself, from greatest() on.
  void set_greatest(int64_t time) { greatest_ = time; }
  // kNone before the first event, and where the difference would not fit.
  int64_t value() const {
    if (greatest_ == kNone || bound_us_ < 0 || greatest_ < kNone + bound_us_ + 1) return kNone;
    return greatest_ - bound_us_ - 1;
  }
  int64_t greatest() const { return greatest_; }

 private:
  // Constant after construction.
  int64_t bound_us_;
  // Changed by Observe.
  int64_t greatest_ = kNone;
};

}  // namespace rulert
