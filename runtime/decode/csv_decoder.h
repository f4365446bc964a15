// Reads CSV (docs/formats/csv.md).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/decode/csv_index.h"
#include "runtime/decode/csv_records.h"
#include "runtime/decode/json_index.h"
#include "runtime/decode/json_reader.h"
#include "runtime/decode/record_decoder.h"

namespace rulert {

struct CsvForm {
  char delimiter = ',';
  // The text of unquoted cells that are null; then empty ones are empty texts where the type is one.
  std::optional<std::string> null_text;
};

// Columns are found by the names in the header (Block::header): the path of a field, or one of its aliases. Without a
// header they are the fields of the schema in their order.
class CsvDecoder final : public RecordDecoder {
 public:
  static Result<std::unique_ptr<CsvDecoder>> Make(avro::SchemaPtr reader, const std::vector<SlotSpec>& slots,
                                                  const std::vector<int32_t>& wanted, CsvForm form);

  const std::vector<int32_t>& slots() const override { return plan_->slots(); }
  void Begin(const Block& block) override;
  void Decode(rulert_decode* call) override;
  uint64_t Skip(uint64_t count, rulert_decode* call) override;
  DecodeProblem Problem(const rulert_decode& call) const override;

 private:
  // Where the value of a node comes from: a column, or columns for parts of it, or nothing.
  struct Target {
    const ReadNode* node = nullptr;
    std::string path;
    int32_t column = kNone;
    std::vector<Target> parts;  // of a record: one for each of the node's children
    bool found() const;
  };
  enum class Outcome : uint8_t { Value, Null, Missing, Failed };

  CsvDecoder() = default;
  void Bind(const std::vector<std::string>& names);
  Target MakeTarget(const ReadNode& node, std::string path) const;
  static Target* FindTarget(Target* from, std::string_view name);
  std::vector<std::string> SchemaNames() const;
  bool CheckColumns(const Target& target);

  bool ReadRow(rulert_decode* call, const RowSink& sink);
  bool ReadFlat(const Target& target, const RowSink& sink);
  bool ReadSlot(const Target& target, const RowSink& sink);
  bool Quick(const CellType& type, const CsvCell& csv, void* cell) const;
  Outcome ReadTarget(const Target& target, void* cell);
  Outcome ReadParts(const Target& target, void* cell);
  Outcome ReadCell(const Target& target, const CsvCell& csv, void* cell);
  bool AllEmpty(const Target& target) const;
  bool Nullable(const ReadNode& node) const;
  bool IsMissing(const ReadNode& node, const CsvCell& csv, Outcome* outcome) const;
  bool CopyJson(const CsvCell& csv, JsonReader::Text* text);
  bool ReadJson(const Target& target, const CsvCell& csv, void* cell, bool* null, const RowSink* sink);
  bool Fail(const Target& target, uint32_t error, std::string message);
  bool FailRecord(uint32_t error, uint64_t byte, std::string message);
  // The next record that is not blank, from call->cursor on; false at the end of what there is.
  bool NextRecord(rulert_decode* call, CsvEnd* how);
  // The record at record_, if the index has it.
  bool TakeIndexed(const rulert_decode& call);
  CsvCell CellOf(int32_t column) const;

  // Constant after Make.
  avro::SchemaPtr reader_;
  std::unique_ptr<ReadPlan> plan_;
  std::unique_ptr<JsonReader> json_;
  CsvForm form_;
  // Changed by Begin.
  std::string header_;
  bool bound_ = false;
  bool has_header_ = false;
  size_t columns_ = 0;
  Target root_;
  bool open_ = false;
  bool all_utf8_ = false;  // of the block, if it was looked at
  bool utf8_checked_ = false;
  std::string unusable_;  // why no record of the file can be read; empty if they can
  std::string unusable_path_;
  // Changed by Decode. The window is a part of the block that csv_index_ tells of.
  CsvIndex csv_index_;
  const uint8_t* window_ = nullptr;
  size_t next_line_ = 0;  // in the window
  size_t next_cell_ = 0;
  bool indexed_ = false;   // is the record at hand one of the window? Then its cells are there, else in cells_
  size_t first_cell_ = 0;  // of the record at hand, in the window
  size_t cell_count_ = 0;
  std::vector<CsvCell> cells_;
  JsonIndex index_;
  CellMemory memory_;
  const uint8_t* record_ = nullptr;
  size_t record_size_ = 0;  // with its line end
  size_t bad_ = 0;
  uint64_t error_byte_ = 0;
  uint32_t error_ = 0;
  DecodeProblem problem_;
};

}  // namespace rulert
