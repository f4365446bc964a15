// The Avro schema of an output that no `output` declares.
#include <set>

#include "runtime/abi/program.h"

namespace rulert {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Any text as a name that Avro allows: [A-Za-z_][A-Za-z0-9_]*.
std::string ValidName(std::string_view text) {
  std::string name;
  for (const char c : text) name += IsLetter(c) || IsDigit(c) ? c : '_';
  if (name.empty() || IsDigit(name[0])) name.insert(name.begin(), '_');
  return name;
}

// `big_trades` -> `BigTrades`.
std::string TypeName(std::string_view text) {
  std::string name;
  bool upper = true;
  for (const char c : ValidName(text)) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return name.empty() || IsDigit(name[0]) ? "_" + name : name;
}

std::string ValidNamespace(std::string_view package) {
  std::string result;
  while (!package.empty()) {
    const size_t dot = package.find('.');
    if (!result.empty()) result += '.';
    result += ValidName(package.substr(0, dot));
    package = dot == std::string_view::npos ? std::string_view() : package.substr(dot + 1);
  }
  return result;
}

class SchemaWriter {
 public:
  std::string Unique(std::string name) {
    const std::string base = name;
    for (int i = 2; !taken_.insert(name).second; ++i) name = base + "_" + std::to_string(i);
    return name;
  }

  void Fields(const std::vector<OutputField>& fields, const std::string& owner) {
    std::set<std::string> names;
    bool first = true;
    for (const OutputField& field : fields) {
      if (!first) text += ',';
      first = false;
      OneField(field.name, field.column, owner, &names);
    }
  }

  std::string text;

 private:
  void OneField(const std::string& field_name, const ColumnSpec& column, const std::string& owner,
                std::set<std::string>* names) {
    std::string name = ValidName(field_name);
    const std::string base = name;
    for (int i = 2; !names->insert(name).second; ++i) name = base + "_" + std::to_string(i);
    text += R"({"name":")" + name + R"(","type":)";
    Type(column, owner + TypeName(field_name));
    text += column.nullable ? R"(,"default":null})" : "}";
  }

  // `name` is that of a type that is made here, if one is.
  void Type(const ColumnSpec& column, const std::string& name) {
    if (column.nullable) text += R"(["null",)";
    if (column.kind == ColumnKind::Union) {
      if (!column.nullable) text += '[';
      for (size_t i = 0; i < column.children.size(); ++i) {
        if (i != 0) text += ',';
        NotNull(column.children[i], name + std::to_string(i + 1));
      }
      if (!column.nullable) text += ']';
    } else {
      NotNull(column, name);
    }
    if (column.nullable) text += ']';
  }

  void NotNull(const ColumnSpec& column, const std::string& name) {
    switch (column.kind) {
      case ColumnKind::Bool: text += R"("boolean")"; return;
      case ColumnKind::Int: text += R"("int")"; return;
      case ColumnKind::Long:
      case ColumnKind::Duration: text += R"("long")"; return;
      case ColumnKind::Float: text += R"("float")"; return;
      case ColumnKind::Double: text += R"("double")"; return;
      case ColumnKind::String: text += R"("string")"; return;
      case ColumnKind::Timestamp: text += R"({"type":"long","logicalType":"timestamp-micros"})"; return;
      case ColumnKind::Date: text += R"({"type":"int","logicalType":"date"})"; return;
      case ColumnKind::TimeOfDay: text += R"({"type":"long","logicalType":"time-micros"})"; return;
      case ColumnKind::Uuid: text += R"({"type":"string","logicalType":"uuid"})"; return;
      case ColumnKind::Decimal:
        text += R"({"type":"bytes","logicalType":"decimal","precision":)" + std::to_string(column.precision) +
                R"(,"scale":)" + std::to_string(column.scale) + '}';
        return;
      case ColumnKind::Bytes: return BytesType(column, name);
      case ColumnKind::Enum: return EnumType(column, name);
      case ColumnKind::List:
      case ColumnKind::Map:
        text += column.kind == ColumnKind::List ? R"({"type":"array","items":)" : R"({"type":"map","values":)";
        Type(column.children[0], name + "Item");
        text += '}';
        return;
      case ColumnKind::Record: return RecordType(column, name);
      case ColumnKind::Union: break;  // a branch is no union
    }
  }

  // A fixed of the same size in each place is a type of its own: nothing tells whether they are meant to be one.
  void BytesType(const ColumnSpec& column, const std::string& name) {
    if (column.fixed_size == 0) {
      text += R"("bytes")";
      return;
    }
    text += R"({"type":"fixed","name":")" + Unique(name) + R"(","size":)" + std::to_string(column.fixed_size) + '}';
  }

  void EnumType(const ColumnSpec& column, const std::string& name) {
    text += R"({"type":"enum","name":")" + Unique(name) + R"(","symbols":[)";
    for (size_t i = 0; i < column.symbols.size(); ++i) {
      if (i != 0) text += ',';
      text += '"' + column.symbols[i] + '"';
    }
    text += "]}";
  }

  void RecordType(const ColumnSpec& column, const std::string& name) {
    const std::string full = Unique(name);
    text += R"({"type":"record","name":")" + full + R"(","fields":[)";
    std::set<std::string> names;
    for (size_t i = 0; i < column.children.size(); ++i) {
      if (i != 0) text += ',';
      OneField(column.names[i], column.children[i], full, &names);
    }
    text += "]}";
  }

  std::set<std::string> taken_;
};

}  // namespace

std::string OutputSchemaJson(std::string_view package, std::string_view output, const std::vector<OutputField>& fields,
                             bool meta) {
  SchemaWriter writer;
  const std::string name = writer.Unique(TypeName(output));
  const std::string space = ValidNamespace(package);
  writer.text = R"({"type":"record","name":")" + name + '"';
  if (!space.empty()) writer.text += R"(,"namespace":")" + space + '"';
  writer.text += ",\"fields\":[";
  if (meta) {
    const std::string meta_name = writer.Unique(name + "Meta");
    writer.text += R"({"name":"_meta","type":{"type":"record","name":")" + meta_name + R"(","fields":[)";
    writer.Fields(MetaFields(), meta_name);
    writer.text += "]}}";
    if (!fields.empty()) writer.text += ',';
  }
  writer.Fields(fields, name);
  writer.text += "]}";
  return std::move(writer.text);
}

}  // namespace rulert
