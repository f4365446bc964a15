#include <xxhash.h>
#include <map>
#include <nlohmann/json.hpp>

#include "compiler/diagnostics/report_formats.h"

namespace rulec {
namespace {

using Json = nlohmann::ordered_json;

std::string_view GitlabSeverity(Severity severity) {
  switch (severity) {
    case Severity::Note: return "info";
    case Severity::Warning: return "minor";
    case Severity::Error: return "major";
  }
  return "major";
}

std::string Hash(const std::string& text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const uint64_t half : {hash.high64, hash.low64}) {
    for (int shift = 60; shift >= 0; shift -= 4) out += kHex[(half >> shift) & 15];
  }
  return out;
}

}  // namespace

std::string GitlabReport(const std::vector<Finding>& findings) {
  std::map<std::string, int> seen;
  Json report = Json::array();
  for (const Finding& finding : findings) {
    std::string identity(finding.kind->code);
    for (const std::string* part : {&finding.place.file, &finding.message, &finding.line_text}) {
      (identity += '\0') += *part;
    }
    const int nth = seen[identity]++;
    if (nth > 0) (identity += '\0') += std::to_string(nth);
    report.push_back({{"description", finding.message},
                      {"check_name", finding.kind->code},
                      {"fingerprint", Hash(identity)},
                      {"severity", GitlabSeverity(finding.kind->severity)},
                      {"location",
                       {{"path", finding.place.file},
                        {"lines", {{"begin", finding.place.line}, {"end", finding.place.end_line}}}}}});
  }
  return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rulec
