// What a job has done so far, for progress and summary.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rulert {

struct Counters {
  uint64_t events = 0;
  uint64_t bad_records = 0;                                        // lost to damage
  uint64_t damaged_blocks = 0;                                     // of containers: the job ends with 1
  std::vector<uint64_t> matches;                                   // by output
  std::map<std::pair<std::string, std::string>, uint64_t> errors;  // by rule ("" for the data) and cause

  uint64_t TotalMatches() const {
    uint64_t total = 0;
    for (const uint64_t count : matches) total += count;
    return total;
  }
  uint64_t TotalErrors() const {
    uint64_t total = 0;
    for (const auto& [key, count] : errors) total += count;
    return total;
  }
};

}  // namespace rulert
