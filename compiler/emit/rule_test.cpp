// Generated rules and scans against a slow evaluator, on random plans and rows; encoders against the table-driven
// codec.
#include <algorithm>
#include <random>

#include "compiler/emit/codegen_fixture.h"
#include "compiler/emit/plan_evaluator_test.h"

namespace rulec {
namespace {

using plan::ExprId;
using plan::Op;
using rulert::ColumnKind;

constexpr char kSchema[] = R"({"type":"record","name":"R","fields":[
  {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
  {"name":"skipped","type":{"type":"map","values":"string"}},
  {"name":"b","type":"boolean"}, {"name":"i","type":"int"}, {"name":"l","type":"long"},
  {"name":"d","type":"double"}, {"name":"s","type":"string"},
  {"name":"e","type":{"type":"enum","name":"E","symbols":["A","B","C"]}},
  {"name":"nb","type":["null","boolean"]}, {"name":"ni","type":["int","null"]}, {"name":"nl","type":["null","long"]},
  {"name":"nd","type":["null","double"]}, {"name":"ns","type":["string","null"]}]})";

const TypeKind kKinds[] = {TypeKind::Bool, TypeKind::Int, TypeKind::Long, TypeKind::Double, TypeKind::String};

// The types of the slots, by slot.
std::vector<Type> SlotTypes(const avro::Schema& schema) {
  std::vector<Type> types = {{TypeKind::Timestamp}};
  for (TypeKind kind : kKinds) types.push_back({kind});
  types.push_back({TypeKind::Enum, false, schema.fields[7].type});
  for (TypeKind kind : kKinds) types.push_back({kind, true});
  return types;
}

const char* const kSlotPaths[] = {"at", "b", "i", "l", "d", "s", "e", "nb", "ni", "nl", "nd", "ns"};

int64_t RandomInteger(std::mt19937_64& random, bool is_int) {
  switch (random() % 6) {
    case 0:
      return is_int ? INT32_MAX - static_cast<int64_t>(random() % 2) : INT64_MAX - static_cast<int64_t>(random() % 2);
    case 1: return is_int ? INT32_MIN : INT64_MIN;
    case 2: return is_int ? 1 << 20 : (int64_t{1} << 53) + static_cast<int64_t>(random() % 3) - 1;
    default: return static_cast<int64_t>(random() % 7) - 3;
  }
}

const char* const kTexts[] = {"",
                              "a",
                              "abcdefghijkl",
                              "abcdefghijklm",
                              "abcdefghijklmnopqrstuvwxyz",
                              "abcd",
                              "abcdefghijklmnopqrstuvwxya",
                              "\xc3\xa9t\xc3\xa9"};
const double kNumbers[] = {
    0.0, -0.0, 1.5, -2.0, 1e308, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()};

PlanValue RandomValue(std::mt19937_64& random, const Type& type) {
  PlanValue value;
  if (type.nullable && random() % 3 == 0) {
    value.is_null = true;
    return value;
  }
  switch (type.kind) {
    case TypeKind::Bool: value.boolean = random() % 2; break;
    case TypeKind::Double: value.number = kNumbers[random() % std::size(kNumbers)]; break;
    case TypeKind::String: value.text = kTexts[random() % std::size(kTexts)]; break;
    case TypeKind::Enum: value.integer = static_cast<int64_t>(random() % 3); break;
    case TypeKind::Timestamp: value.integer = static_cast<int64_t>(random() % 1000) + 1'600'000'000'000'000; break;
    default: value.integer = RandomInteger(random, type.kind == TypeKind::Int);
  }
  return value;
}

class PlanMaker {
 public:
  PlanMaker(uint64_t seed, plan::Program* program) : random_(seed), program_(program) {
    plan::Stream stream;
    stream.name = "s";
    stream.schema = avro::ParseSchema(kSchema).document;
    types_ = SlotTypes(stream.schema->root());
    for (size_t i = 0; i < types_.size(); ++i) stream.registry.Find(kSlotPaths[i], plan::ColumnOf(types_[i]));
    stream.time = 0;
    program->streams.push_back(std::move(stream));
  }

