#include "compiler/emit/module_name.h"

#include <cstdio>

#include <xxhash.h>

#include "avro/limits.h"
#include "compiler/types/avro_type.h"
#include "runtime/abi/abi.h"

namespace rulec {

namespace {

// Raised when the same plan gives other code.
constexpr uint32_t kCodeVersion = 5;

class NameHash {
 public:
  explicit NameHash(const std::string& cpu) {
    Number(RULERT_ABI_VERSION);
    Number(kCodeVersion);
    Number(static_cast<uint64_t>(avro::CurrentLimits().datum_depth));
    Number(static_cast<uint64_t>(avro::CurrentLimits().text_bytes));
    Text(cpu);
  }
  void Number(uint64_t value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value)); }
  void Text(std::string_view text) {
    Number(text.size());
    bytes_.append(text);
  }
  void Column(const rulert::ColumnSpec& column) {
    Number(static_cast<uint64_t>(column.kind));
    Number(column.nullable);
    Number(column.precision);
    Number(column.scale);
    Number(column.fixed_size);
    Number(column.symbols.size());
    for (const std::string& symbol : column.symbols) Text(symbol);
    Number(column.names.size());
    for (const std::string& name : column.names) Text(name);
    Number(column.children.size());
    for (const rulert::ColumnSpec& child : column.children) Column(child);
  }
  std::string Name(const char* kind) const {
    const XXH128_hash_t hash = XXH3_128bits(bytes_.data(), bytes_.size());
    char hex[33];
    std::snprintf(hex, sizeof(hex), "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                  static_cast<unsigned long long>(hash.low64));
    return std::string(kind) + "-" + hex;
  }

 private:
  std::string bytes_;
};

void AddSlots(const plan::Stream& stream, NameHash& hash) {
  for (const rulert::SlotSpec& slot : stream.registry.slots()) {
    hash.Text(slot.path);
    hash.Column(slot.column);
  }
  hash.Number(stream.time.value_or(~0u));
}

// The reader's schema counts whole: its aliases and defaults decide what is read.
void AddSchemas(const plan::Stream& stream, const avro::SchemaDocument& writer, NameHash& hash) {
  hash.Text(stream.schema->text());
  hash.Text(writer.text());
}

// Of a record that contains itself there is no whole column: its own fields tell where each stands.
void AddType(const Type& type, NameHash& hash) {
  hash.Text(TypeName(type));
  if (type.kind != TypeKind::Record) return;
  for (size_t i = 0; i < FieldCount(type); ++i) hash.Text(TypeName(FieldType(type, i)));
}

bool ReadsWholeCells(const plan::Expr& expr) {
  return expr.op == plan::Op::Equal || expr.op == plan::Op::NotEqual || expr.op == plan::Op::MakeRecord;
}

void AddExpr(const plan::Program& program, const plan::Rule& rule, const plan::Expr& expr, NameHash& hash) {
  hash.Number(static_cast<uint64_t>(expr.op));
  AddType(expr.type, hash);
  hash.Number(expr.index);
  hash.Number(expr.count);
  hash.Number(expr.site);
  hash.Number(expr.operands.size());
  for (plan::ExprId operand : expr.operands) hash.Number(operand);
  if (expr.op == plan::Op::Slot) hash.Column(program.streams[rule.stream].registry.slots()[expr.index].column);
  if (!ReadsWholeCells(expr)) return;
  for (plan::ExprId operand : expr.operands) hash.Column(plan::ColumnOf(rule.exprs[operand].type));
}

void AddCallee(const plan::Callee& callee, NameHash& hash) {
  hash.Text(callee.symbol);
  hash.Number(callee.context);
  hash.Number(callee.gives_null);
  for (const plan::Argument& argument : callee.arguments) {
    hash.Number(static_cast<uint64_t>(argument.pass));
    hash.Number(argument.operand);
    hash.Number(argument.number);
    const bool typed = argument.pass == plan::Pass::CellType || argument.pass == plan::Pass::Names;
    if (typed) hash.Column(plan::ColumnOf(argument.type));
  }
}

void AddRule(const plan::Program& program, const plan::Rule& rule, NameHash& hash) {
  const plan::Stream& stream = program.streams[rule.stream];
  hash.Number(stream.time.value_or(~0u));
  hash.Number(stream.output.has_value());
  for (const plan::Expr& expr : rule.exprs) AddExpr(program, rule, expr, hash);
  for (const plan::Callee& callee : rule.callees) AddCallee(callee, hash);
  auto list = [&](const std::vector<plan::ExprId>& ids) {
    hash.Number(ids.size());
    for (plan::ExprId id : ids) hash.Number(id);
  };
  list(rule.filter.conditions);
  hash.Number(rule.expand.has_value());
  if (rule.expand) {
    hash.Number(rule.expand->list);
    hash.Number(rule.expand->variable);
    list(rule.expand->conditions);
  }
  list(rule.keys);
  for (const plan::Emit& emit : rule.emits) {
    list(emit.fields);
    hash.Number(emit.where.value_or(~0u));
    for (const rulert::OutputField& field : program.outputs[emit.output].fields) hash.Column(field.column);
  }
  for (const rulert::ParamSpec& param : rule.params) {
    hash.Column(param.column);
    hash.Number(param.offset);
    hash.Number(static_cast<uint64_t>(param.prepared));
  }
  for (const rulert::ErrorSite& site : rule.sites) {
    hash.Number(site.operands.size());
    for (const rulert::ColumnSpec& column : site.operands) hash.Number(static_cast<uint64_t>(column.kind));
  }
}

}  // namespace

std::string DecoderName(const plan::Stream& stream, const avro::SchemaDocument& writer, const std::string& cpu) {
  NameHash hash(cpu);
  AddSlots(stream, hash);
  AddSchemas(stream, writer, hash);
  return hash.Name("decoder");
}

std::string RuleName(const plan::Program& program, const plan::Rule& rule, const std::string& cpu) {
  NameHash hash(cpu);
  AddRule(program, rule, hash);
  return hash.Name("rule");
}

std::string ScanName(const plan::Program& program, const plan::Rule& rule, const avro::SchemaDocument& writer,
                     const std::string& cpu) {
  NameHash hash(cpu);
  AddRule(program, rule, hash);
  AddSlots(program.streams[rule.stream], hash);
  AddSchemas(program.streams[rule.stream], writer, hash);
  return hash.Name("scan");
}

std::string EncoderName(const plan::Output& output, const std::string& cpu) {
  NameHash hash(cpu);
  hash.Number(output.meta);
  hash.Text(output.schema_json);
  for (const rulert::OutputField& field : output.fields) hash.Column(field.column);
  return hash.Name("encoder");
}

}  // namespace rulec
