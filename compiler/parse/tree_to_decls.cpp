#include "compiler/parse/tree_to_decls.h"

#include <algorithm>
#include <charconv>

#include "compiler/parse/literals.h"
#include "compiler/parse/token_kinds.h"
#include "compiler/parse/tree_to_rule.h"
#include "compiler/parse/tree_to_tests.h"
#include "grammar/RuleLexer.h"

namespace rulec {

using antlr4::ParserRuleContext;
using antlr4::tree::TerminalNode;
using grammar::RuleLexer;

namespace {

size_t IndexOf(TerminalNode* node) { return node->getSymbol()->getTokenIndex(); }

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
      add(ast::ConstDecl{context_.NameOf(tree->constDecl()->declared()), exprs_.Build(tree->constDecl()->expr())});
      break;
    case Parser::RuleParamDecl: {
      auto* param = tree->paramDecl();
      add(ast::ParamDecl{context_.NameOf(param->declared()), exprs_.BuildType(param->type()),
                         exprs_.Build(param->expr())});
      break;
    }
    case Parser::RuleOutputDecl:
      add(ast::OutputDecl{context_.NameOf(tree->outputDecl()->declared()),
                          context_.NameOf(tree->outputDecl()->name())});
      break;
    case Parser::RuleFnDecl: add(BuildFn(tree->fnDecl())); break;
    case Parser::RuleRuleDecl:
      add(RuleBuilder(context_, damaged_).Build(tree->ruleDecl(), DocBefore(context_.First(tree))));
      break;
    case Parser::RuleTestDecl: add(TestBuilder(context_, damaged_).Build(tree->testDecl())); break;
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
  if (!file->decls.empty() || !file->imports.empty()) context_.Misplaced(word, "it stands at the begin of the file");
  file->package = context_.Path(tree);
}

void DeclBuilder::BuildImport(Parser::ImportDeclContext* tree, ast::File* file) {
  if (damaged_) return;  // what it names may be wrong too
  const size_t text = context_.First(tree->text());
  file->imports.push_back(
      {ReadString(context_.text(text), context_.SpanOf(text), context_.diagnostics()), context_.SpanOf(text)});
}

ast::SchemaDecl DeclBuilder::BuildSchema(Parser::SchemaDeclContext* tree) {
  const size_t text = context_.First(tree->text());
  ast::SchemaDecl schema;
  schema.name = context_.NameOf(tree->declared());
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
  stream.name = context_.NameOf(tree->declared());
  stream.schema = context_.NameOf(tree->name());
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
    stream->time_path = context_.Path(tree->path());
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

ast::FnDecl DeclBuilder::BuildFn(Parser::FnDeclContext* tree) {
  ast::FnDecl fn;
  fn.name = context_.NameOf(tree->name());
  for (auto* parameter : ChildrenOf<Parser::ParameterContext>(tree)) {
    if (parameter->exception || !parameter->type()) continue;
    // A word before `:` is a label, whatever it is; the body could not name a reserved one.
    if (const size_t word = context_.First(parameter); IsReservedText(context_.text(word))) {
      const std::string text(context_.text(word));
      context_.diagnostics()
          .Build(context_.SpanOf(word), ReservedWord, {text})
          .Suggest("any name can stand in backticks", context_.SpanOf(word), "`" + text + "`")
          .Emit();
    }
    fn.parameters.push_back({context_.NameOf(parameter), exprs_.BuildType(parameter->type())});
  }
  fn.body = exprs_.Build(tree->expr());
  return fn;
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

}  // namespace rulec
