// Random typed expressions, from their text on, computed in three ways that share little: by generated code, by the
// slow evaluator of plans, and by the constant folder with the event's values in the place of its fields. All three
// must give the same value or the same rule error.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

#include "compiler/check/ast_to_typed.h"
#include "compiler/check/fold.h"
#include "compiler/emit/codegen_fixture.h"
#include "compiler/emit/expression_writer_test.h"
#include "compiler/emit/plan_evaluator_test.h"
#include "compiler/parse/text_to_ast.h"
#include "compiler/planner/typed_to_plan.h"
#include "compiler/typed/walk.h"
#include "stdlib/causes.h"

namespace rulec {
namespace {

using typed::Value;

// Expressions of one module: each is an emit that takes the rows whose `pick` is its number, so that an error in one
// leaves the others alone.
constexpr size_t kExpressions = 16;
constexpr size_t kRowsEach = 6;
constexpr size_t kMostFailures = 20;

struct Compiled {
  SourceSet sources;
  Diagnostics diagnostics;
  std::vector<ast::File> files;
  SchemaStore store;
  typed::Program program;
  std::vector<std::string> texts;

  explicit Compiled(std::vector<std::string> expressions) : texts(std::move(expressions)) {
    store.Add("gen.Event", 1, "1.avsc", kEventSchema);
    std::string text = std::string(kExpressionHead) + "rule r {\n  from events\n";
    const auto first_line = std::count(text.begin(), text.end(), '\n') + 1;
    for (size_t i = 0; i < texts.size(); ++i) {
      text += "  emit o" + std::to_string(i) + " { v: " + texts[i] + " } where pick == " + std::to_string(i) + "\n";
    }
    text += "}\n";
    files.push_back(ParseText(sources, sources.Add("gen.rule", text), diagnostics));
    program = Check(sources, files, store, diagnostics);
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      if (diagnostic.kind->severity != Severity::Error) continue;
      const size_t line = sources.file(diagnostic.primary.span.file).Locate(diagnostic.primary.span.begin).line;
      refused[line - static_cast<size_t>(first_line)] = std::string(diagnostic.kind->code) + " " + diagnostic.message;
    }
  }
  std::map<size_t, std::string> refused;  // by expression: what was told
};

// What an expression of one row came to: a value, or a rule error with its operands.
struct Outcome {
  std::string text;
  bool operator==(const Outcome&) const = default;
};

Outcome ErrorOutcome(const std::string& cause) { return {"error: " + cause}; }

// The block of params as the runtime lays it out.
class Params {
 public:
  explicit Params(const plan::Rule& rule) : block_(rule.params_size / 8 + 4) {
    for (const rulert::ParamSpec& param : rule.params) {
      auto* at = reinterpret_cast<uint8_t*>(block_.data()) + param.offset;
      if (param.prepared != rulert::Prepared::None) {
        prepared_.push_back(PrepareParam(param));
        const void* pointer = prepared_.back().get();
        std::memcpy(at, &pointer, sizeof(pointer));
        continue;
      }
      const Type type = TypeOfParam(param);
      cells_.Write(type, ValueOfParam(type, param), at);
      if (param.column.nullable) at[rulert::ColumnWidth(param.column.kind)] = !param.is_null;
    }
  }
  const uint8_t* data() const { return reinterpret_cast<const uint8_t*>(block_.data()); }

 private:
  // As far as ValueCells looks at it.
  static Type TypeOfParam(const rulert::ParamSpec& param) {
    Type type;
    for (int kind = static_cast<int>(TypeKind::Bool); kind <= static_cast<int>(TypeKind::Enum); ++kind) {
      type.kind = static_cast<TypeKind>(kind);
      if (plan::KindOf(type.kind) == param.column.kind) break;
    }
    type.nullable = param.column.nullable;
    type.precision = param.column.precision;
    type.scale = param.column.scale;
    return type;
  }

  std::vector<uint64_t> block_;
  ValueCells cells_;
  std::vector<std::shared_ptr<const void>> prepared_;
};

struct Row {
  std::map<std::string, Value> fields;
  RowFacts facts;
};

// ---- The constant folder, with constants in the place of what a row brings ----

class Folder {
 public:
  Folder(const typed::Program& program, typed::Expr& expr) : program_(program), expr_(expr) { Find(expr); }

