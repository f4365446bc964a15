// Distributions of numbers.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "generate/alias_table.h"
#include "generate/exact_math.h"
#include "generate/key_source.h"
#include "generate/random.h"

namespace rulec::generate {

class NumberSource {
 public:
  virtual ~NumberSource() = default;
  virtual double Real(Random& random) = 0;
  virtual int64_t Whole(Random& random) { return RoundToWhole(Real(random)); }
};

using NumberSourcePtr = std::unique_ptr<NumberSource>;

NumberSourcePtr UniformReal(double least, double most);
NumberSourcePtr UniformWhole(int64_t least, int64_t most);  // both ends included
NumberSourcePtr Normal(double mean, double deviation);
// The logarithm is normal with deviation `sigma`; `median` is the middle value.
NumberSourcePtr LogNormal(double median, double sigma);
NumberSourcePtr Exponential(double mean);
// At least `least`; P(x > t) = (least / t)^alpha.
NumberSourcePtr Pareto(double least, double alpha);
// first + an index drawn from the table.
NumberSourcePtr Ranked(int64_t first, AliasTable table);
// start, start + step, ...: one run, or with `key` one for each value of it.
NumberSourcePtr Sequence(int64_t start, int64_t step, const KeySource* key);

struct Bounds {
  double least = 0;
  double most = 0;
  double step = 0;       // 0: values are not rounded
  double unrounded = 0;  // probability that a value is not rounded to the step after all
};
// Draws again what falls outside the bounds, a few times, then takes the bound.
NumberSourcePtr Bounded(NumberSourcePtr inner, const Bounds& bounds);

// To a multiple of `step`. Decimal steps as 0.01 give the double nearest to the decimal number.
class Rounding {
 public:
  explicit Rounding(double step);
  double Round(double value) const;

 private:
  double step_;
  double inverse_ = 0;  // 1 / step where that is whole
};

}  // namespace rulec::generate
