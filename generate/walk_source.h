// A random walk for each key, as the prices of a market: each event moves its key's value by a small normal step of
// the logarithm, now and then by a jump.
#pragma once

#include <vector>

#include "generate/number_source.h"

namespace rulec::generate {

struct WalkSettings {
  double start_least = 100;  // where a key's walk begins: even on a logarithmic scale
  double start_most = 100;
  double volatility = 0.0005;  // deviation of one step's logarithm
  double jump_probability = 0;
  double jump_size = 0.05;  // a jump is half to one and a half times this, up or down
  double least = 0.01;      // the walk is reflected at its bounds
  double most = 1e9;
  double tick = 0;    // values are rounded to it; the walk itself is not
  uint64_t seed = 0;  // of the starts
};

NumberSourcePtr Walk(const WalkSettings& settings, const KeySource* key);

}  // namespace rulec::generate
