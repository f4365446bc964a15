#include <algorithm>
#include <cstring>
#include <optional>

#include "avro/container.h"
#include "avro/cursor.h"
#include "avro/number_text.h"

namespace avro {
namespace {

using ErrorKind = ContainerError::Kind;

constexpr std::string_view kMagic{"Obj\1", 4};

// Walks the bytes of a header. Every step tells apart "cut here" and "can never be right", so that a reader which
// holds only the beginning of a file knows whether more bytes would help.
class HeaderReader {
 public:
  HeaderReader(std::span<const uint8_t> bytes, KnownCodecs known) : bytes_(bytes), known_(known) {}

  ContainerError Read(ContainerHeader* header) {
    if (!ReadMagic() || !ReadMetadata() || !ReadSync(header)) return error_;
    if (!TakeCodec(header) || !TakeSchema(header)) return error_;
    header->size = at_;
    return {};
  }

 private:
  bool Fail(ErrorKind kind, std::string message, size_t at) {
    error_ = {kind, std::move(message), at};
    return false;
  }
  bool Cut() {
    const size_t size = bytes_.size();
    return Fail(ErrorKind::Cut, "the file ends inside its header (byte " + WithCommas(uint64_t{size}) + ")", size);
  }
  size_t left() const { return bytes_.size() - at_; }

  bool ReadMagic() {
    const size_t there = std::min(bytes_.size(), kMagic.size());
    if (std::memcmp(bytes_.data(), kMagic.data(), there) != 0) {
      return Fail(ErrorKind::BadMagic, "this is no Avro container file: it does not begin with `Obj` and a byte 1", 0);
    }
    if (there < kMagic.size()) return bytes_.empty() ? Fail(ErrorKind::Cut, "the file is empty", 0) : Cut();
    at_ = kMagic.size();
    return true;
  }

  bool ReadNumber(int64_t* value) {
    const uint8_t* at = bytes_.data() + at_;
    switch (ReadVarint(&at, bytes_.data() + bytes_.size(), value)) {
      case VarintResult::Ok: at_ = static_cast<size_t>(at - bytes_.data()); return true;
      case VarintResult::Cut: return Cut();
      case VarintResult::TooLong: break;
    }
    return Fail(ErrorKind::BadBlock,
                "the header has a number of more than 64 bits at byte " + WithCommas(uint64_t{at_}), at_);
  }

  bool ReadText(std::string_view* text) {
    const size_t start = at_;
    int64_t size = 0;
    if (!ReadNumber(&size)) return false;
    const std::string where = " at byte " + WithCommas(uint64_t{start});
    if (size < 0) {
      return Fail(ErrorKind::BadBlock, "the header has a text of negative length" + where, start);
    }
    if (size > kMaxHeaderBytes - static_cast<int64_t>(at_)) {
      return Fail(ErrorKind::TooLarge,
                  "the header has a text of " + WithCommas(size) + " bytes" + where + "; a header of at most " +
                      WithCommas(kMaxHeaderBytes) + " bytes is read",
                  start);
    }
    if (left() < static_cast<size_t>(size)) return Cut();
    *text = std::string_view(reinterpret_cast<const char*>(bytes_.data()) + at_, static_cast<size_t>(size));
    at_ += static_cast<size_t>(size);
    return true;
  }

  bool ReadEntry() {
    std::string_view key;
    std::string_view value;
    if (!ReadText(&key) || !ReadText(&value)) return false;
    if (key == "avro.schema") schema_ = value;
    if (key == "avro.codec") codec_ = value;
    return true;
  }

  bool ReadMetadata() {
    while (true) {
      const size_t start = at_;
      int64_t count = 0;
      if (!ReadNumber(&count)) return false;
      if (count == 0) return true;
      uint64_t entries = static_cast<uint64_t>(count);
      std::optional<size_t> end;
      if (count < 0) {
        entries = ~entries + 1;
        int64_t size = 0;
        if (!ReadNumber(&size)) return false;
        if (size < 0 || size > kMaxHeaderBytes) {
          return Fail(ErrorKind::BadBlock,
                      "the header's metadata say at byte " + WithCommas(uint64_t{start}) + " that they have " +
                          WithCommas(size) + " bytes",
                      start);
        }
        end = at_ + static_cast<size_t>(size);
      }
      for (; entries > 0; --entries) {
        if (!ReadEntry()) return false;
      }
      if (end && at_ != *end) {
        return Fail(ErrorKind::BadBlock,
                    "the header's metadata end at byte " + WithCommas(uint64_t{at_}) + ", but by their size at byte " +
                        WithCommas(uint64_t{*end}),
                    start);
      }
    }
  }

  bool ReadSync(ContainerHeader* header) {
    if (left() < kSyncSize) return Cut();
    std::memcpy(header->sync.data(), bytes_.data() + at_, kSyncSize);
    at_ += kSyncSize;
    return true;
  }

  bool TakeCodec(ContainerHeader* header) {
    const std::string_view name = !codec_ || codec_->empty() ? CodecName(Codec::Null) : *codec_;
    const bool all = known_ == KnownCodecs::All;
    const std::optional<Codec> codec = CodecByName(name);
    if (codec && (all || *codec <= Codec::Deflate)) {
      header->codec = *codec;
      return true;
    }
    constexpr size_t kShown = 40;
    const char* read = all ? "`null`, `deflate`, `snappy`, `zstandard`, `bzip2` and `xz`" : "`null` and `deflate`";
    return Fail(ErrorKind::UnknownCodec,
                "the blocks are compressed with `" + std::string(name.substr(0, kShown)) + "`; " + read + " are read",
                OffsetOf(*codec_));
  }

  bool TakeSchema(ContainerHeader* header) {
    if (!schema_) return Fail(ErrorKind::BadSchema, "the header has no `avro.schema`", kMagic.size());
    ParsedSchema parsed = ParseSchema(*schema_);
    header->schema = std::move(parsed.document);
    if (header->schema != nullptr) return true;
    const SchemaError& error = parsed.error;
    return Fail(ErrorKind::BadSchema,
                "the schema in the header is wrong in line " + std::to_string(error.line) + ", column " +
                    std::to_string(error.column) + ": " + error.message,
                OffsetOf(*schema_));
  }

  size_t OffsetOf(std::string_view part) const {
    return static_cast<size_t>(part.data() - reinterpret_cast<const char*>(bytes_.data()));
  }

  std::span<const uint8_t> bytes_;
  KnownCodecs known_;
  size_t at_ = 0;
  std::optional<std::string_view> schema_;
  std::optional<std::string_view> codec_;
  ContainerError error_;
};

}  // namespace

ContainerError ParseContainerHeader(std::span<const uint8_t> bytes, ContainerHeader* header, KnownCodecs known) {
  return HeaderReader(bytes, known).Read(header);
}

}  // namespace avro
