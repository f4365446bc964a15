// A byte that chooses delimiter and null, and any text as CSV: as many rows and errors as letter by letter; and what is
// written of the rows reads back as the same.
#include <cstdlib>

#include "runtime/decode/csv_decoder.h"
#include "runtime/decode/fuzz_fixture.h"
#include "runtime/decode/slow_csv_fixture.h"

namespace {

struct Count {
  size_t good = 0;  // of as many cells as there are columns
  size_t bad = 0;
};

Count Slow(std::string_view text, char delimiter, size_t columns) {
  Count count;
  rulert::SlowCsv slow(text, delimiter);
  for (rulert::SlowCsvRecord record; slow.Next(&record);) {
    const bool cells = record.kind == rulert::SlowCsvRecord::Kind::Cells;
    if (cells && record.cells.size() == 1 && record.cells[0].text.empty() && !record.cells[0].quoted) continue;
    ++(cells && record.cells.size() == columns ? count.good : count.bad);
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const char delimiter = data[0] % 2 == 0 ? ',' : ';';
  const std::optional<std::string> null_text = data[0] % 4 < 2 ? std::nullopt : std::optional<std::string>("NA");
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  static rulert::FuzzRows rows;
  static rulert::FuzzRows again;
  const rulert::CsvForm form{delimiter, null_text};
  const auto decoder = rows.Csv(form);
  const auto other = again.Csv(form);
  const std::string header = rows.CsvHeader(delimiter);
  const auto read = rows.Read(*decoder, text, &header);
  const Count slow = Slow(text, delimiter, rows.slots().size());
  if (read.rows + read.errors != slow.good + slow.bad || read.rows > slow.good) std::abort();
  if (read.rows > RULERT_BATCH_ROWS) return 0;
  const auto written = rows.Write(*decoder, text, &header, {delimiter, false, null_text});
  const auto second = again.Read(*other, written.csv, &header);
  if (second.errors != 0 || second.json != written.json) std::abort();
  return 0;
}
