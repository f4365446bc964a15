// Decoders that were compiled, and where in a block a batch stands.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"
#include "runtime/abi/program.h"
#include "runtime/decode/record_decoder.h"
#include "runtime/module/module.h"
#include "runtime/record/column_buffer.h"
#include "runtime/source/source.h"

namespace rulert {

// The columns of a stream's batch, by slot, and where each row begins. One for a stream and shard, used for one batch
// after the other.
class BatchColumns {
 public:
  // Makes room for all slots; columns of slots that stay keep their place.
  void Resize(const std::vector<SlotSpec>& slots);
  const rulert_column* columns() const { return columns_.data(); }
  uint32_t* row_offsets() { return row_offsets_.data(); }

 private:
  ColumnPool pool_;
  std::vector<rulert_column> columns_;
  std::vector<uint32_t> row_offsets_ = std::vector<uint32_t>(RULERT_BATCH_ROWS);
};

// A decoder or scan module, and the writer's schema that it was made for.
struct CodecModule {
  ModulePtr module;
  avro::SchemaPtr writer;
  std::vector<int32_t> slots;            // that a decoder fills
  std::vector<std::string> field_paths;  // by rulert_decode::error_field
  int32_t rule = kNone;                  // of a scan: index into ProgramSpec::rules
};
Result<CodecModule> MakeDecoder(const DecoderSpec& spec, const ModuleSet& modules);
Result<CodecModule> MakeScan(const ScanSpec& spec, const ModuleSet& modules);

// Drives a generated decoder. `code` must outlive it.
class ModuleDecoder final : public RecordDecoder {
 public:
  explicit ModuleDecoder(const CodecModule* code) : code_(code) {}
  const std::vector<int32_t>& slots() const override { return code_->slots; }
  void Decode(rulert_decode* call) override { code_->module->function<rulert_decode_fn>()(call); }
  uint64_t Skip(uint64_t count, rulert_decode* call) override;
  DecodeProblem Problem(const rulert_decode& call) const override;

 private:
  const CodecModule* code_;
};

// Where in a block the next batch begins.
struct BlockCursor {
  Block block;
  uint64_t cursor = 0;
  uint64_t records = 0;  // left
  int64_t offset = 0;    // of the next record in the partition

  void Begin(const Block& next);
  bool done() const { return records == 0; }
  // The call for the next batch; the caller adds where to write.
  rulert_decode NextCall() const;
  // Takes over how far a call got; `loss` is that of its error, if it ended with one.
  void Advance(const rulert_decode& call, Loss loss = Loss::Block);
  // The same after Skip.
  void AdvanceSkipped(const rulert_decode& call, uint64_t skipped);
};

// Steps over the records that a Seek left out.
void SkipRecords(BlockCursor* cursor);
void SkipRecords(RecordDecoder& decoder, BlockCursor* cursor);

// The first difference in layout between what a file was written with and what a stream reads: "`price`: the file has
// double, the stream reads long"; empty if there is none that this finds.
std::string FirstDifference(const avro::Schema& writer, const avro::Schema& reader);

}  // namespace rulert
