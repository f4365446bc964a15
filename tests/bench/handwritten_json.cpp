// The yardstick of JSON lines in `./dev bench`: simdjson's own ondemand loop over the fields that examples/large_trades
// reads, and nothing else.
//
//   handwritten_json IN.jsonl LEAST_SIZE ABOVE_PRICE
//
// Prints how many trades have size >= LEAST_SIZE and price > ABOVE_PRICE, with sums over them. One thread; simdjson
// finds the documents itself.
#include <fcntl.h>
#include <simdjson.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "handwritten_json: %s\n", what);
  std::exit(1);
}

// The file with simdjson's padding behind it: mapped over a reserved range that is longer.
std::string_view Map(const char* path) {
  const int fd = open(path, O_RDONLY);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0 || status.st_size == 0) Fail("the input cannot be opened, or is empty");
  const auto size = static_cast<size_t>(status.st_size);
  void* range = mmap(nullptr, size + 4096 + simdjson::SIMDJSON_PADDING, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (range == MAP_FAILED || mmap(range, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED) {
    Fail("the input cannot be mapped");
  }
  madvise(range, size, MADV_SEQUENTIAL);
  return {static_cast<const char*>(range), size};
}

struct Totals {
  int64_t trades = 0;
  int64_t kept = 0;
  int64_t sum = 0;
  size_t letters = 0;
};

void Read(simdjson::ondemand::document_reference trade, int64_t least_size, double above_price, Totals* totals) {
  std::string_view symbol;
  int64_t trade_id = 0;
  int64_t executed_at = 0;
  double price = 0;
  int64_t size = 0;
  if (trade["symbol"].get(symbol) || trade["trade_id"].get(trade_id) || trade["executed_at"].get(executed_at) ||
      trade["price"].get(price) || trade["size"].get(size)) {
    Fail("a malformed trade");
  }
  ++totals->trades;
  if (size < least_size || !(price > above_price)) return;
  ++totals->kept;
  totals->sum += trade_id + executed_at;
  totals->letters += symbol.size();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) Fail("usage: handwritten_json IN.jsonl LEAST_SIZE ABOVE_PRICE");
  const std::string_view text = Map(argv[1]);
  const int64_t least_size = std::atoll(argv[2]);
  const double above_price = std::atof(argv[3]);
  Totals totals;
  simdjson::ondemand::parser parser;
  parser.threaded = false;
  simdjson::ondemand::document_stream trades;
  constexpr size_t kBatch = size_t{1} << 20;  // simdjson's own choice
  if (parser.iterate_many(text.data(), text.size(), kBatch).get(trades)) Fail("the input is no JSON");
  for (auto trade : trades) Read(trade.value(), least_size, above_price, &totals);
  std::printf("{\"trades\": %lld, \"kept\": %lld, \"sum\": %lld, \"letters\": %zu}\n",
              static_cast<long long>(totals.trades), static_cast<long long>(totals.kept),
              static_cast<long long>(totals.sum), totals.letters);
  return 0;
}