  // Params that nothing reads, before those of the rule: many are read in another way than few.
  void AddUnusedParams(uint32_t count) {
    for (; count > 0; --count) Leaf({TypeKind::Timestamp, true});  // no slot has that type
  }

  void MakeRule() {
    const uint64_t conditions = random_() % 4;
    for (uint64_t i = 0; i < conditions; ++i) rule_.filter.conditions.push_back(Make({TypeKind::Bool}, 4));
    plan::Output output;
    output.name = "out";
    plan::Emit emit{0, {}, std::nullopt};
    for (int i = 0; i < 4; ++i) {
      const Type type{kKinds[random_() % std::size(kKinds)], random_() % 2 == 0};
      emit.fields.push_back(Make(type, 3));
      output.fields.push_back({"f" + std::to_string(i), plan::ColumnOf(rule_.exprs[emit.fields.back()].type)});
    }
    if (random_() % 3 == 0) emit.where = Make({TypeKind::Bool}, 2);
    if (random_() % 3 == 0) rule_.keys.push_back(Make({TypeKind::String}, 1));
    rule_.emits.push_back(emit);
    program_->outputs.push_back(std::move(output));
    rule_.params_size = (rule_.params_size + 15) / 16 * 16;
    program_->rules.push_back(rule_);
  }

 private:
  ExprId Push(Op op, const Type& type, std::vector<ExprId> operands, uint32_t index = 0, bool can_fail = false) {
    plan::Expr expr{op, type, std::move(operands), index};
    if (can_fail) {
      expr.site = static_cast<plan::SiteId>(rule_.sites.size());
      rule_.sites.emplace_back();
    }
    rule_.exprs.push_back(std::move(expr));
    return static_cast<ExprId>(rule_.exprs.size() - 1);
  }

  // An expression of exactly `type`.
  ExprId Make(const Type& type, int depth) {
    if (depth == 0 || random_() % 5 == 0) return Leaf(type);
    if (type.nullable) {
      const Type plain = type.NotNull();
      switch (random_() % 3) {
        case 0: return Push(Op::Null, type, {});
        case 1: {
          const ExprId left = Make(type, depth - 1);
          const ExprId right = Make(type, depth - 1);
          return Push(Op::Coalesce, type, {left, right});
        }
        default:
          if (plain.kind == TypeKind::Long) {
            return Push(Op::IntToLong, type, {Make({TypeKind::Int, true}, depth - 1)});
          }
          if (plain.kind == TypeKind::Double) {
            return Push(Op::LongToDouble, type, {Make({TypeKind::Long, true}, depth - 1)}, 0, true);
          }
          return Leaf(type);
      }
    }
    if (type.kind == TypeKind::Bool) return MakeBool(depth);
    if (random_() % 4 == 0) {
      const ExprId left = Make(type.OrNull(), depth - 1);
      const ExprId right = Make(type, depth - 1);
      return Push(Op::Coalesce, type, {left, right});
    }
    if (type.kind == TypeKind::String) return Leaf(type);
    return MakeNumber(type, depth);
  }

  ExprId MakeNumber(const Type& type, int depth) {
    const bool is_double = type.kind == TypeKind::Double;
    switch (random_() % 6) {
      case 0: return Push(Op::Negate, type, {Make(type, depth - 1)}, 0, !is_double);
      case 1:
        if (type.kind == TypeKind::Long) return Push(Op::IntToLong, type, {Make({TypeKind::Int}, depth - 1)});
        if (is_double) return Push(Op::LongToDouble, type, {Make({TypeKind::Long}, depth - 1)}, 0, true);
        return Leaf(type);
      case 2:
        if (is_double) {
          const ExprId left = Make(type, depth - 1);
          const ExprId right = Make(type, depth - 1);
          return Push(Op::Divide, type, {left, right}, 0, true);
        }
        [[fallthrough]];
      default: {
        const Op ops[] = {Op::Add, Op::Subtract, Op::Multiply};
        const ExprId left = Make(type, depth - 1);
        const ExprId right = Make(type, depth - 1);
        return Push(ops[random_() % 3], type, {left, right}, 0, !is_double);
      }
    }
  }

