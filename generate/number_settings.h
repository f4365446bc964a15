// From the settings of a field to a distribution of numbers.
#pragma once

#include <string>

#include "avro/schema.h"
#include "generate/number_source.h"
#include "generate/settings.h"

namespace rulec::generate {

// 2026-01-01T00:00:00Z, where times begin by default.
inline constexpr int64_t kDefaultStart = 1'767'225'600'000'000'000;

struct NumberPlace {
  const avro::Schema* schema;  // null for the length of a list
  bool whole;
  const KeySource* key;  // of `by`, else null
  uint64_t seed;
  bool is_length() const { return schema == nullptr; }
};

// "uniform", "normal", ... that make numbers.
bool IsNumberDistribution(const std::string& name);
// Null after an error, which is in the settings' list then.
NumberSourcePtr MakeNumbers(const std::string& distribution, const NumberPlace& place, Settings* settings);
NumberSourcePtr DefaultNumbers(const NumberPlace& place);
NumberSourcePtr DefaultTimes(const avro::Schema& schema);

// `skew` of a zipf distribution.
double ReadSkew(Settings* settings);

}  // namespace rulec::generate
