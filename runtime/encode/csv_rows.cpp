#include "runtime/encode/csv_rows.h"

#include "runtime/encode/json_value.h"
#include "runtime/record/cell.h"

namespace rulert {

CsvRows::CsvRows(const OutputSpec& output, CsvStyle style) : style_(std::move(style)), types_(OutputTypes(output)) {
  if (output.meta) {
    for (const OutputField& field : MetaFields()) names_.push_back("_meta." + field.name);
  }
  for (const OutputField& field : output.fields) names_.push_back(field.name);
}

void CsvRows::AppendCell(std::string_view text) {
  const char special[] = {style_.delimiter, '"', '\n', '\r'};
  if (!text.empty() && text.find_first_of(std::string_view(special, sizeof special)) == std::string_view::npos) {
    buffer_ += text;
    return;
  }
  buffer_ += '"';
  for (size_t from = 0; from <= text.size();) {
    const size_t quote = text.find('"', from);
    buffer_ += text.substr(from, quote == std::string_view::npos ? quote : quote + 1 - from);
    if (quote == std::string_view::npos) break;
    buffer_ += '"';
    from = quote + 1;
  }
  buffer_ += '"';
}

Error CsvRows::Begin(Sink& sink) {
  if (!style_.header) return {};
  buffer_.clear();
  for (size_t i = 0; i < names_.size(); ++i) {
    if (i != 0) buffer_ += style_.delimiter;
    AppendCell(names_[i]);
  }
  buffer_ += '\n';
  return sink.Write(buffer_, 0);
}

Error CsvRows::Write(const rulert_column* columns, uint32_t rows, Sink& sink) {
  buffer_.clear();
  for (uint32_t row = 0; row < rows; ++row) {
    for (size_t i = 0; i < types_.size(); ++i) {
      if (i != 0) buffer_ += style_.delimiter;
      if (!IsValid(columns[i], row)) {
        if (style_.null_text) buffer_ += *style_.null_text;
        continue;
      }
      const void* cell = CellOf(columns[i], types_[i].width, row);
      text_.clear();
      AppendPlainText(types_[i], cell, &text_);
      // A value that looks like null is told from it by its quotes.
      if (style_.null_text && text_ == *style_.null_text) {
        buffer_ += '"' + text_ + '"';
      } else {
        AppendCell(text_);
      }
    }
    buffer_ += '\n';
  }
  return sink.Write(buffer_, rows);
}

}  // namespace rulert