  ExprId MakeBool(int depth) {
    const Type boolean{TypeKind::Bool};
    switch (random_() % 6) {
      case 0: return Push(Op::Not, boolean, {Make(boolean, depth - 1)});
      case 1: {
        const Type type{kKinds[random_() % std::size(kKinds)], true};
        return Push(random_() % 2 ? Op::IsNull : Op::IsNotNull, boolean, {Make(type, depth - 1)});
      }
      case 2:
      case 3: {
        const ExprId left = Make(boolean, depth - 1);
        const ExprId right = Make(boolean, depth - 1);
        return Push(random_() % 2 ? Op::And : Op::Or, boolean, {left, right});
      }
      case 4: {
        const TypeKind kind = kKinds[random_() % std::size(kKinds)];
        const ExprId left = Make({kind, random_() % 2 == 0}, depth - 1);
        const ExprId right = Make({kind, random_() % 2 == 0}, depth - 1);
        return Push(random_() % 2 ? Op::Equal : Op::NotEqual, boolean, {left, right});
      }
      default: {
        const Type type{kKinds[1 + random_() % 4]};
        const Op ops[] = {Op::Less, Op::LessEqual, Op::Greater, Op::GreaterEqual};
        const ExprId left = Make(type, depth - 1);
        const ExprId right = Make(type, depth - 1);
        return Push(ops[random_() % 4], boolean, {left, right});
      }
    }
  }

  ExprId Leaf(const Type& type) {
    if (random_() % 3 != 0) {
      for (size_t slot = 0; slot < types_.size(); ++slot) {
        if (types_[slot] == type) return Push(Op::Slot, type, {}, static_cast<uint32_t>(slot));
      }
    }
    if (type.kind == TypeKind::Bool && !type.nullable) return Push(Op::Bool, type, {}, random_() % 2);
    rulert::ParamSpec param;
    param.column = plan::ColumnOf(type);
    const PlanValue value = RandomValue(random_, type);
    param.is_null = value.is_null;
    param.boolean = value.boolean;
    param.integer = value.integer;
    param.number = value.number;
    param.text = value.text;
    param.offset = rule_.params_size;
    rule_.params_size += 32;
    rule_.params.push_back(param);
    return Push(Op::Param, type, {}, static_cast<uint32_t>(rule_.params.size() - 1));
  }

  std::mt19937_64 random_;
  plan::Program* program_;
  plan::Rule rule_;
  std::vector<Type> types_;
};

// The block of params as the runtime lays it out.
std::vector<uint64_t> ParamBlock(const plan::Rule& rule) {
  std::vector<uint64_t> block(rule.params_size / 8 + 4);
  for (const rulert::ParamSpec& param : rule.params) {
    uint8_t* at = reinterpret_cast<uint8_t*>(block.data()) + param.offset;
    switch (param.column.kind) {
      case ColumnKind::Bool: *at = param.boolean; break;
      case ColumnKind::Int:
      case ColumnKind::Enum: {
        const auto narrow = static_cast<int32_t>(param.integer);
        std::memcpy(at, &narrow, 4);
        break;
      }
      case ColumnKind::Double: std::memcpy(at, &param.number, 8); break;
      case ColumnKind::String: {
        rulert_string text{};
        text.length = static_cast<uint32_t>(param.text.size());
        if (text.length <= RULERT_STRING_INLINE) {
          std::memcpy(text.u.inlined, param.text.data(), text.length);
        } else {
          std::memcpy(text.u.outlined.prefix, param.text.data(), 4);
          text.u.outlined.data = param.text.data();
        }
        std::memcpy(at, &text, 16);
        break;
      }
      default: std::memcpy(at, &param.integer, 8);
    }
    if (param.column.nullable) at[rulert::ColumnWidth(param.column.kind)] = !param.is_null;
  }
  return block;
}

