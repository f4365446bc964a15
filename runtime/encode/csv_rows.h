// CSV as RFC 4180 has it (docs/formats/csv.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/encode/row_writer.h"

namespace rulert {

struct CsvStyle {
  char delimiter = ',';
  bool header = true;
  std::optional<std::string> null_text;  // what stands for null; else an empty cell without quotes
};

// A header and a record a row, lines ended by LF. The columns of `_meta` are called `_meta.id` and so on; lists, maps,
// records and unions are JSON texts.
class CsvRows final : public RowWriter {
 public:
  CsvRows(const OutputSpec& output, CsvStyle style);
  Error Begin(Sink& sink) override;
  Error Write(const rulert_column* columns, uint32_t rows, Sink& sink) override;

 private:
  // `text` as a cell.
  void AppendCell(std::string_view text);

  CsvStyle style_;
  std::vector<CellType> types_;
  std::vector<std::string> names_;
  std::string text_;
  std::string buffer_;
};

}  // namespace rulert
