#include "compiler/driver/test_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <unordered_map>

#include "compiler/fixtures/table_rows.h"
#include "runtime/job/outputs.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostShown = 20;  // rows of a failure

// `given`s and the `expect`s behind them: rules without state see each such part on its own.
struct Part {
  std::vector<const ast::GivenStep*> given;
  std::vector<const ast::ExpectStep*> expect;
};

std::vector<Part> PartsOf(const ast::TestDecl& test) {
  std::vector<Part> parts(1);
  for (const ast::TestStep& step : test.steps) {
    if (const auto* given = std::get_if<ast::GivenStep>(&step)) {
      if (!parts.back().expect.empty()) parts.emplace_back();
      parts.back().given.push_back(given);
    } else if (const auto* expect = std::get_if<ast::ExpectStep>(&step)) {
      parts.back().expect.push_back(expect);
    }
  }
  return parts;
}

std::string Rows(size_t count) { return fmt::format("{} row{}", count, count == 1 ? "" : "s"); }

class OneTest {
 public:
  OneTest(TestProgram& program, ConstantExprs& constants, const ast::TestDecl& test, const TestRunner::Place& place,
          Diagnostics& mistakes)
      : program_(program),
        constants_(constants),
        test_(test),
        place_(place),
        mistakes_(mistakes),
        compute_([this](const ast::Expr& cell) { return Compute(cell); }) {}

  // Without running it.
  void Check() {
    runs_ = false;
    Run();
  }

  TestOutcome Run() {
    const size_t before = mistakes_.errors();
    rule_ = program_.FindRule(test_.rule.text, place_.package);
    if (rule_ == nullptr) {
      mistakes_.Build(test_.rule.span, TestRuleUnknown, {test_.rule.text})
          .Suggest("a rule with a similar name exists", test_.rule.span,
                   NearestName(test_.rule.text, program_.RuleNames()))
          .Emit();
    } else {
      const std::vector<Part> parts = PartsOf(test_);
      if (parts.back().expect.empty()) {
        const bool first = parts.size() == 1;
        mistakes_
            .Build(first ? test_.title_span : parts.back().given.front()->span, TestWithoutExpectation,
                   {test_.title, first ? "" : " of its last rows"})
            .Help("`expect none` says that nothing comes out")
            .Emit();
      }
      for (const ast::TestStep& step : test_.steps) {
        const auto* watermark = std::get_if<ast::WatermarkStep>(&step);
        if (watermark && watermark->time) fixtures::ReadTime(*watermark->time, compute_, mistakes_);
      }
      for (const Part& part : parts) RunPart(part);
    }
    outcome_.valid = mistakes_.errors() == before;
    outcome_.passed = outcome_.valid && outcome_.failures.errors() == 0;
    return std::move(outcome_);
  }

 private:
  void RunPart(const Part& part) {
    TestRun run;
    const size_t before = mistakes_.errors();
    for (const ast::GivenStep* given : part.given) Given(*given, &run);
    for (const ast::ExpectStep* expect : part.expect) CheckOutput(*expect);
    if (mistakes_.errors() > before || !runs_) return;
    program_.Run(*rule_, &run);
    if (!run.error.empty()) {
      const Span span = part.expect.empty() ? test_.title_span : part.expect.front()->span;
      outcome_.failures.Build(span, TestFailed, {test_.title, run.error}).Emit();
      return;
    }
    for (const ast::ExpectStep* expect : part.expect) Expect(*expect, run);
  }

  void Given(const ast::GivenStep& given, TestRun* run) {
    const rulert::StreamSpec* stream = program_.FindStream(*rule_, given.stream.text);
    if (stream == nullptr) return TellNoStream(given);
    if (given.file) return GivenFile(given, run);
    const fixtures::TableContext context{program_.StreamSchema(*stream), stream->name, TimePath(*stream), compute_,
                                         mistakes_};
    const size_t before = mistakes_.errors();
    fixtures::GivenRows read = fixtures::ReadGiven(given.table, context);
    if (mistakes_.errors() > before) return;  // what a misspelt column leaves out has been told
    for (const std::string& field : read.missing) {
      if (!program_.ReadsField(*rule_, *stream, field)) continue;
      mistakes_.Build(given.stream.span, TestFieldNeeded, {test_.rule.text, field})
          .Help(fmt::format("give the table a column `{}`", field))
          .Emit();
    }
    auto& rows = run->rows[stream->name];
    rows.insert(rows.end(), std::make_move_iterator(read.rows.begin()), std::make_move_iterator(read.rows.end()));
  }

