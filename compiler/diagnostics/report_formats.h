// Reports for machines: findings as the documents that code hosts and CI systems read. All are UTF-8 whatever the
// findings quote, and equal findings give equal bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/finding.h"

namespace rulec {

// The page of a code in Markdown, or "".
using PageOfCode = std::string_view (*)(std::string_view code);

// SARIF 2.1.0 with one run: columns in code points, suggestions as fixes, the pages as help of the rules.
std::string SarifReport(const std::vector<Finding>& findings, std::string_view version, PageOfCode page);

// GitLab's code quality report. A fingerprint is a hash of code, file, message and the line's text, so that it stays
// when lines above are added; the nth of equal ones is hashed with its n.
std::string GitlabReport(const std::vector<Finding>& findings);

// One workflow command of GitHub, which shows as an annotation; a line with its end.
std::string GithubAnnotation(const Finding& finding);
std::string GithubAnnotation(const std::string& error);  // of no place

struct JunitCase {
  struct Failure {
    std::string type;  // "R0201"
    std::string message;
    std::string text;
  };
  std::string name;
  std::string class_name;
  std::string file;
  uint32_t line = 0;  // 0: none
  double seconds = 0;
  std::vector<Failure> failures;
  std::string output;  // shown with the case whether it failed or not
};
// {"type":"test","name":…}, without a line end.
std::string JsonOfCase(const JunitCase& test);
std::string JsonOfFailure(const std::string& message);
std::string JunitReport(std::string_view suite, const std::vector<JunitCase>& cases);

}  // namespace rulec
