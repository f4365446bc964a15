// A job: streams, rules and outputs of one program, run to the end of its inputs.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "runtime/abi/program.h"
#include "runtime/execute/counters.h"
#include "runtime/job/batch_results.h"
#include "runtime/job/options.h"
#include "runtime/job/outputs.h"
#include "runtime/job/progress.h"
#include "runtime/job/stream_runner.h"
#include "runtime/module/module.h"

namespace rulert {

// Exit codes, as docs of the command line have them.
enum : int { kExitDone = 0, kExitFindings = 1, kExitEnvironment = 3, kExitBug = 4 };

// A rule for a running job. Its indices are those of the job's program with what is added here behind it.
struct RuleUpdate {
  RuleSpec rule;
  std::vector<SlotSpec> added_slots;      // of the rule's stream
  std::vector<OutputSpec> added_outputs;  // go to standard output
  std::vector<EncoderSpec> added_encoders;
  std::vector<DecoderSpec> decoders;  // take the place of those for the same writer's schema
};

// Everything is called by one thread; rules are loaded and unloaded between steps. Modules live as long as something
// runs them, so the caller may drop its own references at once.
class Job {
 public:
  // Opens nothing; checks modules, params and indices.
  static Result<std::unique_ptr<Job>> Create(const ProgramSpec& program, const ModuleSet& modules, JobOptions options);
  ~Job();

  // Further partitions and sinks, beside those of the options; before the first step.
  Error AddSource(const std::string& stream, std::unique_ptr<Source> source, const TextOptions& text = {});
  Error SetSink(const std::string& output, FileFormat format, std::shared_ptr<Sink> sink);

  // Opens the inputs and outputs that the options name. Run does it by itself.
  Error Open();

  enum class Progress : uint8_t { Batch, Wait, End };
  // One batch, or one block read. Partitions take turns block by block: first by stream, then by partition. An error of
  // kind Data is kept for the end (see failures()), any other ends the job.
  Result<Progress> Step();
  // Shows what was written.
  Error Commit();
  // Steps to the end, commits, writes the summary. Returns the exit code.
  int Run();

  Error Load(const RuleUpdate& update, const ModuleSet& modules);
  // `name` with its package. Its code is gone when this returns, unless another rule runs it too.
  Error Unload(const std::string& name);

  const Counters& counters() const { return counters_; }
  const StreamSpec& stream(size_t index) const { return streams_[index]->spec(); }
  StreamRunner& runner(size_t index) { return *streams_[index]; }
  size_t output_count() const { return outputs_.size(); }
  // Of the job; PartitionWatermark::kNone if there is none.
  int64_t Watermark() const;
  // What ended a file early: that it was cut, for one.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  struct Lane {
    size_t stream;
    size_t partition;
    bool ended = false;
  };

  explicit Job(JobOptions options);
  Error AddCode(const ProgramSpec& program, const ModuleSet& modules);
  Error AddRule(const RuleSpec& spec, const ModuleSet& modules);
  Error Derive(const ProgramSpec& program);
  bool IsScannable(const RuleSpec& rule) const;
  std::string MisfitOfDerived(const RuleUpdate& update, const StreamRunner& stream) const;
  Error OpenInput(const std::string& given);
  Error CheckInputs() const;
  Error RunToEnd();
  void WaitForInput() const;
  int Finish(const Error& error, int64_t micros);
  void Say(const char* kind, const std::string& message) const;

  // Constant after Create.
  JobOptions options_;
  SystemClock system_clock_;
  const Clock* clock_;
  uint64_t key_seed_;
  // Changed between steps.
  Outputs outputs_;
  std::deque<ExecuteScratch> scratch_;  // by depth of streams
  Counters counters_;
  BatchResults results_;
  std::vector<std::unique_ptr<StreamRunner>> streams_;
  std::vector<OutputSpec> output_specs_;
  int32_t next_rule_id_ = 0;
  bool opened_ = false;
  bool reads_stdin_ = false;
  // Changed by Step.
  std::vector<Lane> lanes_;
  size_t lane_ = 0;
  std::vector<std::string> failures_;
};

}  // namespace rulert