std::string Show(ColumnKind kind, const PlanValue& value) {
  if (value.is_null) return "null";
  if (kind == ColumnKind::Bool) return value.boolean ? "true" : "false";
  if (kind == ColumnKind::String) return "'" + value.text + "'";
  if (kind != ColumnKind::Double) return std::to_string(value.integer);
  if (std::isnan(value.number)) return "nan";
  char text[64];
  std::snprintf(text, sizeof(text), "%a", value.number);
  return text;
}

std::string ShowColumn(TestColumns& columns, size_t column, uint32_t row) {
  PlanValue value;
  value.is_null = !columns.IsValid(column, row);
  const ColumnKind kind = columns.spec(column).kind;
  switch (kind) {
    case ColumnKind::Bool: value.boolean = columns.At<uint8_t>(column, row); break;
    case ColumnKind::Int:
    case ColumnKind::Enum: value.integer = columns.At<int32_t>(column, row); break;
    case ColumnKind::Double: value.number = columns.At<double>(column, row); break;
    case ColumnKind::String: value.text = value.is_null ? "" : columns.Text(column, row); break;
    default: value.integer = columns.At<int64_t>(column, row);
  }
  return Show(kind, value);
}

using Row = std::vector<PlanValue>;

// Lines "row 3: a, b" and "row 4: error 2", as the rule should give them.
std::vector<std::string> Expected(const plan::Program& program, const std::vector<Row>& rows,
                                  const std::vector<uint16_t>& selection) {
  const plan::Rule& rule = program.rules[0];
  std::vector<std::string> lines;
  for (uint16_t number : selection) {
    const std::string head = "row " + std::to_string(number) + ":";
    PlanEvaluator evaluator(rule, rows[number], rows[number][0].integer);
    auto failed = [&] {
      if (evaluator.error()) lines.push_back(head + " error " + std::to_string(*evaluator.error()));
      return evaluator.error().has_value();
    };
    bool pass = true;
    for (size_t i = 0; i < rule.filter.conditions.size() && pass; ++i) {
      pass = evaluator.Evaluate(rule.filter.conditions[i]).boolean && !evaluator.error();
    }
    if (failed() || !pass) continue;
    std::string line = head;
    std::string keys;
    for (ExprId key : rule.keys) keys += " key " + Show(ColumnKind::String, evaluator.Evaluate(key));
    if (failed()) continue;
    const plan::Emit& emit = rule.emits[0];
    if (emit.where && !evaluator.Evaluate(*emit.where).boolean && !evaluator.error()) continue;
    if (failed()) continue;
    bool bad = false;
    for (size_t i = 0; i < emit.fields.size() && !bad; ++i) {
      const PlanValue value = evaluator.Evaluate(emit.fields[i]);
      bad = failed();
      line += " " + Show(program.outputs[0].fields[i].column.kind, value);
    }
    if (!bad) lines.push_back(line + keys);
  }
  return lines;
}

class Run {
 public:
  explicit Run(const plan::Program& program)
      : rule_(program.rules[0]),
        out_(Specs(program)),
        source_rows_(RULERT_BATCH_ROWS),
        times_(RULERT_BATCH_ROWS),
        items_(RULERT_BATCH_ROWS),
        params_(ParamBlock(rule_)) {
    rows_ = {0, RULERT_BATCH_ROWS, out_.columns(), source_rows_.data(), times_.data(), nullptr};
    errors_ = {0, RULERT_BATCH_ROWS, items_.data()};
    call_.params = reinterpret_cast<const uint8_t*>(params_.data());
    call_.outputs = &rows_;
    call_.errors = &errors_;
  }
  rulert_rule_call* call() { return &call_; }

