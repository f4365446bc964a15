// Which of many intervals hold a number?
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rulert {

// A static centered interval tree (Edelsbrunner, 1980): a query takes O(log n + found).
class IntervalTree {
 public:
  struct Interval {
    uint64_t low = 0;  // both inclusive
    uint64_t high = 0;
    uint32_t id = 0;
  };
  void Build(std::vector<Interval> intervals);

  template <typename Found>
  void Stab(uint64_t value, Found found) const {
    int32_t at = nodes_.empty() ? -1 : 0;
    while (at >= 0) {
      const Node& node = nodes_[static_cast<size_t>(at)];
      if (value < node.center) {
        for (uint32_t i = node.begin; i < node.end && by_low_[i].low <= value; ++i) found(by_low_[i].id);
        at = node.left;
      } else {
        for (uint32_t i = node.begin; i < node.end && by_high_[i].high >= value; ++i) found(by_high_[i].id);
        at = value == node.center ? -1 : node.right;
      }
    }
  }

 private:
  struct Node {
    uint64_t center;
    uint32_t begin;  // of those that hold the center, in by_low_ (rising) and by_high_ (falling)
    uint32_t end;
    int32_t left = -1;
    int32_t right = -1;
  };
  int32_t Make(std::vector<Interval> intervals);

  std::vector<Node> nodes_;
  std::vector<Interval> by_low_;
  std::vector<Interval> by_high_;
};

}  // namespace rulert