  Outcome Fold(const Row& row) {
    for (const auto& [at, original] : leaves_) at->node = typed::Constant{.value = ValueFor(original, row)};
    check::Evaluator evaluator;
    Value value;
    switch (evaluator.Evaluate(expr_, &value)) {
      case check::Outcome::Value: return {ShowValue(expr_.type, value)};
      case check::Outcome::Error: return ErrorOutcome(evaluator.cause());
      default: return {"not known"};
    }
  }

 private:
  using Leaf = std::variant<typed::FieldRef, typed::MetaRef, typed::Present, typed::ParamRef>;

  void Find(typed::Expr& expr) {
    if (const auto* field = std::get_if<typed::FieldRef>(&expr.node)) leaves_.emplace_back(&expr, *field);
    if (const auto* meta = std::get_if<typed::MetaRef>(&expr.node)) leaves_.emplace_back(&expr, *meta);
    if (const auto* present = std::get_if<typed::Present>(&expr.node)) leaves_.emplace_back(&expr, *present);
    if (const auto* param = std::get_if<typed::ParamRef>(&expr.node)) leaves_.emplace_back(&expr, *param);
    // The tree is this test's own.
    typed::ForEachChild(expr, [&](const typed::Expr& child) { Find(const_cast<typed::Expr&>(child)); });
  }

  Value ValueFor(const Leaf& leaf, const Row& row) const {
    if (const auto* field = std::get_if<typed::FieldRef>(&leaf)) return row.fields.at(field->path);
    if (const auto* param = std::get_if<typed::ParamRef>(&leaf)) return program_.params[param->param].value;
    if (std::holds_alternative<typed::Present>(leaf)) return {.boolean = true};
    switch (std::get<typed::MetaRef>(leaf).meta) {
      case typed::Meta::Time: return {.integer = row.facts.time};
      case typed::Meta::Partition: return {.integer = row.facts.partition};
      case typed::Meta::Offset: return {.integer = row.facts.offset};
      default: return {.integer = row.facts.schema_version};
    }
  }

