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

// `1,000 events, 2.0 M/s, 12 matches, 0 errors`, five times a second: on a terminal, or if always; never with CI=true,
// unless always.
class ProgressLine {
 public:
  ProgressLine(ProgressMode mode, std::FILE* log, const Clock* clock);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void Tick(const Counters& counters) {
    if (shown_) Update(counters);
  }

 private:
  void Update(const Counters& counters);

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
