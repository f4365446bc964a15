#include "compiler/parse/tree_to_tests.h"

#include <algorithm>
#include <charconv>

#include "compiler/parse/literals.h"
#include "grammar/RuleLexer.h"

namespace rulec {

using grammar::RuleLexer;

namespace {

constexpr int64_t kMaxTimes = 1'000'000;

std::string Count(size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

// buyer.country, without anything else in it.
bool ReadPath(const ast::Expr& expr, std::vector<ast::Name>* path) {
  if (const auto* name = std::get_if<ast::NameExpr>(&expr.node)) {
    path->push_back(name->name);
    return true;
  }
  const auto* member = std::get_if<ast::MemberExpr>(&expr.node);
  if (!member || member->null_safe || !ReadPath(*member->object, path)) return false;
  path->push_back(member->member);
  return true;
}

}  // namespace

ast::TestDecl TestBuilder::Build(Parser::TestDeclContext* tree) {
  ast::TestDecl test;
  const size_t title = context_.First(tree->text());
  test.title_span = context_.SpanOf(title);
  test.title = ReadString(context_.text(title), test.title_span, context_.diagnostics());
  test.rule = context_.NameOf(tree->name());
  for (auto* step : ChildrenOf<Parser::TestStepContext>(tree->testBody())) {
    if (!step->exception && !step->children.empty()) BuildStep(step, &test);
  }
  test.incomplete = damaged_;
  const bool expects = std::any_of(test.steps.begin(), test.steps.end(), [](const ast::TestStep& step) {
    return std::holds_alternative<ast::ExpectStep>(step);
  });
  if (!expects && !damaged_) {
    context_.diagnostics()
        .Build(test.title_span, MissingClause, {"the test", "expect"})
        .Help("a test says what the rule gives: `expect alerts { … }`, or `expect none`")
        .Emit();
  }
  return test;
}

void TestBuilder::BuildStep(Parser::TestStepContext* tree, ast::TestDecl* test) {
  if (auto* given = tree->givenStep()) {
    test->steps.emplace_back(BuildGiven(given));
  } else if (auto* watermark = tree->watermarkStep()) {
    test->steps.emplace_back(ast::WatermarkStep{exprs_.Build(watermark->expr()), context_.SpanOf(watermark)});
  } else if (auto* expect = tree->expectStep()) {
    test->steps.emplace_back(BuildExpect(expect));
  }
}

ast::GivenStep TestBuilder::BuildGiven(Parser::GivenStepContext* tree) {
  ast::GivenStep given;
  given.span = context_.SpanOf(tree);
  given.stream = context_.NameOf(tree->name());
  if (tree->table()) given.table = BuildTable(tree->table());
  if (auto* text = tree->text()) {
    const size_t index = context_.First(text);
    given.file_span = context_.SpanOf(index);
    given.file = ReadString(context_.text(index), given.file_span, context_.diagnostics());
  }
  return given;
}

bool TestBuilder::Has(antlr4::ParserRuleContext* tree, size_t type) const {
  return std::any_of(tree->children.begin(), tree->children.end(), [&](antlr4::tree::ParseTree* child) {
    const auto* terminal = dynamic_cast<antlr4::tree::TerminalNode*>(child);
    return terminal && const_cast<antlr4::tree::TerminalNode*>(terminal)->getSymbol()->getType() == type;
  });
}

ast::ExpectStep TestBuilder::BuildExpect(Parser::ExpectStepContext* tree) {
  ast::ExpectStep expect;
  expect.span = context_.SpanOf(tree);
  if (Has(tree, RuleLexer::SOME)) expect.kind = ast::ExpectKind::Some;
  if (Has(tree, RuleLexer::NONE)) expect.kind = ast::ExpectKind::None;
  if (tree->expected()) expect.output = context_.NameOf(tree->expected());
  if (tree->table()) {
    expect.table = BuildTable(tree->table());
    const size_t brace = context_.First(tree->table());
    if (!damaged_ && expect.kind == ast::ExpectKind::None) {
      context_.Misplaced(brace, "`expect none` has no rows");
    } else if (!damaged_ && !expect.output) {
      context_.Misplaced(brace, "the output stands before the rows: `expect alerts { … }`");
    }
  } else if (expect.kind == ast::ExpectKind::Exactly && expect.output) {
    // `expect errors` alone: at least one.
    expect.kind = ast::ExpectKind::Some;
  } else if (expect.kind == ast::ExpectKind::Exactly && !damaged_) {
    context_.Misplaced(context_.First(tree), "it names an output: `expect alerts { … }`, `expect none`");
  }
  return expect;
}

ast::Table TestBuilder::BuildTable(Parser::TableContext* tree) {
  ast::Table table;
  for (auto* row : ChildrenOf<Parser::RowContext>(tree)) {
    if (row->exception) continue;
    if (!table.columns.empty()) {
      AddRow(row, &table);
      continue;
    }
    for (auto* cell : ChildrenOf<Parser::CellContext>(row)) {
      if (!cell->exception) table.columns.push_back(BuildColumn(cell));
    }
  }
  if (table.columns.empty() && !damaged_) {
    const size_t brace = tree->getStop() ? tree->getStop()->getTokenIndex() : context_.First(tree);
    context_.diagnostics().Build(context_.SpanOf(brace), UnexpectedToken, {"the names of columns", "`}`"}).Emit();
  }
  return table;
}

ast::TableColumn TestBuilder::BuildColumn(Parser::CellContext* tree) {
  const ast::TableCell cell = BuildCell(tree, false);
  ast::TableColumn column;
  column.span = cell.span;
  if (const auto* meta = std::get_if<ast::MetaExpr>(&cell.value->node); meta && !meta->of) {
    column.meta = true;
    column.path.push_back(meta->name);
    return column;
  }
  if (cell.after_row_above || cell.tolerance || !ReadPath(*cell.value, &column.path)) {
    column.path.clear();
    if (!damaged_) context_.diagnostics().Build(cell.span, NotAColumn).Emit();
  }
  return column;
}

void TestBuilder::AddRow(Parser::RowContext* tree, ast::Table* table) {
  ast::TableRow row;
  row.span = context_.SpanOf(tree);
  for (auto* cell : ChildrenOf<Parser::CellContext>(tree)) {
    if (!cell->exception) row.cells.push_back(BuildCell(cell, table->rows.empty()));
  }
  if (auto* times = tree->REPEAT()) row.times = ReadTimes(times->getSymbol()->getTokenIndex());
  if (row.cells.size() != table->columns.size()) {
    if (!damaged_) {
      const std::string columns = Count(table->columns.size(), "column");
      context_.diagnostics().Build(row.span, RowWidth, {Count(row.cells.size(), "cell"), columns}).Emit();
    }
    return;
  }
  table->rows.push_back(std::move(row));
}

ast::TableCell TestBuilder::BuildCell(Parser::CellContext* tree, bool first_row) {
  ast::TableCell cell;
  cell.span = context_.SpanOf(tree);
  bool tilde = false;
  for (antlr4::tree::ParseTree* child : tree->children) {
    if (auto* expr = dynamic_cast<Parser::ExprContext*>(child)) {
      (tilde ? cell.tolerance : cell.value) = exprs_.Build(expr);
      continue;
    }
    const size_t type = static_cast<antlr4::tree::TerminalNode*>(child)->getSymbol()->getType();
    tilde = tilde || type == RuleLexer::TILDE;
    cell.after_row_above = cell.after_row_above || type == RuleLexer::PLUS;
  }
  if (cell.after_row_above && first_row && !damaged_) {
    context_.Misplaced(context_.First(tree), "`+` counts from the row above, and there is none");
  }
  return cell;
}

// `x5`
int64_t TestBuilder::ReadTimes(size_t index) {
  const std::string_view digits = context_.text(index).substr(1);
  int64_t times = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), times);
  if (read.ec == std::errc() && times >= 1 && times <= kMaxTimes) return times;
  context_.diagnostics()
      .Build(context_.SpanOf(index), InvalidNumber,
             {context_.text(index).substr(0, 40), "a row stands for 1 to " + std::to_string(kMaxTimes) + " rows"})
      .Emit();
  return 1;
}

}  // namespace rulec
