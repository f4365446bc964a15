#include "compiler/diagnostics/finding.h"

#include <algorithm>

namespace rulec {
namespace {

// Every byte that does not continue a sequence of UTF-8 begins a code point; so does a stray one at the line's start.
uint32_t CharacterColumn(const SourceFile& file, LineColumn at) {
  const std::string_view line = file.Line(at.line).substr(0, at.column - 1);
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return 1 + static_cast<uint32_t>(std::ranges::count_if(line, begins));
}

Place ToPlace(const SourceSet& sources, Span span) {
  const SourceFile& file = sources.file(span.file);
  const LineColumn begin = file.Locate(span.begin);
  const LineColumn end = file.Locate(span.end);
  return {file.path(),
          begin.line,
          end.line,
          begin.column,
          end.column,
          CharacterColumn(file, begin),
          CharacterColumn(file, end),
          span.begin,
          span.end};
}

}  // namespace

std::string_view SeverityWord(Severity severity) {
  switch (severity) {
    case Severity::Note: return "note";
    case Severity::Warning: return "warning";
    case Severity::Error: return "error";
  }
  return "error";
}

Finding ToFinding(const SourceSet& sources, const Diagnostic& diagnostic) {
  Finding finding;
  finding.kind = diagnostic.kind;
  finding.message = diagnostic.message;
  finding.place = ToPlace(sources, diagnostic.primary.span);
  finding.under = diagnostic.primary.text;
  finding.line_text = sources.file(diagnostic.primary.span.file).Line(finding.place.line);
  for (const Label& label : diagnostic.labels) finding.related.push_back({ToPlace(sources, label.span), label.text});
  finding.notes = diagnostic.notes;
  finding.helps = diagnostic.helps;
  for (const SuggestedEdit& edit : diagnostic.edits) {
    finding.fixes.push_back({ToPlace(sources, edit.span), edit.message, edit.replacement, edit.certain});
  }
  return finding;
}

}  // namespace rulec
