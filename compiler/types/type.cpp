#include "compiler/types/type.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "compiler/types/avro_type.h"

namespace rulec {
namespace {

size_t Mix(size_t seed, size_t value) { return (seed ^ value) * 0x9E3779B97F4A7C15u + (seed >> 29); }

size_t HashOf(const Composite& composite) {
  size_t hash = composite.types.size();
  for (const Type& type : composite.types) {
    hash = Mix(hash, static_cast<size_t>(type.kind) << 24 | size_t{type.nullable} << 16 | size_t{type.precision} << 8 |
                         type.scale);
    hash = Mix(hash, std::hash<const void*>()(type.schema));
    hash = Mix(hash, std::hash<const void*>()(type.of));
  }
  for (const std::string& name : composite.names) hash = Mix(hash, std::hash<std::string>()(name));
  return hash;
}

struct Hash {
  size_t operator()(const Composite& composite) const { return HashOf(composite); }
};

std::unordered_map<const Composite*, uint32_t>& Depths() {
  static std::unordered_map<const Composite*, uint32_t> depths;
  return depths;
}

}  // namespace

const Composite* Intern(Composite composite) {
  // Nodes of the set stay where they are.
  static std::unordered_set<Composite, Hash> all;
  const auto [at, added] = all.insert(std::move(composite));
  if (added) {
    uint32_t depth = 1;
    for (const Type& type : at->types) depth = std::max(depth, TypeDepth(type) + 1);
    Depths()[&*at] = depth;
  }
  return &*at;
}

uint32_t TypeDepth(const Type& type) { return type.of ? Depths().at(type.of) : 0; }

Type ListOf(const Type& element) {
  Type type{TypeKind::List};
  type.of = Intern({{element}, {}});
  return type;
}

Type MapOf(const Type& element) {
  Type type{TypeKind::Map};
  type.of = Intern({{element}, {}});
  return type;
}

Type RecordOf(std::vector<std::string> names, std::vector<Type> types) {
  Type type{TypeKind::Record};
  type.of = Intern({std::move(types), std::move(names)});
  return type;
}

Type DecimalOf(uint8_t precision, uint8_t scale) {
  Type type{TypeKind::Decimal};
  type.precision = precision;
  type.scale = scale;
  return type;
}

Type UnionOf(std::vector<Type> branches) {
  Type type{TypeKind::Union};
  type.of = Intern({std::move(branches), {}});
  return type;
}

}  // namespace rulec
