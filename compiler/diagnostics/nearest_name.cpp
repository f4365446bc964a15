#include <algorithm>
#include <cctype>

#include "compiler/diagnostics/diagnostics.h"

namespace rulec {
namespace {

// Names longer than this are not compared: nobody mistypes them by a letter, and the cost is quadratic.
constexpr size_t kLongestName = 200;

// Damerau-Levenshtein in its restricted form (optimal string alignment): a pair swapped counts one.
// A letter in the place of another one costs `substitution`. Gives `limit + 1` as soon as the distance is known to be
// greater than `limit`.
size_t Distance(std::string_view a, std::string_view b, size_t limit, size_t substitution) {
  const size_t apart = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (apart > limit) return limit + 1;
  std::vector<size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    size_t least = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : substitution);
      row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
      least = std::min(least, row[j]);
    }
    if (least > limit) return limit + 1;
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string LowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

std::string NearestName(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kLongestName) return {};
  const std::string lower = LowerCase(word);
  const size_t limit = std::max<size_t>(1, word.size() / 3);
  // In a short name another letter makes another word: `now` is not `pow`, `is` not `if`.
  const size_t substitution = word.size() <= 3 ? 2 : 1;
  const std::string* best = nullptr;
  size_t best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    if (candidate == word || candidate.size() > kLongestName) continue;
    // A name of one letter is one edit away from every other such name, which would suggest nothing.
    if (word.size() == 1 && LowerCase(candidate) != lower) continue;
    const size_t distance = Distance(lower, LowerCase(candidate), limit, substitution);
    if (distance < best_distance) {
      best = &candidate;
      best_distance = distance;
    }
  }
  return best ? *best : std::string();
}

}  // namespace rulec
