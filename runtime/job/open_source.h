// From what `--in` names to a source.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/abi/program.h"
#include "runtime/job/options.h"
#include "runtime/source/source.h"

namespace rulert {

struct OpenedSource {
  std::unique_ptr<Source> source;
  std::vector<std::string> paths;  // files that it reads
  TextOptions text;
};

// `uri` is what stands behind `S=`.
Result<OpenedSource> OpenSource(const std::string& uri, const StreamSpec& stream, const JobOptions& options);

}  // namespace rulert
