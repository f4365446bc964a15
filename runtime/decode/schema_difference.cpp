#include <algorithm>
#include <set>
#include <utility>

#include "runtime/decode/decoder.h"

namespace rulert {
namespace {

class Comparison {
 public:
  // The first difference at or below `path`, or "".
  std::string At(const avro::Schema& writer, const avro::Schema& reader, const std::string& path) {
    if (!seen_.insert({&writer, &reader}).second) return "";
    if (writer.kind != reader.kind || writer.logical != reader.logical) return Types(writer, reader, path);
    switch (writer.kind) {
      case avro::Kind::Record: return Records(writer, reader, path);
      case avro::Kind::Enum: return Enums(writer, reader, path);
      case avro::Kind::Array:
      case avro::Kind::Map: return At(*writer.items, *reader.items, path + "[]");
      case avro::Kind::Union: return Unions(writer, reader, path);
      case avro::Kind::Fixed: return writer.size == reader.size ? "" : Types(writer, reader, path);
      default: break;
    }
    if (writer.precision != reader.precision || writer.scale != reader.scale) return Types(writer, reader, path);
    return "";
  }

 private:
  static std::string Name(const std::string& path) { return path.empty() ? "the record" : "field `" + path + "`"; }

  static std::string Types(const avro::Schema& writer, const avro::Schema& reader, const std::string& path) {
    return Name(path) + ": the file has " + avro::Describe(writer) + ", the stream reads " + avro::Describe(reader);
  }

  std::string Records(const avro::Schema& writer, const avro::Schema& reader, const std::string& path) {
    const size_t common = std::min(writer.fields.size(), reader.fields.size());
    for (size_t i = 0; i < common; ++i) {
      const std::string& name = writer.fields[i].name;
      const std::string inner = path.empty() ? name : path + "." + name;
      if (name != reader.fields[i].name) {
        return Name(inner) + ": the file has it at place " + std::to_string(i + 1) + ", where the stream reads `" +
               reader.fields[i].name + "`";
      }
      if (std::string found = At(*writer.fields[i].type, *reader.fields[i].type, inner); !found.empty()) return found;
    }
    const auto extra = [&](const avro::Schema& longer, const char* text) {
      const avro::Field& field = longer.fields[common];
      return Name(path.empty() ? field.name : path + "." + field.name) + ": " + text;
    };
    if (writer.fields.size() > common) {
      return extra(writer, "the file has it, the stream's schema does not") + " (" +
             avro::Describe(*writer.fields[common].type) + ")";
    }
    if (reader.fields.size() > common) {
      return extra(reader, "the file lacks it, the stream reads") + " " + avro::Describe(*reader.fields[common].type);
    }
    if (writer.name != reader.name) return Types(writer, reader, path);
    return "";
  }

  static std::string Enums(const avro::Schema& writer, const avro::Schema& reader, const std::string& path) {
    if (writer.symbols == reader.symbols) return writer.name == reader.name ? "" : Types(writer, reader, path);
    const auto [in_writer, in_reader] =
        std::mismatch(writer.symbols.begin(), writer.symbols.end(), reader.symbols.begin(), reader.symbols.end());
    const auto text = [](auto at, auto end) { return at == end ? std::string("no further symbol") : "`" + *at + "`"; };
    return Name(path) + ": the symbols of " + avro::Describe(writer) + " differ, the file has " +
           text(in_writer, writer.symbols.end()) + " where the stream reads " + text(in_reader, reader.symbols.end());
  }

  std::string Unions(const avro::Schema& writer, const avro::Schema& reader, const std::string& path) {
    if (writer.branches.size() != reader.branches.size()) return Types(writer, reader, path);
    for (size_t i = 0; i < writer.branches.size(); ++i) {
      if (writer.branches[i]->kind != reader.branches[i]->kind) return Types(writer, reader, path);
      if (std::string found = At(*writer.branches[i], *reader.branches[i], path); !found.empty()) return found;
    }
    return "";
  }

  std::set<std::pair<const avro::Schema*, const avro::Schema*>> seen_;
};

}  // namespace

std::string FirstDifference(const avro::Schema& writer, const avro::Schema& reader) {
  return Comparison().At(writer, reader, "");
}

}  // namespace rulert
