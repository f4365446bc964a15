// `job.toml`: what the flags of a job say, as a file.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/base/error.h"

namespace rulert {

//   parallelism = 1
//   progress = "never"
//   [in]
//   trades = "trades.avro"                                # or a list of them: further partitions
//   quotes = { path = "quotes.csv", delimiter = ";" }     # the options of a URI
//   [out]
//   alerts = "alerts.jsonl"
//   [param]
//   least_size = 3000
//   [limit]
//   line-bytes = "1MiB"
//
// Paths are relative to the file's folder.
struct JobConfig {
  using Entry = std::pair<std::string, std::string>;
  std::vector<Entry> inputs;   // stream, URI
  std::vector<Entry> outputs;  // output, URI
  std::vector<Entry> params;
  std::vector<Entry> limits;
  std::string progress;     // empty: not told
  std::string parallelism;  // empty: not told
};

// What is wrong is told with the line. The file has 1 MiB at most.
Result<JobConfig> ReadJobConfig(const std::string& path);

}  // namespace rulert
