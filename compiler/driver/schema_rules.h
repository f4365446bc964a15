// Which rules would a new version of a schema break?
#pragma once

#include <string>
#include <vector>

#include "avro/schema.h"
#include "compiler/driver/report.h"

namespace rulec {

struct NewSchema {
  std::string path;
  std::string text;
  avro::SchemaPtr document;  // a record, enum or fixed has the name by which rules know it
};

// Checks the programs of `paths` as they are, and again with the schema as the version after the last one. What is
// wrong only then is added to the report, with the rule that breaks; a line for people goes to *summary. False and
// *error if the rules cannot be read.
bool CheckRulesWith(const NewSchema& schema, const std::vector<std::string>& paths, const std::string& schemas,
                    Report* report, std::string* summary, std::string* error);

}  // namespace rulec
