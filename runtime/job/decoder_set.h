// The decoders of one stream: which one reads a block.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "runtime/abi/program.h"
#include "runtime/decode/decoder.h"
#include "runtime/job/options.h"
#include "runtime/source/source.h"

namespace rulert {

// How the records of one writer's schema are read.
struct BlockCode {
  avro::SchemaPtr writer;  // null for text
  RecordDecoderPtr decoder;
  const CodecModule* scan = nullptr;
  std::vector<uint64_t> present;  // a bit a slot: does the writer's schema have the field? empty: all
  int64_t version = 0;            // of the accepted versions; 0 if it is none of them
  std::string refusal;            // why it cannot be read; then there is no decoder
};

// For a writer's schema that was not met before: a decoder that was compiled for it, else one that is compiled now (if
// the job can), else the table-driven one. Owned by one shard; code and slots change between batches, which ends the
// life of every BlockCode.
class DecoderSet {
 public:
  // `stream` must outlive the set.
  DecoderSet(const StreamSpec* stream, int32_t stream_index, const DecoderOptions& options);

  // Takes the place of what there was for the same writer's schema.
  void AddDecoder(CodecModule decoder);
  void AddScan(CodecModule scan) { scans_.push_back(std::make_unique<CodecModule>(std::move(scan))); }

  // `slots` are to be filled. A scan is used only if it is of rule `scan_rule`.
  void Use(std::vector<int32_t> slots, int32_t scan_rule);
  // The code for Avro data of this schema; valid until the next Add or Use.
  BlockCode* For(const avro::SchemaDocument& writer);
  // A decoder for text; it fills the slots told to Use.
  Result<RecordDecoderPtr> MakeTextDecoder(BlockFormat format, const TextOptions& options) const;

 private:
  std::unique_ptr<BlockCode> Choose(const avro::SchemaDocument& writer);
  void ChooseDecoder(BlockCode* code);
  // Why data of this version are not to be read; empty if they may.
  std::string Refused(const avro::SchemaDocument& writer) const;
  void FindPresent(BlockCode* code) const;
  bool FillsAll(const CodecModule& decoder) const;

  // Constant after construction.
  const StreamSpec* stream_;
  int32_t stream_index_;
  DecoderOptions options_;
  avro::SchemaPtr reader_;                     // null if it does not parse
  std::vector<avro::SchemaPtr> accepted_;      // by VersionSpec; null where one does not parse
  std::vector<avro::SchemaPtr> not_accepted_;  // by StreamSpec::not_accepted
  // Changed between batches.
  std::vector<std::unique_ptr<CodecModule>> decoders_;
  std::vector<std::unique_ptr<CodecModule>> scans_;
  std::vector<int32_t> slots_;
  int32_t scan_rule_ = kNone;
  // Changed by For.
  std::vector<std::unique_ptr<CodecModule>> compiled_;  // at first sight
  std::vector<std::unique_ptr<BlockCode>> codes_;
};

}  // namespace rulert
