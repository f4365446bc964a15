#include "compiler/parse/tree_context.h"

#include "grammar/RuleLexer.h"
#include "grammar/RuleParser.h"

namespace rulec {

Span TreeContext::SpanOf(const antlr4::ParserRuleContext* context) const {
  const size_t first = First(context);
  antlr4::Token* stop = context->stop;
  const size_t last = stop && stop->getTokenIndex() >= first ? stop->getTokenIndex() : first;
  return Span::Cover(SpanOf(first), SpanOf(last));
}

ast::Name TreeContext::NameAt(size_t index) {
  std::string_view word = text(index);
  if (word.starts_with('@')) word.remove_prefix(1);
  if (word.starts_with('`')) {
    word.remove_prefix(1);
    const bool closed = word.ends_with('`');
    if (closed) word.remove_suffix(1);
    if (word.empty() && closed)
      diagnostics_.Build(SpanOf(index), UnexpectedToken, {"a name between the backticks", "none"}).Emit();
  }
  return {std::string(word), SpanOf(index)};
}

std::vector<ast::Name> TreeContext::Path(antlr4::ParserRuleContext* tree) {
  std::vector<ast::Name> names;
  for (antlr4::tree::ParseTree* child : tree->children) {
    if (auto* name = dynamic_cast<antlr4::ParserRuleContext*>(child)) {
      if (name->getRuleIndex() == grammar::RuleParser::RuleName) names.push_back(NameAt(First(name)));
      continue;
    }
    const antlr4::Token* token = static_cast<antlr4::tree::TerminalNode*>(child)->getSymbol();
    if (token->getType() == grammar::RuleLexer::NAME) names.push_back(NameAt(token->getTokenIndex()));
  }
  return names;
}

void TreeContext::Misplaced(size_t index, std::string_view help) {
  diagnostics_.Build(SpanOf(index), MisplacedClause, {"`" + std::string(text(index)) + "`"})
      .Help(std::string(help))
      .Emit();
}

void TreeContext::NotSupported(Span span, std::string_view construct) {
  if (!told_.insert(std::string(construct)).second) return;
  diagnostics_.Build(span, NotSupportedYet, {construct}).Emit();
}

void TreeContext::NotSupportedAlone(Span span, std::string_view construct) {
  if (!told_clause_) NotSupported(span, construct);
}

void TreeContext::NotSupportedClause(Span span, std::string_view construct) {
  NotSupported(span, construct);
  told_clause_ = true;
}

void TreeContext::BeginDeclaration() {
  told_.clear();
  told_clause_ = false;
}

}  // namespace rulec
