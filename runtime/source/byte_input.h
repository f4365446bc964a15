// The bytes of a file or pipe, seen through a window that moves forward.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/base/error.h"

namespace rulert {

struct ByteView {
  const uint8_t* bytes = nullptr;  // readable to bytes + size + RULERT_SLACK
  size_t size = 0;                 // less than asked for only if `ended`, or if no more is there at the moment
  bool ended = false;              // the input ends behind these bytes
};

class ByteInput {
 public:
  virtual ~ByteInput() = default;
  // The bytes from `offset` on, `want` of them if there are so many; does not wait for more. Valid until the next call.
  // A pipe cannot go back: `offset` must not be less than in the call before.
  virtual Result<ByteView> At(uint64_t offset, size_t want) = 0;
  // Did the file become shorter while it was read? Then zeros stand in for what is gone.
  virtual bool truncated() const { return false; }
  virtual bool can_go_back() const = 0;
  // A descriptor that is readable when At has more to give; -1 if there is nothing to wait for.
  virtual int wait_descriptor() const { return -1; }
  // Why the bytes end where they do, if that is not the end they were meant to have: compressed data that are cut or
  // damaged. To be asked when a view has ended.
  virtual Error failure() const { return {}; }
};

enum class Compression : uint8_t { None, Gzip, Zstandard };
// By the ending of a file's name: `.gz`, `.zst`.
Compression CompressionOf(std::string_view path);
// By the bytes that the file begins with; three are enough.
Compression CompressionOfStart(std::string_view bytes);
// Of a file that begins so and should not: how to have it unpacked. Empty if it is not compressed.
std::string PackedHint(std::string_view start);

// `path` is a file, or `-` for standard input. Regular files are mapped (a window of 4 MiB reads 1 GB in 0.11 s of CPU
// here, read() into 256 KiB in 0.13 s), all else is read.
Result<std::unique_ptr<ByteInput>> OpenByteInput(const std::string& path);
// For tests: always read().
Result<std::unique_ptr<ByteInput>> OpenPipedInput(const std::string& path);
// The bytes that `packed` is the compressed form of; offsets are those of the unpacked bytes. Gzip: members one behind
// the other; zstandard: frames, of a window of 128 MiB at most. `path` is for messages.
std::unique_ptr<ByteInput> UnpackInput(std::unique_ptr<ByteInput> packed, Compression compression,
                                       const std::string& path);

}  // namespace rulert
