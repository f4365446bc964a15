// The yardstick of `./dev bench`: what one would write by hand for exactly examples/large_trades, and nothing else.
//
//   handwritten_trades IN.avro OUT.avro LEAST_SIZE ABOVE_PRICE
//
// Reads a container of market.Trade (codec null, deflate, snappy or zstandard), keeps size >= LEAST_SIZE and price >
// ABOVE_PRICE, and writes `_meta` and five fields as the rule does. It knows the schema, the order of its fields and
// their usual lengths. It is honest about input: a record that could reach behind its block takes the careful path,
// which checks every step.
#include <fcntl.h>
#include <immintrin.h>
#include <libdeflate.h>
#include <snappy.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>
#include <zstd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr size_t kSync = 16;
// The fast path reads at most this much of a record: two strings under 64 bytes, four varints, a double, two enums.
constexpr size_t kFastRecord = 256;

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "handwritten_trades: %s\n", what);
  std::exit(1);
}

uint64_t Load64(const uint8_t* p) {
  uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}

constexpr uint64_t kStops = 0x8080808080808080u;

// A varint's bytes, when they are fewer than 9.
inline uint32_t VarintLength(uint64_t word) { return static_cast<uint32_t>(_tzcnt_u64(~word & kStops)) / 8 + 1; }

inline uint64_t VarintValue(uint64_t word) {
  const uint64_t stop = ~word & kStops;
  return _pext_u64(word & (stop ^ (stop - 1)), 0x7f7f7f7f7f7f7f7fu);
}

inline int64_t Unzigzag(uint64_t value) { return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1); }

// Any varint, with bounds; false if it is cut or too long.
bool CarefulVarint(const uint8_t*& p, const uint8_t* end, int64_t* out) {
  uint64_t value = 0;
  for (uint32_t shift = 0; shift < 70 && p < end; shift += 7) {
    const uint8_t byte = *p++;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      *out = Unzigzag(value);
      return true;
    }
  }
  return false;
}

struct Trade {
  std::string_view symbol;
  int64_t trade_id, executed_at, size;
  double price;
};

// Any record at all; null if it does not fit its block.
const uint8_t* CarefulTrade(const uint8_t* p, const uint8_t* end, Trade* trade) {
  int64_t length, venue, side;
  if (!CarefulVarint(p, end, &length) || length < 0 || length > end - p) return nullptr;
  trade->symbol = {reinterpret_cast<const char*>(p), static_cast<size_t>(length)};
  p += length;
  if (!CarefulVarint(p, end, &trade->trade_id) || !CarefulVarint(p, end, &trade->executed_at)) return nullptr;
  if (end - p < 8) return nullptr;
  std::memcpy(&trade->price, p, 8);
  p += 8;
  if (!CarefulVarint(p, end, &trade->size)) return nullptr;
  if (!CarefulVarint(p, end, &venue) || venue < 0 || venue > 7) return nullptr;
  if (!CarefulVarint(p, end, &side) || side < 0 || side > 1) return nullptr;
  if (!CarefulVarint(p, end, &length) || length < 0 || length > end - p) return nullptr;
  return p + length;
}

