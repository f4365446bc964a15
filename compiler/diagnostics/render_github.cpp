#include "compiler/diagnostics/report_formats.h"

namespace rulec {
namespace {

// What would end the command or its property is percent-encoded: %, line ends, and in a property `:` and `,` too.
std::string Escape(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%': out += "%25"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      case ':': out += property ? "%3A" : ":"; break;
      case ',': out += property ? "%2C" : ","; break;
      default: out += c;
    }
  }
  return out;
}

std::string_view Command(Severity severity) {
  switch (severity) {
    case Severity::Note: return "notice";
    case Severity::Warning: return "warning";
    case Severity::Error: return "error";
  }
  return "error";
}

}  // namespace

std::string GithubAnnotation(const Finding& finding) {
  std::string text = finding.message;
  if (!finding.under.empty()) text += "\n" + finding.under;
  for (const Finding::Fix& fix : finding.fixes) text += "\nhelp: " + fix.message + ": `" + fix.replacement + "`";
  for (const std::string& help : finding.helps) text += "\nhelp: " + help;
  for (const std::string& note : finding.notes) text += "\nnote: " + note;
  const Place& place = finding.place;
  std::string line = "::" + std::string(Command(finding.kind->severity)) + " file=" + Escape(place.file, true) +
                     ",line=" + std::to_string(place.line) + ",endLine=" + std::to_string(place.end_line);
  // GitHub takes columns only where a finding lies in one line, and its end is inclusive.
  if (place.end_line == place.line) {
    const uint32_t last = place.end_character > place.character ? place.end_character - 1 : place.character;
    line += ",col=" + std::to_string(place.character) + ",endColumn=" + std::to_string(last);
  }
  return line + ",title=" + Escape(finding.kind->code, true) + "::" + Escape(text, false) + "\n";
}

std::string GithubAnnotation(const std::string& error) { return "::error::" + Escape(error, false) + "\n"; }

}  // namespace rulec
