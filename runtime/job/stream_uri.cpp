#include "runtime/job/stream_uri.h"

#include <algorithm>

namespace rulert {
namespace {

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string ListOf(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "`" : ", `") + name + "`";
  return list.empty() ? "none" : list;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

Result<NamedUri> ParseNamedUri(const std::string& given, const std::vector<std::string>& names, std::string_view flag,
                               std::string_view what, bool default_allowed) {
  const std::string prefix = std::string(flag) + " " + given + ": ";
  const size_t equals = given.find('=');
  const std::string name = given.substr(0, equals);
  if (equals != std::string::npos && IsName(name)) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      return Error::Environment(prefix + "there is no " + std::string(what) + " `" + name +
                                "`; there are: " + ListOf(names));
    }
    if (equals + 1 == given.size()) return Error::Environment(prefix + "nothing stands behind `=`");
    return NamedUri{static_cast<size_t>(found - names.begin()), given.substr(equals + 1)};
  }
  if (given.empty()) return Error::Environment(prefix + "a file is missing");
  if (!default_allowed) {
    return Error::Environment(prefix + "say which " + std::string(what) + " is meant, as in `" + std::string(flag) +
                              " " + (names.empty() ? "S" : names[0]) + "=" + given + "`; there are: " + ListOf(names));
  }
  return NamedUri{0, given};
}

Result<FileUri> ParseFileUri(const std::string& uri, const FileFormat* fallback) {
  if (const size_t scheme = uri.find("://"); scheme != std::string::npos && IsName(uri.substr(0, scheme))) {
    return Error::Environment("`" + uri + "`: this build reads and writes files only");
  }
  FileUri result;
  constexpr std::string_view kQuery = "?format=";
  const size_t query = uri.rfind(kQuery);
  result.path = uri.substr(0, query);
  if (query != std::string::npos) {
    const std::string format = uri.substr(query + kQuery.size());
    if (format != "avro" && format != "jsonl") {
      return Error::Environment("`" + uri + "`: unknown format `" + format + "`; there are: avro, jsonl");
    }
    result.format = format == "avro" ? FileFormat::Avro : FileFormat::JsonLines;
  } else if (EndsWith(uri, ".avro")) {
    result.format = FileFormat::Avro;
  } else if (EndsWith(uri, ".jsonl")) {
    result.format = FileFormat::JsonLines;
  } else if (fallback != nullptr) {
    result.format = *fallback;
  } else {
    return Error::Environment("`" + uri +
                              "`: the ending tells no format; use `.avro` or `.jsonl`, or add `?format=avro`");
  }
  if (result.path.empty()) return Error::Environment("`" + uri + "`: a file is missing");
  return result;
}

}  // namespace rulert