class Output {
 public:
  explicit Output(const char* path) : fd_(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644)) {
    if (fd_ < 0) Fail("the output cannot be opened");
    std::memcpy(sync_, "handwritten_sync", kSync);
    std::memcpy(identity_, kIdentity, sizeof(identity_));
    std::string head("Obj\1", 4);
    PutLong(head, 2);
    PutText(head, "avro.schema");
    PutText(head, kSchema);
    PutText(head, "avro.codec");
    PutText(head, "null");
    PutLong(head, 0);
    head.append(sync_, kSync);
    Write(head.data(), head.size());
  }

  void Emit(const Trade& trade, int64_t offset) {
    if (size_ > kBlock - 1024 - trade.symbol.size()) Flush();
    if (trade.symbol.size() > kBlock / 2) Fail("a symbol of more than 32 KiB");
    char* out = block_ + size_;
    std::memcpy(identity_ + sizeof(identity_) - 8, &offset, 8);
    const XXH128_hash_t hash = XXH3_128bits(identity_, sizeof(identity_));
    *out++ = 64;  // 32 characters
    out = PutHex(PutHex(out, hash.high64), hash.low64);
    std::memcpy(out, kMetaTail.data(), kMetaTail.size());
    out += kMetaTail.size();
    out = PutVarint(out, trade.executed_at);
    out = PutVarint(out, static_cast<int64_t>(trade.symbol.size()));
    std::memcpy(out, trade.symbol.data(), trade.symbol.size());
    out = PutVarint(out + trade.symbol.size(), trade.trade_id);
    std::memcpy(out, &trade.price, 8);
    out = PutVarint(out + 8, trade.size);
    out = PutVarint(out, trade.executed_at);
    size_ = static_cast<size_t>(out - block_);
    ++rows_;
  }

  void Flush() {
    if (rows_ == 0) return;
    char head[20];
    char* end = PutVarint(PutVarint(head, rows_), static_cast<int64_t>(size_));
    Write(head, static_cast<size_t>(end - head));
    std::memcpy(block_ + size_, sync_, kSync);
    Write(block_, size_ + kSync);
    size_ = 0;
    rows_ = 0;
  }

 private:
  static constexpr size_t kBlock = 64 * 1024;
  // What the rule's output has; tests/bench compares the records of both programs.
  static constexpr std::string_view kSchema =
      R"({"type":"record","name":"Alerts","namespace":"market.alerts","fields":[)"
      R"({"name":"_meta","type":{"type":"record","name":"AlertsMeta","fields":[)"
      R"({"name":"id","type":"string"},{"name":"rule","type":"string"},{"name":"version","type":"int"},)"
      R"({"name":"severity","type":["null","string"],"default":null},)"
      R"({"name":"key","type":["null","string"],"default":null},)"
      R"({"name":"time","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null}]}},)"
      R"({"name":"symbol","type":"string"},{"name":"trade_id","type":"long"},{"name":"price","type":"double"},)"
      R"({"name":"size","type":"long"},{"name":"executed_at","type":{"type":"long","logicalType":"timestamp-micros"}}]})";
  // The rule, version 1, severity "medium", no key, a time.
  static constexpr char kMetaBytes[] = "\x34market.alerts.large_trades\x02\x02\x0cmedium\x00\x02";
  static constexpr std::string_view kMetaTail{kMetaBytes, sizeof(kMetaBytes) - 1};
  // What `_meta.id` is a hash of: rule, stream, emit 0, an empty key, partition 0, offset; lengths before texts.
  static constexpr char kIdentity[] =
      "\x1a\0\0\0market.alerts.large_trades\x06\0\0\0trades\0\0\0\0\0\0\0\0\0\0\0\0offset__";

  static char* PutVarint(char* out, int64_t value) {
    uint64_t bits = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
    for (; bits >= 0x80; bits >>= 7) *out++ = static_cast<char>(bits | 0x80);
    *out++ = static_cast<char>(bits);
    return out;
  }
  static char* PutHex(char* out, uint64_t value) {
    for (int shift = 60; shift >= 0; shift -= 4) *out++ = "0123456789abcdef"[value >> shift & 15];
    return out;
  }
  static void PutLong(std::string& out, int64_t value) {
    char bytes[10];
    out.append(bytes, static_cast<size_t>(PutVarint(bytes, value) - bytes));
  }
  static void PutText(std::string& out, std::string_view text) {
    PutLong(out, static_cast<int64_t>(text.size()));
    out += text;
  }
  void Write(const char* bytes, size_t size) {
    while (size > 0) {
      const ssize_t wrote = write(fd_, bytes, size);
      if (wrote <= 0) Fail("the output cannot be written");
      bytes += wrote;
      size -= static_cast<size_t>(wrote);
    }
  }

  int fd_;
  char sync_[kSync];
  char identity_[sizeof(kIdentity) - 1];
  char block_[kBlock + kSync];
  size_t size_ = 0;
  int64_t rows_ = 0;
};

