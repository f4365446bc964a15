// What people see of a running job: a line that is rewritten, and the summary.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "runtime/execute/counters.h"
#include "runtime/job/options.h"
#include "runtime/time/clock.h"

namespace rulert {

// `1,000 events, 2.0 M/s, watermark 2024-05-01T12:00:00Z, lag 3 s, 12 matches, 0 errors`, five times a second: on a
// terminal, or if always; never with CI=true, unless always. Without a watermark as long as there is none.
class ProgressLine {
 public:
  ProgressLine(ProgressMode mode, std::FILE* log, const Clock* clock);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // `watermark` tells that of the job, PartitionWatermark::kNone if there is none.
  template <typename Watermark>
  void Tick(const Counters& counters, const Watermark& watermark) {
    if (shown_ && IsDue()) Update(counters, watermark());
  }

 private:
  bool IsDue();
  void Update(const Counters& counters, int64_t watermark);

  bool shown_ = false;
  bool terminal_ = false;
  bool written_ = false;
  std::FILE* log_;
  const Clock* clock_;
  int64_t start_ = 0;
  int64_t next_ = 0;
};

// "2.35 M/s"
std::string RateText(uint64_t events, int64_t micros);
// `outputs` by number; empty: not to be told of.
void WriteSummary(const Counters& counters, const std::vector<std::string>& outputs, int64_t micros, std::FILE* log);

}  // namespace rulert
