#include "compiler/driver/test_program.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "compiler/driver/load_modules.h"
#include "compiler/emit/plan_to_program.h"
#include "runtime/encode/error_rows.h"
#include "runtime/job/job.h"
#include "runtime/testing/memory_log.h"

namespace rulec {
namespace {

std::string QualifiedName(const rulert::RuleSpec& rule) {
  return rule.package.empty() ? rule.name : rule.package + "." + rule.name;
}

bool Emits(const rulert::RuleSpec& rule, int32_t output) {
  return std::ranges::any_of(rule.emits, [output](const rulert::EmitSpec& emit) { return emit.output == output; });
}

// The records of a log, one behind the other.
std::vector<avro::Datum> Decode(const avro::Schema& schema, const std::string& bytes) {
  std::vector<avro::Datum> rows;
  const std::span<const uint8_t> all(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  for (size_t at = 0; at < all.size();) {
    size_t used = 0;
    const avro::DecodeError error = avro::DecodeDatum(schema, all.subspan(at), &rows.emplace_back(), &used);
    if (error || used == 0) {
      std::fprintf(stderr, "a record that an encoder wrote cannot be read: %s\n", error.message.c_str());
      std::abort();
    }
    at += used;
  }
  return rows;
}

}  // namespace

std::unique_ptr<TestProgram> TestProgram::Compile(const FrontEnd& program, std::string* error) {
  LoadedCodegen loaded = LoadCodegen({});
  if (!loaded.codegen) {
    *error = loaded.error;
    return nullptr;
  }
  auto test = std::unique_ptr<TestProgram>(new TestProgram);
  test->codegen_ = std::move(loaded.codegen);
  EmittedProgram emitted = EmitProgram(*program.plan, *test->codegen_, {.scans = false, .derives = true});
  if (!emitted.error.empty()) {
    *error = emitted.error;
    return nullptr;
  }
  test->modules_ = LoadModules(emitted.modules, *test->codegen_);
  test->spec_ = std::move(emitted.spec);
  test->spec_.compiler = RULEC_VERSION;
  return test;
}

std::unique_ptr<TestProgram> TestProgram::Describe(const FrontEnd& program) {
  auto test = std::unique_ptr<TestProgram>(new TestProgram);
  test->spec_ = DescribeProgram(*program.plan);
  return test;
}

const rulert::RuleSpec* TestProgram::FindRule(const std::string& name, const std::string& package) const {
  const rulert::RuleSpec* found = nullptr;
  for (const rulert::RuleSpec& rule : spec_.rules) {
    if (rule.name == name && rule.package == package) return &rule;
    if (found == nullptr && (rule.name == name || QualifiedName(rule) == name)) found = &rule;
  }
  return found;
}

std::vector<std::string> TestProgram::RuleNames() const {
  std::vector<std::string> names;
  for (const rulert::RuleSpec& rule : spec_.rules) names.push_back(rule.name);
  return names;
}

std::vector<size_t> TestProgram::Feeding(const rulert::RuleSpec& rule) const {
  std::vector<size_t> rules = {static_cast<size_t>(&rule - spec_.rules.data())};
  for (size_t i = 0; i < rules.size(); ++i) {
    const int32_t output = spec_.streams[static_cast<size_t>(spec_.rules[rules[i]].stream)].output;
    if (output == rulert::kNone) continue;
    for (size_t other = 0; other < spec_.rules.size(); ++other) {
      const bool known = std::ranges::find(rules, other) != rules.end();
      if (!known && Emits(spec_.rules[other], output)) rules.push_back(other);
    }
  }
  return rules;
}

const rulert::StreamSpec* TestProgram::FindStream(const rulert::RuleSpec& rule, const std::string& name) const {
  for (const size_t index : Feeding(rule)) {
    const rulert::StreamSpec& stream = spec_.streams[static_cast<size_t>(spec_.rules[index].stream)];
    if (stream.name == name && stream.output == rulert::kNone) return &stream;
  }
  return nullptr;
}

std::vector<std::string> TestProgram::StreamNames(const rulert::RuleSpec& rule) const {
  std::vector<std::string> names;
  for (const size_t index : Feeding(rule)) {
    const rulert::StreamSpec& stream = spec_.streams[static_cast<size_t>(spec_.rules[index].stream)];
    if (stream.output == rulert::kNone) names.push_back(stream.name);
  }
  return names;
}

bool TestProgram::ReadsMade(const rulert::RuleSpec& rule, const std::string& name) const {
  return std::ranges::any_of(Feeding(rule), [&](const size_t index) {
    const rulert::StreamSpec& stream = spec_.streams[static_cast<size_t>(spec_.rules[index].stream)];
    return stream.name == name && stream.output != rulert::kNone;
  });
}

std::vector<std::string> TestProgram::OutputNames(const rulert::RuleSpec& rule) const {
  std::vector<std::string> names;
  for (const rulert::EmitSpec& emit : rule.emits) names.push_back(spec_.outputs[static_cast<size_t>(emit.output)].name);
  return names;
}

bool TestProgram::ReadsField(const rulert::RuleSpec& rule, const rulert::StreamSpec& stream,
                             const std::string& field) const {
  for (const size_t index : Feeding(rule)) {
    const rulert::RuleSpec& reader = spec_.rules[index];
    if (&spec_.streams[static_cast<size_t>(reader.stream)] != &stream) continue;
    for (const int32_t slot : reader.slots) {
      const std::string& path = stream.slots[static_cast<size_t>(slot)].path;
      if (path == field || path.starts_with(field + ".")) return true;
    }
  }
  return false;
}

const avro::Schema& TestProgram::Parsed(const std::string& json) {
  avro::SchemaPtr& schema = schemas_[json];
  if (!schema) schema = avro::ParseSchema(json).document;
  if (!schema) {
    std::fprintf(stderr, "the schema of a compiled program does not parse\n");
    std::abort();
  }
  return schema->root();
}

const avro::Schema& TestProgram::StreamSchema(const rulert::StreamSpec& stream) { return Parsed(stream.schema_json); }

const avro::Schema& TestProgram::OutputSchema(const std::string& output) {
  if (output == rulert::kErrorsOutput) return Parsed(rulert::ErrorSchemaJson());
  for (const rulert::OutputSpec& spec : spec_.outputs) {
    if (spec.name == output) return Parsed(spec.schema_json);
  }
  std::abort();  // the caller asks for OutputNames only
}

void TestProgram::Run(const rulert::RuleSpec& rule, TestRun* run) {
  rulert::ProgramSpec spec = spec_;
  spec.rules.clear();
  std::vector<size_t> rules = Feeding(rule);
  std::ranges::sort(rules);
  for (const size_t index : rules) spec.rules.push_back(spec_.rules[index]);
  // The rows of a derive are looked at where it is tested itself.
  for (const rulert::EmitSpec& emit : rule.emits) spec.outputs[static_cast<size_t>(emit.output)].internal = false;

  rulert::JobOptions options;
  options.log = nullptr;
  options.key_seed = 1;
  options.progress = rulert::ProgressMode::Never;
  options.inputs = run->files;
  auto job = rulert::Job::Create(spec, modules_, options);
  if (!job.ok()) {
    run->error = job.error().message();
    return;
  }
  std::map<std::string, std::unique_ptr<rulert::MemoryLog>> inputs, outputs;
  const auto fail = [run](const rulert::Error& error) { return error ? (run->error = error.message(), true) : false; };
  for (const rulert::StreamSpec& stream : spec.streams) {
    const auto from_file = [&stream](const std::string& file) { return file.starts_with(stream.name + "="); };
    if (stream.output != rulert::kNone || std::ranges::any_of(run->files, from_file)) continue;
    auto& log = inputs[stream.name] = std::make_unique<rulert::MemoryLog>(stream.schema_json);
    for (const avro::Datum& row : run->rows[stream.name]) {
      std::vector<uint8_t> bytes;
      avro::EncodeDatum(StreamSchema(stream), row, &bytes);
      log->Append(0, bytes);
    }
    log->Close();
    if (fail((*job)->AddSource(stream.name, log->Read(0)))) return;
  }
  std::vector<std::string> names = {std::string(rulert::kErrorsOutput)};
  for (const rulert::OutputSpec& output : spec.outputs) {
    if (!output.internal) names.push_back(output.name);
  }
  for (const std::string& name : names) {
    auto& log = outputs[name] = std::make_unique<rulert::MemoryLog>(R"("null")");
    if (fail((*job)->SetSink(name, rulert::FileFormat::Avro, log->Write(0)))) return;
  }
  const int code = (*job)->Run();
  const std::vector<uint64_t>& matches = (*job)->counters().matches;
  for (const size_t index : rules) {
    for (const rulert::EmitSpec& emit : spec_.rules[index].emits) {
      if (matches[static_cast<size_t>(emit.output)] > 0) covered_.emplace(index, emit.output);
    }
  }
  if (code == rulert::kExitEnvironment) run->error = "the job cannot run; `rulec run` tells why";
  for (const std::string& failure : (*job)->failures()) run->error = failure;
  for (const std::string& name : names) run->got[name] = Decode(OutputSchema(name), outputs[name]->Text(0));
}

std::vector<CoveredOutput> TestProgram::Coverage() const {
  std::vector<CoveredOutput> all;
  for (size_t i = 0; i < spec_.rules.size(); ++i) {
    const rulert::RuleSpec& rule = spec_.rules[i];
    std::set<int32_t> told;
    for (const rulert::EmitSpec& emit : rule.emits) {
      const rulert::OutputSpec& output = spec_.outputs[static_cast<size_t>(emit.output)];
      if (output.internal || !told.insert(emit.output).second) continue;
      all.push_back({QualifiedName(rule), rule.file, output.name, covered_.contains({i, emit.output})});
    }
  }
  return all;
}

}  // namespace rulec
