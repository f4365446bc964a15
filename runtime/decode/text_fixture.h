// Text to columns and back to text, as a job does it from a source's block to a sink.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "runtime/decode/csv_decoder.h"
#include "runtime/decode/decode_fixture.h"
#include "runtime/decode/json_decoder.h"
#include "runtime/encode/csv_rows.h"
#include "runtime/encode/row_writer.h"

namespace rulert {

class TextSink final : public Sink {
 public:
  Error Write(std::string_view bytes, uint64_t) override {
    text += bytes;
    return {};
  }
  Error Prepare(uint64_t) override { return {}; }
  Error Commit(uint64_t) override { return {}; }
  void Abort(uint64_t) override {}
  std::string text;
};

// All fields of a schema as columns (those that rules can read as a whole), or the slots given.
class TextRows {
 public:
  explicit TextRows(const std::string& schema, std::vector<SlotSpec> slots = {})
      : TextRows(ParseOrDie(schema), std::move(slots)) {}
  explicit TextRows(avro::SchemaPtr schema, std::vector<SlotSpec> slots = {})
      : schema_(std::move(schema)), slots_(std::move(slots)) {
    if (slots_.empty()) slots_ = SlotChooser().Choose(schema_->root());
    for (size_t i = 0; i < slots_.size(); ++i) columns_.push_back(pool_.Get(i, slots_[i].column.nullable));
    output_.name = "o";
    output_.meta = false;
    for (const SlotSpec& slot : slots_) output_.fields.push_back({slot.path, slot.column});
    // Only fields that are columns: the writers tell units of time by the schema of the same fields.
    if (output_.fields.size() == schema_->root().fields.size()) output_.schema_json = schema_->text();
  }

  RecordDecoderPtr Json() const {
    auto made = JsonDecoder::Make(schema_, slots_, AllOf(slots_));
    if (!made.ok()) ADD_FAILURE() << made.error().message();
    return std::move(*made);
  }
  RecordDecoderPtr Csv(CsvForm form) const {
    auto made = CsvDecoder::Make(schema_, slots_, AllOf(slots_), std::move(form));
    if (!made.ok()) ADD_FAILURE() << made.error().message();
    return std::move(*made);
  }

  struct Outcome {
    size_t rows = 0;
    std::vector<DecodeProblem> errors;
  };
  // Up to a batch of rows, which stay in the columns; what comes behind a record in error follows the rows before it.
  Outcome Read(RecordDecoder& decoder, const std::string& text, const std::string* header = nullptr,
               uint64_t records = kUnknownRecords) {
    Outcome outcome;
    text_ = text;
    text_.resize(text.size() + RULERT_SLACK, '\xAA');
    Block block;
    block.bytes = reinterpret_cast<const uint8_t*>(text_.data());
    block.size = text.size();
    block.records = records;
    block.header = header;
    decoder.Begin(block);
    arena_.Reset();
    rulert_decode call{};
    call.bytes = block.bytes;
    call.size = block.size;
    call.records = records;
    call.columns = columns_.data();
    call.row_offsets = offsets_.data();
    call.host = ArenaHost();
    call.arena = &arena_;
    while (call.records > 0) {
      decoder.Decode(&call);
      outcome.rows += call.rows;
      if (call.error == RULERT_DECODE_OK) {
        EXPECT_EQ(call.records, 0u) << "more than a batch";
        break;
      }
      outcome.errors.push_back(decoder.Problem(call));
      if (outcome.errors.back().loss != Loss::Record) break;
    }
    rows_ = call.rows;
    return outcome;
  }

  // The rows of the last Read that had no error behind them.
  std::string WriteJson() {
    TextSink sink;
    EXPECT_FALSE(JsonRows(output_, JsonRows::Shape::Bare).Write(columns_.data(), rows_, sink));
    return sink.text;
  }
  std::string WriteCsv(CsvStyle style) {
    TextSink sink;
    CsvRows rows(output_, std::move(style));
    EXPECT_FALSE(rows.Begin(sink));
    EXPECT_FALSE(rows.Write(columns_.data(), rows_, sink));
    return sink.text;
  }

  const rulert_column* columns() const { return columns_.data(); }
  const std::vector<SlotSpec>& slots() const { return slots_; }
  const avro::Schema& root() const { return schema_->root(); }
  // Do the writers know each field's unit of time?
  bool has_schema() const { return !output_.schema_json.empty(); }

 private:
  avro::SchemaPtr schema_;
  std::vector<SlotSpec> slots_;
  OutputSpec output_;
  ColumnPool pool_;
  std::vector<rulert_column> columns_;
  std::vector<uint32_t> offsets_ = std::vector<uint32_t>(RULERT_BATCH_ROWS);
  BatchArena arena_;
  std::string text_;
  uint32_t rows_ = 0;
};

}  // namespace rulert
