#include "generate/number_settings.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "generate/encode_value.h"
#include "generate/leaf_sources.h"
#include "generate/time_source.h"
#include "generate/walk_source.h"

namespace rulec::generate {
namespace {

using avro::Kind;
using avro::Logical;

constexpr double kHuge = 1e300;
constexpr double kTiny = 1e-300;
constexpr int64_t kMaxRanks = 10'000'000;

constexpr std::string_view kNames[] = {"uniform", "zipf",     "normal", "lognormal", "exponential",
                                       "pareto",  "sequence", "walk",   "time"};

int64_t UnitOf(const NumberPlace& place) { return place.is_length() ? 0 : NanosAUnit(place.schema->logical); }

// `min` and `max` of a whole number; dates where the field holds dates.
int64_t WholeBound(const std::string& key, int64_t fallback, const NumberPlace& place, Settings* settings) {
  const bool is_int = !place.is_length() && place.schema->kind == Kind::Int;
  const ShapeValue* value = settings->Find(key);
  const int64_t unit = UnitOf(place);
  if (value != nullptr && value->type == ShapeValue::Type::Time && unit > 0) return value->whole / unit;
  if (place.is_length()) return settings->Whole(key, fallback, 0, kMaxLength);
  return settings->Whole(key, fallback, is_int ? INT32_MIN : INT64_MIN, is_int ? INT32_MAX : INT64_MAX);
}

double RealBound(const std::string& key, double fallback, const NumberPlace& place, Settings* settings) {
  const ShapeValue* value = settings->Find(key);
  const int64_t unit = UnitOf(place);
  if (value != nullptr && value->type == ShapeValue::Type::Time && unit > 0) {
    return static_cast<double>(value->whole / unit);
  }
  if (place.is_length() && value != nullptr) return static_cast<double>(settings->Whole(key, 0, 0, kMaxLength));
  return settings->Real(key, fallback, -kHuge, kHuge);
}

bool Ordered(double least, double most, Settings* settings) {
  if (least <= most) return true;
  settings->Fail("`min` is greater than `max`");
  return false;
}

NumberSourcePtr WithBounds(NumberSourcePtr inner, double least, const NumberPlace& place, Settings* settings) {
  Bounds bounds;
  bounds.least = RealBound("min", least, place, settings);
  bounds.most = RealBound("max", kHuge, place, settings);
  bounds.step = settings->Real("step", 0, 0, kHuge);
  bounds.unrounded = settings->Probability("unrounded", 0);
  if (!Ordered(bounds.least, bounds.most, settings)) return nullptr;
  return Bounded(std::move(inner), bounds);
}

NumberSourcePtr MakeUniform(const NumberPlace& place, Settings* settings) {
  const bool stepped = settings->Find("step") != nullptr;
  if (place.whole && !stepped) {
    const int64_t least = WholeBound("min", 0, place, settings);
    const int64_t most = WholeBound("max", std::max<int64_t>(least, place.is_length() ? 4 : 1000), place, settings);
    if (least <= most) return UniformWhole(least, most);
    settings->Fail("`min` is greater than `max`");
    return nullptr;
  }
  const double least = RealBound("min", 0, place, settings);
  const double most = RealBound("max", std::max(least, 1000.0), place, settings);
  if (!Ordered(least, most, settings)) return nullptr;
  return WithBounds(UniformReal(least, most), -kHuge, place, settings);
}

NumberSourcePtr MakePareto(const NumberPlace& place, Settings* settings) {
  const double least = settings->Real("min", 1, kTiny, kHuge);
  const double alpha = settings->Real("alpha", 1.5, 0.01, 1000);
  return WithBounds(Pareto(least, alpha), least, place, settings);
}

NumberSourcePtr MakeZipf(Settings* settings) {
  const int64_t count = settings->Whole("count", 1000, 1, kMaxRanks);
  const int64_t first = settings->Whole("first", 1, INT64_MIN, INT64_MAX);
  const double skew = ReadSkew(settings);
  return Ranked(first, AliasTable::Zipf(static_cast<size_t>(count), skew));
}

NumberSourcePtr MakeSequence(const NumberPlace& place, Settings* settings) {
  const int64_t start = settings->Whole("start", 1, INT64_MIN, INT64_MAX);
  return Sequence(start, settings->Whole("step", 1, INT64_MIN, INT64_MAX), place.key);
}

NumberSourcePtr MakeWalk(const NumberPlace& place, Settings* settings) {
  WalkSettings walk;
  walk.start_least = settings->Real("start", 100, kTiny, kHuge);
  walk.start_least = settings->Real("start_min", walk.start_least, kTiny, kHuge);
  walk.start_most = settings->Real("start_max", walk.start_least, kTiny, kHuge);
  walk.volatility = settings->Real("volatility", walk.volatility, 0, 10);
  walk.jump_probability = settings->Probability("jump_probability", 0);
  walk.jump_size = settings->Real("jump_size", walk.jump_size, 0, 10);
  walk.tick = settings->Real("tick", 0, 0, kHuge);
  walk.least = settings->Real("min", std::max(walk.tick, walk.start_least / 1000), kTiny, kHuge);
  walk.most = settings->Real("max", walk.start_most * 1000, kTiny, kHuge);
  walk.seed = place.seed;
  if (walk.start_least > walk.start_most) {
    settings->Fail("`start_min` is greater than `start_max`");
  } else if (walk.least > walk.start_least || walk.start_most > walk.most) {
    settings->Fail("the walk starts outside `min` and `max`");
  } else {
    return Walk(walk, place.key);
  }
  return nullptr;
}

int64_t ReadUnit(const NumberPlace& place, Settings* settings) {
  if (const int64_t unit = UnitOf(place); unit > 0) return unit;
  const std::string fallback = place.schema->kind == Kind::Int ? "s" : "us";
  const std::string name = settings->Text("unit", fallback);
  const std::optional<int64_t> nanos = ParseDuration("1" + name);
  if (!nanos) settings->Fail("`unit` must be one of ns, us, ms, s, m, h and d");
  return nanos.value_or(1);
}

// A time of day starts anew each midnight.
int64_t WrapOf(const NumberPlace& place, int64_t unit) {
  const Logical logical = place.schema->logical;
  const bool time_of_day = logical == Logical::TimeMillis || logical == Logical::TimeMicros;
  return time_of_day ? NanosAUnit(Logical::Date) / unit : 0;
}

Gaps ReadGaps(Settings* settings) {
  const std::string name = settings->Text("gaps", "exponential");
  if (name == "fixed") return Gaps::Fixed;
  if (name == "uniform") return Gaps::Uniform;
  if (name != "exponential") settings->Fail("`gaps` must be \"exponential\", \"uniform\" or \"fixed\"");
  return Gaps::Exponential;
}

NumberSourcePtr MakeTime(const NumberPlace& place, Settings* settings) {
  if (!place.whole || place.is_length()) {
    settings->Fail("a `time` needs a field of type int or long");
    return nullptr;
  }
  TimeSettings time;
  time.start = kDefaultStart;
  if (const ShapeValue* start = settings->Find("start")) {
    time.start = start->whole;
    if (start->type != ShapeValue::Type::Time) settings->Fail(*start, "`start` must be a date: 2026-01-05T14:30:00Z");
  }
  time.gap = settings->Duration("gap", time.gap);
  time.gaps = ReadGaps(settings);
  time.burst_probability = settings->Probability("burst_probability", 0);
  time.burst_length = settings->Real("burst_length", 10, 1, 1e9);
  time.burst_gap = settings->Duration("burst_gap", time.gap / 100);
  time.disorder = settings->Duration("disorder", 0);
  time.late = settings->Probability("late", time.disorder > 0 ? 0.1 : 0);
  time.unit = ReadUnit(place, settings);
  time.wrap = WrapOf(place, time.unit);
  return Time(time);
}

}  // namespace

bool IsNumberDistribution(const std::string& name) {
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

double ReadSkew(Settings* settings) { return settings->Real("skew", 1, 0, 20); }

NumberSourcePtr MakeNumbers(const std::string& distribution, const NumberPlace& place, Settings* settings) {
  if (distribution == "uniform") return MakeUniform(place, settings);
  if (distribution == "zipf") return MakeZipf(settings);
  if (distribution == "sequence") return MakeSequence(place, settings);
  if (distribution == "walk") return MakeWalk(place, settings);
  if (distribution == "time") return MakeTime(place, settings);
  if (distribution == "pareto") return MakePareto(place, settings);
  if (distribution == "normal") {
    const double mean = settings->Real("mean", 0, -kHuge, kHuge);
    return WithBounds(Normal(mean, settings->Real("deviation", 1, 0, kHuge)), -kHuge, place, settings);
  }
  if (distribution == "lognormal") {
    const double median = settings->Real("median", 1, kTiny, kHuge);
    return WithBounds(LogNormal(median, settings->Real("sigma", 1, 0, 50)), 0, place, settings);
  }
  return WithBounds(Exponential(settings->Real("mean", 1, kTiny, kHuge)), 0, place, settings);
}

NumberSourcePtr DefaultNumbers(const NumberPlace& place) {
  if (place.is_length()) return UniformWhole(0, 4);
  const avro::Schema& schema = *place.schema;
  if (const int64_t unit = NanosAUnit(schema.logical); unit > 0) {
    const int64_t day = NanosAUnit(Logical::Date);
    if (schema.logical == Logical::TimeMillis || schema.logical == Logical::TimeMicros) {
      return UniformWhole(0, day / unit - 1);
    }
    const int64_t span = schema.logical == Logical::Date ? 365 : day / unit;
    return UniformWhole(kDefaultStart / unit, kDefaultStart / unit + span - 1);
  }
  if (schema.kind == Kind::Int) return UniformWhole(0, 1000);
  if (schema.kind == Kind::Long) return UniformWhole(0, 1'000'000);
  Bounds bounds{0, 1000, 0.01, 0};
  // A decimal of few digits holds less.
  if (schema.logical == Logical::Decimal) {
    for (int digits = schema.precision - schema.scale; digits < 3; ++digits) bounds.most /= 10;
    bounds.step = 0;
  }
  return Bounded(UniformReal(bounds.least, bounds.most), bounds);
}

NumberSourcePtr DefaultTimes(const avro::Schema& schema) {
  TimeSettings time;
  time.start = kDefaultStart;
  time.unit = std::max<int64_t>(1, NanosAUnit(schema.logical));
  if (NanosAUnit(schema.logical) == 0) time.unit = schema.kind == Kind::Int ? 1'000'000'000 : 1'000;
  const bool time_of_day = schema.logical == Logical::TimeMillis || schema.logical == Logical::TimeMicros;
  time.wrap = time_of_day ? NanosAUnit(Logical::Date) / time.unit : 0;
  return Time(time);
}

}  // namespace rulec::generate
