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
  for (const plan::SchemaVersion& version : stream.versions) {
    spec.versions.push_back({version.version, version.document->text()});
  }
  spec.versions_open = stream.versions_open;
  if (stream.output) spec.output = static_cast<int32_t>(*stream.output);
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
  spec.expands = rule.expand.has_value();
  spec.index = rule.index;
  return spec;
}

// The schemas that a stream's data may be written with: the reader's first, each once.
std::vector<plan::SchemaVersion> Written(const plan::Stream& stream, bool versions) {
  std::vector<plan::SchemaVersion> written = {{0, stream.schema}};
  std::set<std::string> texts = {stream.schema->text()};
  for (const plan::SchemaVersion& version : stream.versions) {
    if (versions && texts.insert(version.document->text()).second) written.push_back(version);
  }
  return written;
}

// Streams that exactly one rule reads.
std::vector<uint32_t> RulesAlone(const plan::Program& program) {
  std::vector<size_t> readers(program.streams.size());
  for (const plan::Rule& rule : program.rules) ++readers[rule.stream];
  std::vector<uint32_t> alone;
  for (uint32_t rule = 0; rule < program.rules.size(); ++rule) {
    if (readers[program.rules[rule].stream] == 1) alone.push_back(rule);
  }
  return alone;
}

class Emitter {
 public:
  Emitter(const plan::Program& program, Codegen& codegen, EmittedProgram* out)
      : program_(program), codegen_(codegen), out_(out) {}

  // Rules of one shape are compiled once: the name is known before the code.
  void AddRules() {
    for (size_t i = 0; i < program_.rules.size(); ++i) {
      std::string& name = out_->spec.rules[i].module;
      name = codegen_.RuleModuleName(program_, program_.rules[i]);
      if (names_.count(name) == 0) Add(codegen_.CompileRule(program_, program_.rules[i]));
    }
  }

  // False, and the reason, if a version cannot be decoded.
  bool AddDecoders(uint32_t stream, bool versions) {
    const plan::Stream& from = program_.streams[stream];
    for (const plan::SchemaVersion& version : Written(from, versions)) {
      const std::string which = version.document == from.schema ? "" : " version " + std::to_string(version.version);
      if (!AddDecoder(stream, version.document, which)) return false;
    }
    return true;
  }

  void AddScans(uint32_t rule, bool versions) {
    for (const plan::SchemaVersion& version : Written(program_.streams[program_.rules[rule].stream], versions)) {
      rulert::ScanSpec spec;
      CompiledModule compiled = codegen_.CompileScan(program_, rule, version.document, &spec);
      if (!compiled.error.empty()) continue;
      Add(std::move(compiled.module));
      out_->spec.scans.push_back(std::move(spec));
    }
  }

  void AddEncoder(size_t output) {
    ObjectModule module = codegen_.CompileEncoder(program_.outputs[output]);
    out_->spec.encoders.push_back({static_cast<int32_t>(output), module.name});
    Add(std::move(module));
  }

 private:
  bool AddDecoder(uint32_t stream, const avro::SchemaPtr& writer, const std::string& version) {
    rulert::DecoderSpec spec;
    CompiledModule compiled = codegen_.CompileDecoder(program_, stream, writer, &spec);
    if (compiled.too_large) return true;  // left to the table-driven decoder
    if (!compiled.error.empty()) {
      out_->error = "`" + program_.streams[stream].schema_name + "`" + version + ": " + compiled.error;
      return false;
    }
    Add(std::move(compiled.module));
    out_->spec.decoders.push_back(std::move(spec));
    return true;
  }

  void Add(ObjectModule module) {
    if (names_.insert(module.name).second) out_->modules.push_back(std::move(module));
  }

  const plan::Program& program_;
  Codegen& codegen_;
  EmittedProgram* out_;
  std::set<std::string> names_;
};

}  // namespace

rulert::ProgramSpec DescribeProgram(const plan::Program& program) {
  rulert::ProgramSpec spec;
  for (const plan::Stream& stream : program.streams) spec.streams.push_back(DescribeStream(stream));
  for (const plan::Output& output : program.outputs) {
    spec.outputs.push_back({output.name, output.schema_json, output.meta, output.fields, output.internal});
  }
  for (const plan::Rule& rule : program.rules) spec.rules.push_back(DescribeRule(rule));
  return spec;
}

EmittedProgram EmitProgram(const plan::Program& program, Codegen& codegen, const EmitOptions& options) {
  EmittedProgram emitted;
  emitted.spec = DescribeProgram(program);
  Emitter modules(program, codegen, &emitted);
  modules.AddRules();
  std::set<uint32_t> read_streams;
  for (const plan::Rule& rule : program.rules) {
    if (!program.streams[rule.stream].output) read_streams.insert(rule.stream);
  }
  for (const uint32_t stream : read_streams) {
    if (!options.decoders) break;
    if (!modules.AddDecoders(stream, options.versions)) return emitted;
  }
  if (options.scans) {
    for (const uint32_t rule : RulesAlone(program)) {
      if (read_streams.count(program.rules[rule].stream) != 0 && plan::CanScan(program.rules[rule])) {
        modules.AddScans(rule, options.versions);
      }
    }
  }
  if (options.encoders) {
    for (size_t i = 0; i < program.outputs.size(); ++i) {
      if (options.derives || !program.outputs[i].internal) modules.AddEncoder(i);
    }
  }
  return emitted;
}

}  // namespace rulec
