#include <bit>
#include <cassert>
#include <cmath>
#include <iterator>
#include <limits>

#include "avro/float_bits.h"
#include "avro/random_schema.h"
#include "avro/value_height.h"

namespace avro {
namespace {

constexpr int kDeep = 12;        // from here on the flattest values are chosen
constexpr int kMaxValues = 400;  // and likewise when a datum has this many parts

class DatumMaker {
 public:
  DatumMaker(const Schema& root, std::mt19937_64& random) : heights_(root), random_(random) {}

  Datum Make(const Schema& schema, int depth) {
    ++values_;
    Datum datum;
    datum.kind = schema.kind;
    switch (schema.kind) {
      case Kind::Null: break;
      case Kind::Bool: datum.boolean = Below(2) == 1; break;
      case Kind::Int: datum.integer = static_cast<int32_t>(Integer()); break;
      case Kind::Long: datum.integer = Integer(); break;
      case Kind::Float: datum.number = WidenFloat(Float()); break;
      case Kind::Double: datum.number = Double(); break;
      case Kind::Bytes: datum.text = Bytes(Length()); break;
      case Kind::Fixed: datum.text = Bytes(schema.size); break;
      case Kind::String: datum.text = Text(Length()); break;
      case Kind::Enum: datum.integer = static_cast<int64_t>(Below(schema.symbols.size())); break;
      case Kind::Record:
        for (const Field& field : schema.fields) datum.items.push_back(Make(*field.type, depth + 1));
        break;
      case Kind::Array:
      case Kind::Map: FillItems(schema, depth, &datum); break;
      case Kind::Union: return Branch(schema, depth);
    }
    return datum;
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  bool MustEnd(int depth) const { return depth > kDeep || values_ > kMaxValues; }

  int64_t Integer() {
    static constexpr int64_t kCorners[] = {0, -1, 1, 63, -64, 64, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    if (Below(4) == 0) return kCorners[Below(std::size(kCorners))];
    const auto shift = Below(64);
    return static_cast<int64_t>(random_()) >> shift;
  }

  double Double() {
    static constexpr double kCorners[] = {0.0, -0.0, 1.0, -1.5, 1e308, 5e-324};
    switch (Below(12)) {
      case 0: return std::numeric_limits<double>::infinity();
      case 1: return -std::numeric_limits<double>::infinity();
      case 2: return std::numeric_limits<double>::quiet_NaN();
      case 3:
      case 4: return kCorners[Below(std::size(kCorners))];
      default: break;
    }
    const auto value = std::bit_cast<double>(random_());
    return std::isfinite(value) ? value : 42.0;
  }

  float Float() {
    const double wide = Double();
    if (!std::isfinite(wide)) return static_cast<float>(wide);
    const auto value = std::bit_cast<float>(static_cast<uint32_t>(random_()));
    return std::isfinite(value) ? value : 0.5F;
  }

  size_t Length() {
    switch (Below(8)) {
      case 0: return 0;
      case 1: return 64 + Below(300);  // a length of two bytes
      default: return Below(24);
    }
  }

  std::string Bytes(size_t size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random_());
    return bytes;
  }

  std::string Text(size_t characters) {
    static constexpr const char* kOthers[] = {"\u00e9", "\u20ac", "\U0001F4C8", "\"", "\\", "\n"};
    std::string text;
    for (size_t i = 0; i < characters; ++i) {
      if (Below(16) == 0) {
        text += kOthers[Below(std::size(kOthers))];
      } else {
        text += static_cast<char>('a' + Below(26));
      }
    }
    return text;
  }

  void FillItems(const Schema& schema, int depth, Datum* datum) {
    if (MustEnd(depth) || heights_.Of(*schema.items) < 0) return;
    const uint64_t count = Below(10) == 0 ? 20 + Below(100) : Below(5);
    for (uint64_t i = 0; i < count && !MustEnd(depth); ++i) {
      if (schema.kind == Kind::Map) datum->keys.push_back("k" + std::to_string(i) + Text(Below(6)));
      datum->items.push_back(Make(*schema.items, depth + 1));
    }
  }

  Datum Branch(const Schema& schema, int depth) {
    std::vector<size_t> open;
    int flattest = -1;
    for (size_t i = 0; i < schema.branches.size(); ++i) {
      const int height = heights_.Of(*schema.branches[i]);
      if (height < 0) continue;
      const bool flatter = flattest < 0 || height < flattest;
      if (MustEnd(depth) && flatter) open.clear();
      if (!MustEnd(depth) || flatter) open.push_back(i);
      if (flatter) flattest = height;
    }
    assert(!open.empty() && "a union without values");
    const size_t branch = open[Below(open.size())];
    Datum datum = Make(*schema.branches[branch], depth);
    datum.branch = static_cast<int32_t>(branch);
    return datum;
  }

  ValueHeights heights_;
  std::mt19937_64& random_;
  int values_ = 0;
};

}  // namespace

Datum RandomDatum(const Schema& schema, std::mt19937_64& random) {
  DatumMaker maker(schema, random);
  return maker.Make(schema, 0);
}

}  // namespace avro
