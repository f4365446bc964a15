#include "compiler/types/type.h"

#include <deque>

namespace rulec {

const Composite* Intern(Composite composite) {
  // Programs have few composite types, so a walk finds them soon enough.
  static std::deque<Composite> all;
  for (const Composite& known : all) {
    if (known == composite) return &known;
  }
  return &all.emplace_back(std::move(composite));
}

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

}  // namespace rulec
