#include "compiler/driver/explain_plan.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace rulec {
namespace {

using Json = nlohmann::ordered_json;

// The lines of plan::Print that belong to each rule, without their indent.
std::vector<std::vector<std::string>> LinesByRule(const plan::Program& program) {
  std::vector<std::vector<std::string>> rules;
  const std::string text = plan::Print(program);
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("rule ")) {
      rules.emplace_back();
    } else if (line.starts_with("  ") && !rules.empty()) {
      rules.back().push_back(line.substr(2));
    }
  }
  return rules;
}

std::string QualifiedName(const plan::Rule& rule) {
  return rule.package.empty() ? rule.name : rule.package + "." + rule.name;
}

std::string Line(const Json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Json StreamJson(const plan::Program& program, const plan::Stream& stream) {
  Json json = {{"type", "stream"}, {"name", stream.name}};
  if (stream.output) {
    json["output"] = program.outputs[*stream.output].name;
  } else {
    json["schema"] = stream.schema_name;
    Json versions = Json::array();
    for (const plan::SchemaVersion& version : stream.versions) versions.push_back(version.version);
    json["versions"] = std::move(versions);
    json["watermark_us"] = stream.watermark_us;
  }
  Json slots = Json::array();
  for (const rulert::SlotSpec& slot : stream.registry.slots()) slots.push_back(slot.path);
  json["slots"] = std::move(slots);
  return json;
}

Json OutputJson(const plan::Output& output) {
  Json fields = Json::array();
  for (const rulert::OutputField& field : output.fields) fields.push_back(field.name);
  return {{"type", "output"},
          {"name", output.name},
          {"fields", std::move(fields)},
          {"meta", output.meta},
          {"internal", output.internal},
          {"schema", Json::parse(output.schema_json, nullptr, false)}};
}

Json RuleJson(const plan::Program& program, const plan::Rule& rule, const std::vector<std::string>& lines) {
  Json json = {{"type", "rule"},
               {"name", QualifiedName(rule)},
               {"version", rule.version},
               {"file", rule.file},
               {"stream", program.streams[rule.stream].name},
               {"filter", rule.filter.conditions},
               {"keys", rule.keys}};
  if (rule.expand) json["expand"] = {{"list", rule.expand->list}, {"filter", rule.expand->conditions}};
  Json emits = Json::array();
  for (const plan::Emit& emit : rule.emits) {
    Json each = {{"output", program.outputs[emit.output].name}, {"fields", emit.fields}};
    if (emit.where) each["where"] = *emit.where;
    emits.push_back(std::move(each));
  }
  json["emits"] = std::move(emits);
  json["lines"] = lines;
  return json;
}

// Inside the double quotes of a name or label.
std::string DotText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string StreamNode(const plan::Program& program, const plan::Stream& stream) {
  // A derived stream is the output that it is made from.
  return stream.output ? "output " + program.outputs[*stream.output].name : "stream " + stream.name;
}

// The nodes of one rule, one behind the other: its filter, its expansion, its emits.
void RuleDot(const plan::Program& program, const plan::Rule& rule, const std::vector<std::string>& lines,
             std::string* dot) {
  const std::string name = DotText(QualifiedName(rule));
  std::string label = name;
  for (const std::string& line : lines) {
    if (line.starts_with("filter ") || line.starts_with("expand ") || line.starts_with("keys ")) {
      label += "\\n" + DotText(line);
    }
  }
  *dot += fmt::format("  \"rule {}\" [shape=box, style=rounded, label=\"{}\"];\n", name, label);
  *dot += fmt::format("  \"{}\" -> \"rule {}\";\n", DotText(StreamNode(program, program.streams[rule.stream])), name);
  for (const plan::Emit& emit : rule.emits) {
    *dot += fmt::format("  \"rule {}\" -> \"output {}\"{};\n", name, DotText(program.outputs[emit.output].name),
                        emit.where ? fmt::format(" [label=\"where %{}\"]", *emit.where) : "");
  }
}

}  // namespace

std::string PlanAsJson(const plan::Program& program) {
  const auto lines = LinesByRule(program);
  std::string text = Line({{"type", "version"}, {"rulec", RULEC_VERSION}, {"format", 1}});
  for (const plan::Stream& stream : program.streams) text += Line(StreamJson(program, stream));
  for (const plan::Output& output : program.outputs) text += Line(OutputJson(output));
  for (size_t i = 0; i < program.rules.size(); ++i) text += Line(RuleJson(program, program.rules[i], lines[i]));
  return text;
}

std::string PlanAsDot(const plan::Program& program) {
  const auto lines = LinesByRule(program);
  std::string dot = "digraph plan {\n  rankdir=LR;\n";
  for (const plan::Stream& stream : program.streams) {
    if (stream.output) continue;
    dot += fmt::format("  \"stream {0}\" [shape=cds, label=\"{0}\\n{1}\"];\n", DotText(stream.name),
                       DotText(stream.schema_name));
  }
  for (const plan::Output& output : program.outputs) {
    dot += fmt::format("  \"output {0}\" [shape={1}, label=\"{0}\"];\n", DotText(output.name),
                       output.internal ? "ellipse" : "note");
  }
  for (size_t i = 0; i < program.rules.size(); ++i) RuleDot(program, program.rules[i], lines[i], &dot);
  return dot + "}\n";
}

}  // namespace rulec
