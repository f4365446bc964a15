#include "compiler/format/rule_layout.h"

#include <algorithm>

#include "compiler/format/items.h"
#include "compiler/format/spacing.h"

namespace rulec::format {
namespace {

// May the comma between two fields on lines of their own be left out? If not, the second would go on with the first.
bool LineEndSeparates(Tokens field, Tokens next) {
  const TokenRole role = next.front().role;
  if (role == TokenRole::Label) return true;
  if (!field.back().ends_operand) return false;
  switch (role) {
    case TokenRole::Word: {
      const std::string_view word = next.front().text;
      return word != "when" && word != "end" && word != "over";
    }
    case TokenRole::Number:
    case TokenRole::Text:
    case TokenRole::Constant:
    case TokenRole::Meta:
    case TokenRole::If:
    case TokenRole::Case: return true;
    default: return false;
  }
}

bool IsClauseWord(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

void RuleLayout::Put() {
  const size_t brace = FindBrace(tokens_);
  PutHeader(brace);
  const std::vector<Chunk> chunks = Chunks(tokens_.subspan(brace + 1, tokens_.size() - brace - 2));
  for (const Chunk& chunk : chunks) {
    const std::string_view word = chunk.tokens.front().text;
    if (IsClauseWord(word)) word_width_ = std::max(word_width_, word.size());
  }
  bool first = true;
  for (const Chunk& chunk : chunks) {
    layout_.Above(chunk.tokens.front(), kIndent, first ? EmptyLine::None : EmptyLine::Kept);
    PutChunk(chunk);
    first = false;
  }
  layout_.Comments(tokens_.back().above, kIndent, EmptyLine::Kept);
  layout_.lines().Add({0, Commented(tokens_.back()), tokens_.back().trailing});
}

void RuleLayout::PutHeader(size_t brace) {
  const Tokens header = tokens_.first(brace);
  const std::string& comment = tokens_[brace].trailing;
  const std::string flat = Flat(header);
  const std::string open = " " + Commented(tokens_[brace]);
  if (HasLineComment(header) || !header.back().trailing.empty() || !tokens_[brace].above.empty()) {
    layout_.PutAsWritten(0, tokens_.first(brace + 1));
    return;
  }
  if (Width(flat) + Width(open) <= kMaxWidth) {
    layout_.lines().Add({0, flat + open, comment});
    return;
  }
  size_t begin = 0;
  for (size_t at = 2; at <= header.size(); ++at) {
    const bool end = at == header.size();
    if (!end && header[at].role != TokenRole::Meta && header[at].role != TokenRole::MetaOf) continue;
    if (!end && header[at].depth != header.front().depth) continue;
    const Tokens part = header.subspan(begin, at - begin);
    const size_t indent = begin == 0 ? 0 : 2 * kIndent;
    layout_.Put(indent, {}, part, indent + kIndent, end ? open : "", end ? comment : "");
    begin = at;
  }
}

// Where the clauses of the rule stand. What the tree does not hold is of a later version and kept as it is written.
std::vector<RuleLayout::Chunk> RuleLayout::Chunks(Tokens body) const {
  std::vector<std::pair<Kind, Span>> stages;
  if (rule_.from) stages.emplace_back(Kind::Expression, rule_.from->span);
  for (const ast::Stage& stage : rule_.stages) AddStage(stage, &stages);
  std::sort(stages.begin(), stages.end(), [](const auto& a, const auto& b) { return a.second.begin < b.second.begin; });

  std::vector<Chunk> chunks;
  const auto as_written = [&](size_t begin, size_t end) {
    for (size_t at = begin; at < end; ++at) {
      if (at == begin || body[at].begins_clause) chunks.push_back({Kind::AsWritten, body.subspan(at, 0)});
      chunks.back().tokens = Tokens(chunks.back().tokens.data(), chunks.back().tokens.size() + 1);
    }
  };
  size_t at = 0;
  for (const auto& [kind, span] : stages) {
    size_t begin = layout_.IndexAt(span.begin) - static_cast<size_t>(body.data() - layout_.tokens().data());
    size_t end = layout_.IndexAt(span.end) - static_cast<size_t>(body.data() - layout_.tokens().data());
    as_written(at, begin);
    chunks.push_back({kind, body.subspan(begin, end - begin)});
    at = end;
  }
  as_written(at, body.size());
  return chunks;
}

// A `where` and a `let` have no span of their own: the word stands before the first thing that has one.
void RuleLayout::AddStage(const ast::Stage& stage, std::vector<std::pair<Kind, Span>>* stages) const {
  const auto with_word = [&](Span span) {
    span.begin = layout_.tokens()[layout_.IndexAt(span.begin) - 1].begin;
    return span;
  };
  if (const auto* expand = std::get_if<ast::ExpandClause>(&stage)) {
    stages->emplace_back(Kind::Expression, expand->span);
  } else if (const auto* where = std::get_if<ast::WhereClause>(&stage)) {
    stages->emplace_back(Kind::Expression, with_word(where->condition->span));
  } else if (const auto* let = std::get_if<ast::LetClause>(&stage)) {
    const Span all = Span::Cover(let->bindings.front().name.span, let->bindings.back().value->span);
    stages->emplace_back(Kind::Let, with_word(all));
  } else if (const auto* emit = std::get_if<ast::EmitClause>(&stage)) {
    stages->emplace_back(Kind::Emit, emit->span);
  }
}

std::string RuleLayout::Padded(const CommentedToken& word) const {
  std::string padded(word.text);
  padded.resize(std::max(word_width_, padded.size()), ' ');
  return word.inline_before + padded + " ";
}

void RuleLayout::PutChunk(const Chunk& chunk) {
  const CommentedToken& word = chunk.tokens.front();
  const bool split = !word.trailing.empty() || (chunk.tokens.size() > 1 && !chunk.tokens[1].above.empty());
  if (chunk.kind == Kind::AsWritten || split) {
    layout_.PutAsWritten(kIndent, chunk.tokens);
  } else if (chunk.kind == Kind::Let) {
    PutLet(chunk.tokens);
  } else if (chunk.kind == Kind::Emit) {
    PutEmit(chunk.tokens);
  } else {
    const std::string prefix = Padded(word);
    layout_.Put(kIndent, prefix, chunk.tokens.subspan(1), kIndent + prefix.size());
  }
}

void RuleLayout::PutLet(Tokens tokens) {
  const std::string prefix = Padded(tokens.front());
  const size_t column = kIndent + prefix.size();
  const std::vector<Item> items = SplitItems(tokens.subspan(1));
  bool broken = HasLineComment(tokens);
  size_t width = column;
  size_t name_width = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    broken = broken || (i > 0 && items[i].tokens.front().newline_before);
    width += Width(Flat(items[i].tokens)) + 2;
    name_width = std::max(name_width, Width(items[i].tokens.front().text));
  }
  if (items.size() == 1 || (!broken && width - 2 <= kMaxWidth)) {
    layout_.Put(kIndent, prefix, tokens.subspan(1), column);
    return;
  }
  for (size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    if (i > 0) layout_.Comments(item.above, column, EmptyLine::None);
    const bool last = i + 1 == items.size();
    const std::string comma = last ? "" : ",";
    if (item.tokens.size() < 3 || HasLineComment(item.tokens.first(3))) {
      layout_.Put(i == 0 ? kIndent : column, i == 0 ? prefix : "", item.tokens, column + kIndent, comma,
                  item.comma_comment);
      continue;
    }
    std::string head = (i == 0 ? prefix : "") + Commented(item.tokens.front());
    head.append(name_width - Width(item.tokens.front().text), ' ') += " " + Commented(item.tokens[1]) + " ";
    const size_t indent = i == 0 ? kIndent : column;
    layout_.Put(indent, head, item.tokens.subspan(2), indent + Width(head), comma, item.comma_comment);
  }
}

void RuleLayout::PutEmit(Tokens tokens) {
  const size_t open = FindBrace(tokens);
  size_t close = open + 1;
  while (close < tokens.size() && tokens[close].depth != tokens[open].depth) ++close;
  if (close >= tokens.size() || HasLineComment(tokens.first(open + 1))) {
    layout_.PutAsWritten(kIndent, tokens);
    return;
  }
  if (PutEmitOnOneLine(tokens, open, close)) return;
  layout_.lines().Add({kIndent, Padded(tokens.front()) + Flat(tokens.subspan(1, open)), tokens[open].trailing});
  PutFields(tokens.subspan(open + 1, close - open - 1));
  layout_.Comments(tokens[close].above, 2 * kIndent, EmptyLine::Kept);
  const Tokens rest = tokens.subspan(close);
  if (rest.size() < 3 || rest[1].role != TokenRole::Filter || HasLineComment(rest.first(3))) {
    layout_.Put(kIndent, {}, rest, 2 * kIndent);
  } else {
    layout_.Put(kIndent, Flat(rest.first(2)) + " ", rest.subspan(2), 2 * kIndent);
  }
}

bool RuleLayout::PutEmitOnOneLine(Tokens tokens, size_t open, size_t close) {
  if (HasLineComment(tokens.subspan(open)) || tokens[open + 1].newline_before) return false;
  std::string line = Padded(tokens.front()) + Flat(tokens.subspan(1, open)) + " ";
  bool first = true;
  for (const Item& item : SplitItems(tokens.subspan(open + 1, close - open - 1))) {
    if (!item.comma_comment.empty()) return false;
    if (!first) line += ", ";
    line += Flat(item.tokens);
    first = false;
  }
  line += " " + Flat(tokens.subspan(close));
  if (kIndent + Width(line) > kMaxWidth) return false;
  layout_.lines().Add({kIndent, std::move(line), tokens.back().trailing});
  return true;
}

// One field a line, the values of those with names aligned.
void RuleLayout::PutFields(Tokens block) {
  const std::vector<Item> items = SplitItems(block);
  constexpr size_t kColumn = 2 * kIndent;
  size_t label_width = 0;
  for (const Item& item : items) {
    const bool labelled = item.tokens.front().role == TokenRole::Label;
    if (labelled) label_width = std::max(label_width, Width(item.tokens.front().text));
  }
  for (size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    layout_.Comments(item.above, kColumn, i == 0 ? EmptyLine::None : EmptyLine::Kept);
    if (item.tokens.front().blank_before && (i > 0 || !item.above.empty())) layout_.lines().Blank();
    const bool comma = i + 1 < items.size() && !LineEndSeparates(item.tokens, items[i + 1].tokens);
    const bool labelled =
        item.tokens.front().role == TokenRole::Label && item.tokens.size() > 2 && !HasLineComment(item.tokens.first(3));
    std::string head;
    if (labelled) {
      head = Commented(item.tokens.front());
      head.append(label_width - Width(item.tokens.front().text), ' ') += " " + Commented(item.tokens[1]) + " ";
    }
    layout_.Put(kColumn, head, labelled ? item.tokens.subspan(2) : item.tokens, kColumn + (labelled ? Width(head) : 2),
                comma ? "," : "", item.comma_comment);
  }
}

}  // namespace rulec::format
