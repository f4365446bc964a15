// Parsing Canonical Form:
// https://avro.apache.org/docs/1.11.1/specification/#parsing-canonical-form-for-schemas
#include <unordered_set>
#include <variant>

#include "avro/schema.h"

namespace avro {
namespace {

std::string Quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

// Works off a stack of its own: named types may refer to each other in chains far deeper than schemas may nest.
class CanonicalWriter {
 public:
  std::string Write(const Schema& root) {
    Push(&root);
    while (!open_.empty()) {
      const Part part = std::move(open_.back());
      open_.pop_back();
      if (const auto* text = std::get_if<std::string>(&part)) {
        out_ += *text;
      } else {
        WriteNode(*std::get<const Schema*>(part));
      }
    }
    return std::move(out_);
  }

 private:
  using Part = std::variant<std::string, const Schema*>;
  void Push(Part part) { open_.push_back(std::move(part)); }

  // True the first time; later the name stands for the type.
  bool WriteDefinition(const Schema& schema) {
    if (!defined_.insert(&schema).second) {
      out_ += Quoted(schema.name);
      return false;
    }
    out_ += "{\"name\":" + Quoted(schema.name) + ",\"type\":" + Quoted(KindName(schema.kind));
    return true;
  }

  void WriteRecord(const Schema& schema) {
    out_ += ",\"fields\":[";
    Push("]}");
    for (size_t i = schema.fields.size(); i-- > 0;) {
      Push("}");
      Push(schema.fields[i].type);
      Push(std::string(i > 0 ? "," : "") + "{\"name\":" + Quoted(schema.fields[i].name) + ",\"type\":");
    }
  }

  void WriteSymbols(const Schema& schema) {
    out_ += ",\"symbols\":[";
    for (size_t i = 0; i < schema.symbols.size(); ++i) {
      if (i > 0) out_ += ",";
      out_ += Quoted(schema.symbols[i]);
    }
    out_ += "]}";
  }

  void WriteNode(const Schema& schema) {
    switch (schema.kind) {
      case Kind::Record:
        if (WriteDefinition(schema)) WriteRecord(schema);
        return;
      case Kind::Enum:
        if (WriteDefinition(schema)) WriteSymbols(schema);
        return;
      case Kind::Fixed:
        if (WriteDefinition(schema)) out_ += ",\"size\":" + std::to_string(schema.size) + "}";
        return;
      case Kind::Array:
      case Kind::Map:
        out_ += schema.kind == Kind::Array ? "{\"type\":\"array\",\"items\":" : "{\"type\":\"map\",\"values\":";
        Push("}");
        Push(schema.items);
        return;
      case Kind::Union:
        out_ += "[";
        Push("]");
        for (size_t i = schema.branches.size(); i-- > 0;) {
          Push(schema.branches[i]);
          if (i > 0) Push(",");
        }
        return;
      default: out_ += Quoted(KindName(schema.kind)); return;
    }
  }

  std::string out_;
  std::vector<Part> open_;
  std::unordered_set<const Schema*> defined_;
};

}  // namespace

std::string CanonicalForm(const Schema& schema) { return CanonicalWriter().Write(schema); }

}  // namespace avro
