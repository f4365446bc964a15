// Distances and similarities of texts, over code points.
#include <algorithm>
#include <numeric>
#include <string_view>
#include <vector>

#include "stdlib/edit_distance.h"
#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/scratch.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

// The time of these grows with the product of the lengths.
constexpr uint32_t kMaxBytes = 10'000;
// Names and words stay on the stack.
constexpr size_t kUsual = 64;

bool TooLong(RuleString a, RuleString b) { return ByteLength(a) > kMaxBytes || ByteLength(b) > kMaxBytes; }

class CodePoints : public Scratch<uint32_t, kUsual> {
 public:
  explicit CodePoints(std::string_view text) : Scratch(text.size()) {
    size_t count = 0;
    for (size_t at = 0; at < text.size();) (*this)[count++] = NextCodePoint(text, &at);
    Shrink(count);
  }
};

// M. A. Jaro, 1989: characters match if equal and no further apart than half the longer text.
double Jaro(Codes a, Codes b) {
  if (a.empty() && b.empty()) return 1;
  if (a.empty() || b.empty()) return 0;
  size_t reach = std::max(a.size(), b.size()) / 2;
  if (reach > 0) --reach;
  Scratch<uint8_t, kUsual> taken(b.size(), 0);
  Scratch<uint32_t, kUsual> matched(a.size());  // of a, in order
  size_t count = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    size_t end = std::min(b.size(), i + reach + 1);
    for (size_t j = i > reach ? i - reach : 0; j < end; ++j) {
      if (taken[j] != 0 || a[i] != b[j]) continue;
      taken[j] = 1;
      matched[count++] = a[i];
      break;
    }
  }
  if (count == 0) return 0;
  size_t transposed = 0, next = 0;
  for (size_t j = 0; j < b.size(); ++j) {
    if (taken[j] != 0 && matched[next++] != b[j]) ++transposed;
  }
  auto m = static_cast<double>(count);
  double in_order = m - static_cast<double>(transposed / 2);
  return (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) + in_order / m) / 3;
}

// The runs of n code points, sorted.
class Grams {
 public:
  Grams(Codes codes, size_t n) : codes_(codes), n_(n), starts_(codes.size() >= n ? codes.size() - n + 1 : 0) {
    std::iota(starts_.begin(), starts_.end(), 0u);
    std::sort(starts_.begin(), starts_.end(), [&](uint32_t a, uint32_t b) { return Less(At(a), At(b)); });
  }
  size_t size() const { return starts_.size(); }

  // How many both have, each as often as both have it.
  static size_t Shared(Grams& a, Grams& b) {
    size_t shared = 0;
    for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
      Codes left = a.At(a.starts_[i]), right = b.At(b.starts_[j]);
      if (Less(left, right)) {
        ++i;
      } else if (Less(right, left)) {
        ++j;
      } else {
        ++shared, ++i, ++j;
      }
    }
    return shared;
  }

 private:
  Codes At(uint32_t start) const { return codes_.subspan(start, n_); }
  static bool Less(Codes a, Codes b) { return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end()); }

  Codes codes_;
  size_t n_;
  Scratch<uint32_t, kUsual> starts_;
};

// Letters and digits; beyond ASCII all but white space and punctuation.
bool BelongsToWord(uint32_t code) {
  if (code < 0x80) return (code >= '0' && code <= '9') || ((code | 32) >= 'a' && (code | 32) <= 'z');
  return !IsSpace(code) && !IsPunctuation(code);
}

// The words of a folded text, sorted, each once.
std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    if (BelongsToWord(NextCodePoint(text, &at))) continue;
    if (end > begin) words.push_back(text.substr(begin, end - begin));
    begin = at;
  }
  if (begin < text.size()) words.push_back(text.substr(begin));
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

int64_t rule_levenshtein(rulert_context* context, RuleString a, RuleString b) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  return EditDistance(CodePoints(View(a)), CodePoints(View(b)));
}

int64_t rule_damerau_levenshtein(rulert_context* context, RuleString a, RuleString b) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  return AlignmentDistance(CodePoints(View(a)), CodePoints(View(b)));
}

double rule_levenshtein_similarity(rulert_context* context, RuleString a, RuleString b) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  CodePoints left(View(a)), right(View(b));
  size_t longer = std::max(left.size(), right.size());
  if (longer == 0) return 1;
  return 1 - static_cast<double>(EditDistance(left, right)) / static_cast<double>(longer);
}

int64_t rule_hamming(rulert_context* context, RuleString a, RuleString b) {
  std::string_view left = View(a), right = View(b);
  int64_t different = 0;
  size_t i = 0, j = 0;
  while (i < left.size() && j < right.size()) {
    if (NextCodePoint(left, &i) != NextCodePoint(right, &j)) ++different;
  }
  if (i < left.size() || j < right.size()) return Fail(context, Cause::LengthsDiffer);
  return different;
}

double rule_jaro(rulert_context* context, RuleString a, RuleString b) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  return Jaro(CodePoints(View(a)), CodePoints(View(b)));
}

// W. E. Winkler, 1990: a common start of up to 4 counts a tenth each of what is missing; as in his program, only where
// the texts are alike at all.
double rule_jaro_winkler(rulert_context* context, RuleString a, RuleString b) {
  constexpr double kAlike = 0.7;
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  CodePoints left(View(a)), right(View(b));
  double jaro = Jaro(left, right);
  if (jaro <= kAlike) return jaro;
  size_t shared = 0, most = std::min<size_t>({4, left.size(), right.size()});
  while (shared < most && left[shared] == right[shared]) ++shared;
  return jaro + static_cast<double>(shared) * 0.1 * (1 - jaro);
}

double rule_ngram_similarity(rulert_context* context, RuleString a, RuleString b, int64_t n) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  if (n < 1 || n > 16) return Fail(context, Cause::RunOutOfRange);
  CodePoints codes_a(View(a)), codes_b(View(b));
  Grams left(codes_a, static_cast<size_t>(n)), right(codes_b, static_cast<size_t>(n));
  if (left.size() + right.size() == 0) return View(a) == View(b) ? 1 : 0;
  return 2 * static_cast<double>(Grams::Shared(left, right)) / static_cast<double>(left.size() + right.size());
}

double rule_token_similarity(rulert_context* context, RuleString a, RuleString b) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  RuleString folded_a = rule_fold(context, a), folded_b = rule_fold(context, b);
  if (context->outcome != RULERT_VALUE) return {};
  std::vector<std::string_view> left = Words(View(folded_a)), right = Words(View(folded_b));
  if (left.empty() && right.empty()) return 1;
  auto shared = static_cast<size_t>(std::count_if(left.begin(), left.end(), [&](std::string_view word) {
    return std::binary_search(right.begin(), right.end(), word);
  }));
  return static_cast<double>(shared) / static_cast<double>(left.size() + right.size() - shared);
}

}  // extern "C"
