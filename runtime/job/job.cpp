#include "runtime/job/job.h"

#include <signal.h>
#include <sys/random.h>

#include <algorithm>

#include "runtime/base/stop_signal.h"
#include "runtime/source/avro_file_source.h"

namespace rulert {
namespace {

uint64_t RandomSeed() {
  uint64_t seed = 0;
  if (getrandom(&seed, sizeof seed, 0) != static_cast<ssize_t>(sizeof seed)) return 0x9E3779B97F4A7C15u;
  return seed;
}

bool IsIndex(int32_t index, size_t size) { return index >= 0 && static_cast<size_t>(index) < size; }

bool AreIndices(const std::vector<int32_t>& indices, size_t size) {
  return std::all_of(indices.begin(), indices.end(), [size](int32_t index) { return IsIndex(index, size); });
}

ModulePtr NoModule() { return nullptr; }

Result<ModulePtr> EncoderOf(size_t output, const std::vector<EncoderSpec>& encoders, const ModuleSet& modules) {
  for (const EncoderSpec& encoder : encoders) {
    if (encoder.output == static_cast<int32_t>(output)) return modules.Find(encoder.module, RULERT_MODULE_ENCODER);
  }
  return NoModule();
}

}  // namespace

Job::Job(JobOptions options)
    : options_(std::move(options)),
      clock_(options_.clock != nullptr ? options_.clock : &system_clock_),
      key_seed_(options_.key_seed != 0 ? options_.key_seed : RandomSeed()),
      results_(&outputs_, &counters_, options_.log) {}

Job::~Job() = default;

Result<std::unique_ptr<Job>> Job::Create(const ProgramSpec& program, const ModuleSet& modules, JobOptions options) {
  std::unique_ptr<Job> job(new Job(std::move(options)));
  if (Error error = CheckOverrides(program.rules, job->options_.params)) return error;
  if (Error error = job->AddCode(program, modules)) return error;
  return job;
}

Error Job::AddCode(const ProgramSpec& program, const ModuleSet& modules) {
  for (size_t i = 0; i < program.outputs.size(); ++i) {
    auto encoder = EncoderOf(i, program.encoders, modules);
    if (!encoder.ok()) return encoder.error();
    outputs_.Add(program.outputs[i], *encoder);
  }
  output_specs_ = program.outputs;
  counters_.matches.resize(program.outputs.size());
  for (const StreamSpec& stream : program.streams) {
    streams_.push_back(std::make_unique<StreamRunner>(stream, &results_, &counters_, key_seed_));
  }
  for (const DecoderSpec& spec : program.decoders) {
    auto decoder = MakeDecoder(spec, modules);
    if (!decoder.ok()) return decoder.error();
    streams_[static_cast<size_t>(spec.stream)]->SetDecoder(std::move(*decoder));
  }
  for (const ScanSpec& spec : program.scans) {
    auto scan = MakeScan(spec, modules);
    if (!scan.ok()) return scan.error();
    streams_[static_cast<size_t>(spec.stream)]->AddScan(std::move(*scan));
  }
  for (const RuleSpec& rule : program.rules) {
    if (Error error = AddRule(rule, modules)) return error;
  }
  return {};
}

Error Job::AddRule(const RuleSpec& spec, const ModuleSet& modules) {
  auto module = modules.Find(spec.module, RULERT_MODULE_RULE);
  if (!module.ok()) return module.error();
  auto rule = RuleInstance::Create(spec, output_specs_, *module, options_.params, &scratch_);
  if (!rule.ok()) return rule.error();
  return streams_[static_cast<size_t>(spec.stream)]->AddRule(std::move(*rule), next_rule_id_++);
}

Error Job::AddSource(const std::string& stream, std::unique_ptr<Source> source) {
  for (size_t i = 0; i < streams_.size(); ++i) {
    if (streams_[i]->spec().name != stream) continue;
    lanes_.push_back({i, streams_[i]->partition_count()});
    streams_[i]->AddPartition(std::move(source));
    std::stable_sort(lanes_.begin(), lanes_.end(), [](const Lane& a, const Lane& b) { return a.stream < b.stream; });
    return {};
  }
  return Error::Environment("there is no stream `" + stream + "`");
}

Error Job::SetSink(const std::string& output, FileFormat format, std::shared_ptr<Sink> sink) {
  return outputs_.SetSink(output, format, std::move(sink));
}

Error Job::OpenInput(const std::string& given) {
  std::vector<std::string> names;
  for (const auto& stream : streams_) names.push_back(stream->spec().name);
  const auto named = ParseNamedUri(given, names, "--in", "stream", names.size() == 1);
  if (!named.ok()) return named.error();
  const FileFormat avro = FileFormat::Avro;
  const auto uri = ParseFileUri(named->uri, &avro);
  if (!uri.ok()) return uri.error();
  if (uri->format != FileFormat::Avro) {
    return Error::Environment("--in " + given +
                              ": only Avro container files are read; JSON lines are not an input yet");
  }
  auto paths = ExpandPath(uri->path);
  if (!paths.ok()) return paths.error();
  for (const std::string& path : *paths) outputs_.KeepInput(path);
  auto source = AvroFileSource::Open(std::move(*paths));
  if (!source.ok()) return source.error();
  return AddSource(names[named->index], std::move(*source));
}

Error Job::CheckInputs() const {
  for (const auto& stream : streams_) {
    if (stream->partition_count() > 0 || stream->rule_count() == 0) continue;
    const std::string& name = stream->spec().name;
    return Error::Environment("stream `" + name + "` has no input: add `--in " + name + "=FILE`");
  }
  return {};
}

Error Job::Open() {
  if (opened_) return {};
  opened_ = true;
  for (const std::string& given : options_.inputs) {
    if (Error error = OpenInput(given)) return error;
  }
  if (Error error = CheckInputs()) return error;
  for (const std::string& given : options_.outputs) {
    if (Error error = outputs_.Open(given)) return error;
  }
  outputs_.OpenRest();
  return {};
}

Result<Job::Progress> Job::Step() {
  if (!opened_) {
    if (Error error = Open()) return error;
  }
  bool waiting = false;
  for (size_t tried = 0; tried < lanes_.size(); ++tried) {
    Lane& lane = lanes_[lane_];
    const size_t next = lane_ + 1 < lanes_.size() ? lane_ + 1 : 0;
    if (lane.ended) {
      lane_ = next;
      continue;
    }
    const auto step = streams_[lane.stream]->Step(lane.partition);
    if (!step.ok()) {
      if (step.error().kind() != ErrorKind::Data) return step.error();
      failures_.push_back(step.error().message());
      lane.ended = true;
      lane_ = next;
      return Progress::Batch;
    }
    if (*step == StepKind::Batch) return Progress::Batch;
    lane_ = next;
    if (*step == StepKind::BlockEnd) return Progress::Batch;
    lane.ended = *step == StepKind::End;
    waiting |= *step == StepKind::Wait;
  }
  return waiting ? Progress::Wait : Progress::End;
}

Error Job::Commit() { return outputs_.Commit(); }

Error Job::RunToEnd() {
  ProgressLine line(options_.progress, options_.log, clock_);
  if (Error error = Open()) return error;
  while (StopSignal() == 0) {
    const auto progress = Step();
    if (!progress.ok()) return progress.error();
    if (*progress == Progress::End) break;
    line.Tick(counters_);
    if (*progress == Progress::Wait) {
      if (Error error = outputs_.Flush()) return error;
    }
  }
  return Commit();
}

int Job::Run() {
  const int64_t start = clock_->SteadyMicros();
  const Error error = RunToEnd();
  const int64_t micros = clock_->SteadyMicros() - start;
  if (error && error.kind() != ErrorKind::Closed) {
    outputs_.Abort();
    Say("error", error.message());
    return kExitEnvironment;
  }
  // What is left goes nowhere when the reader of an output went away; the other outputs keep what they have.
  if (error && outputs_.Commit()) outputs_.Abort();
  if (options_.log != nullptr) {
    std::vector<std::string> names;
    for (const OutputSpec& output : output_specs_) names.push_back(output.name);
    WriteSummary(counters_, names, micros, options_.log);
  }
  for (const std::string& failure : failures_) Say("error", failure);
  if (const int signal = StopSignal()) return 128 + signal;
  return failures_.empty() && counters_.damaged_blocks == 0 ? kExitDone : kExitFindings;
}

void Job::Say(const char* kind, const std::string& message) const {
  if (options_.log != nullptr) std::fprintf(options_.log, "%s: %s\n", kind, message.c_str());
}

Error Job::Load(const RuleUpdate& update, const ModuleSet& modules) {
  const RuleSpec& rule = update.rule;
  const std::string name = rule.package.empty() ? rule.name : rule.package + "." + rule.name;
  const auto refuse = [&](const std::string& why) {
    return Error::Environment("cannot load rule `" + name + "`: " + why);
  };
  if (!IsIndex(rule.stream, streams_.size())) return refuse("its stream is not part of the job");
  StreamRunner& stream = *streams_[static_cast<size_t>(rule.stream)];
  const size_t slots = stream.spec().slots.size() + update.added_slots.size();
  const size_t outputs = output_specs_.size() + update.added_outputs.size();
  if (!AreIndices(rule.slots, slots) || !AreIndices(rule.key_slots, slots)) return refuse("a slot is out of range");
  for (const EmitSpec& emit : rule.emits) {
    if (!IsIndex(emit.output, outputs)) return refuse("an output is out of range");
  }
  for (const auto& each : streams_) {
    if (each->HasRule(name)) return refuse("a rule of that name is running");
  }
  // Everything that can fail comes before anything that changes.
  std::vector<CodecModule> decoders;
  for (const DecoderSpec& spec : update.decoders) {
    if (spec.stream != rule.stream || !AreIndices(spec.slots, slots))
      return refuse("a decoder does not fit its stream");
    auto decoder = MakeDecoder(spec, modules);
    if (!decoder.ok()) return decoder.error();
    decoders.push_back(std::move(*decoder));
  }
  auto module = modules.Find(rule.module, RULERT_MODULE_RULE);
  if (!module.ok()) return module.error();
  std::vector<ModulePtr> encoders;
  for (size_t i = 0; i < update.added_outputs.size(); ++i) {
    auto encoder = EncoderOf(output_specs_.size() + i, update.added_encoders, modules);
    if (!encoder.ok()) return encoder.error();
    encoders.push_back(*encoder);
  }
  std::vector<OutputSpec> output_specs = output_specs_;
  output_specs.insert(output_specs.end(), update.added_outputs.begin(), update.added_outputs.end());
  auto made = RuleInstance::Create(rule, output_specs, *module, options_.params, &scratch_);
  if (!made.ok()) return made.error();

  stream.AddSlots(update.added_slots);
  for (CodecModule& decoder : decoders) stream.SetDecoder(std::move(decoder));
  if (Error error = stream.AddRule(std::move(*made), next_rule_id_++)) return error;
  for (size_t i = 0; i < encoders.size(); ++i) outputs_.Add(update.added_outputs[i], encoders[i]);
  if (opened_) outputs_.OpenRest();
  output_specs_ = std::move(output_specs);
  counters_.matches.resize(output_specs_.size());
  return {};
}

Error Job::Unload(const std::string& name) {
  for (const auto& stream : streams_) {
    if (stream->RemoveRule(name)) return {};
  }
  return Error::Environment("there is no rule `" + name + "`");
}

}  // namespace rulert
