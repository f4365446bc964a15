// Runs the tests of one program.
#pragma once

#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/constant_exprs.h"
#include "compiler/driver/test_program.h"

namespace rulec {

// A table that a test expects and its output does not have, and the rows that it has.
struct TableUpdate {
  const ast::Table* table = nullptr;
  struct Row {
    const ast::TableRow* kept = nullptr;  // as it is written, of the table; else
    std::vector<std::string> cells;       // by column of the table
  };
  std::vector<Row> rows;
};

struct TestOutcome {
  bool valid = true;  // it could be run; else its mistakes were told
  bool passed = true;
  Diagnostics failures;  // R0730
  std::vector<TableUpdate> updates;
};

class TestRunner {
 public:
  // Both outlive this.
  TestRunner(TestProgram& program, ConstantExprs& constants) : program_(program), constants_(constants) {}

  struct Place {
    std::string folder;   // of the test's file, where the files that it names are looked for
    std::string package;  // of its file, or empty
  };
  // Mistakes in the test itself go to `mistakes`.
  void Check(const ast::TestDecl& test, const Place& place, Diagnostics& mistakes);
  TestOutcome Run(const ast::TestDecl& test, const Place& place, Diagnostics& mistakes);

 private:
  TestProgram& program_;
  ConstantExprs& constants_;
};

}  // namespace rulec
