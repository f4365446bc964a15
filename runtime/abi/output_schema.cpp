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
      std::string name = ValidName(field.name);
      const std::string base = name;
      for (int i = 2; !names.insert(name).second; ++i) name = base + "_" + std::to_string(i);
      if (!first) text += ',';
      first = false;
      text += "{\"name\":\"" + name + "\",\"type\":";
      if (field.column.nullable) text += "[\"null\",";
      Type(field, owner);
      if (field.column.nullable) text += "],\"default\":null";
      text += '}';
    }
  }

  std::string text;

 private:
  void Type(const OutputField& field, const std::string& owner) {
    switch (field.column.kind) {
      case ColumnKind::Bool: text += "\"boolean\""; return;
      case ColumnKind::Int: text += "\"int\""; return;
      case ColumnKind::Long:
      case ColumnKind::Duration: text += "\"long\""; return;
      case ColumnKind::Double: text += "\"double\""; return;
      case ColumnKind::String: text += "\"string\""; return;
      case ColumnKind::Timestamp: text += R"({"type":"long","logicalType":"timestamp-micros"})"; return;
      case ColumnKind::Enum: break;
    }
    text += R"({"type":"enum","name":")" + Unique(owner + TypeName(field.name)) + R"(","symbols":[)";
    for (size_t i = 0; i < field.column.symbols.size(); ++i) {
      if (i != 0) text += ',';
      text += '"' + field.column.symbols[i] + '"';
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
