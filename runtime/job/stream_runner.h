// One stream of a job: its partitions, the code that reads their records, and the rules that run over them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/abi/program.h"
#include "runtime/decode/decoder.h"
#include "runtime/execute/counters.h"
#include "runtime/execute/rule_set.h"
#include "runtime/job/batch_results.h"
#include "runtime/job/decoder_set.h"
#include "runtime/job/derived_stream.h"
#include "runtime/source/source.h"
#include "runtime/time/watermark.h"

namespace rulert {

enum class StepKind : uint8_t {
  Batch,     // a batch was done, the block goes on
  BlockEnd,  // the last batch of a block was done, or something was reported in place of a block
  Wait,
  End,  // the partition has ended
};

// Owned by one shard. Rules and code change between steps only.
class StreamRunner final : private RowFinder {
 public:
  StreamRunner(StreamSpec spec, int32_t index, BatchResults* results, Counters* counters, uint64_t key_seed,
               const DecoderOptions& options);

  // The stream's events are the rows of an output: `depth`, `has_time` as DerivedStream takes them.
  DerivedReader* DeriveFrom(const OutputSpec& output, size_t depth, bool has_time);

  const StreamSpec& spec() const { return spec_; }
  size_t depth() const { return depth_; }
  size_t rule_count() const { return rules_.size(); }
  size_t partition_count() const { return partitions_.size(); }
  Source& source(size_t partition) { return *partitions_[partition].source; }
  bool is_waiting(size_t partition) const { return partitions_[partition].waiting; }
  int64_t watermark(size_t partition) const { return partitions_[partition].watermark.value(); }

  void AddPartition(std::unique_ptr<Source> source, const TextOptions& text);
  // Slots are only ever added.
  void AddSlots(const std::vector<SlotSpec>& added);
  // Takes the place of what there was for the same writer's schema.
  void SetDecoder(CodecModule decoder);
  void AddScan(CodecModule scan);
  // `id` is what scans refer to; `scannable`: a scan may run in its place.
  void AddRule(std::unique_ptr<RuleInstance> rule, int32_t id, bool scannable);
  bool RemoveRule(const std::string& qualified_name);
  bool HasRule(const std::string& qualified_name) const { return rules_.Has(qualified_name); }

  // Reads a block or runs one batch of the block at hand. An error of kind Data ends a file (or a partition without
  // files) and nothing else.
  Result<StepKind> Step(size_t partition);

 private:
  struct Partition {
    Partition(std::unique_ptr<Source> from, uint32_t partition_number, int64_t bound, const TextOptions& text_options)
        : source(std::move(from)), number(partition_number), watermark(bound), text(text_options) {}
    std::unique_ptr<Source> source;
    uint32_t number;
    PartitionWatermark watermark;
    TextOptions text;
    ReadResult read;
    BlockCursor cursor;
    bool in_block = false;
    bool waiting = false;
    bool ended = false;
    // The code for this block; null until looked up, and after code or rules changed.
    BlockCode* code = nullptr;
    bool begun = false;  // its decoder knows of the block
    const avro::SchemaDocument* writer = nullptr;
    BlockCode text_code;
  };

  Error ReadBlock(Partition& partition, StepKind* kind);
  Error TellProblem(const Partition& partition, bool warn);
  Error LeaveFile(Partition& partition, Error error);
  Error ChooseCode(Partition& partition);
  Error RunBatch(Partition& partition);
  Error RunScan(Partition& partition, rulert_decode* call);
  Error Decode(Partition& partition, rulert_decode* call);
  Error RunRules(Partition& partition, const rulert_decode& call);
  Error EndBlock(Partition& partition);
  Error Refuse(Partition& partition);
  Error Malformed(Partition& partition, const DecodeProblem& problem, uint64_t byte, uint64_t lost);
  void CheckStarts(const Partition& partition, rulert_decode* call, DecodeProblem* problem);
  Error AfterError(Partition& partition, const rulert_decode& call, const DecodeProblem& problem);
  void CodeChanged();
  BatchContext ContextOf(const Partition& partition) const;
  void FindRows(BatchContext* context) override;

  // Constant after construction.
  BatchResults* results_;
  Counters* counters_;
  // Changed between steps.
  StreamSpec spec_;
  RuleSet rules_;
  DecoderSet decoders_;
  std::unique_ptr<DerivedStream> derived_;  // null if the stream has sources
  size_t depth_ = 0;
  bool has_time_;
  bool scannable_ = false;
  bool code_changed_ = true;
  // Changed by Step.
  std::vector<Partition> partitions_;
  BatchColumns columns_;
  BatchArena arena_;         // of decoders
  rulert_decode scanned_{};  // the scan call at hand, as it was before the call
  const Partition* scanned_partition_ = nullptr;
};

}  // namespace rulert
