#include "generate/number_source.h"

#include <algorithm>
#include <cmath>

namespace rulec::generate {
namespace {

class UniformRealSource : public NumberSource {
 public:
  UniformRealSource(double least, double most) : least_(least), width_(most - least) {}
  double Real(Random& random) override { return least_ + width_ * random.Unit(); }

 private:
  double least_;
  double width_;
};

class UniformWholeSource : public NumberSource {
 public:
  UniformWholeSource(int64_t least, int64_t most)
      : least_(least), count_(static_cast<uint64_t>(most) - static_cast<uint64_t>(least) + 1) {}
  double Real(Random& random) override { return static_cast<double>(Whole(random)); }
  int64_t Whole(Random& random) override {
    const uint64_t offset = count_ == 0 ? random.Next() : random.Below(count_);
    return static_cast<int64_t>(static_cast<uint64_t>(least_) + offset);
  }

 private:
  int64_t least_;
  uint64_t count_;  // 0: all 2^64
};

class NormalSource : public NumberSource {
 public:
  NormalSource(double mean, double deviation) : mean_(mean), deviation_(deviation) {}
  double Real(Random& random) override { return mean_ + deviation_ * random.Normal(); }

 private:
  double mean_;
  double deviation_;
};

class LogNormalSource : public NumberSource {
 public:
  LogNormalSource(double median, double sigma) : median_(median), sigma_(sigma) {}
  double Real(Random& random) override { return median_ * Exp(sigma_ * random.Normal()); }

 private:
  double median_;
  double sigma_;
};

class ExponentialSource : public NumberSource {
 public:
  explicit ExponentialSource(double mean) : mean_(mean) {}
  double Real(Random& random) override { return mean_ * random.Exponential(); }

 private:
  double mean_;
};

class ParetoSource : public NumberSource {
 public:
  ParetoSource(double least, double alpha) : least_(least), inverse_alpha_(1 / alpha) {}
  double Real(Random& random) override { return least_ * Exp(random.Exponential() * inverse_alpha_); }

 private:
  double least_;
  double inverse_alpha_;
};

class RankedSource : public NumberSource {
 public:
  RankedSource(int64_t first, AliasTable table) : first_(first), table_(std::move(table)) {}
  double Real(Random& random) override { return static_cast<double>(Whole(random)); }
  int64_t Whole(Random& random) override {
    return static_cast<int64_t>(static_cast<uint64_t>(first_) + table_.Next(random));
  }

 private:
  int64_t first_;
  AliasTable table_;
};

class SequenceSource : public NumberSource {
 public:
  SequenceSource(int64_t start, int64_t step, const KeySource* key)
      : start_(static_cast<uint64_t>(start)), step_(static_cast<uint64_t>(step)), key_(key), next_{start_} {}
  double Real(Random& random) override { return static_cast<double>(Whole(random)); }
  int64_t Whole(Random&) override {
    size_t run = 0;
    bool fresh = false;
    if (key_ != nullptr) run = numbers_.Of(key_->hash(), &fresh);
    if (run >= next_.size()) next_.resize(run + 1, start_);
    const uint64_t value = next_[run];
    next_[run] += step_;
    return static_cast<int64_t>(value);
  }

 private:
  uint64_t start_;
  uint64_t step_;
  const KeySource* key_;
  KeyNumbers numbers_;
  std::vector<uint64_t> next_;
};

class BoundedSource : public NumberSource {
 public:
  BoundedSource(NumberSourcePtr inner, const Bounds& bounds)
      : inner_(std::move(inner)), bounds_(bounds), rounding_(bounds.step) {}

  double Real(Random& random) override {
    constexpr int kTries = 8;
    double value = inner_->Real(random);
    for (int i = 0; i < kTries && !(value >= bounds_.least && value <= bounds_.most); ++i) value = inner_->Real(random);
    if (bounds_.step > 0 && !(bounds_.unrounded > 0 && random.Chance(bounds_.unrounded))) {
      value = RoundWithin(value);
    }
    return std::clamp(value, bounds_.least, bounds_.most);
  }

 private:
  // Rounding may leave the bounds by less than a step.
  double RoundWithin(double value) const {
    const double rounded = rounding_.Round(value);
    if (rounded < bounds_.least) return rounding_.Round(rounded + bounds_.step);
    if (rounded > bounds_.most) return rounding_.Round(rounded - bounds_.step);
    return rounded;
  }

  NumberSourcePtr inner_;
  Bounds bounds_;
  Rounding rounding_;
};

}  // namespace

NumberSourcePtr UniformReal(double least, double most) { return std::make_unique<UniformRealSource>(least, most); }
NumberSourcePtr UniformWhole(int64_t least, int64_t most) { return std::make_unique<UniformWholeSource>(least, most); }
NumberSourcePtr Normal(double mean, double deviation) { return std::make_unique<NormalSource>(mean, deviation); }
NumberSourcePtr LogNormal(double median, double sigma) { return std::make_unique<LogNormalSource>(median, sigma); }
NumberSourcePtr Exponential(double mean) { return std::make_unique<ExponentialSource>(mean); }
NumberSourcePtr Pareto(double least, double alpha) { return std::make_unique<ParetoSource>(least, alpha); }
NumberSourcePtr Ranked(int64_t first, AliasTable table) {
  return std::make_unique<RankedSource>(first, std::move(table));
}
NumberSourcePtr Sequence(int64_t start, int64_t step, const KeySource* key) {
  return std::make_unique<SequenceSource>(start, step, key);
}
NumberSourcePtr Bounded(NumberSourcePtr inner, const Bounds& bounds) {
  return std::make_unique<BoundedSource>(std::move(inner), bounds);
}

Rounding::Rounding(double step) : step_(step) {
  constexpr double kNear = 1e-9;
  if (step <= 0 || step >= 1) return;
  const double inverse = std::floor(1 / step + 0.5);
  if (std::fabs(inverse * step - 1) < kNear) inverse_ = inverse;
}

double Rounding::Round(double value) const {
  if (step_ <= 0) return value;
  if (inverse_ > 0) return std::floor(value * inverse_ + 0.5) / inverse_;
  return std::floor(value / step_ + 0.5) * step_;
}

}  // namespace rulec::generate
