// What is in a file, and which files a path on the command line names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

namespace rulert {

enum class FileFormat : uint8_t {
  Avro,         // object container
  JsonLines,    // one object a line
  Csv,          // RFC 4180
  AvroMessages  // single messages one behind the other (docs/formats/messages.md)
};
std::string_view FileFormatName(FileFormat format);  // as `?format=` has it: "jsonl"
// By the ending of the name (`.avro`, `.jsonl`, `.ndjson`, `.json`, `.csv`), before which `.gz` or `.zst` is taken off;
// nothing if the ending tells none.
std::optional<FileFormat> FileFormatOf(std::string_view path);

struct InputFiles {
  std::vector<std::string> paths;  // in reading order
  FileFormat format = FileFormat::JsonLines;
};

// The files that `path` names: itself, or those that a glob matches or a directory holds, in name order. They must be
// of one format: `given`, or what their endings say; standard input is of JSON lines. Of a directory, files
// whose ending tells nothing are left out, unless a format is given and no ending tells it: then all are taken.
Result<InputFiles> FindInputFiles(const std::string& path, std::optional<FileFormat> given);

}  // namespace rulert
