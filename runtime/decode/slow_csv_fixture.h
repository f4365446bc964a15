// CSV read letter by letter, to hold the real reader against.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rulert {

struct SlowCsvRecord {
  enum class Kind { Cells, Garbage, Cut };
  struct Cell {
    std::string text;
    bool quoted = false;
  };
  Kind kind = Kind::Cells;
  std::vector<Cell> cells;
  size_t begin = 0;
  size_t end = 0;  // behind its line end
};

// What docs/formats/csv.md says of records and cells, and of what is wrong with them.
class SlowCsv {
 public:
  SlowCsv(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  bool Next(SlowCsvRecord* record) {
    if (at_ == text_.size()) return false;
    *record = {};
    record->begin = at_;
    while (ReadCell(record)) {
    }
    record->end = at_;
    return true;
  }

 private:
  bool Ends(size_t at) const { return at == text_.size() || text_[at] == '\n'; }

  void Leave(SlowCsvRecord* record, SlowCsvRecord::Kind kind, size_t from) {
    record->kind = kind;
    at_ = from;
    while (!Ends(at_)) ++at_;
    if (at_ < text_.size()) ++at_;
  }

  // True if another cell follows.
  bool ReadCell(SlowCsvRecord* record) {
    SlowCsvRecord::Cell cell;
    if (at_ < text_.size() && text_[at_] == '"') {
      const size_t opening = at_++;
      cell.quoted = true;
      for (;; ++at_) {
        if (at_ == text_.size()) {
          Leave(record, SlowCsvRecord::Kind::Cut, opening);
          return false;
        }
        if (text_[at_] == '"' && (at_ + 1 == text_.size() || text_[at_ + 1] != '"')) break;
        if (text_[at_] == '"') ++at_;
        cell.text += text_[at_];
      }
      ++at_;
      if (at_ < text_.size() && text_[at_] == '\r' && Ends(at_ + 1)) ++at_;
      if (!Ends(at_) && text_[at_] != delimiter_) {
        Leave(record, SlowCsvRecord::Kind::Garbage, at_);
        return false;
      }
    } else {
      while (!Ends(at_) && text_[at_] != delimiter_) cell.text += text_[at_++];
      if (Ends(at_) && !cell.text.empty() && cell.text.back() == '\r') cell.text.pop_back();
    }
    record->cells.push_back(cell);
    const bool more = !Ends(at_);
    if (at_ < text_.size()) ++at_;
    return more;
  }

  std::string_view text_;
  char delimiter_;
  size_t at_ = 0;
};

}  // namespace rulert
