// From SpecialCasing.txt of the Unicode Character Database, the rows without conditions: characters whose upper or
// title case has more than one character.
#include "stdlib/special_casing.h"

#include <algorithm>
#include <iterator>

#include "stdlib/utf8.h"

namespace rulelib {
namespace {

struct Row {
  uint32_t code;
  std::string_view upper;
  std::string_view title;  // empty: as `upper`
};
constexpr Row kRows[] = {{0x00DF, "SS", "Ss"},
                         {0x0149, "\u02bcN", ""},
                         {0x01F0, "J\u030c", ""},
                         {0x0390, "\u0399\u0308\u0301", ""},
                         {0x03B0, "\u03a5\u0308\u0301", ""},
                         {0x0587, "\u0535\u0552", "\u0535\u0582"},
                         {0x1E96, "H\u0331", ""},
                         {0x1E97, "T\u0308", ""},
                         {0x1E98, "W\u030a", ""},
                         {0x1E99, "Y\u030a", ""},
                         {0x1E9A, "A\u02be", ""},
                         {0x1F50, "\u03a5\u0313", ""},
                         {0x1F52, "\u03a5\u0313\u0300", ""},
                         {0x1F54, "\u03a5\u0313\u0301", ""},
                         {0x1F56, "\u03a5\u0313\u0342", ""},
                         {0x1FB2, "\u1fba\u0399", "\u1fba\u0345"},
                         {0x1FB3, "\u0391\u0399", "\u1fbc"},
                         {0x1FB4, "\u0386\u0399", "\u0386\u0345"},
                         {0x1FB6, "\u0391\u0342", ""},
                         {0x1FB7, "\u0391\u0342\u0399", "\u0391\u0342\u0345"},
                         {0x1FBC, "\u0391\u0399", "\u1fbc"},
                         {0x1FC2, "\u1fca\u0399", "\u1fca\u0345"},
                         {0x1FC3, "\u0397\u0399", "\u1fcc"},
                         {0x1FC4, "\u0389\u0399", "\u0389\u0345"},
                         {0x1FC6, "\u0397\u0342", ""},
                         {0x1FC7, "\u0397\u0342\u0399", "\u0397\u0342\u0345"},
                         {0x1FCC, "\u0397\u0399", "\u1fcc"},
                         {0x1FD2, "\u0399\u0308\u0300", ""},
                         {0x1FD3, "\u0399\u0308\u0301", ""},
                         {0x1FD6, "\u0399\u0342", ""},
                         {0x1FD7, "\u0399\u0308\u0342", ""},
                         {0x1FE2, "\u03a5\u0308\u0300", ""},
                         {0x1FE3, "\u03a5\u0308\u0301", ""},
                         {0x1FE4, "\u03a1\u0313", ""},
                         {0x1FE6, "\u03a5\u0342", ""},
                         {0x1FE7, "\u03a5\u0308\u0342", ""},
                         {0x1FF2, "\u1ffa\u0399", "\u1ffa\u0345"},
                         {0x1FF3, "\u03a9\u0399", "\u1ffc"},
                         {0x1FF4, "\u038f\u0399", "\u038f\u0345"},
                         {0x1FF6, "\u03a9\u0342", ""},
                         {0x1FF7, "\u03a9\u0342\u0399", "\u03a9\u0342\u0345"},
                         {0x1FFC, "\u03a9\u0399", "\u1ffc"},
                         {0xFB00, "FF", "Ff"},
                         {0xFB01, "FI", "Fi"},
                         {0xFB02, "FL", "Fl"},
                         {0xFB03, "FFI", "Ffi"},
                         {0xFB04, "FFL", "Ffl"},
                         {0xFB05, "ST", "St"},
                         {0xFB06, "ST", "St"},
                         {0xFB13, "\u0544\u0546", "\u0544\u0576"},
                         {0xFB14, "\u0544\u0535", "\u0544\u0565"},
                         {0xFB15, "\u0544\u053b", "\u0544\u056b"},
                         {0xFB16, "\u054e\u0546", "\u054e\u0576"},
                         {0xFB17, "\u0544\u053d", "\u0544\u056d"}};

const Row* Find(uint32_t code) {
  const Row* found = std::lower_bound(std::begin(kRows), std::end(kRows), code,
                                      [](const Row& row, uint32_t wanted) { return row.code < wanted; });
  return found != std::end(kRows) && found->code == code ? found : nullptr;
}

// Greek vowels with a breathing and an iota below: the iota becomes a letter of its own.
bool HasIotaBelow(uint32_t code) { return code >= 0x1F80 && code <= 0x1FAF; }

}  // namespace

size_t SpecialUpper(uint32_t code, char* out) {
  if (HasIotaBelow(code)) {
    static constexpr uint32_t kCapitals[] = {0x1F08, 0x1F28, 0x1F68};
    size_t size = WriteCodePoint(kCapitals[(code - 0x1F80) / 16] + code % 8, out);
    return size + WriteCodePoint(0x399, out + size);
  }
  const Row* row = Find(code);
  return row == nullptr ? 0 : row->upper.copy(out, kMostSpecialBytes);
}

size_t SpecialTitle(uint32_t code, char* out) {
  const Row* row = Find(code);
  if (row == nullptr) return 0;
  return (row->title.empty() ? row->upper : row->title).copy(out, kMostSpecialBytes);
}

}  // namespace rulelib
