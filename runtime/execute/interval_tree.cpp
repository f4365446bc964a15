#include "runtime/execute/interval_tree.h"

#include <algorithm>

namespace rulert {

void IntervalTree::Build(std::vector<Interval> intervals) {
  nodes_.clear();
  by_low_.clear();
  by_high_.clear();
  Make(std::move(intervals));
}

// The median of all ends halves them at each level, so the tree is at most 64 levels deep.
int32_t IntervalTree::Make(std::vector<Interval> intervals) {
  if (intervals.empty()) return -1;
  std::vector<uint64_t> ends;
  for (const Interval& interval : intervals) {
    ends.push_back(interval.low);
    ends.push_back(interval.high);
  }
  const auto middle = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() / 2);
  std::nth_element(ends.begin(), middle, ends.end());
  const uint64_t center = *middle;
  std::vector<Interval> here;
  std::vector<Interval> left;
  std::vector<Interval> right;
  for (const Interval& interval : intervals) {
    (interval.high < center ? left : interval.low > center ? right : here).push_back(interval);
  }
  const auto number = static_cast<int32_t>(nodes_.size());
  const auto begin = static_cast<uint32_t>(by_low_.size());
  std::stable_sort(here.begin(), here.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
  by_low_.insert(by_low_.end(), here.begin(), here.end());
  std::stable_sort(here.begin(), here.end(), [](const auto& a, const auto& b) { return a.high > b.high; });
  by_high_.insert(by_high_.end(), here.begin(), here.end());
  nodes_.push_back({center, begin, static_cast<uint32_t>(by_low_.size())});
  const int32_t left_node = Make(std::move(left));
  const int32_t right_node = Make(std::move(right));
  nodes_[static_cast<size_t>(number)].left = left_node;
  nodes_[static_cast<size_t>(number)].right = right_node;
  return number;
}

}  // namespace rulert