  const typed::Program& program_;
  typed::Expr& expr_;
  std::vector<std::pair<typed::Expr*, Leaf>> leaves_;
};

// ---- The three, side by side ----

struct Counts {
  size_t expressions = 0, evaluations = 0, refused = 0, errors = 0, failures = 0, nulls = 0, not_known = 0;
  std::map<size_t, size_t> calls;  // by the number of the library's row
  std::set<std::string> unary, binary, intrinsics;
  double checking = 0, compiling = 0, running = 0, evaluating = 0;
};

void CountNodes(const typed::Expr& expr, Counts* counts) {
  if (const auto* call = std::get_if<typed::Call>(&expr.node)) ++counts->calls[call->function];
  if (const auto* unary = std::get_if<typed::Unary>(&expr.node)) counts->unary.emplace(typed::UnaryOpName(unary->op));
  if (const auto* binary = std::get_if<typed::Binary>(&expr.node))
    counts->binary.emplace(typed::BinaryOpName(binary->op));
  if (const auto* call = std::get_if<typed::IntrinsicCall>(&expr.node)) {
    counts->intrinsics.emplace(typed::IntrinsicName(call->intrinsic));
  }
  typed::ForEachChild(expr, [&](const typed::Expr& child) { CountNodes(child, counts); });
}

class Timer {
 public:
  explicit Timer(double* to) : to_(to) {}
  ~Timer() { *to_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  double* to_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class ModuleRun {
 public:
  ModuleRun(std::vector<std::string> texts, Random& random, Counts* counts) : random_(random), counts_(counts) {
    Make(std::move(texts));
  }

  void Compare() {
    {
      Timer timer(&counts_->checking);
      ASSERT_EQ(PlanProgram(compiled_->sources, compiled_->program, &plan_), "");
    }
    MakeRows();
    std::vector<Outcome> generated;
    ASSERT_NO_FATAL_FAILURE(RunGenerated(&generated));
    Timer timer(&counts_->evaluating);
    for (size_t e = 0; e < compiled_->texts.size(); ++e) {
      typed::Expr& expr = *compiled_->program.rules[0].emits[e].fields[0];
      CountNodes(expr, counts_);
      ++counts_->expressions;
      Folder folder(compiled_->program, expr);
      for (size_t r = e * kRowsEach; r < (e + 1) * kRowsEach; ++r) {
        const Outcome slow = Evaluate(e, r);
        const Outcome folded = folder.Fold(rows_[r]);
        Count(expr, generated[r], folded);
        const bool code_differs = generated[r].text != slow.text;
        const bool folder_differs = folded.text != "not known" && WithoutSite(slow.text) != folded.text;
        if (!code_differs && !folder_differs) continue;
        ADD_FAILURE() << compiled_->texts[e] << "\nwith " << ShowRow(rows_[r], compiled_->texts[e])
                      << "\ncode:      " << generated[r].text << "\nevaluator: " << slow.text
                      << "\nfolder:    " << folded.text;
        if (++counts_->failures == kMostFailures) return;
        break;  // to the next expression
      }
    }
  }

 private:
  const plan::Rule& rule() const { return plan_.rules[0]; }

  void Make(std::vector<std::string> texts) {
    Timer timer(&counts_->checking);
    compiled_ = std::make_unique<Compiled>(texts);
    while (!compiled_->refused.empty()) {
      std::vector<std::string> rest;
      for (size_t i = 0; i < compiled_->texts.size(); ++i) {
        const auto refused = compiled_->refused.find(i);
        if (refused == compiled_->refused.end()) {
          rest.push_back(compiled_->texts[i]);
          continue;
        }
        ++counts_->refused;
        if (std::getenv("RULEC_SHOW_REFUSED")) std::cerr << refused->second << "\n   " << compiled_->texts[i] << "\n";
      }
      if (rest.size() == compiled_->texts.size()) FAIL() << compiled_->refused.begin()->second;
      compiled_ = std::make_unique<Compiled>(std::move(rest));
    }
  }

  void MakeRows() {
    const auto fields = EventFields(plan_.streams[0].schema->root());
    for (size_t r = 0; r < compiled_->texts.size() * kRowsEach; ++r) {
      Row row;
      for (const EventField& field : fields) row.fields[field.path] = RandomValueOf(random_, field.type);
      row.fields["pick"] = {.integer = static_cast<int64_t>(r / kRowsEach)};
      row.fields["at"] = RandomValueOf(random_, {TypeKind::Timestamp});
      for (const EventField& field : fields) AddParts(field, &row);
      row.facts = {.time = row.fields["at"].integer,
                   .partition = 3,
                   .offset = 1000 + static_cast<int64_t>(r),
                   .schema_version = 1};
      rows_.push_back(std::move(row));
    }
    for (const rulert::SlotSpec& slot : plan_.streams[0].registry.slots()) {
      specs_.push_back(slot.column);
    }
    // Types of slots: of the expressions that read them.
    types_.resize(specs_.size());
    if (plan_.streams[0].time) types_[*plan_.streams[0].time] = {TypeKind::Timestamp};
    for (const plan::Expr& expr : rule().exprs) {
      if (expr.op == plan::Op::Slot) types_[expr.index] = expr.type;
    }
  }

  // The paths into a record.
  static void AddParts(const EventField& field, Row* row) {
    if (field.type.kind != TypeKind::Record) return;
    const Value record = row->fields[field.path];
    for (size_t i = 0; i < record.items.size() || (record.is_null && i < 5); ++i) {
      static const char* const names[] = {"a", "t", "x", "tags", "m"};
      row->fields[field.path + "." + names[i]] = record.is_null ? Value{.is_null = true} : record.items[i];
    }
  }

  void RunGenerated(std::vector<Outcome>* outcomes) {
    std::unique_ptr<LoadedCode> code;
    {
      Timer timer(&counts_->compiling);
      code = TestCodegen().Load(TestCodegen().CompileRule(plan_, rule()));
    }
    Timer timer(&counts_->running);
    ValueCells cells;
    TestColumns columns(specs_);
    for (size_t slot = 0; slot < specs_.size(); ++slot) {
      if (types_[slot].kind == TypeKind::Error) continue;  // asked for by `present` alone
      const std::string& path = plan_.streams[0].registry.slots()[slot].path;
      for (uint32_t r = 0; r < rows_.size(); ++r) {
        const Value& value = rows_[r].fields.at(path);
        cells.Write(types_[slot], value, const_cast<void*>(columns.Cell(slot, r)));
        if (specs_[slot].nullable) columns.SetValid(slot, r, !value.is_null);
      }
    }
    std::vector<int64_t> offsets;
    for (const Row& row : rows_) offsets.push_back(row.facts.offset);
    rulert_batch batch{};
    batch.rows = static_cast<uint32_t>(rows_.size());
    batch.partition = 3;
    batch.offsets = offsets.data();
    batch.schema_version = 1;
    batch.columns = columns.columns();

    const size_t emits = rule().emits.size();
    std::vector<std::unique_ptr<TestColumns>> out;
    std::vector<rulert_rows> outputs;
    std::vector<std::vector<uint32_t>> source_rows(emits, std::vector<uint32_t>(rows_.size() + 1));
    std::vector<std::vector<int64_t>> times(emits, std::vector<int64_t>(rows_.size() + 1));
    for (size_t e = 0; e < emits; ++e) {
      out.push_back(std::make_unique<TestColumns>(std::vector{plan_.outputs[rule().emits[e].output].fields[0].column}));
      outputs.push_back({0, RULERT_BATCH_ROWS, out[e]->columns(), source_rows[e].data(), times[e].data(), nullptr});
    }
    std::vector<rulert_error> items(RULERT_BATCH_ROWS);
    rulert_errors errors{0, RULERT_BATCH_ROWS, items.data()};
    const Params params(rule());
    TestArena arena;
    rulert_rule_call call{};
    call.batch = &batch;
    call.selected = batch.rows;
    call.params = params.data();
    call.outputs = outputs.data();
    call.errors = &errors;
    call.host = TestArena::host();
    call.arena = &arena;
    reinterpret_cast<rulert_process_fn>(code->descriptor().function)(&call);

    outcomes->assign(rows_.size(), {});
    for (size_t e = 0; e < emits; ++e) {
      const Type& type = rule().exprs[rule().emits[e].fields[0]].type;
      for (uint32_t i = 0; i < outputs[e].rows; ++i) {
        Outcome& outcome = (*outcomes)[source_rows[e][i]];
        ASSERT_EQ(source_rows[e][i] / kRowsEach, e);
        ASSERT_EQ(outcome.text, "") << "two results of a row";
        ASSERT_EQ(times[e][i], rows_[source_rows[e][i]].facts.time);
        outcome.text = ShowValue(type, ValueCells::Read(type, out[e]->Cell(0, i), out[e]->IsValid(0, i)));
      }
    }
    for (uint32_t i = 0; i < errors.count; ++i) {
      Outcome& outcome = (*outcomes)[items[i].row];
      ASSERT_EQ(outcome.text, "") << "a result and an error of a row";
      outcome = ErrorOutcome(CauseOf(items[i]));
      outcome.text += SiteText(items[i].site);
    }
    for (const Outcome& outcome : *outcomes) ASSERT_NE(outcome.text, "") << "a row without result";
  }

  std::string CauseOf(const rulert_error& error) const {
    return error.cause != 0 ? rule_cause_text(error.cause) : rule().sites[error.site].cause;
  }
  std::string SiteText(plan::SiteId site) const {
    const rulert::ErrorSite& of = rule().sites[site];
    return " @" + std::to_string(of.line) + ":" + std::to_string(of.column) + " " + of.expression;
  }
  static std::string WithoutSite(const std::string& text) {
    return text.starts_with("error: ") ? text.substr(0, text.find(" @")) : text;
  }

  Outcome Evaluate(size_t expression, size_t row) const {
    std::vector<Value> slots;
    for (const rulert::SlotSpec& slot : plan_.streams[0].registry.slots()) {
      slots.push_back(rows_[row].fields.at(slot.path));
    }
    PlanEvaluator evaluator(rule(), slots, rows_[row].facts);
    const plan::ExprId id = rule().emits[expression].fields[0];
    const Value value = evaluator.Evaluate(id);
    if (!evaluator.error()) return {ShowValue(rule().exprs[id].type, value)};
    Outcome outcome = ErrorOutcome(evaluator.cause());
    outcome.text += SiteText(*evaluator.error());
    return outcome;
  }

  void Count(const typed::Expr& expr, const Outcome& generated, const Outcome& folded) {
    ++counts_->evaluations;
    counts_->errors += generated.text.starts_with("error: ");
    counts_->nulls += generated.text == "null";
    if (folded.text != "not known") return;
    ++counts_->not_known;
    if (std::getenv("RULEC_SHOW_NOT_KNOWN")) {
      std::cerr << "not known: " << compiled_->sources.Text(expr.span) << "\n";
    }
  }

  std::string ShowRow(const Row& row, const std::string& text) const {
    std::string shown;
    const auto fields = EventFields(plan_.streams[0].schema->root());
    for (const EventField& field : fields) {
      if (text.find(field.path) == std::string::npos) continue;
      shown += field.path + " = " + ShowValue(field.type, row.fields.at(field.path)) + ", ";
    }
    return shown;
  }

  Random& random_;
  Counts* counts_;
  std::unique_ptr<Compiled> compiled_;
  plan::Program plan_;
  std::vector<Row> rows_;
  std::vector<rulert::ColumnSpec> specs_;
  std::vector<Type> types_;
};

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

// 20,000 expressions in all; more, others, or deeper ones by RULEC_EXPRESSIONS, RULEC_SEED and RULEC_DEPTH.
constexpr uint64_t kParts = 4;
constexpr uint64_t kExpressionsOfPart = 5'040;

class ExpressionsTest : public testing::TestWithParam<uint64_t> {};

template <typename Op, typename Name>
void ExpectAll(Op last, Name name, const std::set<std::string>& seen, std::initializer_list<Op> unreachable) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const Op op = static_cast<Op>(i);
    if (std::find(unreachable.begin(), unreachable.end(), op) != unreachable.end()) continue;
    EXPECT_TRUE(seen.contains(std::string(name(op)))) << "no expression with " << name(op);
  }
}

void ExpectCoverage(Counts& counts) {
  const auto rows = rulelib::Functions();
  for (size_t i = 0; i < rows.size(); ++i) {
    // A string as a string is no call.
    if (rows[i].name == "string" && rows[i].parameters.front().kind == rulelib::Kind::String) continue;
    EXPECT_GE(counts.calls[i], 1u) << rows[i].name << " of " << rows[i].parameters.size() << " arguments";
  }
  ExpectAll(typed::UnaryOp::BranchToUnion, typed::UnaryOpName, counts.unary, {});
  ExpectAll(typed::BinaryOp::Concat, typed::BinaryOpName, counts.binary, {});
  ExpectAll(typed::Intrinsic::Max, typed::IntrinsicName, counts.intrinsics, {});
  EXPECT_EQ(counts.not_known, 0u);
  EXPECT_LT(counts.refused, counts.expressions / 20);
  EXPECT_GT(counts.errors, counts.evaluations / 20);
  EXPECT_GT(counts.nulls, counts.evaluations / 20);
}

TEST_P(ExpressionsTest, CodeEvaluatorAndFolderAgree) {
  const uint64_t seed = FromEnvironment("RULEC_SEED", 20'241'121) + GetParam() * 1'000'000;
  const uint64_t wanted = FromEnvironment("RULEC_EXPRESSIONS", kExpressionsOfPart * kParts) / kParts;
  const uint64_t deeper = FromEnvironment("RULEC_DEPTH", 0);
  std::cout << "seed " << seed << "\n";
  const auto schema = avro::ParseSchema(kEventSchema);
  ASSERT_NE(schema.document, nullptr) << schema.error.message;
  const auto fields = EventFields(schema.document->root());
  const auto rows = rulelib::Functions();
  Counts counts;
  size_t next_row = 0;
  for (uint64_t module = 0; counts.expressions < wanted && counts.failures < kMostFailures; ++module) {
    Random random(seed + module);
    SCOPED_TRACE("seed " + std::to_string(seed + module));
    ExpressionWriter writer(fields, random);
    std::vector<std::string> texts;
    for (size_t i = 0; i < kExpressions; ++i) {
      const auto depth = static_cast<int>(1 + random() % 8 / 5 + random() % 8 / 7 + random() % (deeper + 1));
      texts.push_back(i % 3 == 0 ? writer.WriteCall(rows[next_row++ % rows.size()], depth) : writer.WriteAny(depth));
    }
    ModuleRun run(std::move(texts), random, &counts);
    if (HasFatalFailure()) return;
    run.Compare();
    if (HasFatalFailure()) return;
  }
  std::cout << counts.expressions << " expressions, " << counts.evaluations << " evaluations, " << counts.errors
            << " rule errors, " << counts.nulls << " nulls, " << counts.refused << " refused by the checker; checking "
            << counts.checking << " s, compiling " << counts.compiling << " s, running " << counts.running
            << " s, evaluating " << counts.evaluating << " s\n";
  if (!HasFailure() && wanted >= kExpressionsOfPart) ExpectCoverage(counts);
}

INSTANTIATE_TEST_SUITE_P(Parts, ExpressionsTest, testing::Range(uint64_t{0}, kParts));

}  // namespace
}  // namespace rulec
