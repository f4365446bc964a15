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

struct Reader {
  rulert::CsvForm form;
  rulert::RecordDecoderPtr decoder;
  rulert::RecordDecoderPtr other;
};

std::vector<Reader> MakeReaders(const rulert::FuzzRows& rows, const rulert::FuzzRows& again) {
  std::vector<Reader> readers;
  for (const char delimiter : {',', ';'}) {
    for (const auto& null_text : {std::optional<std::string>(), std::optional<std::string>("NA")}) {
      const rulert::CsvForm form{delimiter, null_text};
      readers.push_back({form, rows.Csv(form), again.Csv(form)});
    }
  }
  return readers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  static rulert::FuzzRows rows;
  static rulert::FuzzRows again;
  static const std::vector<Reader> readers = MakeReaders(rows, again);
  const Reader& reader = readers[data[0] % readers.size()];
  const auto& [delimiter, null_text] = reader.form;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string header = rows.CsvHeader(delimiter);
  const auto read = rows.Read(*reader.decoder, text, &header);
  const Count slow = Slow(text, delimiter, rows.slots().size());
  if (read.rows + read.errors != slow.good + slow.bad || read.rows > slow.good) std::abort();
  if (read.rows > RULERT_BATCH_ROWS) return 0;
  const auto written = rows.Write(*reader.decoder, text, &header, {delimiter, false, null_text});
  const auto second = again.Read(*reader.other, written.csv, &header);
  if (second.errors != 0 || second.json != written.json) std::abort();
  return 0;
}
