#include "generate/alias_table.h"

#include "generate/exact_math.h"

namespace rulec::generate {

AliasTable AliasTable::Even(size_t count) {
  AliasTable table;
  table.count_ = count;
  return table;
}

AliasTable AliasTable::Zipf(size_t count, double skew) {
  std::vector<double> weights(count);
  for (size_t i = 0; i < count; ++i) weights[i] = Power(static_cast<double>(i + 1), -skew);
  return AliasTable(weights);
}

AliasTable::AliasTable(const std::vector<double>& weights) : count_(weights.size()) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  std::vector<double> scaled(count_);
  std::vector<uint32_t> small;
  std::vector<uint32_t> large;
  slots_.resize(count_, {UINT32_MAX, 0});
  for (size_t i = 0; i < count_; ++i) {
    scaled[i] = weights[i] / sum * static_cast<double>(count_);
    slots_[i].other = static_cast<uint32_t>(i);
    (scaled[i] < 1 ? small : large).push_back(static_cast<uint32_t>(i));
  }
  while (!small.empty() && !large.empty()) {
    const uint32_t less = small.back();
    const uint32_t more = large.back();
    small.pop_back();
    slots_[less] = {static_cast<uint32_t>(scaled[less] * 0x1.0p32), more};
    scaled[more] -= 1 - scaled[less];
    if (scaled[more] < 1) {
      large.pop_back();
      small.push_back(more);
    }
  }
}

}  // namespace rulec::generate