  std::vector<std::string> Lines() {
    std::vector<std::pair<uint32_t, std::string>> lines;
    for (uint32_t i = 0; i < rows_.rows; ++i) {
      std::string line = "row " + std::to_string(source_rows_[i]) + ":";
      for (size_t c = 0; c < rule_.emits[0].fields.size(); ++c) line += " " + ShowColumn(out_, c, i);
      for (size_t k = 0; k < rule_.keys.size(); ++k) {
        line += " key " + ShowColumn(out_, rule_.emits[0].fields.size() + k, i);
      }
      lines.emplace_back(source_rows_[i], line);
    }
    for (uint32_t i = 0; i < errors_.count; ++i) {
      lines.emplace_back(items_[i].row,
                         "row " + std::to_string(items_[i].row) + ": error " + std::to_string(items_[i].site));
    }
    std::stable_sort(lines.begin(), lines.end(), [](auto& a, auto& b) { return a.first < b.first; });
    std::vector<std::string> texts;
    for (auto& line : lines) texts.push_back(std::move(line.second));
    return texts;
  }

 private:
  static std::vector<rulert::ColumnSpec> Specs(const plan::Program& program) {
    std::vector<rulert::ColumnSpec> specs;
    for (const auto& field : program.outputs[0].fields) specs.push_back(field.column);
    for (ExprId key : program.rules[0].keys) specs.push_back(plan::ColumnOf(program.rules[0].exprs[key].type));
    return specs;
  }
  const plan::Rule& rule_;
  TestColumns out_;
  std::vector<uint32_t> source_rows_;
  std::vector<int64_t> times_;
  std::vector<rulert_error> items_;
  std::vector<uint64_t> params_;
  rulert_rows rows_{};
  rulert_errors errors_{};
  rulert_rule_call call_{};
};

void Fill(TestColumns& columns, const std::vector<Row>& rows) {
  for (uint32_t r = 0; r < rows.size(); ++r) {
    for (size_t c = 0; c < rows[r].size(); ++c) {
      const PlanValue& value = rows[r][c];
      switch (columns.spec(c).kind) {
        case ColumnKind::Bool: columns.At<uint8_t>(c, r) = value.boolean; break;
        case ColumnKind::Int:
        case ColumnKind::Enum: columns.At<int32_t>(c, r) = static_cast<int32_t>(value.integer); break;
        case ColumnKind::Double: columns.At<double>(c, r) = value.number; break;
        case ColumnKind::String: columns.SetText(c, r, value.text); break;
        default: columns.At<int64_t>(c, r) = value.integer;
      }
      if (columns.spec(c).nullable) columns.SetValid(c, r, !value.is_null);
    }
  }
}

avro::Datum ToDatum(const avro::Schema& type, const PlanValue& value) {
  avro::Datum datum;
  const avro::Schema* plain = &type;
  if (type.kind == avro::Kind::Union) {
    const int null_branch = type.NullBranch();
    datum.branch = value.is_null ? null_branch : 1 - null_branch;
    plain = type.branches[datum.branch];
  }
  datum.kind = plain->kind;
  datum.boolean = value.boolean;
  datum.integer = value.integer;
  datum.number = value.number;
  datum.text = value.text;
  return datum;
}

std::vector<uint8_t> Encode(const avro::Schema& schema, const std::vector<Row>& rows) {
  std::vector<uint8_t> bytes;
  for (const Row& row : rows) {
    avro::Datum record;
    record.kind = avro::Kind::Record;
    size_t next = 0;
    for (const avro::Field& field : schema.fields) {
      if (field.name == "skipped") {
        avro::Datum map;
        map.kind = avro::Kind::Map;
        record.items.push_back(map);
      } else {
        record.items.push_back(ToDatum(*field.type, row[next++]));
      }
    }
    avro::EncodeDatum(schema, record, &bytes);
  }
  return bytes;
}

