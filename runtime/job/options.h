// How a job is asked to run: what the flags of `rulec run` and of a job binary say.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "runtime/execute/params.h"
#include "runtime/time/clock.h"

namespace rulert {

enum class ProgressMode : uint8_t { Auto, Always, Never };

struct JobOptions {
  std::vector<std::string> inputs;   // `trades=trades.avro`, or the URI alone if there is one stream
  std::vector<std::string> outputs;  // `alerts=alerts.jsonl`, or the URI alone if there is one output
  ParamOverrides params;
  ProgressMode progress = ProgressMode::Auto;
  const Clock* clock = nullptr;  // null: the system's
  std::FILE* log = stderr;       // progress, warnings, summary; null: none
  uint64_t key_seed = 0;         // of the key directories; 0: a random one
};

}  // namespace rulert
