// Runs generated decoders over the blocks of a source.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"
#include "runtime/abi/program.h"
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
  // Takes over how far a call got.
  void Advance(const rulert_decode& call);
};

// Steps over the records that a Seek left out.
void SkipRecords(BlockCursor* cursor);

// "a record ends behind the end of its block"
std::string_view DecodeErrorText(uint32_t error);
// "malformed record": the error as a cause of few kinds.
std::string_view DecodeErrorCause(uint32_t error);

// The first difference in layout between what a file was written with and what a stream reads: "`price`: the file has
// double, the stream reads long"; empty if there is none that this finds.
std::string FirstDifference(const avro::Schema& writer, const avro::Schema& reader);

}  // namespace rulert
