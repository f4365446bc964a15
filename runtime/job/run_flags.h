// The flags that `rulec run` and every job binary take.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/job/options.h"

namespace CLI {
class App;
}

namespace rulert {

struct RunFlags {
  std::vector<std::string> in;
  std::vector<std::string> out;
  std::vector<std::string> param;
  std::vector<std::string> limit;
  std::string progress;     // empty: not given
  std::string parallelism;  // empty: not given
  std::string config;       // a file of what the others say; they win
};

// `flags` must outlive the parsing.
void AddRunFlags(CLI::App& app, RunFlags* flags);
Result<JobOptions> ToJobOptions(RunFlags flags);
// Tells a flag that there is not, and why, from one that was misspelt. It stands in no help.
void RefuseFlag(CLI::App& app, const std::string& name, const std::string& why);

}  // namespace rulert
