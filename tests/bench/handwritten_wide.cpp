// The yardstick of `./dev bench` for a wide record of which little is read.
//
//   handwritten_wide IN.avro LEAST
//
// Reads a container (codec null) whose records have 200 fields: long, string, double, int and a nullable long, forty
// times over. Counts the records whose first long is at least LEAST, and adds up their field 100 (a long) and the
// lengths of their field 196 (a string). It steps over everything else by the types it knows. Each step is bounded:
// a record that could reach behind its block takes the careful path.
#include <fcntl.h>
#include <immintrin.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int kGroups = 40;
constexpr int kSumGroup = 20;   // field 100
constexpr int kTextGroup = 39;  // field 196
constexpr size_t kSync = 16;
// Ten bytes a number, a string of at most 63 bytes: what the fast path reads of a record at most.
constexpr ptrdiff_t kFastRecord = kGroups * (3 * 10 + 1 + 8 + 64);

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "handwritten_wide: %s\n", what);
  std::exit(1);
}

struct Reader {
  const uint8_t* at;
  const uint8_t* end;
};

inline uint64_t Load64(const uint8_t* p) {
  uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}

// Numbers of up to eight bytes in one step; longer ones byte by byte.
template <bool kChecked>
inline uint64_t ReadBits(Reader& in) {
  if constexpr (!kChecked) {
    const uint64_t word = Load64(in.at);
    const uint64_t stop = ~word & 0x8080808080808080u;
    if (stop != 0) [[likely]] {
      in.at += _tzcnt_u64(stop) / 8 + 1;
      return _pext_u64(word & (stop ^ (stop - 1)), 0x7f7f7f7f7f7f7f7fu);
    }
  }
  uint64_t value = 0;
  for (uint32_t shift = 0; shift < 70; shift += 7) {
    if (in.at >= in.end) Fail("a cut record");
    const uint8_t byte = *in.at++;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  Fail("a bad number");
}

inline int64_t Unzigzag(uint64_t bits) { return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1); }

template <bool kChecked>
inline void SkipNumber(Reader& in) {
  if constexpr (!kChecked) {
    const uint64_t stop = ~Load64(in.at) & 0x8080808080808080u;
    if (stop != 0) [[likely]] {
      in.at += _tzcnt_u64(stop) / 8 + 1;
      return;
    }
  }
  ReadBits<true>(in);
}

template <bool kChecked>
inline uint64_t SkipString(Reader& in) {
  const int64_t length = Unzigzag(ReadBits<kChecked>(in));
  if (length < 0 || length > in.end - in.at) Fail("a bad length");
  in.at += length;
  return static_cast<uint64_t>(length);
}

struct Totals {
  int64_t kept = 0;
  int64_t sum = 0;
  uint64_t letters = 0;
};

template <bool kChecked>
void ReadRecord(Reader& in, int64_t least, Totals& totals) {
  int64_t first = 0, middle = 0;
  uint64_t letters = 0;
  for (int group = 0; group < kGroups; ++group) {
    if (group == 0) {
      first = Unzigzag(ReadBits<kChecked>(in));
    } else if (group == kSumGroup) {
      middle = Unzigzag(ReadBits<kChecked>(in));
    } else {
      SkipNumber<kChecked>(in);
    }
    const uint64_t length = SkipString<kChecked>(in);
    if (group == kTextGroup) letters = length;
    if (kChecked && in.end - in.at < 8) Fail("a cut record");
    in.at += 8;
    SkipNumber<kChecked>(in);
    const uint64_t branch = ReadBits<kChecked>(in);
    if (branch > 2) Fail("a bad branch");
    if (branch == 2) SkipNumber<kChecked>(in);
  }
  if (first < least) return;
  ++totals.kept;
  totals.sum += middle;
  totals.letters += letters;
}

Reader Map(const char* path) {
  const int fd = open(path, O_RDONLY);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0 || status.st_size == 0) Fail("the input cannot be opened, or is empty");
  void* bytes = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
  if (bytes == MAP_FAILED) Fail("the input cannot be mapped");
  madvise(bytes, static_cast<size_t>(status.st_size), MADV_SEQUENTIAL);
  const auto* begin = static_cast<const uint8_t*>(bytes);
  return {begin, begin + status.st_size};
}

void SkipHeader(Reader& file) {
  if (file.end - file.at < 4 || std::memcmp(file.at, "Obj\1", 4) != 0) Fail("not an Avro container");
  file.at += 4;
  for (int64_t entries; (entries = Unzigzag(ReadBits<true>(file))) > 0;) {
    for (int64_t part = 0; part < 2 * entries; ++part) SkipString<true>(file);
  }
  file.at += kSync;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) Fail("usage: handwritten_wide IN.avro LEAST");
  Reader file = Map(argv[1]);
  const int64_t least = std::atoll(argv[2]);
  SkipHeader(file);
  Totals totals;
  while (file.at < file.end) {
    const int64_t records = Unzigzag(ReadBits<true>(file));
    const int64_t size = Unzigzag(ReadBits<true>(file));
    if (size < 0 || size > file.end - file.at - static_cast<ptrdiff_t>(kSync)) Fail("the input is cut");
    Reader block{file.at, file.at + size};
    for (int64_t row = 0; row < records; ++row) {
      _mm_prefetch(reinterpret_cast<const char*>(block.at + 4096), _MM_HINT_T0);
      if (block.end - block.at >= kFastRecord) [[likely]] {
        ReadRecord<false>(block, least, totals);
      } else {
        ReadRecord<true>(block, least, totals);
      }
    }
    if (block.at != block.end) Fail("a malformed block");
    file.at = block.end + kSync;
  }
  std::printf("{\"kept\": %lld, \"sum\": %lld, \"letters\": %llu}\n", static_cast<long long>(totals.kept),
              static_cast<long long>(totals.sum), static_cast<unsigned long long>(totals.letters));
  return 0;
}
