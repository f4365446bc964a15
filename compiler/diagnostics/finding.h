// A diagnostic with its places looked up, so that it outlives the texts that it points into: what reports are made of.
#pragma once

#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"

namespace rulec {

// Lines and columns from 1, the end exclusive.
struct Place {
  std::string file;
  uint32_t line = 1, end_line = 1;
  uint32_t column = 1, end_column = 1;        // in bytes
  uint32_t character = 1, end_character = 1;  // in code points
  uint32_t begin = 0, end = 0;                // bytes from the start of the file
};

struct Finding {
  struct Related {
    Place place;
    std::string text;
  };
  struct Fix {
    Place place;
    std::string message;
    std::string replacement;
    bool certain = false;
  };

  const DiagnosticKind* kind = nullptr;
  std::string message;
  Place place;
  std::string under;      // the words under the carets
  std::string line_text;  // the whole first line of `place`
  std::vector<Related> related;
  std::vector<std::string> notes;
  std::vector<std::string> helps;
  std::vector<Fix> fixes;
};

std::string_view SeverityWord(Severity severity);  // "error"
Finding ToFinding(const SourceSet& sources, const Diagnostic& diagnostic);

}  // namespace rulec