struct Filter {
  int64_t least_size;
  double above_price;
};

// Decodes the records of one block; false if one does not fit.
bool ScanBlock(const uint8_t* p, const uint8_t* end, int64_t records, int64_t offset, Filter filter, Output& output) {
  for (int64_t row = 0; row < records; ++row) {
    // The processor's own prefetcher stops at each page.
    _mm_prefetch(reinterpret_cast<const char*>(p + 2048), _MM_HINT_T0);
    if (end - p >= static_cast<ptrdiff_t>(kFastRecord)) [[likely]] {
      const uint8_t* at = p;
      const uint8_t symbol = *at;
      at += 1 + symbol / 2;
      // The lengths of these two hardly ever change, so a branch on the usual one lets the processor run ahead.
      const uint64_t id_word = Load64(at);
      if ((id_word & 0x80808080u) == 0x00808080u) [[likely]] {
        at += 4;
      } else {
        at += VarintLength(id_word);
      }
      const uint64_t time_word = Load64(at);
      const bool usual_time = (time_word & kStops) == (kStops >> 8);
      at += 16;  // the time's eight bytes, the price's eight
      const uint64_t size_word = Load64(at);
      const uint64_t size_stop = ~size_word & kStops;
      const uint8_t* enums = at + VarintLength(size_word);
      const uint8_t account = enums[2];
      const uint8_t odd = static_cast<uint8_t>((symbol | account) & 0x81) | (enums[0] & 0xf1) | (enums[1] & 0xfd);
      if (usual_time && (id_word & kStops) != kStops && size_stop != 0 && odd == 0) [[likely]] {
        p = enums + 3 + account / 2;
        double price;
        std::memcpy(&price, at - 8, 8);
        const int64_t size = Unzigzag(VarintValue(size_word));
        if ((size >= filter.least_size) & (price > filter.above_price)) [[unlikely]] {
          const Trade trade{{reinterpret_cast<const char*>(at - 16 - VarintLength(id_word) - symbol / 2), symbol / 2u},
                            Unzigzag(VarintValue(id_word)),
                            Unzigzag(VarintValue(time_word)),
                            size,
                            price};
          output.Emit(trade, offset + row);
        }
        continue;
      }
    }
    Trade trade;
    p = CarefulTrade(p, end, &trade);
    if (p == nullptr) return false;
    if (trade.size >= filter.least_size && trade.price > filter.above_price) output.Emit(trade, offset + row);
  }
  return p == end;
}

// The whole file, mapped: a tenth faster than read() into a buffer that fits the second-level cache. Nothing is read
// behind its end: the fast path asks for kFastRecord bytes within the block, and the sync marker stands behind it.
struct Input {
  const uint8_t* at;
  const uint8_t* end;
};

Input MapFile(const char* path) {
  const int fd = open(path, O_RDONLY);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0 || status.st_size == 0) Fail("the input cannot be opened, or is empty");
  const size_t size = static_cast<size_t>(status.st_size);
  void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (bytes == MAP_FAILED) Fail("the input cannot be mapped");
  madvise(bytes, size, MADV_SEQUENTIAL);
  const auto* begin = static_cast<const uint8_t*>(bytes);
  return {begin, begin + size};
}

// Unpacks blocks, each into the same memory. Blocks of this program's inputs unpack to less than 2 MiB.
class Unpacker {
 public:
  void set_codec(std::string_view codec) { codec_ = codec; }

