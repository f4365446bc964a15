#include "runtime/job/job.h"

#include <poll.h>
#include <sys/random.h>

#include <algorithm>
#include <limits>

#include "runtime/base/stop_signal.h"
#include "runtime/job/open_source.h"

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
    streams_.push_back(std::make_unique<StreamRunner>(stream, static_cast<int32_t>(streams_.size()), &results_,
                                                      &counters_, key_seed_, options_.decoders));
  }
  if (Error error = Derive(program)) return error;
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
  StreamRunner& stream = *streams_[static_cast<size_t>(spec.stream)];
  auto rule = RuleInstance::Create(spec, output_specs_, *module, options_.params, &scratch_[stream.depth()]);
  if (!rule.ok()) return rule.error();
  stream.AddRule(std::move(*rule), next_rule_id_++, IsScannable(spec));
  return {};
}

// May a scan run in place of the rule? Not where a stream is derived from an output of it.
bool Job::IsScannable(const RuleSpec& rule) const {
  if (RuleInstance::SharesOutput(rule)) return false;
  return std::none_of(streams_.begin(), streams_.end(), [&](const auto& stream) {
    return std::any_of(rule.emits.begin(), rule.emits.end(),
                       [&](const EmitSpec& emit) { return emit.output == stream->spec().output; });
  });
}

// How far each stream is from a source, and whether its rows have a time: those of all rules that give them.
Error Job::Derive(const ProgramSpec& program) {
  std::vector<size_t> depths(program.streams.size(), 0);
  std::vector<bool> timed;
  for (const StreamSpec& stream : program.streams) timed.push_back(stream.output != kNone || stream.time_slot != kNone);
  bool changed = true;
  for (size_t round = 0; changed; ++round) {
    if (round > program.streams.size() + 1) return Error::Environment("a derived stream leads back to itself");
    changed = false;
    for (size_t i = 0; i < program.streams.size(); ++i) {
      for (const RuleSpec& rule : program.rules) {
        const auto from = static_cast<size_t>(rule.stream);
        const bool gives = std::any_of(rule.emits.begin(), rule.emits.end(), [&](const EmitSpec& emit) {
          return program.streams[i].output != kNone && emit.output == program.streams[i].output;
        });
        if (!gives || (depths[i] > depths[from] && timed[i] <= timed[from])) continue;
        depths[i] = std::max(depths[i], depths[from] + 1);
        timed[i] = timed[i] && timed[from];
        changed = true;
      }
    }
  }
  scratch_.resize(depths.empty() ? 1 : *std::max_element(depths.begin(), depths.end()) + 2);
  for (size_t i = 0; i < streams_.size(); ++i) {
    const StreamSpec& stream = program.streams[i];
    if (stream.output == kNone) continue;
    const auto output = static_cast<size_t>(stream.output);
    if (output >= output_specs_.size()) return Error::Environment("stream `" + stream.name + "` reads no output");
    if (const std::string wrong = DerivedStream::Misfit(stream, output_specs_[output]); !wrong.empty()) {
      return Error::Environment("stream `" + stream.name + "`: " + wrong);
    }
    // One that no rule gives rows to yet is one step behind the sources.
    const size_t depth = std::max<size_t>(depths[i], 1);
    results_.AddReader(output, streams_[i]->DeriveFrom(output_specs_[output], depth, timed[i]));
  }
  return {};
}

