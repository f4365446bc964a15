#include "avro/random_evolution.h"

#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "avro/float_bits.h"
#include "avro/names.h"

namespace avro {
namespace {

using Mapper = std::function<Datum(const Datum&)>;

struct Evolved {
  std::string text;  // of the reader's type
  Mapper map;
};

Datum Same(const Datum& datum) { return datum; }

Datum OfKind(Kind kind) {
  Datum datum;
  datum.kind = kind;
  return datum;
}

Datum Whole(Kind kind, int64_t value) {
  Datum datum = OfKind(kind);
  datum.integer = value;
  return datum;
}

Datum Text(const char* text) {
  Datum datum = OfKind(Kind::String);
  datum.text = text;
  return datum;
}

Datum Promoted(const Datum& datum, Kind to) {
  Datum result = datum;
  result.kind = to;
  const bool whole = datum.kind == Kind::Int || datum.kind == Kind::Long;
  if (!whole || to == datum.kind || to == Kind::Long) return result;
  result.integer = 0;
  result.number =
      to == Kind::Float ? WidenFloat(static_cast<float>(datum.integer)) : static_cast<double>(datum.integer);
  return result;
}

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// A leading dot names a type without a namespace from inside one.
std::string Dotted(const std::string& full) { return full.find('.') == std::string::npos ? "." + full : full; }

class Evolver {
 public:
  explicit Evolver(uint64_t seed) : random_(seed) {}

  Evolved Version(const Schema& writer) {
    const Evolved top = Anywhere(writer);
    return {top.text, [maps = maps_, map = top.map](const Datum& datum) { return map(datum); }};
  }

 private:
  // Where a union may stand.
  Evolved Anywhere(const Schema& writer) {
    if (writer.kind == Kind::Union) {
      if (writer.branches.size() == 1 && OneIn(2)) return OutOfUnion(*writer.branches.front());
      return Union(writer);
    }
    const bool wraps = writer.kind != Kind::Null && OneIn(6);
    Evolved type = OneType(writer, true);
    if (!wraps) return type;
    const bool null_first = OneIn(2);
    const std::string text = null_first ? "[\"null\"," + type.text + "]" : "[" + type.text + ",\"null\"]";
    return {text, [map = type.map, branch = null_first ? 1 : 0](const Datum& datum) {
              Datum result = map(datum);
              result.branch = branch;
              return result;
            }};
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  bool OneIn(uint64_t chances) { return Below(chances) == 0; }
  std::string NewName(const char* prefix) { return prefix + std::to_string(next_name_++); }

  template <typename T>
  void Shuffle(std::vector<T>* items) {
    for (size_t i = items->size(); i > 1; --i) std::swap((*items)[i - 1], (*items)[Below(i)]);
  }

  Evolved OneType(const Schema& writer, bool may_promote) {
    switch (writer.kind) {
      case Kind::Array:
      case Kind::Map: return Items(writer);
      case Kind::Record:
      case Kind::Enum:
      case Kind::Fixed: return Named(writer);
      default: return may_promote ? Primitive(writer.kind) : Evolved{Quoted(KindName(writer.kind)), Same};
    }
  }

  // Random bytes are no text, so they are not read as a string.
  Evolved Primitive(Kind from) {
    std::vector<Kind> kinds{from};
    if (from == Kind::Int) kinds.insert(kinds.end(), {Kind::Long, Kind::Float, Kind::Double});
    if (from == Kind::Long) kinds.insert(kinds.end(), {Kind::Float, Kind::Double});
    if (from == Kind::Float) kinds.push_back(Kind::Double);
    if (from == Kind::String) kinds.push_back(Kind::Bytes);
    const Kind to = kinds[Below(kinds.size())];
    return {Quoted(KindName(to)), [to](const Datum& datum) { return Promoted(datum, to); }};
  }

  Evolved Items(const Schema& writer) {
    const Evolved item = Anywhere(*writer.items);
    const bool array = writer.kind == Kind::Array;
    const std::string text = array ? R"({"type":"array","items":)" : R"({"type":"map","values":)";
    return {text + item.text + "}", [map = item.map](const Datum& datum) {
              Datum result = datum;
              for (Datum& inner : result.items) inner = map(inner);
              return result;
            }};
  }

  Evolved OutOfUnion(const Schema& branch) {
    const Evolved type = OneType(branch, true);
    return {type.text, [map = type.map](const Datum& datum) {
              Datum inner = datum;
              inner.branch = -1;
              return map(inner);
            }};
  }

  Evolved Union(const Schema& writer) {
    std::vector<size_t> order;
    for (size_t i = 0; i < writer.branches.size(); ++i) order.push_back(i);
    Shuffle(&order);
    std::vector<std::pair<int32_t, Mapper>> branches(order.size());
    std::string text;
    for (size_t i = 0; i < order.size(); ++i) {
      // Promoted, two branches could become one type.
      Evolved branch = OneType(*writer.branches[order[i]], false);
      text += (i > 0 ? "," : "") + branch.text;
      branches[order[i]] = {static_cast<int32_t>(i), std::move(branch.map)};
    }
    if (OneIn(4)) {
      text += std::string(order.empty() ? "" : ",") + R"({"type":"fixed","size":3,"namespace":"evolved","name":")" +
              NewName("Extra") + "\"}";
    }
    return {"[" + text + "]", [branches](const Datum& datum) {
              const auto& [position, map] = branches.at(static_cast<size_t>(datum.branch));
              Datum inner = datum;
              inner.branch = -1;
              inner = map(inner);
              inner.branch = position;
              return inner;
            }};
  }

