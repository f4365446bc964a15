#include "runtime/decode/csv_decoder.h"

#include <algorithm>
#include <cstring>

#include "avro/utf8.h"
#include "runtime/decode/number_scan.h"
#include "runtime/decode/plain_text.h"

namespace rulert {
namespace {

constexpr size_t kWindow = size_t{64} << 10;  // its index fits the second-level cache
constexpr size_t kJsonPadding = 320;          // spaces behind a text, which JsonReader may look at

bool IsTextual(ColumnKind kind) { return kind == ColumnKind::String || kind == ColumnKind::Bytes; }

// Numbers and times may have blanks around them.
std::string_view Trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

bool CsvDecoder::Target::found() const {
  return column != kNone || std::any_of(parts.begin(), parts.end(), [](const Target& part) { return part.found(); });
}

Result<std::unique_ptr<CsvDecoder>> CsvDecoder::Make(avro::SchemaPtr reader, const std::vector<SlotSpec>& slots,
                                                     const std::vector<int32_t>& wanted, CsvForm form) {
  auto plan = ReadPlan::Make(reader, slots, wanted);
  if (!plan.ok()) return plan.error();
  std::unique_ptr<CsvDecoder> decoder(new CsvDecoder);
  decoder->reader_ = std::move(reader);
  decoder->plan_ = std::move(*plan);
  decoder->json_ = std::make_unique<JsonReader>(*decoder->plan_);
  decoder->form_ = std::move(form);
  return decoder;
}

void CsvDecoder::Begin(const Block& block) {
  open_ = block.open;
  window_ = nullptr;
  utf8_checked_ = false;
  const bool has_header = block.header != nullptr;
  if (bound_ && has_header == has_header_ && (!has_header || *block.header == header_)) return;
  has_header_ = has_header;
  header_ = has_header ? *block.header : std::string();
  bound_ = true;
  Bind(has_header ? CsvHeaderNames(header_, form_.delimiter) : SchemaNames());
}

std::vector<std::string> CsvDecoder::SchemaNames() const {
  std::vector<std::string> names;
  for (const avro::Field& field : reader_->root().fields) names.push_back(field.name);
  return names;
}

CsvDecoder::Target CsvDecoder::MakeTarget(const ReadNode& node, std::string path) const {
  Target target;
  target.node = &node;
  if (node.flat() || node.type->kind == ColumnKind::Record) {
    for (const ReadNode& child : node.children) {
      target.parts.push_back(MakeTarget(child, path + (path.empty() ? "" : ".") + child.names.front()));
    }
  }
  target.path = std::move(path);
  return target;
}

// `name` is the path of a field, with names or aliases at each step.
CsvDecoder::Target* CsvDecoder::FindTarget(Target* from, std::string_view name) {
  const size_t dot = name.find('.');
  const std::string_view step = name.substr(0, dot);
  Target* found = nullptr;
  for (Target& part : from->parts) {
    const auto& names = part.node->names;
    if (names.front() == step) {
      found = &part;
      break;
    }
    if (found == nullptr && std::find(names.begin(), names.end(), step) != names.end()) found = &part;
  }
  if (found == nullptr || dot == std::string_view::npos) return found;
  return FindTarget(found, name.substr(dot + 1));
}

void CsvDecoder::Bind(const std::vector<std::string>& names) {
  columns_ = names.size();
  unusable_.clear();
  unusable_path_.clear();
  root_ = MakeTarget(plan_->root(), "");
  for (size_t i = 0; i < names.size(); ++i) {
    Target* target = FindTarget(&root_, names[i]);
    if (target == nullptr) continue;
    if (target->column != kNone) {
      unusable_ = "two columns of the header are the field `" + target->path + "`";
      unusable_path_ = target->path;
    }
    target->column = static_cast<int32_t>(i);
  }
  for (const Target& part : root_.parts) CheckColumns(part);
}

// A field that no record can have is told once for the file.
bool CsvDecoder::CheckColumns(const Target& target) {
  const ReadNode& node = *target.node;
  if (!unusable_.empty() || target.column != kNone) return true;
  if (target.found()) {
    for (const Target& part : target.parts) CheckColumns(part);
    return true;
  }
  const bool has_default = node.missing.kind != FieldDefault::Kind::None || !node.missing_below.empty();
  if (has_default || node.nullable) return true;
  unusable_ = "the header has no column `" + target.path + "`, which can't be null and has no default";
  unusable_path_ = target.path;
  return false;
}

bool CsvDecoder::Fail(const Target& target, uint32_t error, std::string message) {
  error_ = error;
  error_byte_ = 0;
  if (target.column != kNone) {
    error_byte_ = static_cast<uint64_t>(reinterpret_cast<const uint8_t*>(CellOf(target.column).text) - record_);
  }
  problem_ = {Loss::Record, std::string(DecodeErrorCause(error)), std::move(message), target.path};
  return false;
}

bool CsvDecoder::FailRecord(uint32_t error, uint64_t byte, std::string message) {
  error_ = error;
  error_byte_ = byte;
  problem_ = {Loss::Record, std::string(DecodeErrorCause(error)), std::move(message), ""};
  return false;
}

bool CsvDecoder::TakeIndexed(const rulert_decode& call) {
  const size_t line = next_line_;
  if (window_ == nullptr || line == csv_index_.lines() ||
      record_ != window_ + (line == 0 ? 0 : csv_index_.line_ends()[line - 1] + 1)) {
    csv_index_.Build(record_, std::min<uint64_t>(call.size - call.cursor, kWindow), form_.delimiter);
    window_ = record_;
    next_line_ = next_cell_ = 0;
    if (csv_index_.lines() == 0) return false;
  }
  const uint32_t line_end = csv_index_.line_ends()[next_line_++];
  const uint32_t* ends = csv_index_.cell_ends();
  first_cell_ = next_cell_;
  cell_count_ = columns_;
  if (columns_ == 0 || columns_ > csv_index_.cells() - first_cell_ || ends[first_cell_ + columns_ - 1] != line_end) {
    const uint32_t* last = std::lower_bound(ends + first_cell_, ends + csv_index_.cells(), line_end);
    cell_count_ = static_cast<size_t>(last - ends) + 1 - first_cell_;
  }
  next_cell_ += cell_count_;
  record_size_ = static_cast<size_t>(window_ + line_end + 1 - record_);
  return true;
}

CsvCell CsvDecoder::CellOf(int32_t column) const {
  const auto number = static_cast<size_t>(column);
  if (!indexed_) return cells_[number];
  const uint32_t* ends = csv_index_.cell_ends() + first_cell_;
  const uint8_t* begin = number == 0 ? record_ : window_ + ends[number - 1] + 1;
  const uint8_t* end = window_ + ends[number];
  if (number + 1 == cell_count_ && end > begin && end[-1] == '\r') --end;
  CsvCell cell{reinterpret_cast<const char*>(begin), static_cast<uint32_t>(end - begin), false, false};
  if (!csv_index_.has_quotes() || *begin != '"' || begin == end) return cell;
  ++cell.text;
  cell.size -= 2;
  cell.quoted = true;
  cell.doubled = std::memchr(cell.text, '"', cell.size) != nullptr;
  return cell;
}

bool CsvDecoder::NextRecord(rulert_decode* call, CsvEnd* how) {
  while (call->cursor < call->size) {
    record_ = call->bytes + call->cursor;
    indexed_ = TakeIndexed(*call);
    if (indexed_) {
      *how = cell_count_ > columns_ ? CsvEnd::TooWide : CsvEnd::Record;
    } else {
      *how = ReadCsvRecord(record_, call->size - call->cursor, form_.delimiter, open_, columns_, &cells_, &record_size_,
                           &bad_);
      cell_count_ = cells_.size();
    }
    if (*how == CsvEnd::Cut && open_) return false;
    if (*how == CsvEnd::Cut) {
      // An opening quote without its partner: it costs the line that it stands in.
      const void* line = std::memchr(record_ + bad_, '\n', call->size - call->cursor - bad_);
      record_size_ = line == nullptr ? call->size - call->cursor
                                     : static_cast<size_t>(static_cast<const uint8_t*>(line) - record_) + 1;
      return true;
    }
    if (*how != CsvEnd::Record || cell_count_ != 1 || columns_ == 1) return true;
    const CsvCell cell = CellOf(0);
    if (cell.size != 0 || cell.quoted) return true;
    call->cursor += record_size_;
  }
  return false;
}

void CsvDecoder::Decode(rulert_decode* call) {
  RowSink sink(*plan_, call->columns);
  memory_ = {call->host, call->arena};
  call->rows = 0;
  call->error = RULERT_DECODE_OK;
  call->error_field = UINT32_MAX;
  if (!unusable_.empty()) {
    call->error = RULERT_DECODE_MISSING;
    call->error_byte = 0;
    problem_ = {Loss::Input, "unusable header", unusable_, unusable_path_};
    return;
  }
  if (!utf8_checked_) {
    utf8_checked_ = true;
    all_utf8_ = IsUtf8(call->bytes + call->cursor, call->size - call->cursor);
  }
  bool done = false;
  while (call->rows < RULERT_BATCH_ROWS) {
    CsvEnd how = CsvEnd::Record;
    done = !NextRecord(call, &how);
    if (done) break;
    sink.set_row(call->rows);
    bool read = false;
    if (how == CsvEnd::Garbage) {
      FailRecord(RULERT_DECODE_FORM, bad_, "something stands behind the closing quote of a cell");
    } else if (how == CsvEnd::Cut) {
      FailRecord(RULERT_DECODE_FORM, bad_, "the quote that opens a cell is not closed");
    } else if (how == CsvEnd::TooWide || cell_count_ != columns_) {
      const std::string have =
          how == CsvEnd::TooWide ? "more than " + std::to_string(columns_) : std::to_string(cell_count_);
      FailRecord(RULERT_DECODE_FORM, 0,
                 "the record has " + have + " cells where there are " + std::to_string(columns_) + " columns");
    } else {
      read = ReadRow(call, sink);
    }
    if (!read && error_ == RULERT_DECODE_MEMORY && call->rows > 0) break;
    if (read) {
      call->row_offsets[call->rows++] = static_cast<uint32_t>(call->cursor);
      call->cursor += record_size_;
      continue;
    }
    call->error = error_;
    call->error_byte = call->cursor + error_byte_;
    call->cursor += record_size_;
    break;
  }
  call->records = done || call->cursor == call->size ? 0 : kUnknownRecords;
}

bool CsvDecoder::ReadRow(rulert_decode*, const RowSink& sink) {
  if (!all_utf8_) {
    const std::string_view record(reinterpret_cast<const char*>(record_), record_size_);
    const size_t valid = avro::ValidUtf8Prefix(record);
    if (valid < record.size()) return FailRecord(RULERT_DECODE_UTF8, valid, "the record is not UTF-8");
  }
  for (const Target& part : root_.parts) {
    if (!(part.node->flat() ? ReadFlat(part, sink) : ReadSlot(part, sink))) return false;
  }
  return true;
}

// A record of which only parts are wanted: from a column of its own, or from those of its parts.
bool CsvDecoder::ReadFlat(const Target& target, const RowSink& sink) {
  const ReadNode& node = *target.node;
  if (target.column != kNone) {
    const CsvCell csv = CellOf(target.column);
    Outcome outcome = Outcome::Value;
    if (!IsMissing(node, csv, &outcome)) return ReadJson(target, csv, nullptr, nullptr, &sink);
    if (node.nullable) {
      sink.PutNull(node);
      return true;
    }
  } else if (target.found()) {
    for (const Target& part : target.parts) {
      if (!(part.node->flat() ? ReadFlat(part, sink) : ReadSlot(part, sink))) return false;
    }
    return true;
  }
  return sink.PutMissing(node, false) || Fail(target, RULERT_DECODE_MISSING, "the cell is empty");
}

// Most cells: plain numbers and texts that are not empty. False: the long way. Cells stand in the block, behind which
// there is more to read.
inline bool CsvDecoder::Quick(const CellType& type, const CsvCell& csv, void* cell) const {
  if (csv.size == 0 || csv.doubled) return false;
  const auto* p = reinterpret_cast<const uint8_t*>(csv.text);
  switch (type.kind) {
    case ColumnKind::String: StorePaddedText(p, csv.size, cell); return true;
    case ColumnKind::Timestamp:
    case ColumnKind::TimeOfDay:
      if (type.unit != TimeUnit::Micros) return false;
      [[fallthrough]];
    case ColumnKind::Long: {
      UsualNumber number;
      if (!ScanUsualNumber(p, &number) || number.places != 0 || number.end != p + csv.size) return false;
      StoreCell(number.whole(), cell);
      return true;
    }
    case ColumnKind::Double: {
      UsualNumber number;
      if (!ScanUsualNumber(p, &number) || !number.easy() || number.end != p + csv.size) return false;
      StoreCell(number.fraction(), cell);
      return true;
    }
    default: return false;
  }
}

bool CsvDecoder::ReadSlot(const Target& target, const RowSink& sink) {
  const ReadNode& node = *target.node;
  if (target.column != kNone && !form_.null_text && Quick(*node.type, CellOf(target.column), sink.Place(node))) {
    sink.Done(node, false);
    return true;
  }
  switch (ReadTarget(target, sink.Place(node))) {
    case Outcome::Value: sink.Done(node, false); return true;
    case Outcome::Null: sink.Done(node, true); return true;
    case Outcome::Missing:
      // Inside of a record that is null, say.
      if (sink.PutMissing(node, node.nullable)) return true;
      return Fail(target, RULERT_DECODE_MISSING, "the cell is empty, the field can't be null and has no default");
    case Outcome::Failed: break;
  }
  return false;
}

CsvDecoder::Outcome CsvDecoder::ReadTarget(const Target& target, void* cell) {
  if (target.column != kNone) return ReadCell(target, CellOf(target.column), cell);
  return target.found() ? ReadParts(target, cell) : Outcome::Missing;
}

// A record from the columns of its fields; it is null if it can be and all of them are empty.
CsvDecoder::Outcome CsvDecoder::ReadParts(const Target& target, void* cell) {
  const ReadNode& node = *target.node;
  const CellType& type = *node.type;
  if (node.nullable && AllEmpty(target)) return Outcome::Null;
  char* record = NewRecord(type, memory_);
  if (record == nullptr) {
    Fail(target, RULERT_DECODE_MEMORY, std::string(DecodeErrorText(RULERT_DECODE_MEMORY)));
    return Outcome::Failed;
  }
  const Target* absent = nullptr;
  for (const Target& part : target.parts) {
    const ReadNode& child = *part.node;
    Cell value;
    Outcome outcome = ReadTarget(part, value.bytes);
    if (outcome == Outcome::Failed) return outcome;
    if (outcome == Outcome::Missing && child.missing.kind == FieldDefault::Kind::Value) {
      value = child.missing.cell;
      outcome = Outcome::Value;
    }
    const bool nothing = child.missing.kind == FieldDefault::Kind::None && !child.nullable;
    if (outcome == Outcome::Missing && nothing && absent == nullptr) absent = &part;
    if (outcome == Outcome::Value) std::memcpy(PutField(type, record, child.field), value.bytes, child.type->width);
  }
  if (absent != nullptr) {
    Fail(*absent, RULERT_DECODE_MISSING, "the cell is empty, the field can't be null and has no default");
    return Outcome::Failed;
  }
  StoreCell<const char*>(record, cell);
  return Outcome::Value;
}

bool CsvDecoder::AllEmpty(const Target& target) const {
  if (target.column != kNone) {
    const CsvCell csv = CellOf(target.column);
    return !csv.quoted && (csv.size == 0 || (form_.null_text && csv.view() == *form_.null_text));
  }
  return std::all_of(target.parts.begin(), target.parts.end(), [&](const Target& part) { return AllEmpty(part); });
}

// A part of a record that may be null is null with it.
bool CsvDecoder::Nullable(const ReadNode& node) const {
  return node.nullable || (node.slot != kNone && plan_->column(node.slot).nullable);
}

// Does the cell hold no value? Then *outcome says what that means.
bool CsvDecoder::IsMissing(const ReadNode& node, const CsvCell& csv, Outcome* outcome) const {
  const bool textual = !node.flat() && IsTextual(node.type->kind);
  const bool told = form_.null_text.has_value();
  if (told && !csv.quoted && csv.view() == *form_.null_text) {
    *outcome = Nullable(node) ? Outcome::Null : Outcome::Missing;
    return true;
  }
  // An empty text is one where it is quoted, and where there is no other way to write it.
  if (csv.size != 0 || (textual && (csv.quoted || told || !Nullable(node)))) return false;
  *outcome = Nullable(node) ? Outcome::Null : Outcome::Missing;
  return true;
}

CsvDecoder::Outcome CsvDecoder::ReadCell(const Target& target, const CsvCell& csv, void* cell) {
  const ReadNode& node = *target.node;
  Outcome outcome = Outcome::Value;
  if (IsMissing(node, csv, &outcome)) return outcome;
  const CellType& type = *node.type;
  if (type.is_composite()) {
    bool null = false;
    if (!ReadJson(target, csv, cell, &null, nullptr)) return Outcome::Failed;
    return null ? Outcome::Null : Outcome::Value;
  }
  std::string_view text = csv.view();
  if (csv.doubled) {
    auto* copy = static_cast<char*>(memory_.Allocate(csv.size));
    if (copy == nullptr) {
      Fail(target, RULERT_DECODE_MEMORY, std::string(DecodeErrorText(RULERT_DECODE_MEMORY)));
      return Outcome::Failed;
    }
    text = {copy, UndoubleQuotes(csv, copy)};
  }
  if (!IsTextual(type.kind)) text = Trimmed(text);
  const uint32_t error = ReadPlainText(type, text, memory_, cell);
  if (error == RULERT_DECODE_OK) return Outcome::Value;
  Fail(target, error, PlainTextProblem(type, text, error));
  return Outcome::Failed;
}

bool CsvDecoder::CopyJson(const CsvCell& csv, JsonReader::Text* text) {
  auto* copy = static_cast<char*>(memory_.Allocate(csv.size + kJsonPadding));
  if (copy == nullptr) return false;
  size_t size = csv.size;
  if (csv.doubled) {
    size = UndoubleQuotes(csv, copy);
  } else {
    std::memcpy(copy, csv.text, size);
  }
  std::memset(copy + size, ' ', kJsonPadding);
  text->bytes = reinterpret_cast<const uint8_t*>(copy);
  const JsonIndex::Outcome outcome = index_.Build(text->bytes, size);
  text->begin = index_.begin();
  text->end = outcome == JsonIndex::Outcome::Ok ? index_.end() : nullptr;
  return outcome != JsonIndex::Outcome::Memory;
}

// A list, map, record or union, written as JSON. With `sink` the parts of a flat record.
bool CsvDecoder::ReadJson(const Target& target, const CsvCell& csv, void* cell, bool* null, const RowSink* sink) {
  JsonReader::Text text;
  if (!CopyJson(csv, &text)) {
    return Fail(target, RULERT_DECODE_MEMORY, std::string(DecodeErrorText(RULERT_DECODE_MEMORY)));
  }
  if (text.end == nullptr) return Fail(target, RULERT_DECODE_FORM, Quoted(csv.view()) + " is no JSON");
  const bool read = sink != nullptr ? json_->ReadFlat(text, *target.node, *sink, memory_)
                                    : json_->ReadWhole(text, *target.node, memory_, cell, null);
  if (!read) {
    Fail(target, json_->error(), json_->message());
    const std::string& inner = json_->path();
    if (!inner.empty()) problem_.path += (inner.front() == '[' ? "" : ".") + inner;
    return false;
  }
  return json_->next() == text.end ||
         Fail(target, RULERT_DECODE_FORM, Quoted(csv.view()) + " has something behind its value");
}

uint64_t CsvDecoder::Skip(uint64_t count, rulert_decode* call) {
  uint64_t skipped = 0;
  bool done = false;
  for (; skipped < count; ++skipped) {
    CsvEnd how = CsvEnd::Record;
    done = !NextRecord(call, &how);
    if (done) break;
    call->cursor += record_size_;
  }
  call->records = done || call->cursor == call->size ? 0 : kUnknownRecords;
  return skipped;
}

DecodeProblem CsvDecoder::Problem(const rulert_decode&) const { return problem_; }

}  // namespace rulert
