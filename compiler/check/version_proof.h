// Can a field be read from every accepted version of a schema? Path by path, so that a rule only answers for what it
// uses.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/typed/typed.h"

namespace rulec::check {

// Why one version does not give a field.
struct VersionGap {
  enum class Kind : uint8_t {
    Missing,  // the version lacks the field, and no default stands in
    Type,     // its value cannot be read as the reader's type
    Logical   // it can, and would mean something else
  };
  Kind kind = Kind::Missing;
  int64_t version = 0;
  FileId file = 0;                      // the text of that version
  const avro::Field* writer = nullptr;  // the field there; null if Missing
  const avro::Field* reader = nullptr;  // the field that rules see: of the path, or on the way to it
  std::string path;                     // of that field
  std::string message;                  // for Type and Logical: what is wrong
};

struct FieldProof {
  std::vector<VersionGap> gaps;   // at most one for each version
  bool absent_somewhere = false;  // an accepted version lacks it: `present` says something
};

class VersionProofs {
 public:
  // Computed once for each path of a schema. `schema` has its documents.
  const FieldProof& Of(const typed::Schema& schema, const std::string& path);

 private:
  std::unordered_map<std::string, FieldProof> known_;  // by full name, version range and path
};

}  // namespace rulec::check
