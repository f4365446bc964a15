// Runs the tests of one program.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/driver/test_program.h"
#include "compiler/fixtures/cell.h"

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
  // `folder`: of a test's file, where the files that it names are looked for.
  TestRunner(TestProgram& program, const fixtures::FindConstant& constants)
      : program_(program), constants_(constants) {}

  // Mistakes in the test itself go to `mistakes`.
  TestOutcome Run(const ast::TestDecl& test, const std::string& folder, Diagnostics& mistakes);

 private:
  TestProgram& program_;
  const fixtures::FindConstant& constants_;
};

}  // namespace rulec
