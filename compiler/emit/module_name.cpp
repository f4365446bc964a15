#include "compiler/emit/module_name.h"

#include <cstdio>

#include <xxhash.h>

#include "runtime/abi/abi.h"

namespace rulec {

namespace {

// Raised when the same plan gives other code.
constexpr uint32_t kCodeVersion = 3;

class NameHash {
 public:
  explicit NameHash(const std::string& cpu) {
    Number(RULERT_ABI_VERSION);
    Number(kCodeVersion);
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

// What the canonical form leaves out and decoders depend on.
void AddLogicalTypes(const avro::Schema& type, NameHash& hash, int depth = 0) {
  if (depth > 64) return;
  for (const avro::Field& field : type.fields) {
    hash.Number(static_cast<uint64_t>(field.type->logical));
    AddLogicalTypes(*field.type, hash, depth + 1);
  }
  for (const avro::Schema* branch : type.branches) hash.Number(static_cast<uint64_t>(branch->logical));
}

void AddSlots(const plan::Stream& stream, NameHash& hash) {
  for (const rulert::SlotSpec& slot : stream.registry.slots()) {
    hash.Text(slot.path);
    hash.Column(slot.column);
  }
  hash.Number(stream.time.value_or(~0u));
}

void AddWriter(const avro::Schema& writer, NameHash& hash) {
  hash.Text(avro::CanonicalForm(writer));
  AddLogicalTypes(writer, hash);
}

void AddRule(const plan::Program& program, const plan::Rule& rule, NameHash& hash) {
  hash.Number(program.streams[rule.stream].time.value_or(~0u));
  for (const plan::Expr& expr : rule.exprs) {
    hash.Number(static_cast<uint64_t>(expr.op));
    hash.Number(static_cast<uint64_t>(expr.type.kind));
    hash.Number(expr.type.nullable);
    hash.Number(expr.index);
    hash.Number(expr.site);
    hash.Number(expr.operands.size());
    for (plan::ExprId operand : expr.operands) hash.Number(operand);
    if (expr.op == plan::Op::Slot) hash.Column(program.streams[rule.stream].registry.slots()[expr.index].column);
  }
  auto list = [&](const std::vector<plan::ExprId>& ids) {
    hash.Number(ids.size());
    for (plan::ExprId id : ids) hash.Number(id);
  };
  list(rule.filter.conditions);
  list(rule.keys);
  for (const plan::Emit& emit : rule.emits) {
    list(emit.fields);
    hash.Number(emit.where.value_or(~0u));
    for (const rulert::OutputField& field : program.outputs[emit.output].fields) hash.Column(field.column);
  }
  for (const rulert::ParamSpec& param : rule.params) {
    hash.Column(param.column);
    hash.Number(param.offset);
  }
  hash.Number(rule.sites.size());
}

}  // namespace

std::string DecoderName(const plan::Stream& stream, const avro::Schema& writer, const std::string& cpu) {
  NameHash hash(cpu);
  AddSlots(stream, hash);
  AddWriter(writer, hash);
  return hash.Name("decoder");
}

std::string RuleName(const plan::Program& program, const plan::Rule& rule, const std::string& cpu) {
  NameHash hash(cpu);
  AddRule(program, rule, hash);
  return hash.Name("rule");
}

std::string ScanName(const plan::Program& program, const plan::Rule& rule, const avro::Schema& writer,
                     const std::string& cpu) {
  NameHash hash(cpu);
  AddRule(program, rule, hash);
  AddSlots(program.streams[rule.stream], hash);
  AddWriter(writer, hash);
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
