#include "avro/datum_walk.h"

#include <algorithm>

#include "avro/limits.h"
#include "avro/number_text.h"
#include "avro/utf8.h"

namespace avro {
namespace {

constexpr uint64_t kFreeValues = 65'536;  // beyond what the bytes account for
constexpr uint64_t kValuesPerByte = 16;   // records and unions around a value of one byte
constexpr size_t kMaxPath = 200;          // longer paths lose their head
constexpr std::string_view kElided = "...";

}  // namespace

DecodeError DatumWalk::TakeError() const { return {cursor_.message(), cursor_.message_offset(), path_}; }

bool DatumWalk::Enter() {
  const int most = CurrentLimits().datum_depth;
  if (++depth_ <= most) return true;
  return cursor_.Fail("the value is nested more than " + WithCommas(int64_t{most}) + " levels deep");
}

bool DatumWalk::Count() {
  if (++values_ <= kFreeValues + kValuesPerByte * cursor_.offset()) return true;
  return cursor_.Fail("more than " + WithCommas(kFreeValues) + " values without a byte of their own are announced");
}

bool DatumWalk::ReadBlock(Block* block) {
  const size_t start = cursor_.offset();
  int64_t count = 0;
  if (!cursor_.ReadLong(&count)) return false;
  *block = {static_cast<uint64_t>(count), false, 0};
  if (count >= 0) return true;
  int64_t size = 0;
  if (!cursor_.ReadLong(&size)) return false;
  if (size < 0 || static_cast<uint64_t>(size) > cursor_.left()) {
    return cursor_.FailAt(start, "a block of items says that it has " + WithCommas(size) + " bytes where " +
                                     WithCommas(uint64_t{cursor_.left()}) + " are left");
  }
  *block = {~static_cast<uint64_t>(count) + 1, true, cursor_.offset() + static_cast<size_t>(size)};
  return true;
}

bool DatumWalk::CheckBlockEnd(const Block& block) {
  if (!block.has_size || cursor_.offset() == block.end) return true;
  return cursor_.Fail("a block of items ends here, but by its size it ends at byte " + WithCommas(uint64_t{block.end}));
}

bool DatumWalk::ReadIndex(const Schema& schema, size_t count, size_t* index) {
  const size_t start = cursor_.offset();
  int64_t value = 0;
  if (!cursor_.ReadLong(&value)) return false;
  if (value >= 0 && static_cast<uint64_t>(value) < count) {
    *index = static_cast<size_t>(value);
    return true;
  }
  const char* parts = schema.kind == Kind::Enum ? " symbols" : " branches";
  return cursor_.FailAt(start, Describe(schema) + " has " + WithCommas(uint64_t{count}) + parts +
                                   " and none of the index " + WithCommas(value));
}

bool DatumWalk::ReadUtf8(std::string_view* text) {
  if (!cursor_.ReadText("a string", text)) return false;
  const size_t valid = ValidUtf8Prefix(*text);
  if (valid == text->size()) return true;
  return cursor_.FailAt(cursor_.offset() - text->size() + valid, "a string is not valid UTF-8");
}

bool DatumWalk::Prepend(std::string step) {
  if (path_.size() > kMaxPath) {
    if (path_.compare(0, kElided.size(), kElided) != 0) path_.insert(0, kElided);
    return false;
  }
  if (!path_.empty() && path_.front() != '[') step += ".";
  path_.insert(0, step);
  return false;
}

bool DatumWalk::InField(const Schema& record, size_t field) { return Prepend(record.fields[field].name); }
bool DatumWalk::InItem(uint64_t index) { return Prepend("[" + std::to_string(index) + "]"); }
bool DatumWalk::InKey(std::string_view key) {
  constexpr size_t kShown = 40;
  return Prepend("[" + std::string(key.substr(0, kShown)) + (key.size() > kShown ? "..." : "") + "]");
}

}  // namespace avro
