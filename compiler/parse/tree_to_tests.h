// The `test` blocks of a parse tree.
#pragma once

#include "compiler/parse/tree_to_expr.h"

namespace rulec {

class TestBuilder {
 public:
  // `damaged`: the piece has syntax errors, so that what is missing is no mistake.
  TestBuilder(TreeContext& context, bool damaged) : context_(context), exprs_(context), damaged_(damaged) {}

  ast::TestDecl Build(grammar::RuleParser::TestDeclContext* tree);

 private:
  using Parser = grammar::RuleParser;

  void BuildStep(Parser::TestStepContext* tree, ast::TestDecl* test);
  ast::GivenStep BuildGiven(Parser::GivenStepContext* tree);
  ast::ExpectStep BuildExpect(Parser::ExpectStepContext* tree);
  ast::Table BuildTable(Parser::TableContext* tree);
  ast::TableColumn BuildColumn(Parser::CellContext* tree);
  void AddRow(Parser::RowContext* tree, ast::Table* table);
  ast::TableCell BuildCell(Parser::CellContext* tree, bool first_row);
  int64_t ReadTimes(size_t index);
  bool Has(antlr4::ParserRuleContext* tree, size_t type) const;

  TreeContext& context_;
  ExprBuilder exprs_;
  const bool damaged_;
};

}  // namespace rulec
