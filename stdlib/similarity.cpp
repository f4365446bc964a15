// Distances and similarities of texts, over code points.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

// The time of these grows with the product of the lengths.
constexpr uint32_t kMaxBytes = 10'000;

bool TooLong(RuleString a, RuleString b) { return ByteLength(a) > kMaxBytes || ByteLength(b) > kMaxBytes; }

std::vector<uint32_t> CodePoints(std::string_view text) {
  std::vector<uint32_t> codes;
  codes.reserve(text.size());
  for (size_t at = 0; at < text.size();) codes.push_back(NextCodePoint(text, &at));
  return codes;
}

using Codes = std::span<const uint32_t>;

// What both begin and end with costs nothing in any of the distances below.
void DropCommon(Codes* a, Codes* b) {
  while (!a->empty() && !b->empty() && a->front() == b->front()) *a = a->subspan(1), *b = b->subspan(1);
  while (!a->empty() && !b->empty() && a->back() == b->back()) {
    *a = a->first(a->size() - 1);
    *b = b->first(b->size() - 1);
  }
}

// Wagner and Fischer, row by row; with `swaps` a swap of neighbours is one step (optimal string alignment).
int64_t Distance(Codes a, Codes b, bool swaps) {
  DropCommon(&a, &b);
  size_t width = b.size() + 1;
  std::vector<uint32_t> before(width), last(width), row(width);
  for (size_t j = 0; j < width; ++j) last[j] = static_cast<uint32_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<uint32_t>(i);
    for (size_t j = 1; j < width; ++j) {
      uint32_t replaced = last[j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0);
      row[j] = std::min(std::min(last[j], row[j - 1]) + 1, replaced);
      if (swaps && i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last.back();
}

int64_t Distance(RuleString a, RuleString b, bool swaps) {
  return Distance(CodePoints(View(a)), CodePoints(View(b)), swaps);
}

// M. A. Jaro, 1989: characters match if equal and no further apart than half the longer text.
double Jaro(Codes a, Codes b) {
  if (a.empty() && b.empty()) return 1;
  if (a.empty() || b.empty()) return 0;
  size_t reach = std::max(a.size(), b.size()) / 2;
  if (reach > 0) --reach;
  std::vector<uint8_t> taken(b.size());
  std::vector<uint32_t> matched;  // of a, in order
  for (size_t i = 0; i < a.size(); ++i) {
    size_t end = std::min(b.size(), i + reach + 1);
    for (size_t j = i > reach ? i - reach : 0; j < end; ++j) {
      if (taken[j] != 0 || a[i] != b[j]) continue;
      taken[j] = 1;
      matched.push_back(a[i]);
      break;
    }
  }
  if (matched.empty()) return 0;
  size_t transposed = 0, next = 0;
  for (size_t j = 0; j < b.size(); ++j) {
    if (taken[j] != 0 && matched[next++] != b[j]) ++transposed;
  }
  auto m = static_cast<double>(matched.size());
  double in_order = m - static_cast<double>(transposed / 2);
  return (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) + in_order / m) / 3;
}

std::map<std::u32string, uint32_t> Grams(const std::vector<uint32_t>& codes, size_t n, size_t* count) {
  std::map<std::u32string, uint32_t> grams;
  *count = codes.size() >= n ? codes.size() - n + 1 : 0;
  for (size_t i = 0; i < *count; ++i) {
    std::u32string gram;
    for (size_t k = 0; k < n; ++k) gram += static_cast<char32_t>(codes[i + k]);
    ++grams[gram];
  }
  return grams;
}

// Runs of letters and digits of the folded text. Everything beyond ASCII belongs to words.
std::set<std::string> Words(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  for (char c : text) {
    bool inside = (c & 0x80) != 0 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (inside) {
      word += c;
    } else if (!word.empty()) {
      words.insert(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.insert(std::move(word));
  return words;
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

int64_t rule_levenshtein(rulert_context* context, RuleString a, RuleString b) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  return Distance(a, b, false);
}

int64_t rule_damerau_levenshtein(rulert_context* context, RuleString a, RuleString b) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  return Distance(a, b, true);
}

double rule_levenshtein_similarity(rulert_context* context, RuleString a, RuleString b) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  uint64_t longer = std::max(CountCodePoints(View(a)), CountCodePoints(View(b)));
  if (longer == 0) return 1;
  return 1 - static_cast<double>(Distance(a, b, false)) / static_cast<double>(longer);
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

// W. E. Winkler, 1990: a common start of up to 4 counts a tenth each of what is missing.
double rule_jaro_winkler(rulert_context* context, RuleString a, RuleString b) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  std::vector<uint32_t> left = CodePoints(View(a)), right = CodePoints(View(b));
  double jaro = Jaro(left, right);
  size_t shared = 0, most = std::min<size_t>({4, left.size(), right.size()});
  while (shared < most && left[shared] == right[shared]) ++shared;
  return jaro + static_cast<double>(shared) * 0.1 * (1 - jaro);
}

double rule_ngram_similarity(rulert_context* context, RuleString a, RuleString b, int64_t n) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  if (n < 1 || n > 16) return Fail(context, Cause::Domain);
  size_t count_a = 0, count_b = 0, shared = 0;
  auto left = Grams(CodePoints(View(a)), static_cast<size_t>(n), &count_a);
  auto right = Grams(CodePoints(View(b)), static_cast<size_t>(n), &count_b);
  if (count_a + count_b == 0) return View(a) == View(b) ? 1 : 0;
  for (const auto& [gram, count] : left) {
    auto other = right.find(gram);
    if (other != right.end()) shared += std::min(count, other->second);
  }
  return 2 * static_cast<double>(shared) / static_cast<double>(count_a + count_b);
}

double rule_token_similarity(rulert_context* context, RuleString a, RuleString b) {
  if (TooLong(a, b)) return Fail(context, Cause::TextTooLong);
  RuleString folded_a = rule_fold(context, a), folded_b = rule_fold(context, b);
  if (context->outcome != RULERT_VALUE) return {};
  std::set<std::string> left = Words(View(folded_a)), right = Words(View(folded_b));
  if (left.empty() && right.empty()) return 1;
  auto shared = std::count_if(left.begin(), left.end(), [&](const std::string& word) { return right.contains(word); });
  return static_cast<double>(shared) / static_cast<double>(left.size() + right.size() - static_cast<size_t>(shared));
}

}  // extern "C"
