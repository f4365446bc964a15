// From the bytes of a block to the columns of a stream's slots, whatever the bytes are written in.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"
#include "runtime/source/source.h"

namespace rulert {

// What is lost with a record that can't be decoded.
enum class Loss : uint8_t {
  Record,  // it alone: text goes on with the next line
  Block,   // it and what follows in its block: nothing tells where the next record would begin
  Input    // the file cannot be read at all: a CSV header lacks a column that has to be there
};

// Why a record could not be decoded, for people.
struct DecodeProblem {
  Loss loss = Loss::Block;
  std::string cause;    // of few kinds, for counting: "malformed record"
  std::string message;  // lower case, no full stop: "`12x` is no number"
  std::string path;     // of the field in the stream's schema, `buyer.country`; empty if none is known
  bool cut = false;     // the input ends inside of the record
};

// One for a stream and shard (it keeps buffers, but nothing of the data), used for one block after the other.
class RecordDecoder {
 public:
  virtual ~RecordDecoder() = default;

  // Slots that it fills, in rising order. Others it leaves alone.
  virtual const std::vector<int32_t>& slots() const = 0;

  // A new block: called before the first Decode or Skip of it. `block` is valid as long as its bytes are.
  virtual void Begin(const Block& block) { (void)block; }

  // Decodes up to RULERT_BATCH_ROWS records from call->cursor on into call->columns and call->row_offsets. Lists,
  // records and texts that do not stand in the block as they are lie in call->arena, which is to be emptied between
  // two calls; other texts point into the block. All text is UTF-8.
  //
  // Afterwards `rows` rows are there and `cursor` is behind them. What `records` says:
  // - Avro: how many records the block still holds.
  // - text: 0 if the block is done, else kUnknownRecords. A block that is `open` may be done before its last byte:
  //   Source::Unread(cursor).
  // With an error the rows before it count. Avro: `cursor` is at the record in error and the rest of the block is lost.
  // Text: `cursor` is behind the record in error, which takes an offset of its own, and the next call goes on.
  // `rows` may be 0 without an error only if `records` is 0.
  virtual void Decode(rulert_decode* call) = 0;

  // Steps over at most `count` records, as far as they are sound; moves `cursor` and `records`. Returns how many.
  virtual uint64_t Skip(uint64_t count, rulert_decode* call) = 0;

  // What was wrong in the last call of Decode, if it ended with an error.
  virtual DecodeProblem Problem(const rulert_decode& call) const = 0;

  bool Fills(int32_t slot) const;
};

using RecordDecoderPtr = std::unique_ptr<RecordDecoder>;

// Steps over records of the writer's schema, as RecordDecoder::Skip tells.
uint64_t SkipAvro(const avro::Schema& writer, uint64_t count, rulert_decode* call);

// "a record ends behind the end of its block"
std::string_view DecodeErrorText(uint32_t error);
// "malformed record": the error as a cause of few kinds.
std::string_view DecodeErrorCause(uint32_t error);

}  // namespace rulert
