// Trades, containers of them, and a program over them whose modules are written by hand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "avro/container.h"
#include "runtime/abi/program.h"
#include "runtime/module/module.h"

namespace rulert {

struct Trade {
  std::string symbol;
  double price = 0;
  int64_t size = 1;
  int64_t at = 0;
  int32_t side = 0;
};

const std::string& TradeSchemaJson();
std::vector<uint8_t> EncodeTrade(const Trade& trade);
// A repeatable sequence: symbols S0 to S<symbols - 1>, prices 0 to 999.
std::vector<Trade> MakeTrades(size_t count, uint64_t seed, size_t symbols = 10);

// A container whose blocks hold `block_records` records each.
std::string MakeContainer(const std::vector<Trade>& trades, size_t block_records,
                          avro::Codec codec = avro::Codec::Null);
inline constexpr avro::Sync kTestSync = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 200};

// Sanitizers keep freed memory and start slowly, so limits on memory and time say nothing under them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// A directory of its own for a test, removed with all its files.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& content) const;
  std::vector<std::string> Names() const;

 private:
  std::string path_;
};
std::string ReadFile(const std::string& path);

// Program and modules: stream `trades`, output `alerts` { symbol, price }, rule `market.large` (see trade_code.h) with
// the param `least`, decoder and encoder; the scan too if asked for.
struct TradeProgram {
  ProgramSpec spec;
  ModuleSet modules;
};
TradeProgram MakeTradeProgram(bool with_scan);
ModulePtr CodeOf(uint32_t kind, void* function, uint32_t flags = 0);
RuleSpec LargeRule(const std::string& name, double least);
// market.count: stateful; output 1, `counts` { symbol, n }, must be added.
RuleSpec CountRule();
OutputSpec CountsOutput();
// What `market.large` must emit of the trades, as JSON lines without `_meta`.
std::string ExpectedAlerts(const std::vector<Trade>& trades, double least);
// Takes `"_meta":{…},` out of each line.
std::string WithoutMeta(const std::string& lines);

}  // namespace rulert