  void TellNoStream(const ast::GivenStep& given) {
    const std::vector<std::string> names = program_.StreamNames(*rule_);
    auto builder = mistakes_.Build(given.stream.span, TestStreamUnknown, {test_.rule.text, given.stream.text});
    if (program_.ReadsMade(*rule_, given.stream.text)) {
      std::move(builder)
          .Help(fmt::format("rules make its rows: give those of {}, from which they are made", fmt::join(names, ", ")))
          .Emit();
      return;
    }
    std::move(builder)
        .Suggest("a stream with a similar name is read", given.stream.span, NearestName(given.stream.text, names))
        .Help(fmt::format("it reads {}", fmt::join(names, ", ")))
        .Emit();
  }

  void GivenFile(const ast::GivenStep& given, TestRun* run) {
    const std::string path = (fs::path(place_.folder) / *given.file).lexically_normal().string();
    std::error_code code;
    if (fs::is_regular_file(path, code)) {
      run->files.push_back(given.stream.text + "=" + path);
      return;
    }
    mistakes_.Build(given.file_span, TestFileUnreadable, {path, code ? code.message() : "it is no file"}).Emit();
  }

  static std::string TimePath(const rulert::StreamSpec& stream) {
    return stream.time_slot == rulert::kNone ? "" : stream.slots[static_cast<size_t>(stream.time_slot)].path;
  }

  static bool IsErrors(const ast::ExpectStep& expect) {
    return expect.output && expect.output->text == rulert::kErrorsOutput;
  }

  void CheckOutput(const ast::ExpectStep& expect) {
    if (!expect.output) return;
    const std::vector<std::string> names = program_.OutputNames(*rule_);
    if (!IsErrors(expect) && std::ranges::find(names, expect.output->text) == names.end()) {
      mistakes_.Build(expect.output->span, TestOutputUnknown, {test_.rule.text, expect.output->text})
          .Suggest("an output with a similar name exists", expect.output->span, NearestName(expect.output->text, names))
          .Help(fmt::format("it emits to {}", fmt::join(names, ", ")))
          .Emit();
      return;
    }
    if (expect.table) fixtures::ReadExpected(*expect.table, ContextOf(expect));
  }

  fixtures::TableContext ContextOf(const ast::ExpectStep& expect) {
    return {program_.OutputSchema(expect.output->text), expect.output->text, "", compute_, mistakes_};
  }

  void Fail(const ast::ExpectStep& expect, const std::string& what, const std::vector<std::string>& lines) {
    auto builder = outcome_.failures.Build(expect.span, TestFailed, {test_.title, what});
    for (const std::string& line : lines) std::move(builder).Note(line);
    std::move(builder).Emit();
  }

  void Expect(const ast::ExpectStep& expect, const TestRun& run) {
    if (!expect.output || !expect.table) return ExpectAny(expect, run);
    const fixtures::TableContext context = ContextOf(expect);
    const std::vector<fixtures::ExpectedRow> expected = fixtures::ReadExpected(*expect.table, context);
    const std::vector<avro::Datum>& got = run.got.at(expect.output->text);
    const fixtures::Matched matched = fixtures::MatchRows(expected, got);
    const bool exactly = expect.kind == ast::ExpectKind::Exactly;
    if (matched.missing.empty() && (!exactly || matched.unexpected.empty())) return;
    const std::vector<fixtures::ExpectedCell> columns = fixtures::ReadColumns(*expect.table, context);
    std::vector<std::string> lines = Difference(expected, got, matched, columns, *expect.table, exactly);
    Fail(expect,
         fmt::format("`{}` has {}, {} expected of them{}", expect.output->text, Rows(got.size()),
                     expected.size() - matched.missing.size(),
                     matched.missing.empty() ? "" : fmt::format(", and {} not there", Rows(matched.missing.size()))),
         lines);
    Update(*expect.table, expected, got, matched, columns, exactly);
  }

  // Some or none, of one output or of any.
  void ExpectAny(const ast::ExpectStep& expect, const TestRun& run) {
    size_t count = 0;
    std::vector<std::string> lines;
    for (const auto& [output, rows] : run.got) {
      const bool meant = expect.output ? output == expect.output->text : output != rulert::kErrorsOutput;
      if (!meant) continue;
      count += rows.size();
      for (size_t i = 0; i < rows.size() && lines.size() < kMostShown; ++i) {
        lines.push_back(fmt::format("+ {} {}", output, avro::DatumToJson(program_.OutputSchema(output), rows[i])));
      }
    }
    const std::string where = expect.output ? "`" + expect.output->text + "`" : "the outputs";
    if (expect.kind == ast::ExpectKind::None) {
      if (count > 0) Fail(expect, fmt::format("{} have {}, and none is expected", where, Rows(count)), lines);
    } else if (count == 0) {
      Fail(expect, fmt::format("{} have no row", where), {});
    }
  }

