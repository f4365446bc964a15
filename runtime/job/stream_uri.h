// `S=URI` of the command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

namespace rulert {

struct NamedUri {
  size_t index = 0;  // into the names
  std::string uri;
};

// `flag` is "--in" or "--out"; `what` "stream" or "output". Without `S=` the first name is meant, if `default_allowed`.
Result<NamedUri> ParseNamedUri(const std::string& given, const std::vector<std::string>& names, std::string_view flag,
                               std::string_view what, bool default_allowed);

enum class FileFormat : uint8_t { Avro, JsonLines };

struct FileUri {
  std::string path;  // `-`: standard input or output
  FileFormat format = FileFormat::JsonLines;
};

// The format is told by `?format=avro|jsonl`, else by the ending, else it is `fallback`.
Result<FileUri> ParseFileUri(const std::string& uri, const FileFormat* fallback);

}  // namespace rulert
