// Avro object container files: https://avro.apache.org/docs/1.11.1/specification/#object-container-files
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"

namespace avro {

inline constexpr size_t kSyncSize = 16;
using Sync = std::array<uint8_t, kSyncSize>;

enum class Codec : uint8_t { Null, Deflate, Snappy, Zstandard, Bzip2, Xz };
std::string_view CodecName(Codec codec);  // as `avro.codec` has it: "zstandard"
std::optional<Codec> CodecByName(std::string_view name);

struct ContainerHeader {
  SchemaPtr schema;
  Codec codec = Codec::Null;
  Sync sync{};
  size_t size = 0;  // bytes of the header, sync included: where the first block begins
};

// Why a container could not be read further, and at which byte of the file.
struct ContainerError {
  enum class Kind : uint8_t {
    None,
    Cut,
    BadMagic,
    BadSchema,
    UnknownCodec,
    BadBlock,
    BadSync,
    BadCompression,
    TooLarge
  };
  Kind kind = Kind::None;
  std::string message;
  uint64_t byte = 0;
  explicit operator bool() const { return kind != Kind::None; }
};

inline constexpr int64_t kMaxBlockBytes = int64_t{256} << 20;
inline constexpr int64_t kMaxHeaderBytes = int64_t{32} << 20;

// What the caller can unpack: an Inflater `NullAndDeflate`, a Decompressor `All`. Other codecs are an error.
enum class KnownCodecs : uint8_t { NullAndDeflate, All };
// Parses the header at the start of `bytes`. `Cut` with byte == bytes.size() means: give more, if there is more.
ContainerError ParseContainerHeader(std::span<const uint8_t> bytes, ContainerHeader* header,
                                    KnownCodecs known = KnownCodecs::NullAndDeflate);

// The head of one block: how many records, and where its (possibly compressed) bytes stand.
struct BlockHead {
  int64_t records = 0;
  int64_t size = 0;      // bytes of the payload, as stored
  size_t head_size = 0;  // bytes of the two varints before it
};
// `at` is the file offset of bytes[0], for messages. Block size limit: 256 MiB.
ContainerError ParseBlockHead(std::span<const uint8_t> bytes, uint64_t at, BlockHead* head);

// What to say of a block whose payload or sync marker is cut short: `have` of the `want` bytes are there. Blocks are
// counted from 1; `at` is the file offset of the block's first byte.
ContainerError CutBlock(uint64_t block, uint64_t at, uint64_t have, uint64_t want);
// What to say of a block that another marker follows than the header's; `at` is the file offset of that marker.
ContainerError WrongSync(uint64_t block, uint64_t at);

// Inflates one block's payload into `out`, of which out.size() bytes are filled, with at least `slack` more
// readable (zeroed) bytes reserved behind them. Refuses results over 256 MiB.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ContainerError Inflate(std::span<const uint8_t> payload, uint64_t at, size_t slack, std::vector<uint8_t>* out,
                         size_t* out_size);

 private:
  void* decompressor_;
};

class Compressor;

// Writes a container into memory, block by block. The caller takes bytes() and clears it whenever it likes.
class ContainerWriter {
 public:
  // `sync` is given by the caller, so that equal input gives equal files.
  ContainerWriter(std::string_view schema_json, Codec codec, const Sync& sync);
  ~ContainerWriter();
  ContainerWriter(const ContainerWriter&) = delete;
  ContainerWriter& operator=(const ContainerWriter&) = delete;

  // Appends encoded records to the open block, which is closed once it holds `kBlockTarget` bytes.
  void Append(std::span<const uint8_t> encoded, uint64_t records);
  // Closes the open block, if it holds anything.
  void Flush();
  std::string& bytes() { return bytes_; }

  static constexpr size_t kBlockTarget = 64 * 1024;

 private:
  std::string bytes_;
  std::vector<uint8_t> block_;
  uint64_t block_records_ = 0;
  Codec codec_;
  Sync sync_;
  std::unique_ptr<Compressor> compressor_;  // null for Codec::Null
};

}  // namespace avro
