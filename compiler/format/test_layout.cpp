#include "compiler/format/test_layout.h"

#include <algorithm>

#include "compiler/format/spacing.h"

namespace rulec::format {
namespace {

Span SpanOf(const ast::TestStep& step) {
  return std::visit([](const auto& node) { return node.span; }, step);
}

// A row, cut into its cells.
struct Row {
  const CommentedToken* first = nullptr;
  std::vector<std::string> cells;
  std::string times;  // `x5`
  std::string comment;
};

Row CutRow(Tokens tokens) {
  Row row{&tokens.front(), {}, {}, tokens.back().trailing};
  if (tokens.back().role == TokenRole::Repeat) {
    row.times = Commented(tokens.back());
    tokens = tokens.first(tokens.size() - 1);
  }
  size_t begin = 0;
  for (size_t at = 0; at <= tokens.size(); ++at) {
    const bool end = at == tokens.size();
    if (!end && (tokens[at].role != TokenRole::Pipe || tokens[at].depth != tokens.front().depth)) continue;
    row.cells.push_back(Flat(tokens.subspan(begin, at - begin)));
    if (!end && !tokens[at].inline_before.empty()) {
      row.cells.back() += " " + tokens[at].inline_before;
      row.cells.back().pop_back();
    }
    begin = at + 1;
  }
  return row;
}

std::vector<Tokens> SplitRows(Tokens tokens) {
  std::vector<Tokens> rows;
  size_t begin = 0;
  for (size_t at = 1; at <= tokens.size(); ++at) {
    if (at < tokens.size() && !tokens[at].next_item) continue;
    rows.push_back(tokens.subspan(begin, at - begin));
    begin = at;
  }
  return rows;
}

}  // namespace

void TestLayout::Put() {
  const size_t brace = FindBrace(tokens_);
  if (HasLineComment(tokens_.first(brace + 1))) {
    layout_.PutAsWritten(0, tokens_);
    return;
  }
  layout_.lines().Add({0, Flat(tokens_.first(brace + 1)), tokens_[brace].trailing});
  bool first = true;
  for (const ast::TestStep& step : test_.steps) {
    const Tokens tokens = layout_.Within(SpanOf(step));
    layout_.Above(tokens.front(), kIndent, first ? EmptyLine::None : EmptyLine::Kept);
    PutStep(tokens);
    first = false;
  }
  layout_.Comments(tokens_.back().above, kIndent, EmptyLine::Kept);
  layout_.lines().Add({0, Commented(tokens_.back()), tokens_.back().trailing});
}

void TestLayout::PutStep(Tokens tokens) {
  const size_t open = FindBrace(tokens);
  if (open == tokens.size()) {
    layout_.Put(kIndent, {}, tokens, 2 * kIndent);
    return;
  }
  const Tokens rows = tokens.subspan(open + 1, tokens.size() - open - 2);
  const std::vector<Tokens> split = SplitRows(rows);
  const bool comment_in_row = std::any_of(split.begin(), split.end(), [](Tokens row) { return HasLineComment(row); });
  if (HasLineComment(tokens.first(open + 1)) || comment_in_row) {
    layout_.PutAsWritten(kIndent, tokens);
    return;
  }
  const std::string flat = Flat(tokens);
  const bool one_line = split.size() == 1 && !HasLineComment(tokens) && !rows.front().newline_before;
  if (one_line && kIndent + Width(flat) <= kMaxWidth) {
    layout_.lines().Add({kIndent, flat, tokens.back().trailing});
    return;
  }
  layout_.lines().Add({kIndent, Flat(tokens.first(open + 1)), tokens[open].trailing});
  PutTable(rows);
  layout_.Comments(tokens.back().above, 2 * kIndent, EmptyLine::Kept);
  layout_.lines().Add({kIndent, Commented(tokens.back()), tokens.back().trailing});
}

void TestLayout::PutTable(Tokens tokens) {
  std::vector<Row> rows;
  std::vector<size_t> widths;
  bool repeats = false;
  for (const Tokens row : SplitRows(tokens)) {
    rows.push_back(CutRow(row));
    widths.resize(std::max(widths.size(), rows.back().cells.size()));
    for (size_t i = 0; i < rows.back().cells.size(); ++i) {
      widths[i] = std::max(widths[i], Width(rows.back().cells[i]));
    }
    repeats = repeats || !rows.back().times.empty();
  }
  for (size_t r = 0; r < rows.size(); ++r) {
    const Row& row = rows[r];
    layout_.Above(*row.first, 2 * kIndent, r == 0 ? EmptyLine::None : EmptyLine::Kept);
    std::string line;
    for (size_t i = 0; i < row.cells.size(); ++i) {
      if (i > 0) line += " | ";
      line += row.cells[i];
      const bool last = i + 1 == row.cells.size();
      if (!last || !row.times.empty()) line.append(widths[i] - Width(row.cells[i]), ' ');
    }
    if (!row.times.empty()) line += "  " + row.times;
    layout_.lines().Add({2 * kIndent, std::move(line), row.comment});
  }
}

}  // namespace rulec::format