Error Job::AddSource(const std::string& stream, std::unique_ptr<Source> source, const TextOptions& text) {
  for (size_t i = 0; i < streams_.size(); ++i) {
    if (streams_[i]->spec().name != stream || streams_[i]->spec().output != kNone) continue;
    lanes_.push_back({i, streams_[i]->partition_count()});
    streams_[i]->AddPartition(std::move(source), text);
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
  std::vector<const StreamSpec*> specs;
  for (const auto& stream : streams_) {
    if (stream->spec().output != kNone) continue;
    names.push_back(stream->spec().name);
    specs.push_back(&stream->spec());
  }
  const auto named = ParseNamedUri(given, names, "--in", "stream", names.size() == 1);
  if (!named.ok()) return named.error();
  auto opened = OpenSource(named->uri, *specs[named->index], options_);
  if (!opened.ok()) return opened.error();
  for (const std::string& path : opened->paths) {
    if (path == "-" && reads_stdin_) return Error::Environment("--in " + given + ": standard input is read already");
    reads_stdin_ |= path == "-";
    outputs_.KeepInput(path);
  }
  return AddSource(names[named->index], std::move(opened->source), opened->text);
}

Error Job::CheckInputs() const {
  for (const auto& stream : streams_) {
    if (stream->partition_count() > 0 || stream->rule_count() == 0 || stream->spec().output != kNone) continue;
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
  return outputs_.OpenRest();
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

// The least of all partitions that go on.
int64_t Job::Watermark() const {
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const Lane& lane : lanes_) {
    if (!lane.ended) least = std::min(least, streams_[lane.stream]->watermark(lane.partition));
  }
  return least == std::numeric_limits<int64_t>::max() ? PartitionWatermark::kNone : least;
}

Error Job::Commit() { return outputs_.Commit(); }

// Until one of the inputs that wait has more, or for a tenth of a second.
void Job::WaitForInput() const {
  constexpr int kMost = 100;
  constexpr int kWithoutDescriptor = 5;
  int timeout = kMost;
  std::vector<pollfd> ready;
  for (const Lane& lane : lanes_) {
    if (lane.ended) continue;
    const int descriptor = streams_[lane.stream]->source(lane.partition).wait_descriptor();
    if (descriptor < 0) timeout = kWithoutDescriptor;
    ready.push_back({descriptor, POLLIN, 0});
  }
  if (StopSignal() == 0) poll(ready.data(), ready.size(), timeout);
}

Error Job::RunToEnd() {
  ProgressLine line(options_.progress, options_.log, clock_);
  if (Error error = Open()) return error;
  while (StopSignal() == 0) {
    const auto progress = Step();
    if (!progress.ok()) return progress.error();
    if (*progress == Progress::End) break;
    line.Tick(counters_, [this] { return Watermark(); });
    if (*progress == Progress::Wait) {
      if (Error error = outputs_.Flush()) return error;
      WaitForInput();
    }
  }
  return Commit();
}

int Job::Run() {
  const int64_t start = clock_->SteadyMicros();
  const Error error = RunToEnd();
  return Finish(error, clock_->SteadyMicros() - start);
}

int Job::Finish(const Error& error, int64_t micros) {
  if (error && error.kind() != ErrorKind::Closed) {
    outputs_.Abort();
    Say("error", error.message());
    return kExitEnvironment;
  }
  if (options_.log != nullptr) {
    std::vector<std::string> names;
    for (const OutputSpec& output : output_specs_) names.push_back(output.internal ? "" : output.name);
    WriteSummary(counters_, names, micros, options_.log);
  }
  for (const std::string& failure : failures_) Say("error", failure);
  // That nobody reads any more is no failure, and nothing to tell of where nothing else was written.
  if (!error) {
    for (const std::string& closed : outputs_.closed()) Say("note", closed + "; all else is written");
  }
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
  if (const std::string wrong = MisfitOfDerived(update, stream); !wrong.empty()) return refuse(wrong);
  auto made = RuleInstance::Create(rule, output_specs, *module, options_.params, &scratch_[stream.depth()]);
  if (!made.ok()) return made.error();

  stream.AddSlots(update.added_slots);
  for (CodecModule& decoder : decoders) stream.SetDecoder(std::move(decoder));
  stream.AddRule(std::move(*made), next_rule_id_++, IsScannable(rule));
  for (size_t i = 0; i < encoders.size(); ++i) outputs_.Add(update.added_outputs[i], encoders[i]);
  output_specs_ = std::move(output_specs);
  counters_.matches.resize(output_specs_.size());
  return opened_ ? outputs_.OpenRest() : Error();
}

// What keeps a rule from joining streams that are derived from outputs; empty if nothing does.
std::string Job::MisfitOfDerived(const RuleUpdate& update, const StreamRunner& stream) const {
  for (const EmitSpec& emit : update.rule.emits) {
    for (const auto& reader : streams_) {
      if (reader->spec().output != emit.output || reader->depth() > stream.depth()) continue;
      return "what it emits is read by stream `" + reader->spec().name + "`, which it comes after";
    }
  }
  if (stream.spec().output == kNone) return "";
  StreamSpec grown = stream.spec();
  grown.slots.insert(grown.slots.end(), update.added_slots.begin(), update.added_slots.end());
  return DerivedStream::Misfit(grown, output_specs_[static_cast<size_t>(grown.output)]);
}

Error Job::Unload(const std::string& name) {
  for (const auto& stream : streams_) {
    if (stream->RemoveRule(name)) return {};
  }
  return Error::Environment("there is no rule `" + name + "`");
}

}  // namespace rulert
