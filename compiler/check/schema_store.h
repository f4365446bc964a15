// The registered versions of schemas, as files: `schemas/<full name>/<version>.avsc`.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"
#include "compiler/source/source.h"

namespace rulec {

// Where schemas are looked for: `option` (the value of --schemas) alone if it is not empty, else `schemas/` beside the
// nearest rulec.toml above each rule file, and `schemas/` beside the rule file itself. Only folders that exist.
std::vector<std::string> SchemaFolders(const std::string& option, const std::vector<std::string>& rule_files);

struct LoadedSchema {
  avro::SchemaPtr document;  // null if there is an error
  std::string path;
  FileId file = 0;  // the text in the SourceSet, if it could be read
  bool readable = true;
  avro::SchemaError error;  // of reading if !readable (message only), else of parsing
};

// Finds and parses on demand; each file is read once. Keeps the documents alive. Not thread-safe.
// Limits: a schema file 16 MiB, version numbers up to 2^31 - 1.
class SchemaStore {
 public:
  // Earlier folders win where two have the same version of a schema.
  explicit SchemaStore(std::vector<std::string> folders);
  SchemaStore() = default;

  // A version whose text is given instead of read.
  void Add(const std::string& full_name, int64_t version, std::string path, std::string json);

  const std::vector<std::string>& folders() const { return folders_; }
  // The full names there are, sorted.
  std::vector<std::string> Names() const;
  // The versions of a schema, rising; empty if there is none of that name.
  std::vector<int64_t> Versions(const std::string& full_name) const;
  // `version` must be one of Versions(). The text is added to `sources`, so that diagnostics can point into it.
  const LoadedSchema& Load(const std::string& full_name, int64_t version, SourceSet& sources);

 private:
  struct Entry {
    std::string path;
    std::string text;
    bool text_given = false;
    bool loaded = false;
    LoadedSchema result;
  };
  void ScanFolder(const std::string& folder);

  std::vector<std::string> folders_;
  std::map<std::string, std::map<int64_t, Entry>> entries_;
};

}  // namespace rulec