  // A table with `-` before what is not there, `+` before what is there beyond it.
  static std::vector<std::string> Difference(const std::vector<fixtures::ExpectedRow>& expected,
                                             const std::vector<avro::Datum>& got, const fixtures::Matched& matched,
                                             const std::vector<fixtures::ExpectedCell>& columns,
                                             const ast::Table& table, bool exactly) {
    std::vector<std::vector<std::string>> rows = {{" "}};
    for (const ast::TableColumn& column : table.columns) {
      std::string path;
      for (const ast::Name& name : column.path) path += (path.empty() ? "" : ".") + name.text;
      rows[0].push_back(path);
    }
    const auto add = [&](std::string sign, std::vector<std::string> cells) {
      if (rows.size() > kMostShown) return;
      cells.insert(cells.begin(), std::move(sign));
      rows.push_back(std::move(cells));
    };
    for (const size_t row : matched.missing) add("-", ExpectedText(expected[row], columns));
    if (exactly || !matched.missing.empty()) {
      for (const size_t row : matched.unexpected) add("+", fixtures::RowText(columns, got[row]));
    }
    std::vector<std::string> lines = Aligned(rows);
    const size_t all = matched.missing.size() + matched.unexpected.size();
    if (all > kMostShown) lines.push_back(fmt::format("and {} more", all - kMostShown));
    lines.push_back("- is expected and not there, + is there and not expected");
    return lines;
  }

  static std::vector<std::string> ExpectedText(const fixtures::ExpectedRow& row,
                                               const std::vector<fixtures::ExpectedCell>& columns) {
    std::vector<std::string> cells;
    for (const fixtures::ExpectedCell& column : columns) {
      std::string text;
      for (const fixtures::ExpectedCell& cell : row.cells) {
        if (cell.path != column.path) continue;
        text = fixtures::CellText(*cell.schema, cell.value);
        if (cell.tolerance > 0) text += fmt::format(" ~ {}", cell.tolerance);
      }
      cells.push_back(text);
    }
    return cells;
  }

  static std::vector<std::string> Aligned(const std::vector<std::vector<std::string>>& rows) {
    constexpr size_t kWidest = 40;
    std::vector<size_t> widths;
    for (const auto& row : rows) {
      widths.resize(std::max(widths.size(), row.size()), 0);
      for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], std::min(row[i].size(), kWidest));
    }
    std::vector<std::string> lines;
    for (const auto& row : rows) {
      std::string line;
      for (size_t i = 0; i < row.size(); ++i) {
        line += (i == 0 ? "" : i == 1 ? " " : " | ") + row[i];
        if (i + 1 < row.size() && row[i].size() < widths[i]) line.append(widths[i] - row[i].size(), ' ');
      }
      lines.push_back(line);
    }
    return lines;
  }

  void Update(const ast::Table& table, const std::vector<fixtures::ExpectedRow>& expected,
              const std::vector<avro::Datum>& got, const fixtures::Matched& matched,
              const std::vector<fixtures::ExpectedCell>& columns, bool exactly) {
    if (columns.size() != table.columns.size()) return;
    TableUpdate update{&table, {}};
    const std::set<size_t> missing(matched.missing.begin(), matched.missing.end());
    std::set<size_t> broken;  // rows of the table of which a repetition is not there
    for (const size_t row : missing) broken.insert(expected[row].row);
    std::set<size_t> written;
    for (size_t i = 0; i < expected.size(); ++i) {
      const size_t row = expected[i].row;
      if (missing.contains(i)) continue;
      if (broken.contains(row)) {
        update.rows.push_back({nullptr, ExpectedText(expected[i], columns)});
      } else if (written.insert(row).second) {
        update.rows.push_back({&table.rows[row], {}});
      }
    }
    if (exactly || !missing.empty()) {
      for (const size_t row : matched.unexpected) {
        update.rows.push_back({nullptr, fixtures::RowText(columns, got[row])});
      }
    }
    outcome_.updates.push_back(std::move(update));
  }

  // Names in cells are those of the test's package; YAML has none of its own.
  fixtures::Computed Compute(const ast::Expr& cell) {
    auto [known, is_new] = computed_.try_emplace(&cell);
    if (is_new) {
      known->second = constants_.Compute(cell, place_.package.empty() ? rule_->package : place_.package);
    }
    return {known->second.literal.get(), known->second.error};
  }

  TestProgram& program_;
  ConstantExprs& constants_;
  const ast::TestDecl& test_;
  const TestRunner::Place& place_;
  Diagnostics& mistakes_;
  const fixtures::Compute compute_;
  std::unordered_map<const ast::Expr*, ConstantExprs::Computed> computed_;
  bool runs_ = true;
  const rulert::RuleSpec* rule_ = nullptr;
  TestOutcome outcome_;
};

}  // namespace

void TestRunner::Check(const ast::TestDecl& test, const Place& place, Diagnostics& mistakes) {
  OneTest(program_, constants_, test, place, mistakes).Check();
}

TestOutcome TestRunner::Run(const ast::TestDecl& test, const Place& place, Diagnostics& mistakes) {
  return OneTest(program_, constants_, test, place, mistakes).Run();
}

}  // namespace rulec
