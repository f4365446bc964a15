#include "generate/walk_source.h"

#include <algorithm>

namespace rulec::generate {
namespace {

class WalkSource : public NumberSource {
 public:
  WalkSource(const WalkSettings& settings, const KeySource* key)
      : settings_(settings), key_(key), rounding_(settings.tick) {}

  double Real(Random& random) override {
    const uint64_t hash = key_ == nullptr ? 0 : key_->hash();
    bool fresh = false;
    const size_t number = numbers_.Of(hash, &fresh);
    if (fresh) {
      values_.push_back(Start(hash));
    } else {
      values_[number] = Moved(values_[number], random);
    }
    return std::clamp(rounding_.Round(values_[number]), settings_.least, settings_.most);
  }

 private:
  double Start(uint64_t hash) const {
    Random random(MixSeeds(settings_.seed, hash));
    if (settings_.start_least >= settings_.start_most) return settings_.start_least;
    return settings_.start_least * Exp(random.Unit() * Log(settings_.start_most / settings_.start_least));
  }

  double Moved(double value, Random& random) const {
    double step = settings_.volatility * random.Normal();
    if (settings_.jump_probability > 0 && random.Chance(settings_.jump_probability)) {
      const double jump = settings_.jump_size * (0.5 + random.Unit());
      step += random.Chance(0.5) ? jump : -jump;
    }
    const double moved = value * Exp(step);
    if (moved >= settings_.least && moved <= settings_.most) return moved;
    return std::clamp(value * Exp(-step), settings_.least, settings_.most);
  }

  WalkSettings settings_;
  const KeySource* key_;
  Rounding rounding_;
  KeyNumbers numbers_;
  std::vector<double> values_;
};

}  // namespace

NumberSourcePtr Walk(const WalkSettings& settings, const KeySource* key) {
  return std::make_unique<WalkSource>(settings, key);
}

}  // namespace rulec::generate
