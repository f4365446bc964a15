// `S=URI` of the command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "avro/container.h"
#include "runtime/base/error.h"
#include "runtime/source/byte_input.h"
#include "runtime/source/file_format.h"
#include "runtime/source/message_framing.h"

namespace rulert {

struct NamedUri {
  size_t index = 0;  // into the names
  std::string uri;
};

// `flag` is "--in" or "--out"; `what` "stream" or "output". Without `S=` the first name is meant, if `default_allowed`.
Result<NamedUri> ParseNamedUri(const std::string& given, const std::vector<std::string>& names, std::string_view flag,
                               std::string_view what, bool default_allowed);

// `trades.csv?delimiter=;&header=false`: a path, and options behind a question mark. `%XX` in a value stands for a
// byte.
struct FileUri {
  std::string path;                        // `-`: standard input or output
  std::optional<FileFormat> format;        // `format=`
  std::optional<Compression> compression;  // `compression=none|gzip|zstd`
  avro::Codec codec = avro::Codec::Null;   // `codec=`, of an output of avro
  char delimiter = ',';                    // `delimiter=`, of CSV
  bool header = true;                      // `header=true|false`, of CSV
  std::optional<std::string> null_text;    // `null=`, of CSV: the text of cells that are null
  Framing framing = Framing::Length;       // `framing=`, of avro-messages
  std::optional<int64_t> version;          // `version=`, of avro-messages: by which they were written
  std::string ids;                         // `ids=`, of avro-messages: the file of registry ids
  std::vector<std::string> options;        // names of those that were given
};
// Unknown options and values are refused. A question mark without `name=` behind it belongs to the path.
Result<FileUri> ParseFileUri(const std::string& uri);

// What is wrong with options that mean nothing where they stand: of an input in `format`, or of an output.
Error CheckOptions(const FileUri& uri, FileFormat format, bool output);

// The format of an output: as told, else by the ending, else `fallback`.
Result<FileFormat> OutputFormat(const FileUri& uri, std::optional<FileFormat> fallback);

}  // namespace rulert