void CompareRule(Codegen& codegen, uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  plan::Program program;
  PlanMaker maker(seed, &program);
  if (seed % 4 == 0) maker.AddUnusedParams(40);
  maker.MakeRule();
  SCOPED_TRACE(plan::Print(program));
  std::mt19937_64 random(seed);
  const auto types = SlotTypes(program.streams[0].schema->root());
  std::vector<Row> rows(1 + random() % 130);
  for (Row& row : rows) {
    for (const Type& type : types) row.push_back(RandomValue(random, type));
  }
  std::vector<uint16_t> all, some;
  some.reserve(rows.size());  // its address is never null, also where nothing is selected
  for (uint16_t r = 0; r < rows.size(); ++r) {
    all.push_back(r);
    if (random() % 3 == 0) some.push_back(r);
  }

  std::vector<rulert::ColumnSpec> specs;
  for (const Type& type : types) specs.push_back(plan::ColumnOf(type));
  TestColumns columns(specs);
  Fill(columns, rows);
  rulert_batch batch{};
  batch.rows = static_cast<uint32_t>(rows.size());
  batch.columns = columns.columns();
  const auto code = codegen.Load(codegen.CompileRule(program, program.rules[0]));
  const auto process = reinterpret_cast<rulert_process_fn>(code->descriptor().function);
  for (const auto* selection : {&all, &some}) {
    SCOPED_TRACE(selection == &all ? "all rows" : "selected rows");
    Run run(program);
    run.call()->batch = &batch;
    run.call()->selection = selection == &all ? nullptr : some.data();
    run.call()->selected = static_cast<uint32_t>(selection->size());
    process(run.call());
    ASSERT_EQ(run.Lines(), Expected(program, rows, *selection));
  }

  rulert::ScanSpec spec;
  const auto& root = program.streams[0].schema->root();
  const auto scan_code = codegen.Load(codegen.CompileScan(program, 0, program.streams[0].schema, &spec).module);
  std::vector<uint8_t> bytes = Encode(root, rows);
  const size_t size = bytes.size();
  const auto block = WithSlack(std::move(bytes));
  Run run(program);
  rulert_decode decode{};
  decode.bytes = block.data();
  decode.size = size;
  decode.records = rows.size();
  decode.latest_time = INT64_MIN;
  reinterpret_cast<rulert_scan_fn>(scan_code->descriptor().function)(&decode, run.call());
  ASSERT_EQ(decode.error, uint32_t{RULERT_DECODE_OK});
  EXPECT_EQ(decode.cursor, size);
  EXPECT_EQ(decode.rows, rows.size());
  if (program.streams[0].time) {
    const auto* times = static_cast<const int64_t*>(columns.columns()[*program.streams[0].time].values);
    EXPECT_EQ(decode.latest_time, *std::max_element(times, times + rows.size()));
  }
  ASSERT_EQ(run.Lines(), Expected(program, rows, all));
}

TEST(RuleTest, RulesAndScansAgreeWithTheEvaluator) {
  for (uint64_t seed = 1; seed <= Rounds(150) && !HasFailure(); ++seed) CompareRule(TestCodegen(), seed);
}

TEST(RuleTest, AgreeForThisProcessor) {
  for (uint64_t seed = 1001; seed <= 1000 + Rounds(25) && !HasFailure(); ++seed)
    CompareRule(TestCodegen("native"), seed);
}

TEST(RuleTest, RulesOfOneShapeShareTheirCode) {
  plan::Program a;
  PlanMaker(5, &a).MakeRule();
  plan::Program b;
  PlanMaker(5, &b).MakeRule();
  ASSERT_FALSE(b.rules[0].params.empty());
  for (rulert::ParamSpec& param : b.rules[0].params) param.integer += 1;
  b.rules[0].name = "another";
  EXPECT_EQ(TestCodegen().CompileRule(a, a.rules[0]).name, TestCodegen().CompileRule(b, b.rules[0]).name);
  b.rules[0].filter.conditions.clear();
  b.rules[0].emits[0].fields[0] = b.rules[0].emits[0].fields[1];
  b.outputs[0].fields[0] = b.outputs[0].fields[1];
  EXPECT_NE(TestCodegen().CompileRule(a, a.rules[0]).name, TestCodegen().CompileRule(b, b.rules[0]).name);
}