  // A type is defined where it first stands and may stand within itself; so its mapping is looked up when it is used.
  // Mappings are owned by the one of the top alone.
  Evolved Named(const Schema& writer) {
    const auto [known, fresh] = names_.emplace(&writer, "");
    const Mapper map = [maps = maps_.get(), key = &writer](const Datum& datum) { return maps->at(key)(datum); };
    if (!fresh) return {Quoted(Dotted(known->second)), map};
    std::string full = writer.name;
    std::string aliases;
    if (OneIn(3)) {
      full = "evolved." + NewName("Renamed");
      aliases = ",\"aliases\":[\"evolved.Other\",\"" + Dotted(writer.name) + "\"]";
    } else if (OneIn(3)) {
      full = "moved." + std::string(ShortName(writer.name));
    }
    known->second = full;
    const std::string head = R"({"name":")" + std::string(ShortName(full)) + R"(","namespace":")" +
                             std::string(NamespaceOf(full)) + "\"" + aliases;
    if (writer.kind == Kind::Fixed) {
      (*maps_)[&writer] = Same;
      return {head + R"(,"type":"fixed","size":)" + std::to_string(writer.size) + "}", map};
    }
    Evolved rest = writer.kind == Kind::Enum ? Enum(writer) : Record(writer);
    (*maps_)[&writer] = std::move(rest.map);
    return {head + rest.text + "}", map};
  }

  Evolved Enum(const Schema& writer) {
    std::vector<std::string> symbols = writer.symbols;
    Shuffle(&symbols);
    const bool loses = symbols.size() > 1 && OneIn(3);
    if (loses) symbols.resize(1 + Below(symbols.size() - 1));
    if (OneIn(3)) symbols.push_back(NewName("New"));
    const size_t fallback = Below(symbols.size());
    std::string text = R"(,"type":"enum","symbols":[)";
    std::map<std::string, int64_t> indices;
    for (size_t i = 0; i < symbols.size(); ++i) {
      text += (i > 0 ? "," : "") + Quoted(symbols[i]);
      indices[symbols[i]] = static_cast<int64_t>(i);
    }
    text += "]";
    if (loses || OneIn(2)) text += ",\"default\":" + Quoted(symbols[fallback]);
    std::vector<int64_t> table;
    for (const std::string& symbol : writer.symbols) {
      const auto found = indices.find(symbol);
      table.push_back(found == indices.end() ? static_cast<int64_t>(fallback) : found->second);
    }
    return {text,
            [table](const Datum& datum) { return Whole(Kind::Enum, table.at(static_cast<size_t>(datum.integer))); }};
  }

