#include "compiler/emit/plan_to_program.h"

#include <set>

namespace rulec {

namespace {

rulert::StreamSpec DescribeStream(const plan::Stream& stream) {
  rulert::StreamSpec spec;
  spec.name = stream.name;
  spec.schema_name = stream.schema_name;
  spec.schema_json = stream.schema->text();
  spec.slots = stream.registry.slots();
  spec.time_slot = stream.time ? static_cast<int32_t>(*stream.time) : rulert::kNone;
  spec.watermark_us = stream.watermark_us;
  return spec;
}

rulert::RuleSpec DescribeRule(const plan::Rule& rule) {
  rulert::RuleSpec spec;
  spec.package = rule.package;
  spec.name = rule.name;
  spec.version = rule.version;
  spec.severity = rule.severity;
  spec.file = rule.file;
  spec.stream = static_cast<int32_t>(rule.stream);
  std::set<int32_t> slots;
  for (const plan::Expr& expr : rule.exprs) {
    if (expr.op == plan::Op::Slot) slots.insert(static_cast<int32_t>(expr.index));
  }
  spec.slots.assign(slots.begin(), slots.end());
  for (plan::ExprId key : rule.keys) spec.keys.push_back(plan::ColumnOf(rule.exprs[key].type));
  for (const plan::Emit& emit : rule.emits) spec.emits.push_back({static_cast<int32_t>(emit.output)});
  spec.params = rule.params;
  spec.params_size = rule.params_size;
  spec.sites = rule.sites;
  return spec;
}

// Streams that exactly one rule reads.
std::vector<uint32_t> RulesAlone(const plan::Program& program) {
  std::vector<uint32_t> alone;
  for (uint32_t rule = 0; rule < program.rules.size(); ++rule) {
    size_t readers = 0;
    for (const plan::Rule& other : program.rules) readers += other.stream == program.rules[rule].stream;
    if (readers == 1) alone.push_back(rule);
  }
  return alone;
}

class Emitter {
 public:
  explicit Emitter(EmittedProgram* out) : out_(out) {}
  std::string Add(ObjectModule module) {
    std::string name = module.name;
    if (names_.insert(name).second) out_->modules.push_back(std::move(module));
    return name;
  }

 private:
  EmittedProgram* out_;
  std::set<std::string> names_;
};

}  // namespace

rulert::ProgramSpec DescribeProgram(const plan::Program& program) {
  rulert::ProgramSpec spec;
  for (const plan::Stream& stream : program.streams) spec.streams.push_back(DescribeStream(stream));
  for (const plan::Output& output : program.outputs) {
    spec.outputs.push_back({output.name, output.schema_json, output.meta, output.fields});
  }
  for (const plan::Rule& rule : program.rules) spec.rules.push_back(DescribeRule(rule));
  return spec;
}

EmittedProgram EmitProgram(const plan::Program& program, Codegen& codegen, const EmitOptions& options) {
  EmittedProgram emitted;
  emitted.spec = DescribeProgram(program);
  Emitter modules(&emitted);
  std::set<uint32_t> read_streams;
  for (size_t i = 0; i < program.rules.size(); ++i) {
    emitted.spec.rules[i].module = modules.Add(codegen.CompileRule(program, program.rules[i]));
    read_streams.insert(program.rules[i].stream);
  }
  for (uint32_t stream : read_streams) {
    const avro::SchemaDocument& schema = *program.streams[stream].schema;
    rulert::DecoderSpec spec;
    modules.Add(codegen.CompileDecoder(program, stream, schema.root(), &spec));
    spec.writer_schema_json = schema.text();
    emitted.spec.decoders.push_back(std::move(spec));
  }
  if (options.scans) {
    for (uint32_t rule : RulesAlone(program)) {
      const avro::SchemaDocument& schema = *program.streams[program.rules[rule].stream].schema;
      rulert::ScanSpec spec;
      modules.Add(codegen.CompileScan(program, rule, schema.root(), &spec));
      spec.writer_schema_json = schema.text();
      emitted.spec.scans.push_back(std::move(spec));
    }
  }
  if (options.encoders) {
    for (size_t i = 0; i < program.outputs.size(); ++i) {
      emitted.spec.encoders.push_back(
          {static_cast<int32_t>(i), modules.Add(codegen.CompileEncoder(program.outputs[i]))});
    }
  }
  return emitted;
}

}  // namespace rulec
