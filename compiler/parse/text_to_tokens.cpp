#include "compiler/parse/text_to_tokens.h"

#include "compiler/parse/byte_stream.h"
#include "compiler/parse/format_text.h"
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

class TextLexer {
 public:
  TextLexer(std::string_view text, FileId file, Diagnostics& diagnostics)
      : text_(text), file_(file), diagnostics_(diagnostics), stream_(text), lexer_(&stream_), formats_(text) {
    lexer_.removeErrorListeners();
  }

  TokenList Lex() {
    LexRange(text_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0, text_.size());
    return std::move(list_);
  }

 private:
  // Recurses for the values of formatted strings, whose nesting FormatScanner bounds.
  void LexRange(size_t begin, size_t end) {
    const size_t outer = stream_.limit();
    stream_.set_limit(end);
    stream_.seek(begin);
    lexer_.hitEOF = false;
    while (!full_) {
      const std::unique_ptr<antlr4::Token> read = lexer_.nextToken();
      if (read->getType() == antlr4::Token::EOF) break;
      const auto first = static_cast<uint32_t>(read->getStartIndex());
      const auto past = static_cast<uint32_t>(read->getStopIndex() + 1);
      if (read->getType() == RuleLexer::FORMAT_BEGIN) {
        LexFormat(first, static_cast<uint32_t>(end));
      } else {
        Add(static_cast<uint16_t>(read->getType()), first, past);
      }
    }
    stream_.set_limit(outer);
    lexer_.hitEOF = false;
  }

  void LexFormat(uint32_t begin, uint32_t limit) {
    const FormatRange range = formats_.Scan(begin, limit);
    if (!range.closed) {
      Add(RuleLexer::OPEN_STRING, begin, range.end);
    } else {
      Add(RuleLexer::FORMAT_OPEN, begin, begin + 2);
      for (const FormatPartRange& part : range.parts) AddPart(part);
      Add(RuleLexer::FORMAT_CLOSE, range.end - 1, range.end);
    }
    stream_.seek(range.end);
    lexer_.hitEOF = false;
  }

  void AddPart(const FormatPartRange& part) {
    if (!part.hole) {
      Add(RuleLexer::FORMAT_TEXT, part.begin, part.end);
      return;
    }
    Add(RuleLexer::HOLE_OPEN, part.begin, part.begin + 1);
    LexRange(part.begin + 1, part.colon);
    if (part.colon < part.end) Add(RuleLexer::FORMAT_SPEC, part.colon, part.end);
    if (part.closed) Add(RuleLexer::HOLE_CLOSE, part.end, part.end + 1);
  }

  void Add(uint16_t type, uint32_t begin, uint32_t end) {
    Token token;
    token.type = type;
    token.begin = begin;
    token.end = end;
    if (type == RuleLexer::DOC) {
      AddDoc(text_, token, &list_);
      return;
    }
    const std::string_view between = text_.substr(previous_end_, begin - previous_end_);
    token.first_on_line = list_.tokens.empty() || between.find('\n') != std::string_view::npos;
    previous_end_ = end;
    list_.tokens.push_back(token);
    depth_ += DepthChange(type);
    full_ = full_ || depth_ > kAbsurdDepth;
    if (list_.tokens.size() > kMaxTokens && !full_) {
      full_ = true;
      diagnostics_.Build({file_, begin, end}, TooManyTokens, {"the file", std::to_string(kMaxTokens)})
          .Help("split it into several files and `import` them")
          .Emit();
    }
  }

  const std::string_view text_;
  const FileId file_;
  Diagnostics& diagnostics_;
  ByteStream stream_;
  RuleLexer lexer_;
  FormatScanner formats_;
  TokenList list_;
  ptrdiff_t depth_ = 0;
  uint32_t previous_end_ = 0;
  bool full_ = false;
};

}  // namespace

TokenList LexText(std::string_view text, FileId file, Diagnostics& diagnostics) {
  return TextLexer(text, file, diagnostics).Lex();
}

}  // namespace rulec