void CompareEncoder(Codegen& codegen, uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  const avro::SchemaPtr schema = avro::ParseSchema(R"({"type":"record","name":"R","fields":[
    {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
    {"name":"b","type":"boolean"}, {"name":"i","type":"int"}, {"name":"l","type":"long"},
    {"name":"d","type":"double"}, {"name":"s","type":"string"},
    {"name":"e","type":{"type":"enum","name":"E","symbols":["A","B","C"]}},
    {"name":"nb","type":["null","boolean"]}, {"name":"ni","type":["int","null"]}, {"name":"nl","type":["null","long"]},
    {"name":"nd","type":["null","double"]}, {"name":"ns","type":["string","null"]}]})")
                                     .document;
  const auto types = SlotTypes(avro::ParseSchema(kSchema).document->root());
  plan::Output output;
  output.meta = false;
  output.schema_json = schema->text();
  std::vector<rulert::ColumnSpec> specs;
  for (size_t i = 0; i < types.size(); ++i) {
    output.fields.push_back({kSlotPaths[i], rulert::ColumnSpec{}});
    output.fields.back().column.nullable = types[i].nullable;
    const ColumnKind kinds[] = {ColumnKind::Timestamp, ColumnKind::Bool,   ColumnKind::Int,    ColumnKind::Long,
                                ColumnKind::Double,    ColumnKind::String, ColumnKind::Enum,   ColumnKind::Bool,
                                ColumnKind::Int,       ColumnKind::Long,   ColumnKind::Double, ColumnKind::String};
    output.fields.back().column.kind = kinds[i];
    specs.push_back(output.fields.back().column);
  }
  std::mt19937_64 random(seed);
  std::vector<Row> rows(1 + random() % 130);
  for (Row& row : rows) {
    for (const Type& type : types) row.push_back(RandomValue(random, type));
    for (Row::value_type* value : {&row[0], &row[3], &row[9]})
      value->integer = static_cast<int64_t>(random()) >> random() % 64;
  }
  TestColumns columns(specs);
  Fill(columns, rows);
  const auto code = codegen.Load(codegen.CompileEncoder(output));
  const auto encode = reinterpret_cast<rulert_encode_fn>(code->descriptor().function);
  // A buffer that holds a few rows only: the encoder stops and goes on.
  std::vector<uint8_t> buffer(1500), written;
  rulert_encode call{};
  call.columns = columns.columns();
  call.rows = static_cast<uint32_t>(rows.size());
  call.out = buffer.data();
  call.capacity = buffer.size();
  for (int rounds = 0; call.next < call.rows; ++rounds) {
    ASSERT_LT(rounds, 200);
    encode(&call);
    ASSERT_LE(call.size, buffer.size());
    written.insert(written.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(call.size));
  }
  EXPECT_EQ(written, Encode(schema->root(), rows));
}

TEST(EncoderTest, AgreesWithTheTable) {
  for (uint64_t seed = 1; seed <= Rounds(60) && !HasFailure(); ++seed) CompareEncoder(TestCodegen(), seed);
}

TEST(EncoderTest, AgreesWithoutBmi2) {
  for (uint64_t seed = 1; seed <= 20 && !HasFailure(); ++seed) CompareEncoder(TestCodegen("x86-64-v2"), seed);
}

TEST(CodegenTest, RefusesAnUnknownProcessor) {
  const LoadedCodegen made = LoadCodegen({"pentium-nine"});
  EXPECT_EQ(made.codegen, nullptr);
  EXPECT_NE(made.error.find("unknown target processor `pentium-nine`"), std::string::npos) << made.error;
}

TEST(CodegenTest, LinksSharedObjects) {
  plan::Program program;
  PlanMaker(7, &program).MakeRule();
  std::string error;
  const std::string object =
      TestCodegen().LinkSharedObject(TestCodegen().CompileRule(program, program.rules[0]), &error);
  EXPECT_EQ(error, "");
  EXPECT_EQ(object.substr(0, 4),
            "\x7f"
            "ELF");
  const std::string with_section = TestCodegen().AddSection(object, ".rulec.test", "content of the section", &error);
  EXPECT_EQ(error, "");
  EXPECT_NE(with_section.find("content of the section"), std::string::npos);
  EXPECT_EQ(TestCodegen().AddSection("no executable", ".x", "y", &error), "");
  EXPECT_NE(error, "");
}

}  // namespace
}  // namespace rulec
