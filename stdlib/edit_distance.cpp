#include "stdlib/edit_distance.h"

#include <algorithm>

#include "stdlib/scratch.h"

namespace rulelib {
namespace {

constexpr size_t kWord = 64;

// What both begin and end with costs nothing.
void DropCommon(Codes* a, Codes* b) {
  while (!a->empty() && !b->empty() && a->front() == b->front()) *a = a->subspan(1), *b = b->subspan(1);
  while (!a->empty() && !b->empty() && a->back() == b->back()) {
    *a = a->first(a->size() - 1);
    *b = b->first(b->size() - 1);
  }
}

// 64 rows of a column of the matrix of distances, as the differences between neighbours: bit i of `rises` is set where
// row i is one more than the row above, of `falls` where it is one less.
// G. Myers, "A fast bit-vector algorithm for approximate string matching", 1999; blocks and global distance after
// H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003.
struct Rows {
  uint64_t rises = ~uint64_t{0};
  uint64_t falls = 0;

  // Goes one column on. `equal`: where the rows' characters are the column's. `above` and the result: how the row above
  // the block and the row of bit `last` change.
  int Advance(uint64_t equal, int above, uint32_t last) {
    uint64_t vertical = equal | falls;
    equal |= above < 0 ? 1 : 0;
    uint64_t diagonal = (((equal & rises) + rises) ^ rises) | equal;
    uint64_t up = falls | ~(diagonal | rises), down = rises & diagonal;
    int below = static_cast<int>(up >> last & 1) - static_cast<int>(down >> last & 1);
    up = up << 1 | (above > 0 ? 1 : 0);
    down = down << 1 | (above < 0 ? 1 : 0);
    rises = down | ~(vertical | up);
    falls = up & vertical;
    return below;
  }
};

// The pattern's characters, each with a bit for every place where it stands.
class Places {
 public:
  explicit Places(Codes pattern)
      : blocks_((pattern.size() + kWord - 1) / kWord), codes_(pattern.size()), bits_(Distinct(pattern) * blocks_, 0) {
    for (size_t i = 0; i < pattern.size(); ++i)
      bits_[Number(pattern[i]) * blocks_ + i / kWord] |= uint64_t{1} << i % kWord;
  }
  size_t blocks() const { return blocks_; }
  // For each block; nullptr if it does not occur.
  const uint64_t* Of(uint32_t code) {
    size_t number = Number(code);
    return number < codes_.size() && codes_[number] == code ? &bits_[number * blocks_] : nullptr;
  }

 private:
  size_t Distinct(Codes pattern) {
    std::copy(pattern.begin(), pattern.end(), codes_.begin());
    std::sort(codes_.begin(), codes_.end());
    codes_.Shrink(static_cast<size_t>(std::unique(codes_.begin(), codes_.end()) - codes_.begin()));
    return codes_.size();
  }
  size_t Number(uint32_t code) {
    return static_cast<size_t>(std::lower_bound(codes_.begin(), codes_.end(), code) - codes_.begin());
  }

  size_t blocks_;
  Scratch<uint32_t, kWord> codes_;  // sorted, each once
  Scratch<uint64_t, kWord> bits_;
};

constexpr uint32_t kAscii = 128;

// The same for a short pattern in ASCII, which most are: its places stand in a table.
int64_t OneBlock(Codes a, Codes b) {
  uint64_t places[kAscii] = {};
  for (size_t i = 0; i < a.size(); ++i) places[a[i]] |= uint64_t{1} << i;
  auto last = static_cast<uint32_t>(a.size() - 1);
  auto distance = static_cast<int64_t>(a.size());
  Rows rows;
  for (uint32_t code : b) distance += rows.Advance(code < kAscii ? places[code] : 0, 1, last);
  return distance;
}

}  // namespace

int64_t EditDistance(Codes a, Codes b) {
  DropCommon(&a, &b);
  if (a.size() > b.size()) std::swap(a, b);
  auto distance = static_cast<int64_t>(a.size());
  if (a.empty()) return static_cast<int64_t>(b.size());
  if (a.size() <= kWord && std::all_of(a.begin(), a.end(), [](uint32_t code) { return code < kAscii; })) {
    return OneBlock(a, b);
  }
  Places places(a);
  Scratch<Rows, 4> rows(places.blocks(), Rows{});
  auto last = static_cast<uint32_t>((a.size() - 1) % kWord);
  for (uint32_t code : b) {
    const uint64_t* equal = places.Of(code);
    int change = 1;
    for (size_t i = 0; i < rows.size(); ++i) {
      bool is_last = i + 1 == rows.size();
      change = rows[i].Advance(equal == nullptr ? 0 : equal[i], change, is_last ? last : kWord - 1);
    }
    distance += change;
  }
  return distance;
}

// Wagner and Fischer, row by row.
int64_t AlignmentDistance(Codes a, Codes b) {
  DropCommon(&a, &b);
  size_t width = b.size() + 1;
  Scratch<uint32_t, 3 * kWord> rows(3 * width, 0);
  uint32_t *before = rows.begin(), *last = before + width, *row = last + width;
  for (size_t j = 0; j < width; ++j) last[j] = static_cast<uint32_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<uint32_t>(i);
    for (size_t j = 1; j < width; ++j) {
      uint32_t replaced = last[j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0);
      row[j] = std::min(std::min(last[j], row[j - 1]) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[width - 1];
}

}  // namespace rulelib
