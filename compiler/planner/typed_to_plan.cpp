#include "compiler/planner/typed_to_plan.h"

#include <utility>
#include <vector>

#include "compiler/planner/rule_planner.h"

namespace rulec {
namespace {

class ProgramPlanner {
 public:
  ProgramPlanner(const SourceSet& sources, const typed::Program& program, plan::Program* plan)
      : sources_(sources), program_(program), plan_(plan) {}

  // What was planned is thrown away if anything does not fit.
  // Outputs come first: derived streams read them.
  std::string Plan() {
    const size_t streams = plan_->streams.size();
    const size_t outputs = plan_->outputs.size();
    std::string wrong = FindClash();
    if (wrong.empty()) wrong = AddOutputs();
    if (wrong.empty()) wrong = AddStreams();
    if (!wrong.empty()) {
      plan_->streams.resize(streams);
      plan_->outputs.resize(outputs);
      return wrong;
    }
    for (const typed::Schema& schema : program_.schemas) plan_->schemas.push_back(schema.document);
    for (const typed::Rule& rule : program_.rules) {
      plan_->rules.push_back(PlanRule(sources_, program_, rule, streams_, outputs_, plan_));
    }
    return "";
  }

 private:
  std::string FindClash() const {
    for (const typed::Rule& rule : program_.rules) {
      for (const plan::Rule& planned : plan_->rules) {
        if (planned.name == rule.name && planned.package == rule.package) {
          return "there is a rule `" + rule.name + "` already, from " + planned.file;
        }
      }
    }
    return "";
  }

  std::string AddStreams() {
    for (const typed::Stream& stream : program_.streams) {
      plan::Stream planned = stream.output ? DerivedStream(stream) : SourceStream(stream);
      uint32_t index = 0;
      while (index < plan_->streams.size() && plan_->streams[index].name != stream.name) ++index;
      if (index == plan_->streams.size()) {
        plan_->streams.push_back(std::move(planned));
      } else if (!SameStream(plan_->streams[index], planned)) {
        return "stream `" + stream.name + "` is declared in another way by rules that are there already";
      }
      streams_.push_back(index);
    }
    return "";
  }

  plan::Stream SourceStream(const typed::Stream& stream) const {
    const typed::Schema& schema = program_.schemas[stream.schema];
    plan::Stream planned{.name = stream.name,
                         .schema_name = schema.full_name,
                         .schema = schema.document,
                         .watermark_us = stream.watermark_us,
                         .versions_open = schema.open};
    for (const typed::SchemaVersion& version : schema.accepted) {
      planned.versions.push_back({version.version, version.document});
    }
    if (!stream.time.empty()) {
      planned.time = planned.registry.Find(stream.time, plan::ColumnOf({TypeKind::Timestamp}));
    }
    return planned;
  }

  // Its slots are all fields of the output, whether a rule reads them or not.
  plan::Stream DerivedStream(const typed::Stream& stream) const {
    const uint32_t index = outputs_[*stream.output];
    const plan::Output& output = plan_->outputs[index];
    plan::Stream planned{.name = stream.name, .schema_name = output.name, .output = index};
    planned.schema = avro::ParseSchema(output.schema_json).document;
    for (const rulert::OutputField& field : output.fields) planned.registry.Find(field.name, field.column);
    return planned;
  }

  // One decoder serves all rules of a stream, so the reader's schema must be the same to the letter.
  static bool SameStream(const plan::Stream& a, const plan::Stream& b) {
    const auto time_path = [](const plan::Stream& stream) {
      return stream.time ? stream.registry.slots()[*stream.time].path : std::string();
    };
    return a.schema_name == b.schema_name && a.schema->text() == b.schema->text() && time_path(a) == time_path(b) &&
           a.watermark_us == b.watermark_us && a.output == b.output;
  }

  std::string AddOutputs() {
    for (const typed::Output& output : program_.outputs) {
      plan::Output planned = PlanOutput(output);
      uint32_t index = 0;
      while (index < plan_->outputs.size() && plan_->outputs[index].name != output.name) ++index;
      if (index == plan_->outputs.size()) {
        plan_->outputs.push_back(std::move(planned));
      } else if (!SameOutput(plan_->outputs[index], planned)) {
        return "output `" + output.name + "` has other fields in rules that are there already";
      }
      outputs_.push_back(index);
    }
    return "";
  }

  plan::Output PlanOutput(const typed::Output& output) const {
    plan::Output planned{.name = output.name, .meta = output.meta, .internal = output.internal};
    for (const typed::OutputField& field : output.fields) {
      planned.fields.push_back({field.name, plan::ColumnOf(field.type)});
    }
    if (output.schema) {
      planned.schema_json = program_.schemas[*output.schema].document->text();
    } else {
      planned.schema_json = rulert::OutputSchemaJson(output.package, output.name, planned.fields, planned.meta);
    }
    return planned;
  }

  static bool SameOutput(const plan::Output& a, const plan::Output& b) {
    return a.meta == b.meta && a.fields == b.fields && a.schema_json == b.schema_json;
  }

  const SourceSet& sources_;
  const typed::Program& program_;
  plan::Program* plan_;
  std::vector<uint32_t> streams_;  // typed number -> plan number
  std::vector<uint32_t> outputs_;
};

}  // namespace

std::string PlanProgram(const SourceSet& sources, const typed::Program& program, plan::Program* plan) {
  return ProgramPlanner(sources, program, plan).Plan();
}

}  // namespace rulec
