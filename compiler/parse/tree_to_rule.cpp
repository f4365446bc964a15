#include "compiler/parse/tree_to_rule.h"

#include <algorithm>

#include "grammar/RuleLexer.h"

namespace rulec {

using antlr4::tree::ParseTree;
using antlr4::tree::TerminalNode;
using grammar::RuleLexer;

namespace {

size_t IndexOf(TerminalNode* node) { return node->getSymbol()->getTokenIndex(); }

}  // namespace

ast::RuleDecl RuleBuilder::Build(Parser::RuleDeclContext* tree, std::string doc) {
  ast::RuleDecl rule;
  rule.derived = context_.token(context_.First(tree)).type == RuleLexer::DERIVE;
  rule.name = context_.NameOf(tree->declared());
  rule.doc = std::move(doc);
  for (auto* annotation : ChildrenOf<Parser::AnnotationContext>(tree)) {
    rule.annotations.push_back(BuildAnnotation(annotation));
  }
  for (auto* clause : ChildrenOf<Parser::ClauseContext>(tree->ruleBody())) BuildClause(clause, &rule);
  rule.incomplete = damaged_ || context_.told_not_supported();
  CheckWhole(rule);
  return rule;
}

void RuleBuilder::CheckWhole(const ast::RuleDecl& rule) {
  if (rule.incomplete) return;
  const auto missing = [&](std::string_view clause, std::string_view help) {
    const std::string what = (rule.derived ? "derive `" : "rule `") + rule.name.text + "`";
    context_.diagnostics().Build(rule.name.span, MissingClause, {what, clause}).Help(std::string(help)).Emit();
  };
  if (!rule.from) {
    missing("from", "a rule begins with the stream that it reads: `from trades`");
    return;
  }
  const ast::EmitClause* first = nullptr;
  for (const ast::Stage& stage : rule.stages) {
    const auto* emit = std::get_if<ast::EmitClause>(&stage);
    if (emit && first && rule.derived) {
      const Span span{emit->span.file, emit->span.begin, emit->span.begin + 4};
      context_.diagnostics().Build(span, DuplicateClause, {"`emit`"}).Label(first->span, "first here").Emit();
    }
    if (emit && !first) first = emit;
  }
  if (first) return;
  missing("emit", rule.derived ? "it ends with the rows of its stream: `emit { symbol, price }`"
                               : "a rule ends with what it gives: `emit alerts { symbol, price }`");
}

ast::Annotation RuleBuilder::BuildAnnotation(Parser::AnnotationContext* tree) {
  ast::Annotation annotation;
  annotation.name = context_.NameOf(tree);
  annotation.span = context_.SpanOf(tree);
  annotation.arguments = exprs_.BuildArguments(tree->arguments());
  return annotation;
}

void RuleBuilder::BuildClause(Parser::ClauseContext* tree, ast::RuleDecl* rule) {
  if (tree->exception || tree->children.empty()) return;
  const size_t word = context_.First(tree);
  const bool after_emit = !rule->stages.empty() && std::holds_alternative<ast::EmitClause>(rule->stages.back());
  if (auto* from = tree->fromClause()) {
    BuildFrom(from, rule);
  } else if (auto* expand = tree->expandClause()) {
    BuildExpand(expand, rule);
  } else if (auto* where = tree->whereClause()) {
    if (after_emit && !damaged_) context_.Misplaced(word, "it stands before the rule's `emit`, or right after its `}`");
    rule->stages.emplace_back(ast::WhereClause{exprs_.Build(where->expr())});
  } else if (auto* let = tree->letClause()) {
    if (after_emit && !damaged_) context_.Misplaced(word, "it stands before the rule's first `emit`");
    BuildLet(let, rule);
  } else if (auto* emit = tree->emitClause()) {
    BuildEmit(emit, rule);
  } else if (auto* later = tree->laterClause()) {
    BuildLater(later);
  }
}

void RuleBuilder::BuildFrom(Parser::FromClauseContext* tree, ast::RuleDecl* rule) {
  const size_t word = context_.First(tree);
  if (rule->from) {
    context_.NotSupportedClause(context_.SpanOf(word), "a second `from`");
    return;
  }
  if (!rule->stages.empty() && !damaged_) context_.Misplaced(word, "it is the first clause of a rule");
  ast::FromClause from;
  from.span = context_.SpanOf(tree);
  std::vector<ast::Name> path = context_.Path(tree->path());
  from.stream = std::move(path.front());
  if (path.size() > 1) context_.NotSupported(path[1].span, "`." + path[1].text + "` of a stream");
  if (tree->alias()) from.alias = context_.NameOf(tree->alias());
  if (tree->partition()) from.keys = BuildKeys(tree->partition());
  rule->from = std::move(from);
}

// expand t.lines as l [partition by …]
void RuleBuilder::BuildExpand(Parser::ExpandClauseContext* tree, ast::RuleDecl* rule) {
  const bool late = std::any_of(rule->stages.begin(), rule->stages.end(), [](const ast::Stage& stage) {
    return std::holds_alternative<ast::LetClause>(stage) || std::holds_alternative<ast::EmitClause>(stage);
  });
  if (late && !damaged_) context_.Misplaced(context_.First(tree), "it stands before the rule's first `let` and `emit`");
  ast::ExpandClause expand;
  expand.span = context_.SpanOf(tree);
  expand.list = exprs_.Build(tree->expr());
  expand.alias = context_.NameOf(tree->alias());
  if (tree->partition()) expand.keys = BuildKeys(tree->partition());
  rule->stages.emplace_back(std::move(expand));
}

std::vector<ast::KeyExpr> RuleBuilder::BuildKeys(Parser::PartitionContext* tree) {
  std::vector<ast::KeyExpr> keys;
  for (auto* key : ChildrenOf<Parser::KeyContext>(tree)) {
    ast::KeyExpr expr;
    if (auto* bound = key->BOUND()) expr.name = context_.NameAt(IndexOf(bound));
    expr.value = exprs_.Build(key->expr());
    keys.push_back(std::move(expr));
  }
  return keys;
}

void RuleBuilder::BuildLet(Parser::LetClauseContext* tree, ast::RuleDecl* rule) {
  ast::LetClause let;
  for (auto* binding : ChildrenOf<Parser::BindingContext>(tree)) {
    let.bindings.push_back({context_.NameOf(binding->declared()), exprs_.Build(binding->expr())});
  }
  rule->stages.emplace_back(std::move(let));
}

void RuleBuilder::BuildEmit(Parser::EmitClauseContext* tree, ast::RuleDecl* rule) {
  if (auto* early = tree->laterEarly()) {
    context_.NotSupportedClause(context_.SpanOf(context_.First(early) - 1), "`emit early`");
    return;
  }
  ast::EmitClause emit;
  emit.span = context_.SpanOf(tree);
  Parser::EmittedContext* emitted = tree->emitted();
  if (tree->name()) emit.output = context_.NameOf(tree->name());
  if (tree->name() && rule->derived && !damaged_) {
    context_.Misplaced(context_.First(tree->name()), "a `derive` is a stream itself: `emit { … }`, without an output");
  }
  if (!tree->name() && !rule->derived && !damaged_) TellNoOutput(context_.First(emitted));
  BuildFields(emitted->emitBlock(), &emit);
  if (emitted->expr()) emit.where = exprs_.Build(emitted->expr());
  if (auto* limit = emitted->laterLimit()) context_.NotSupported(context_.SpanOf(context_.First(limit)), "`limit`");
  rule->stages.emplace_back(std::move(emit));
}

void RuleBuilder::TellNoOutput(size_t brace) {
  context_.diagnostics()
      .Build(context_.SpanOf(brace), UnexpectedToken, {"a name after `emit`", "`{`"})
      .Help("a rule names the output: `emit alerts { … }`; without one it would be a `derive`")
      .Emit();
}

void RuleBuilder::BuildFields(Parser::EmitBlockContext* tree, ast::EmitClause* emit) {
  bool separated = true;
  bool any = false;
  for (ParseTree* child : tree->children) {
    if (auto* terminal = dynamic_cast<TerminalNode*>(child)) {
      const size_t index = IndexOf(terminal);
      const uint16_t type = context_.token(index).type;
      if (type == RuleLexer::COMMA && separated && !damaged_) {
        context_.diagnostics()
            .Build(context_.SpanOf(index), UnexpectedToken,
                   {"a field after `" + std::string(context_.text(index - 1)) + "`", "`,`"})
            .Emit();
      }
      if (type == RuleLexer::COMMA || type == RuleLexer::NEXT_ITEM || type == RuleLexer::LBRACE) separated = true;
      continue;
    }
    auto* field = dynamic_cast<Parser::FieldContext*>(child);
    if (!field) continue;
    separated = false;
    any = true;
    if (field->exception) continue;
    ast::EmitField built;
    if (auto* label = field->LABEL()) built.name = context_.NameAt(IndexOf(label));
    built.value = exprs_.Build(field->expr());
    emit->fields.push_back(std::move(built));
  }
  if (!any && !damaged_) {
    const size_t close = tree->getStop() ? tree->getStop()->getTokenIndex() : context_.First(tree);
    context_.diagnostics().Build(context_.SpanOf(close), UnexpectedToken, {"a field after `{`", "`}`"}).Emit();
  }
}

// A line of a rule that is not supported. The lines after a pattern's or a process's first one are a part of it.
void RuleBuilder::BuildLater(Parser::LaterClauseContext* tree) {
  const size_t word = context_.First(tree);
  const uint16_t type = context_.token(word).type;
  const bool two_words = type == RuleLexer::NOT_STEP || type == RuleLexer::LEFT || type == RuleLexer::ASOF ||
                         type == RuleLexer::LOOKUP || type == RuleLexer::AFTER;
  std::string construct = "`" + std::string(context_.text(word));
  if (two_words) construct += " " + std::string(context_.text(word + 1));
  construct += '`';
  switch (type) {
    case RuleLexer::DEDUPE:
    case RuleLexer::JOIN:
    case RuleLexer::LEFT:
    case RuleLexer::ASOF:
    case RuleLexer::LOOKUP:
    case RuleLexer::WINDOW:
    case RuleLexer::MATCH:
    case RuleLexer::RAISE: break;
    case RuleLexer::HAVING:
      if (context_.told_not_supported()) return;
      break;
    default:
      if (context_.told_clause()) return;
  }
  const Span span = Span::Cover(context_.SpanOf(word), context_.SpanOf(two_words ? word + 1 : word));
  context_.NotSupportedClause(span, construct);
}

}  // namespace rulec
