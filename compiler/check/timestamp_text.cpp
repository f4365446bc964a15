#include "compiler/check/timestamp_text.h"

#include <chrono>

namespace rulec {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool AtEnd() const { return at_ == text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  bool Take(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  // Exactly `digits` digits, at most `limit`.
  bool Number(int digits, int limit, int* out) {
    *out = 0;
    for (int i = 0; i < digits; ++i) {
      const char c = Peek();
      if (c < '0' || c > '9') return false;
      *out = *out * 10 + (c - '0');
      ++at_;
    }
    return *out <= limit;
  }
  // Digits behind the point, as microseconds.
  bool Fraction(int64_t* microseconds) {
    int64_t unit = 100'000;
    bool any = false;
    for (; Peek() >= '0' && Peek() <= '9'; ++at_, unit /= 10, any = true) *microseconds += (Peek() - '0') * unit;
    return any;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

bool ReadZone(Reader& reader, int64_t* minutes) {
  if (reader.Take('Z')) return true;
  const bool west = reader.Peek() == '-';
  if (!reader.Take('+') && !reader.Take('-')) return false;
  int hour = 0, minute = 0;
  if (!reader.Number(2, 18, &hour) || !reader.Take(':') || !reader.Number(2, 59, &minute)) return false;
  *minutes = (west ? -1 : 1) * (hour * 60 + minute);
  return true;
}

}  // namespace

std::optional<int64_t> ParseTimestamp(std::string_view text) {
  Reader reader(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool date = reader.Number(4, 9999, &year) && reader.Take('-') && reader.Number(2, 12, &month) &&
                    reader.Take('-') && reader.Number(2, 31, &day);
  const bool time = date && reader.Take('T') && reader.Number(2, 23, &hour) && reader.Take(':') &&
                    reader.Number(2, 59, &minute) && reader.Take(':') && reader.Number(2, 59, &second);
  if (!time || year == 0) return std::nullopt;
  int64_t microseconds = 0, offset = 0;
  if (reader.Take('.') && !reader.Fraction(&microseconds)) return std::nullopt;
  if (!ReadZone(reader, &offset) || !reader.AtEnd()) return std::nullopt;
  const std::chrono::year_month_day calendar{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                             std::chrono::day(static_cast<unsigned>(day))};
  if (!calendar.ok()) return std::nullopt;
  const int64_t days = std::chrono::sys_days(calendar).time_since_epoch().count();
  return ((days * 24 + hour) * 60 + minute - offset) * 60'000'000 + second * int64_t{1'000'000} + microseconds;
}

}  // namespace rulec
