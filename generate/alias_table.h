// Draws an index by weight in constant time: the alias method of Walker and Vose
// (Vose, "A linear algorithm for generating random numbers with a given distribution", 1991).
#pragma once

#include <cstdint>
#include <vector>

#include "generate/random.h"

namespace rulec::generate {

class AliasTable {
 public:
  // Weights are at least 0 and one of them is greater; fewer than 2^32.
  explicit AliasTable(const std::vector<double>& weights);
  static AliasTable Even(size_t count);
  // Rank k (from 0) has weight 1 / (k + 1)^skew.
  static AliasTable Zipf(size_t count, double skew);

  size_t size() const { return count_; }
  size_t Next(Random& random) const {
    const uint64_t index = random.Below(count_);
    if (slots_.empty()) return index;
    const Slot& slot = slots_[index];
    return (random.Next() >> 32) < slot.threshold ? index : slot.other;
  }

 private:
  struct Slot {
    uint32_t threshold;  // of 2^32: how often the index itself is taken, else `other`, which may be the same
    uint32_t other;
  };
  AliasTable() = default;
  size_t count_ = 0;
  std::vector<Slot> slots_;  // empty: all indices are alike
};

}  // namespace rulec::generate
