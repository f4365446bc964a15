// How a job is asked to run: what the flags of `rulec run` and of a job binary say.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "avro/limits.h"
#include "avro/schema.h"
#include "runtime/abi/program.h"
#include "runtime/decode/decoder.h"
#include "runtime/execute/params.h"
#include "runtime/source/input_limits.h"
#include "runtime/time/clock.h"

namespace rulert {

enum class ProgressMode : uint8_t { Auto, Always, Never };

// How CSV is to be read, beyond what the source knows.
struct TextOptions {
  char delimiter = ',';
  std::optional<std::string> null_text;
};

struct DecoderOptions {
  // Compiles a decoder of the stream for data of a writer's schema, which fills these slots at least; an error if it
  // cannot. Called between two batches. Empty: the table-driven decoder reads what no decoder was compiled for.
  using Compile = std::function<Result<CodecModule>(int32_t stream, const StreamSpec& spec,
                                                    const avro::SchemaPtr& writer, const std::vector<int32_t>& slots)>;
  Compile compile;
};

struct JobOptions {
  std::vector<std::string> inputs;   // `trades=trades.avro`, or the URI alone if there is one stream
  std::vector<std::string> outputs;  // `alerts=alerts.jsonl`, or the URI alone if there is one output
  ParamOverrides params;
  ProgressMode progress = ProgressMode::Auto;
  const Clock* clock = nullptr;  // null: the system's
  std::FILE* log = stderr;       // progress, warnings, summary; null: none
  uint64_t key_seed = 0;         // of the key directories; 0: a random one
  std::string schemas;           // the folder of schemas, for `ids.json`; empty: none is known
  InputLimits limits;
  avro::Limits data_limits;  // of the whole process: whoever makes a job sets them before anything is read or compiled
  DecoderOptions decoders;
};

}  // namespace rulert
