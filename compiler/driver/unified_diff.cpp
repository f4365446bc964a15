// Eugene W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), in its greedy form.
#include "compiler/driver/unified_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace rulec {
namespace {

using Lines = std::vector<std::string_view>;  // each with its line end

constexpr int64_t kMostEdits = 2000;
constexpr size_t kContext = 3;

Lines Split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// One line of the script: ' ' in both, '-' of the first, '+' of the second.
struct Edit {
  char sign;
  size_t before;  // index of the line in the first text, of '+' the one that it stands before
  size_t after;
};

// The furthest x on each diagonal k = x - y after each number of edits; empty if there are too many.
std::vector<std::vector<int64_t>> Trace(const Lines& a, const Lines& b) {
  const auto n = static_cast<int64_t>(a.size()), m = static_cast<int64_t>(b.size());
  const int64_t most = std::min(n + m, kMostEdits);
  std::vector<std::vector<int64_t>> trace;
  std::vector<int64_t> furthest(static_cast<size_t>(2 * most + 3), 0);
  const auto at = [&](int64_t k) -> int64_t& { return furthest[static_cast<size_t>(k + most + 1)]; };
  for (int64_t d = 0; d <= most; ++d) {
    // Of the row before only its own diagonals are read again.
    const auto first = furthest.begin() + (most + 1 - d), last = furthest.begin() + (most + 2 + d);
    trace.emplace_back(first, last);
    for (int64_t k = -d; k <= d; k += 2) {
      int64_t x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (x < n && x - k < m && a[static_cast<size_t>(x)] == b[static_cast<size_t>(x - k)]) ++x;
      at(k) = x;
      if (x >= n && x - k >= m) return trace;
    }
  }
  return {};
}

std::vector<Edit> ReplaceAll(const Lines& a, const Lines& b) {
  std::vector<Edit> edits;
  for (size_t i = 0; i < a.size(); ++i) edits.push_back({'-', i, 0});
  for (size_t i = 0; i < b.size(); ++i) edits.push_back({'+', a.size(), i});
  return edits;
}

std::vector<Edit> Script(const Lines& a, const Lines& b) {
  const auto trace = Trace(a, b);
  if (trace.empty()) return ReplaceAll(a, b);
  std::vector<Edit> edits;
  auto x = static_cast<int64_t>(a.size()), y = static_cast<int64_t>(b.size());
  const auto add = [&](char sign) { edits.push_back({sign, static_cast<size_t>(x), static_cast<size_t>(y)}); };
  for (auto d = static_cast<int64_t>(trace.size()) - 1; d >= 0; --d) {
    const std::vector<int64_t>& row = trace[static_cast<size_t>(d)];
    const auto at = [&](int64_t k) { return row[static_cast<size_t>(k + d)]; };
    const int64_t k = x - y;
    const bool down = d > 0 && (k == -d || (k != d && at(k - 1) < at(k + 1)));
    const int64_t from_k = down ? k + 1 : k - 1;
    const int64_t from_x = d == 0 ? 0 : at(from_k), from_y = d == 0 ? 0 : from_x - from_k;
    while (x > from_x && y > from_y) {
      --x, --y;
      add(' ');
    }
    if (d == 0) break;
    if (down) {
      --y;
      add('+');
    } else {
      --x;
      add('-');
    }
  }
  std::ranges::reverse(edits);
  return edits;
}

std::string Range(size_t start, size_t count) {
  // An empty range names the line before it.
  if (count == 1) return fmt::format("{}", start + 1);
  return fmt::format("{},{}", count == 0 ? start : start + 1, count);
}

void AppendHunk(const std::vector<Edit>& edits, size_t begin, size_t end, const Lines& a, const Lines& b,
                std::string* out) {
  size_t removed = 0, added = 0;
  for (size_t i = begin; i < end; ++i) {
    removed += edits[i].sign != '+';
    added += edits[i].sign != '-';
  }
  *out += fmt::format("@@ -{} +{} @@\n", Range(edits[begin].before, removed), Range(edits[begin].after, added));
  for (size_t i = begin; i < end; ++i) {
    const std::string_view line = edits[i].sign == '+' ? b[edits[i].after] : a[edits[i].before];
    (*out += edits[i].sign) += line;
    if (!line.ends_with('\n')) *out += "\n\\ No newline at end of file\n";
  }
}

}  // namespace

std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const Lines a = Split(before), b = Split(after);
  const std::vector<Edit> edits = Script(a, b);
  std::string out = fmt::format("--- {}\n+++ {}\n", name, name);
  for (size_t i = 0; i < edits.size();) {
    if (edits[i].sign == ' ') {
      ++i;
      continue;
    }
    // A hunk goes on while the next change is near enough for their contexts to meet.
    size_t last = i;
    for (size_t j = i + 1; j < edits.size() && j <= last + 2 * kContext + 1; ++j) {
      if (edits[j].sign != ' ') last = j;
    }
    const size_t begin = i > kContext ? i - kContext : 0;
    const size_t end = std::min(last + kContext + 1, edits.size());
    AppendHunk(edits, begin, end, a, b, &out);
    i = end;
  }
  return out;
}

}  // namespace rulec