  // A field of the reader: the writer's field `from`, or `value`.
  struct FieldPlan {
    std::string text;
    int from = -1;
    Mapper map;
    Datum value;
  };

  Evolved Record(const Schema& writer) {
    // The order is settled first: a type must be defined before its name is used.
    std::vector<const Field*> order;
    for (const Field& field : writer.fields) {
      if (!OneIn(5)) order.push_back(&field);
    }
    order.insert(order.end(), Below(3), nullptr);
    if (OneIn(2)) Shuffle(&order);
    std::vector<FieldPlan> fields;
    for (const Field* field : order) {
      fields.push_back(field == nullptr ? Added() : Kept(*field, static_cast<int>(field - writer.fields.data())));
    }
    std::string text = R"(,"type":"record","fields":[)";
    for (size_t i = 0; i < fields.size(); ++i) text += (i > 0 ? "," : "") + fields[i].text;
    return {text + "]", [fields](const Datum& datum) {
              Datum result = OfKind(Kind::Record);
              for (const FieldPlan& field : fields) {
                result.items.push_back(field.from < 0 ? field.value
                                                      : field.map(datum.items.at(static_cast<size_t>(field.from))));
              }
              return result;
            }};
  }

  FieldPlan Kept(const Field& field, int index) {
    const Evolved type = Anywhere(*field.type);
    std::string text = "{\"name\":" + Quoted(field.name);
    if (OneIn(4)) text = R"({"name":")" + NewName("renamed") + R"(","aliases":["void",)" + Quoted(field.name) + "]";
    return {text + ",\"type\":" + type.text + "}", index, type.map, {}};
  }

  FieldPlan Added() {
    struct Row {
      std::string type;
      const char* json;
      Datum value;
    };
    Datum list = OfKind(Kind::Array);
    list.items = {Whole(Kind::Long, 1), Whole(Kind::Long, -2)};
    Datum map = OfKind(Kind::Map);
    map.keys = {"k"};
    map.items = {Text("v")};
    Datum none = OfKind(Kind::Null);
    none.branch = 0;
    Datum inner = OfKind(Kind::Record);
    inner.items = {Whole(Kind::Int, 3), Text("own")};
    Datum real = OfKind(Kind::Double);
    real.number = 2.5;
    const std::string name = NewName("Added");
    const Row rows[] = {
        {"\"int\"", "42", Whole(Kind::Int, 42)},
        {"\"string\"", "\"text\"", Text("text")},
        {"\"double\"", "2.5", real},
        {"[\"null\",\"long\"]", "null", none},
        {R"({"type":"array","items":"long"})", "[1,-2]", list},
        {R"({"type":"map","values":"string"})", R"({"k":"v"})", map},
        {R"({"type":"enum","namespace":"evolved","symbols":["A","B"],"name":")" + name + "\"}", "\"B\"",
         Whole(Kind::Enum, 1)},
        {R"({"type":"record","namespace":"evolved","name":")" + name +
             R"(","fields":[{"name":"a","type":"int"},{"name":"b","type":"string","default":"own"}]})",
         R"({"a":3})", inner},
    };
    const Row& row = rows[Below(std::size(rows))];
    const std::string text =
        R"({"name":")" + NewName("added") + R"(","type":)" + row.type + ",\"default\":" + row.json + "}";
    return {text, -1, nullptr, row.value};
  }

  std::mt19937_64 random_;
  uint64_t next_name_ = 0;
  std::map<const Schema*, std::string> names_;  // of the reader's type
  std::shared_ptr<std::map<const Schema*, Mapper>> maps_ = std::make_shared<std::map<const Schema*, Mapper>>();
};

}  // namespace

Evolution EvolveAtRandom(const Schema& writer, uint64_t seed) {
  Evolved evolved = Evolver(seed).Version(writer);
  ParsedSchema parsed = ParseSchema(evolved.text);
  if (parsed.document == nullptr) {
    std::fprintf(stderr, "evolved schema %llu does not parse: %s\n%s\n", static_cast<unsigned long long>(seed),
                 parsed.error.message.c_str(), evolved.text.c_str());
    std::abort();
  }
  return {std::move(parsed.document), std::move(evolved.map)};
}

}  // namespace avro
