#include <nlohmann/json.hpp>

#include "compiler/diagnostics/report_formats.h"

namespace rulec {
namespace {

using Json = nlohmann::ordered_json;

Json SpanToJson(const SourceSet& sources, Span span) {
  const SourceFile& file = sources.file(span.file);
  const LineColumn begin = file.Locate(span.begin);
  const LineColumn end = file.Locate(span.end);
  return {{"file", file.path()},      {"line", begin.line},  {"column", begin.column}, {"end_line", end.line},
          {"end_column", end.column}, {"begin", span.begin}, {"end", span.end}};
}

Json LabelToJson(const SourceSet& sources, const Label& label, bool primary) {
  Json json = SpanToJson(sources, label.span);
  json["primary"] = primary;
  json["label"] = label.text;
  return json;
}

}  // namespace

std::string RenderJson(const SourceSet& sources, const Diagnostic& diagnostic) {
  Json json = {{"type", "diagnostic"},
               {"code", diagnostic.kind->code},
               {"name", diagnostic.kind->name},
               {"severity", SeverityWord(diagnostic.kind->severity)},
               {"message", diagnostic.message},
               {"arguments", diagnostic.arguments},
               {"file", sources.file(diagnostic.primary.span.file).path()}};
  Json& spans = json["spans"] = Json::array();
  spans.push_back(LabelToJson(sources, diagnostic.primary, true));
  for (const Label& label : diagnostic.labels) spans.push_back(LabelToJson(sources, label, false));
  json["notes"] = diagnostic.notes;
  json["helps"] = diagnostic.helps;
  Json& edits = json["edits"] = Json::array();
  for (const SuggestedEdit& edit : diagnostic.edits) {
    Json entry = SpanToJson(sources, edit.span);
    entry["message"] = edit.message;
    entry["replacement"] = edit.replacement;
    entry["certain"] = edit.certain;
    edits.push_back(std::move(entry));
  }
  // What is quoted from a file need not be UTF-8.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string JsonOfCase(const JunitCase& test) {
  Json json = {{"type", "test"},         {"name", test.name}, {"rule", test.class_name},
               {"file", test.file},      {"line", test.line}, {"passed", test.failures.empty()},
               {"seconds", test.seconds}};
  Json& failures = json["failures"] = Json::array();
  for (const JunitCase::Failure& failure : test.failures) {
    failures.push_back({{"code", failure.type}, {"message", failure.message}, {"text", failure.text}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string JsonOfFailure(const std::string& message) {
  const Json json = {{"type", "failure"}, {"message", message}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rulec
