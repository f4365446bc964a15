#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/diagnostics/report_formats.h"

namespace rulec {
namespace {

using Json = nlohmann::ordered_json;

// A relative path stays relative (to wherever the command ran); what a URI cannot hold is percent-encoded.
std::string ToUri(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    if (kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      ((uri += '%') += kHex[byte >> 4]) += kHex[byte & 15];
    }
  }
  return uri;
}

std::string_view Level(Severity severity) { return SeverityWord(severity); }

Json Region(const Place& place) {
  return {{"startLine", place.line},   {"startColumn", place.character},
          {"endLine", place.end_line}, {"endColumn", place.end_character},
          {"byteOffset", place.begin}, {"byteLength", place.end - place.begin}};
}

Json Location(const Place& place) {
  return {{"physicalLocation", {{"artifactLocation", {{"uri", ToUri(place.file)}}}, {"region", Region(place)}}}};
}

std::string MessageText(const Finding& finding) {
  std::string text = finding.message;
  if (!finding.under.empty()) text += ": " + finding.under;
  for (const std::string& help : finding.helps) text += "\nhelp: " + help;
  for (const std::string& note : finding.notes) text += "\nnote: " + note;
  return text;
}

Json Fix(const Finding::Fix& fix) {
  const Json replacement = {{"deletedRegion", Region(fix.place)}, {"insertedContent", {{"text", fix.replacement}}}};
  const Json change = {{"artifactLocation", {{"uri", ToUri(fix.place.file)}}},
                       {"replacements", Json::array({replacement})}};
  return {{"description", {{"text", fix.message}}}, {"artifactChanges", Json::array({change})}};
}

Json Result(const Finding& finding, size_t rule_index) {
  Json result = {{"ruleId", finding.kind->code},
                 {"ruleIndex", rule_index},
                 {"level", Level(finding.kind->severity)},
                 {"message", {{"text", MessageText(finding)}}},
                 {"locations", Json::array({Location(finding.place)})}};
  for (const Finding::Related& related : finding.related) {
    Json location = Location(related.place);
    if (!related.text.empty()) location["message"] = {{"text", related.text}};
    result["relatedLocations"].push_back(std::move(location));
  }
  for (const Finding::Fix& fix : finding.fixes) result["fixes"].push_back(Fix(fix));
  return result;
}

// "# R0201: a stream has no such field" -> "a stream has no such field"
std::string TitleOf(std::string_view page) {
  const std::string_view line = page.substr(0, page.find('\n'));
  const size_t colon = line.find(": ");
  return std::string(colon == std::string_view::npos ? line : line.substr(colon + 2));
}

Json Rule(const DiagnosticKind& kind, PageOfCode page_of) {
  const std::string_view page = page_of(kind.code);
  Json rule = {{"id", kind.code}, {"name", kind.name}};
  if (!page.empty()) {
    rule["shortDescription"] = {{"text", TitleOf(page)}};
    rule["help"] = {{"text", page}, {"markdown", page}};
  }
  rule["defaultConfiguration"] = {{"level", Level(kind.severity)}};
  return rule;
}

}  // namespace

std::string SarifReport(const std::vector<Finding>& findings, std::string_view version, PageOfCode page) {
  std::vector<const DiagnosticKind*> kinds;
  for (const Finding& finding : findings) kinds.push_back(finding.kind);
  std::ranges::sort(kinds, {}, &DiagnosticKind::code);
  const auto repeated = std::ranges::unique(kinds);
  kinds.erase(repeated.begin(), repeated.end());

  Json rules = Json::array(), results = Json::array();
  for (const DiagnosticKind* kind : kinds) rules.push_back(Rule(*kind, page));
  for (const Finding& finding : findings) {
    const auto at = std::ranges::lower_bound(kinds, finding.kind->code, {}, &DiagnosticKind::code);
    results.push_back(Result(finding, static_cast<size_t>(at - kinds.begin())));
  }
  const Json run = {{"tool", {{"driver", {{"name", "rulec"}, {"version", version}, {"rules", rules}}}}},
                    {"columnKind", "unicodeCodePoints"},
                    {"results", results}};
  const Json report = {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({run})}};
  return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rulec