  // The records of the block [p, p + size), as they were before they were packed.
  Input Unpack(const uint8_t* p, size_t size) {
    if (codec_ == "null") return {p, p + size};
    size_t unpacked = 0;
    if (codec_ == "deflate") {
      if (libdeflate_deflate_decompress(deflate_, p, size, out_.data(), kMost, &unpacked) != LIBDEFLATE_SUCCESS) {
        Fail("a block cannot be inflated");
      }
    } else if (codec_ == "snappy") {
      // The last four bytes are a checksum of the data.
      const char* packed = reinterpret_cast<const char*>(p);
      if (!snappy::GetUncompressedLength(packed, size - 4, &unpacked) || unpacked > kMost ||
          !snappy::RawUncompress(packed, size - 4, reinterpret_cast<char*>(out_.data()))) {
        Fail("a block cannot be unpacked");
      }
      uint32_t stored;
      std::memcpy(&stored, p + size - 4, 4);
      if (libdeflate_crc32(0, out_.data(), unpacked) != __builtin_bswap32(stored)) Fail("a wrong checksum");
    } else if (codec_ == "zstandard") {
      unpacked = ZSTD_decompressDCtx(zstandard_, out_.data(), kMost, p, size);
      if (ZSTD_isError(unpacked)) Fail("a block cannot be unpacked");
    } else {
      Fail("an unknown codec");
    }
    return {out_.data(), out_.data() + unpacked};
  }

 private:
  static constexpr size_t kMost = 2 << 20;
  std::string codec_ = "null";
  std::vector<uint8_t> out_ = std::vector<uint8_t>(kMost + kFastRecord);
  libdeflate_decompressor* deflate_ = libdeflate_alloc_decompressor();
  ZSTD_DCtx* zstandard_ = ZSTD_createDCtx();
};

// Steps over the header and returns its sync marker; the schema is taken to be the one this program knows.
const uint8_t* ReadHeader(Input& input, Unpacker& unpacker) {
  const uint8_t* p = input.at;
  const uint8_t* end = input.end;
  if (end - p < 4 || std::memcmp(p, "Obj\1", 4) != 0) Fail("not an Avro container");
  p += 4;
  bool codec_follows = false;
  for (int64_t entries = 0, length = 0; CarefulVarint(p, end, &entries) && entries > 0;) {
    for (int64_t part = 0; part < 2 * entries; ++part) {
      if (!CarefulVarint(p, end, &length) || length < 0 || length > end - p) Fail("a bad header");
      const std::string_view text(reinterpret_cast<const char*>(p), static_cast<size_t>(length));
      if (codec_follows) unpacker.set_codec(text);
      codec_follows = part % 2 == 0 && text == "avro.codec";
      p += length;
    }
  }
  if (end - p < static_cast<ptrdiff_t>(kSync)) Fail("a bad header");
  input.at = p + kSync;
  return p;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) Fail("usage: handwritten_trades IN.avro OUT.avro LEAST_SIZE ABOVE_PRICE");
  Input input = MapFile(argv[1]);
  static Output output(argv[2]);
  const Filter filter{std::atoll(argv[3]), std::atof(argv[4])};
  static Unpacker unpacker;
  const uint8_t* sync = ReadHeader(input, unpacker);
  int64_t records = 0;
  while (input.at < input.end) {
    int64_t count, size;
    if (!CarefulVarint(input.at, input.end, &count) || !CarefulVarint(input.at, input.end, &size) || count < 0) {
      Fail("a bad block");
    }
    if (size < 0 || size > input.end - input.at - static_cast<ptrdiff_t>(kSync)) Fail("the input is cut");
    const uint8_t* end = input.at + size;
    if (std::memcmp(end, sync, kSync) != 0) Fail("a wrong sync marker");
    const Input block = unpacker.Unpack(input.at, static_cast<size_t>(size));
    if (!ScanBlock(block.at, block.end, count, records, filter, output)) Fail("a malformed record");
    records += count;
    input.at = end + kSync;
  }
  output.Flush();
  std::fprintf(stderr, "%lld records\n", static_cast<long long>(records));
  return 0;
}
