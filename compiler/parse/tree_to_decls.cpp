#include "compiler/parse/tree_to_decls.h"

#include <algorithm>
#include <charconv>

#include "compiler/parse/literals.h"
#include "grammar/RuleLexer.h"

namespace rulec {

using antlr4::ParserRuleContext;
using antlr4::tree::ParseTree;
using antlr4::tree::TerminalNode;
using grammar::RuleLexer;

namespace {

size_t IndexOf(TerminalNode* node) { return node->getSymbol()->getTokenIndex(); }

// The children of one kind, in order; searching for the n-th again and again would be quadratic.
template <class Context>
std::vector<Context*> ChildrenOf(ParserRuleContext* tree) {
  std::vector<Context*> found;
  for (ParseTree* child : tree->children) {
    if (auto* context = dynamic_cast<Context*>(child)) found.push_back(context);
  }
  return found;
}

}  // namespace

void DeclBuilder::Build(Parser::PieceContext* piece, ast::File* file) {
  for (auto* declaration : ChildrenOf<Parser::DeclarationContext>(piece)) BuildDeclaration(declaration, file);
}

void DeclBuilder::BuildDeclaration(Parser::DeclarationContext* tree, ast::File* file) {
  if (tree->exception || tree->children.empty()) return;
  context_.BeginDeclaration();
  auto* inner = dynamic_cast<ParserRuleContext*>(tree->children[0]);
  const auto add = [&](auto decl) { file->decls.push_back({context_.SpanOf(tree), std::move(decl)}); };
  switch (inner->getRuleIndex()) {
    case Parser::RulePackageDecl: BuildPackage(tree->packageDecl(), file); break;
    case Parser::RuleImportDecl: BuildImport(tree->importDecl(), file); break;
    case Parser::RuleSchemaDecl: add(BuildSchema(tree->schemaDecl())); break;
    case Parser::RuleStreamDecl: add(BuildStream(tree->streamDecl())); break;
    case Parser::RuleConstDecl:
      add(ast::ConstDecl{NameOf(tree->constDecl()->declared()), exprs_.Build(tree->constDecl()->expr())});
      break;
    case Parser::RuleParamDecl: {
      auto* param = tree->paramDecl();
      add(ast::ParamDecl{NameOf(param->declared()), BuildType(param->type()), exprs_.Build(param->expr())});
      break;
    }
    case Parser::RuleOutputDecl:
      add(ast::OutputDecl{NameOf(tree->outputDecl()->declared()), NameOf(tree->outputDecl()->name())});
      break;
    case Parser::RuleRuleDecl: add(BuildRule(tree->ruleDecl())); break;
    default: {
      const size_t word = context_.First(inner);
      context_.NotSupported(context_.SpanOf(word), "`" + std::string(context_.text(word)) + "`");
    }
  }
}

void DeclBuilder::BuildPackage(Parser::PackageDeclContext* tree, ast::File* file) {
  const size_t word = context_.First(tree);
  if (!file->package.empty()) {
    context_.diagnostics()
        .Build(context_.SpanOf(word), DuplicateClause, {"`package`"})
        .Label(file->package.front().span, "first here")
        .Emit();
    return;
  }
  if (!file->decls.empty() || !file->imports.empty()) Misplaced(word, "it stands at the begin of the file");
  file->package = Path(tree);
}

void DeclBuilder::BuildImport(Parser::ImportDeclContext* tree, ast::File* file) {
  const size_t text = context_.First(tree->text());
  file->imports.push_back(
      {ReadString(context_.text(text), context_.SpanOf(text), context_.diagnostics()), context_.SpanOf(text)});
}

// name (. name)*, whatever stands before.
std::vector<ast::Name> DeclBuilder::Path(ParserRuleContext* tree) {
  std::vector<ast::Name> names;
  for (ParseTree* child : tree->children) {
    if (auto* name = dynamic_cast<Parser::NameContext*>(child)) names.push_back(NameOf(name));
    auto* terminal = dynamic_cast<TerminalNode*>(child);
    if (terminal && terminal->getSymbol()->getType() == RuleLexer::NAME) {
      names.push_back(context_.NameAt(IndexOf(terminal)));
    }
  }
  return names;
}

ast::SchemaDecl DeclBuilder::BuildSchema(Parser::SchemaDeclContext* tree) {
  const size_t text = context_.First(tree->text());
  ast::SchemaDecl schema;
  schema.name = NameOf(tree->declared());
  schema.full_name = ReadString(context_.text(text), context_.SpanOf(text), context_.diagnostics());
  schema.full_name_span = context_.SpanOf(text);
  if (tree->versions()) schema.versions = BuildVersions(tree->versions());
  return schema;
}

std::optional<int64_t> DeclBuilder::ReadVersion(size_t index) {
  const std::string digits = WithoutUnderscores(context_.text(index));
  int64_t version = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (read.ec == std::errc()) return version;
  context_.diagnostics()
      .Build(context_.SpanOf(index), InvalidNumber,
             {std::string(context_.text(index).substr(0, 40)), "it is too great"})
      .Emit();
  return std::nullopt;
}

std::optional<ast::VersionRange> DeclBuilder::BuildVersions(Parser::VersionsContext* tree) {
  const std::vector<TerminalNode*> numbers = tree->INT();
  ast::VersionRange range;
  range.span = context_.SpanOf(tree);
  range.from = ReadVersion(IndexOf(numbers[0]));
  if (!range.from) return std::nullopt;
  if (!tree->RANGE()) {
    range.to = range.from;
  } else if (numbers.size() < 2) {
    range.open = true;
  } else {
    range.to = ReadVersion(IndexOf(numbers[1]));
    if (!range.to) return std::nullopt;
    if (*range.to < *range.from) {
      const std::string text = std::to_string(*range.from) + ".." + std::to_string(*range.to);
      context_.diagnostics()
          .Build(range.span, EmptyVersionRange, {text})
          .Suggest("the smaller version stands first", range.span,
                   std::to_string(*range.to) + ".." + std::to_string(*range.from))
          .Emit();
      return std::nullopt;
    }
  }
  return range;
}

ast::StreamDecl DeclBuilder::BuildStream(Parser::StreamDeclContext* tree) {
  ast::StreamDecl stream;
  stream.name = NameOf(tree->declared());
  stream.schema = NameOf(tree->name());
  if (!tree->streamBlock()) return stream;
  for (auto* option : ChildrenOf<Parser::StreamOptionContext>(tree->streamBlock())) {
    if (!option->exception) BuildStreamOption(option, &stream);
  }
  return stream;
}

void DeclBuilder::BuildStreamOption(Parser::StreamOptionContext* tree, ast::StreamDecl* stream) {
  const size_t word = context_.First(tree);
  const uint16_t type = context_.token(word).type;
  std::optional<ast::StreamDuration>* duration = type == RuleLexer::WATERMARK ? &stream->watermark
                                                 : type == RuleLexer::IDLE    ? &stream->idle
                                                                              : &stream->lateness;
  if (type == RuleLexer::TIME ? !stream->time_path.empty() : duration->has_value()) {
    context_.diagnostics()
        .Build(context_.SpanOf(word), DuplicateClause, {"`" + std::string(context_.text(word)) + "`"})
        .Emit();
    return;
  }
  if (type == RuleLexer::TIME) {
    stream->time_path = Path(tree->path());
  } else {
    *duration = BuildDuration(tree->duration());
  }
}

std::optional<ast::StreamDuration> DeclBuilder::BuildDuration(Parser::DurationContext* tree) {
  const size_t index = context_.First(tree);
  const Span span = context_.SpanOf(index);
  if (context_.token(index).type == RuleLexer::BAD_NUMBER) {
    TellBadNumber(context_.text(index), span, context_.diagnostics());
    return std::nullopt;
  }
  if (context_.token(index).type != RuleLexer::DURATION) return ast::StreamDuration{0, context_.NameAt(index), span};
  const std::optional<int64_t> us = ReadDuration(context_.text(index), span, context_.diagnostics());
  if (!us) return std::nullopt;
  return ast::StreamDuration{*us, std::nullopt, span};
}

ast::TypeRef DeclBuilder::BuildType(Parser::TypeContext* tree) {
  ast::TypeRef type;
  type.span = context_.SpanOf(tree);
  type.name = NameOf(tree->name());
  for (TerminalNode* number : tree->INT()) {
    type.numbers.push_back(WithoutUnderscores(context_.text(IndexOf(number))));
  }
  for (auto* argument : ChildrenOf<Parser::TypeContext>(tree)) type.arguments.push_back(BuildType(argument));
  type.nullable = tree->QUESTION() != nullptr;
  return type;
}

std::string DeclBuilder::DocBefore(size_t index) const {
  const uint32_t from = index > 0 ? context_.token(index - 1).end : context_.piece().previous_end;
  auto line = std::lower_bound(docs_.begin(), docs_.end(), from,
                               [](const DocLine& doc, uint32_t offset) { return doc.begin < offset; });
  std::string text;
  for (bool first = true; line != docs_.end() && line->begin < context_.token(index).begin; ++line, first = false) {
    if (!first) text += '\n';
    text += line->text;
  }
  return text;
}

ast::RuleDecl DeclBuilder::BuildRule(Parser::RuleDeclContext* tree) {
  ast::RuleDecl rule;
  rule.name = NameOf(tree->declared());
  rule.doc = DocBefore(context_.First(tree));
  for (auto* annotation : ChildrenOf<Parser::AnnotationContext>(tree)) {
    rule.annotations.push_back(BuildAnnotation(annotation));
  }
  for (auto* clause : ChildrenOf<Parser::ClauseContext>(tree->ruleBody())) BuildClause(clause, &rule);
  rule.incomplete = damaged_ || context_.told_not_supported();
  CheckWhole(rule);
  return rule;
}

void DeclBuilder::CheckWhole(const ast::RuleDecl& rule) {
  if (rule.incomplete) return;
  const auto missing = [&](std::string_view clause, std::string_view help) {
    context_.diagnostics()
        .Build(rule.name.span, MissingClause, {"rule `" + rule.name.text + "`", clause})
        .Help(std::string(help))
        .Emit();
  };
  if (!rule.from) missing("from", "a rule begins with the stream that it reads: `from trades`");
  const bool emits = std::any_of(rule.stages.begin(), rule.stages.end(),
                                 [](const ast::Stage& s) { return std::holds_alternative<ast::EmitClause>(s); });
  if (rule.from && !emits) missing("emit", "a rule ends with what it gives: `emit alerts { symbol, price }`");
}

ast::Annotation DeclBuilder::BuildAnnotation(Parser::AnnotationContext* tree) {
  ast::Annotation annotation;
  annotation.name = NameOf(tree);
  annotation.span = context_.SpanOf(tree);
  annotation.arguments = exprs_.BuildArguments(tree->arguments());
  return annotation;
}

void DeclBuilder::Misplaced(size_t index, std::string_view help) {
  context_.diagnostics()
      .Build(context_.SpanOf(index), MisplacedClause, {"`" + std::string(context_.text(index)) + "`"})
      .Help(std::string(help))
      .Emit();
}

void DeclBuilder::BuildClause(Parser::ClauseContext* tree, ast::RuleDecl* rule) {
  if (tree->exception || tree->children.empty()) return;
  const size_t word = context_.First(tree);
  const bool after_emit = !rule->stages.empty() && std::holds_alternative<ast::EmitClause>(rule->stages.back());
  if (auto* from = tree->fromClause()) {
    BuildFrom(from, rule);
  } else if (auto* where = tree->whereClause()) {
    if (after_emit && !damaged_) Misplaced(word, "it stands before the rule's `emit`, or right after its `}`");
    rule->stages.emplace_back(ast::WhereClause{exprs_.Build(where->expr())});
  } else if (auto* let = tree->letClause()) {
    if (after_emit && !damaged_) Misplaced(word, "it stands before the rule's first `emit`");
    BuildLet(let, rule);
  } else if (auto* emit = tree->emitClause()) {
    BuildEmit(emit, rule);
  } else if (auto* later = tree->laterClause()) {
    BuildLater(later);
  }
}

void DeclBuilder::BuildFrom(Parser::FromClauseContext* tree, ast::RuleDecl* rule) {
  const size_t word = context_.First(tree);
  if (rule->from) {
    context_.NotSupportedClause(context_.SpanOf(word), "a second `from`");
    return;
  }
  if (!rule->stages.empty() && !damaged_) Misplaced(word, "it is the first clause of a rule");
  ast::FromClause from;
  from.span = context_.SpanOf(tree);
  std::vector<ast::Name> path = Path(tree->path());
  from.stream = std::move(path.front());
  if (path.size() > 1) context_.NotSupported(path[1].span, "`." + path[1].text + "` of a stream");
  if (tree->alias()) from.alias = NameOf(tree->alias());
  for (auto* key : ChildrenOf<Parser::KeyContext>(tree)) {
    ast::KeyExpr expr;
    if (auto* bound = key->BOUND()) expr.name = context_.NameAt(IndexOf(bound));
    expr.value = exprs_.Build(key->expr());
    from.keys.push_back(std::move(expr));
  }
  rule->from = std::move(from);
}

void DeclBuilder::BuildLet(Parser::LetClauseContext* tree, ast::RuleDecl* rule) {
  ast::LetClause let;
  for (auto* binding : ChildrenOf<Parser::BindingContext>(tree)) {
    let.bindings.push_back({NameOf(binding->declared()), exprs_.Build(binding->expr())});
  }
  rule->stages.emplace_back(std::move(let));
}

void DeclBuilder::BuildEmit(Parser::EmitClauseContext* tree, ast::RuleDecl* rule) {
  if (auto* early = tree->laterEarly()) {
    context_.NotSupportedClause(context_.SpanOf(context_.First(early) - 1), "`emit early`");
    return;
  }
  ast::EmitClause emit;
  emit.output = NameOf(tree->name());
  emit.span = context_.SpanOf(tree);
  BuildFields(tree->emitBlock(), &emit);
  if (tree->expr()) emit.where = exprs_.Build(tree->expr());
  if (auto* limit = tree->laterLimit()) context_.NotSupported(context_.SpanOf(context_.First(limit)), "`limit`");
  rule->stages.emplace_back(std::move(emit));
}

void DeclBuilder::BuildFields(Parser::EmitBlockContext* tree, ast::EmitClause* emit) {
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
void DeclBuilder::BuildLater(Parser::LaterClauseContext* tree) {
  const size_t word = context_.First(tree);
  const uint16_t type = context_.token(word).type;
  const bool two_words = type == RuleLexer::NOT_STEP || type == RuleLexer::LEFT || type == RuleLexer::ASOF ||
                         type == RuleLexer::LOOKUP || type == RuleLexer::AFTER;
  std::string construct = "`" + std::string(context_.text(word));
  if (two_words) construct += " " + std::string(context_.text(word + 1));
  construct += '`';
  switch (type) {
    case RuleLexer::EXPAND:
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
