#include "compiler/parse/text_to_tokens.h"

#include "compiler/parse/byte_stream.h"
#include "grammar/RuleLexer.h"

namespace rulec {
namespace {

using grammar::RuleLexer;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr ptrdiff_t kAbsurdDepth = 4096;

void AddDoc(std::string_view text, const Token& token, TokenList* list) {
  std::string_view line = TextOf(text, token).substr(3);
  if (line.starts_with(' ')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  list->docs.push_back({token.begin, line});
}

ptrdiff_t DepthChange(uint16_t type) {
  switch (type) {
    case RuleLexer::LPAREN:
    case RuleLexer::LBRACKET:
    case RuleLexer::LBRACE: return 1;
    case RuleLexer::RPAREN:
    case RuleLexer::RBRACKET:
    case RuleLexer::RBRACE: return -1;
    default: return 0;
  }
}

}  // namespace

TokenList LexText(std::string_view text, FileId file, Diagnostics& diagnostics) {
  ByteStream stream(text);
  if (text.starts_with(kByteOrderMark)) stream.seek(kByteOrderMark.size());
  RuleLexer lexer(&stream);
  lexer.removeErrorListeners();

  TokenList list;
  ptrdiff_t depth = 0;
  uint32_t previous_end = 0;
  while (true) {
    const std::unique_ptr<antlr4::Token> read = lexer.nextToken();
    if (read->getType() == antlr4::Token::EOF) return list;
    Token token;
    token.type = static_cast<uint16_t>(read->getType());
    token.begin = static_cast<uint32_t>(read->getStartIndex());
    token.end = static_cast<uint32_t>(read->getStopIndex() + 1);
    if (token.type == RuleLexer::DOC) {
      AddDoc(text, token, &list);
      continue;
    }
    const std::string_view between = text.substr(previous_end, token.begin - previous_end);
    token.first_on_line = list.tokens.empty() || between.find('\n') != std::string_view::npos;
    previous_end = token.end;
    list.tokens.push_back(token);
    depth += DepthChange(token.type);
    if (depth > kAbsurdDepth) return list;
    if (list.tokens.size() > kMaxTokens) {
      diagnostics.Build({file, token.begin, token.end}, TooManyTokens, {"the file", std::to_string(kMaxTokens)})
          .Help("split it into several files and `import` them")
          .Emit();
      return list;
    }
  }
}

}  // namespace rulec
