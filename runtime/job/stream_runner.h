// One stream of a job: its partitions, the code that reads their records, and the rules that run over them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/abi/program.h"
#include "runtime/decode/decoder.h"
#include "runtime/execute/counters.h"
#include "runtime/execute/rule_instance.h"
#include "runtime/job/batch_results.h"
#include "runtime/source/source.h"
#include "runtime/state/key_directory.h"
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
  StreamRunner(StreamSpec spec, BatchResults* results, Counters* counters, uint64_t key_seed);

  const StreamSpec& spec() const { return spec_; }
  size_t rule_count() const { return rules_.size(); }
  size_t partition_count() const { return partitions_.size(); }
  Source& source(size_t partition) { return *partitions_[partition].source; }
  int64_t watermark(size_t partition) const { return partitions_[partition].watermark.value(); }

  void AddPartition(std::unique_ptr<Source> source);
  // Slots are only ever added.
  void AddSlots(const std::vector<SlotSpec>& added);
  // Takes the place of what there was for the same writer's schema.
  void SetDecoder(CodecModule decoder);
  void AddScan(CodecModule scan) { scans_.push_back(std::move(scan)); }
  // `id` is what scans refer to. Fails if a decoder in place does not fill a slot that the rule reads.
  Error AddRule(std::unique_ptr<RuleInstance> rule, int32_t id);
  bool RemoveRule(const std::string& qualified_name);
  bool HasRule(const std::string& qualified_name) const;

  // Reads a block or runs one batch of the block at hand. An error of kind Data ends the partition and nothing else.
  Result<StepKind> Step(size_t partition);

 private:
  struct Partition {
    Partition(std::unique_ptr<Source> from, uint32_t partition_number, int64_t bound)
        : source(std::move(from)), number(partition_number), watermark(bound) {}
    std::unique_ptr<Source> source;
    uint32_t number;
    PartitionWatermark watermark;
    ReadResult read;
    BlockCursor cursor;
    bool in_block = false;
    bool ended = false;
    // The code for this writer's schema; null until looked up, and after code or rules changed.
    const avro::SchemaDocument* writer = nullptr;
    const CodecModule* decoder = nullptr;
    const CodecModule* scan = nullptr;
  };
  struct Running {
    std::unique_ptr<RuleInstance> rule;
    int32_t id;
    std::shared_ptr<Locator> locator;  // shared by rules with the same key; null if not needed
    size_t entries = 0;                // index into entries_
  };

  Error ReadBlock(Partition& partition, StepKind* kind);
  Error ChooseCode(Partition& partition);
  Error RunBatch(Partition& partition);
  Error RunScan(Partition& partition, rulert_decode* call, const rulert_batch& batch);
  Error RunRules(Partition& partition, rulert_decode* call, rulert_batch* batch);
  Error EndBlock(Partition& partition, const rulert_decode& call);
  Error Malformed(Partition& partition, const rulert_decode& call);
  void RulesChanged();
  void FindRows(BatchContext* context) override;

  // Constant after construction.
  BatchResults* results_;
  Counters* counters_;
  uint64_t key_seed_;
  // Changed between steps.
  StreamSpec spec_;
  std::vector<std::unique_ptr<CodecModule>> decoders_;
  std::vector<CodecModule> scans_;
  std::vector<Running> rules_;
  std::vector<Locator*> locators_;  // each once
  // Changed by Step.
  std::vector<Partition> partitions_;
  BatchColumns columns_;
  std::vector<const uint32_t*> entries_;  // by locator
  rulert_decode scanned_{};               // the scan call at hand, as it was before the call
  const Partition* scanned_partition_ = nullptr;
};

}  // namespace rulert
