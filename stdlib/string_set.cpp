#include "stdlib/string_set.h"

#include <bit>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "stdlib/result.h"
#include "stdlib/support.h"

namespace rulelib {
namespace {

uint64_t Hash(RuleString text) {
  if (ByteLength(text) > RULERT_STRING_INLINE) {
    std::string_view bytes = View(text);
    return XXH3_64bits(bytes.data(), bytes.size());
  }
  uint64_t mixed = (text.low ^ 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9 ^ text.high;
  mixed *= 0x94D049BB133111EB;
  return mixed ^ mixed >> 32;
}

}  // namespace

StringSet::StringSet(std::span<const std::string_view> texts) {
  size_t places = std::bit_ceil(texts.size() * 2 + 1);
  places_.resize(places);
  taken_.resize(places);
  mask_ = places - 1;
  size_t size = 0;
  for (std::string_view text : texts) size += text.size();
  bytes_.reserve(size);  // so that nothing moves below
  for (std::string_view text : texts) {
    size_t begin = bytes_.size();
    bytes_ += text;
    RuleString owned = Borrow(std::string_view(bytes_).substr(begin));
    size_t place = Find(owned);
    places_[place] = owned;
    taken_[place] = 1;
  }
}

size_t StringSet::Find(RuleString text) const {
  size_t place = Hash(text) & mask_;
  while (taken_[place] != 0 && rule_string_equal(places_[place], text) == 0) place = (place + 1) & mask_;
  return place;
}

bool StringSet::Contains(RuleString text) const { return taken_[Find(text)] != 0; }

}  // namespace rulelib

uint8_t rule_set_contains(RuleString text, const void* set) {
  return static_cast<const rulelib::StringSet*>(set)->Contains(text) ? 1 : 0;
}
