// Where records come from: one partition of a stream, read block by block.
#pragma once

#include <cstdint>
#include <string>

#include "avro/schema.h"
#include "runtime/base/error.h"

namespace rulert {

// A place between two records of a partition. `byte` is where the block begins that holds the next record, `skip` how
// many records of that block come before it; `offset` is the next record's offset in the partition.
struct SourcePosition {
  uint64_t file = 0;  // number of the file in the partition; 0 for what has no files
  uint64_t byte = 0;
  uint64_t skip = 0;
  int64_t offset = 0;
  bool operator==(const SourcePosition&) const = default;
};

// How the records of a block are written.
enum class BlockFormat : uint8_t { Avro, JsonLines, Csv };

// Of text, whose records are not counted before they are decoded: the block is done when all of its bytes are.
inline constexpr uint64_t kUnknownRecords = UINT64_MAX;

// Records as they were written, one behind the other. Valid until the next Read or Seek of the source it came from.
//
// A block of text begins with a record's first byte. JSON lines: whole lines; the last one of an input may lack its
// newline. CSV: if `open`, the block may end inside a record, since only who decodes it can tell where one ends; what
// Source::Decoded says to be left begins the next block.
struct Block {
  const uint8_t* bytes = nullptr;  // readable to bytes + size + RULERT_SLACK
  uint64_t size = 0;
  uint64_t records = 0;      // or kUnknownRecords
  uint64_t skip = 0;         // records at its start that a Seek asked to leave out
  int64_t first_offset = 0;  // of its first record, skipped ones included
  bool cut = false;          // the input ends inside the block: fewer records than `records` may be there
  bool compressed = false;   // bytes do not stand in the file as they are here
  uint64_t file_byte = 0;    // where the block's payload begins in the file
  const std::string* file = nullptr;
  const avro::SchemaDocument* writer = nullptr;  // null for text
  BlockFormat format = BlockFormat::Avro;
  bool open = false;
  // JSON lines: the input ends with this block, and its last line has no end: an object that is not closed there was
  // cut.
  bool unended = false;
  // CSV: the header record of the file, without byte order mark and line end; null if it has none. The same pointer as
  // long as the file is the same.
  const std::string* header = nullptr;
  // Where each record begins, and behind them the size, if something besides decoding tells it: a record in error does
  // not take those behind it along, and one that does not end where the next begins is in error.
  const uint32_t* starts = nullptr;
  uint32_t gap = 0;  // with starts: bytes that stand before each record in the file, and not here
  // Where record number `record` of the block stands in the file; with starts only.
  uint64_t ByteOf(uint64_t record) const { return file_byte + starts[record] + record * gap; }
};

// Something wrong with the input that does not end it.
struct SourceProblem {
  std::string cause;  // of few kinds, for counting: "damaged block"
  std::string message;
  std::string file;
  uint64_t byte = 0;
  int64_t offset = 0;    // of the first record lost
  uint64_t records = 0;  // lost, as far as that is known
  bool damage = true;    // of the input: the job's exit code tells of it; a bad record alone does not
};

enum class ReadKind : uint8_t {
  Block,
  Wait,        // nothing at the moment (or paused); ask again
  Problem,     // reading goes on behind it
  FileFailed,  // the rest of the file is lost, as `problem` tells; reading goes on with the next one
  Failed,      // reading does not go on
  End
};

struct ReadResult {
  ReadKind kind = ReadKind::End;
  Block block;
  SourceProblem problem;
  Error error;
};

// Owned and called by one thread. A checkpoint holds position() of each partition.
class Source {
 public:
  virtual ~Source() = default;
  // The next block. *result is reused from call to call.
  virtual void Read(ReadResult* result) = 0;
  // Called for each block of text before the next Read: its first `bytes` bytes were `records` records (bad ones
  // count). Less than the block's size is said of `open` blocks only. Where it is 0, the next block is longer than this
  // one was.
  virtual void Decoded(uint64_t bytes, uint64_t records) {
    (void)bytes;
    (void)records;
  }
  // A descriptor that becomes readable when a source that answered Wait has more; -1: ask again after a while.
  virtual int wait_descriptor() const { return -1; }
  // Behind the last block read.
  virtual SourcePosition position() const = 0;
  virtual Error Seek(const SourcePosition& position) = 0;
  // While paused, Read answers Wait.
  virtual void Pause() = 0;
  virtual void Resume() = 0;
  // Called after the records of a block were looked at: were its bytes what the input holds?
  virtual Error Verify() const { return {}; }
  // The rest of the file is not to be read: the next Read tells of `problem` and goes on behind it. False if the source
  // has no files.
  virtual bool LeaveFile(SourceProblem problem) {
    (void)problem;
    return false;
  }
};

}  // namespace rulert
