// Gzip and zstandard streams as bytes.
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>
#include <new>

#include "runtime/source/window_input.h"

namespace rulert {
namespace {

constexpr size_t kPackedWindow = size_t{256} << 10;
constexpr const char* kDamaged = "the compressed data are damaged";

// Takes packed bytes from another input and gives unpacked ones; what a library does with them is up to Unpack.
class UnpackedInput : public WindowInput {
 public:
  UnpackedInput(std::unique_ptr<ByteInput> packed, std::string path)
      : WindowInput(std::move(path)), packed_(std::move(packed)) {}
  bool truncated() const final { return packed_->truncated(); }
  int wait_descriptor() const final { return packed_->wait_descriptor(); }
  Error failure() const final { return failure_; }

 protected:
  struct Step {
    size_t taken = 0;
    size_t given = 0;
    const char* wrong = nullptr;
  };
  // Unpacks from `bytes` to `to`, which has room for kReadSize; takes nothing and gives nothing if more must come.
  virtual Step Unpack(const ByteView& bytes, uint8_t* to) = 0;
  // May the packed bytes end here?
  virtual bool AtEnd() const = 0;

 private:
  Result<Got> ReadTo(uint8_t* to) override {
    while (true) {
      const auto view = packed_->At(at_, kPackedWindow);
      if (!view.ok()) return view.error();
      if (view->size == 0 && !view->ended) return Got{};
      if (view->size == 0 && AtEnd()) return Got{0, true};
      const Step step = Unpack(*view, to);
      at_ += step.taken;
      if (step.wrong != nullptr) return Fail(step.wrong, step.given);
      if (step.given > 0) return Got{step.given, false};
      if (step.taken > 0) continue;
      if (!view->ended) return Got{};
      return Fail("the file ends inside its compressed data", 0);
    }
  }

  // What came before counts.
  Got Fail(const char* why, size_t given) {
    failure_ = Error::Data("`" + path() + "` at byte " + std::to_string(at_) + ": " + why);
    return {given, true};
  }

  std::unique_ptr<ByteInput> packed_;
  uint64_t at_ = 0;  // byte of the packed input
  Error failure_;
};

class GzipInput final : public UnpackedInput {
 public:
  GzipInput(std::unique_ptr<ByteInput> packed, std::string path) : UnpackedInput(std::move(packed), std::move(path)) {
    // 15: the largest window; 16: with gzip's head and checksum.
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  ~GzipInput() override { inflateEnd(&stream_); }
  GzipInput(const GzipInput&) = delete;
  GzipInput& operator=(const GzipInput&) = delete;

 private:
  bool AtEnd() const override { return between_members_ && members_ > 0; }

  Step Unpack(const ByteView& bytes, uint8_t* to) override {
    // Zeros behind a member pad the file to whole blocks of a tape.
    if (between_members_ && members_ > 0 && bytes.size > 0 && bytes.bytes[0] == 0) {
      const uint8_t* end = bytes.bytes + bytes.size;
      return {
          static_cast<size_t>(std::find_if(bytes.bytes, end, [](uint8_t byte) { return byte != 0; }) - bytes.bytes)};
    }
    stream_.next_in = const_cast<Bytef*>(bytes.bytes);  // zlib does not write there
    stream_.avail_in = static_cast<uInt>(bytes.size);
    stream_.next_out = to;
    stream_.avail_out = kReadSize;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    Step step{bytes.size - stream_.avail_in, kReadSize - stream_.avail_out,
              result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR ? nullptr : kDamaged};
    between_members_ = between_members_ && step.taken == 0;
    if (result == Z_STREAM_END) {
      ++members_;
      between_members_ = true;
      inflateReset(&stream_);
    }
    return step;
  }

  z_stream stream_{};
  uint64_t members_ = 0;
  bool between_members_ = true;
};

class ZstandardInput final : public UnpackedInput {
 public:
  ZstandardInput(std::unique_ptr<ByteInput> packed, std::string path)
      : UnpackedInput(std::move(packed), std::move(path)), stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw std::bad_alloc();
  }
  ~ZstandardInput() override { ZSTD_freeDStream(stream_); }
  ZstandardInput(const ZstandardInput&) = delete;
  ZstandardInput& operator=(const ZstandardInput&) = delete;

 private:
  bool AtEnd() const override { return between_frames_ && frames_ > 0; }

  Step Unpack(const ByteView& bytes, uint8_t* to) override {
    ZSTD_inBuffer in{bytes.bytes, bytes.size, 0};
    ZSTD_outBuffer out{to, kReadSize, 0};
    const size_t left = ZSTD_decompressStream(stream_, &out, &in);
    const char* wrong = ZSTD_isError(left) == 0 ? nullptr : kDamaged;
    if (ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge) {
      wrong = "the compressed data need a window of more than 128 MiB (`zstd --long=27` is the most)";
    }
    if (in.pos > 0 || out.pos > 0) between_frames_ = left == 0;
    if (left == 0) ++frames_;
    return {in.pos, out.pos, wrong};
  }

  ZSTD_DStream* stream_;
  uint64_t frames_ = 0;
  bool between_frames_ = true;
};

}  // namespace

std::unique_ptr<ByteInput> UnpackInput(std::unique_ptr<ByteInput> packed, Compression compression,
                                       const std::string& path) {
  switch (compression) {
    case Compression::None: break;
    case Compression::Gzip: return std::make_unique<GzipInput>(std::move(packed), path);
    case Compression::Zstandard: return std::make_unique<ZstandardInput>(std::move(packed), path);
  }
  return packed;
}

}  // namespace rulert
