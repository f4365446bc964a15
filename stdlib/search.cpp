#include "stdlib/search.h"

#include <cstdint>
#include <cstring>
#include <vector>

namespace rulelib {
namespace {

// What is shorter may be compared at each place where its first byte stands.
constexpr size_t kShort = 64;

}  // namespace

// memmem of the C library: two-way search (Crochemore and Perrin, 1991) for long parts.
size_t FindFirst(std::string_view text, std::string_view part, size_t from) {
  if (part.size() <= kShort) return text.find(part, from);
  text.remove_prefix(from);
  if (part.size() > text.size()) return kNotFound;
  const void* found = memmem(text.data(), text.size(), part.data(), part.size());
  return found == nullptr ? kNotFound : from + static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

// Knuth, Morris and Pratt from behind for long parts.
size_t FindLast(std::string_view text, std::string_view part) {
  if (part.size() <= kShort || part.size() > text.size()) return text.rfind(part);
  auto from_behind = [](std::string_view all, size_t i) { return all[all.size() - 1 - i]; };
  // Of each start of the reversed part: the longest end of it that is a start as well.
  std::vector<uint32_t> border(part.size(), 0);
  for (size_t i = 1, matched = 0; i < part.size(); ++i) {
    while (matched > 0 && from_behind(part, i) != from_behind(part, matched)) matched = border[matched - 1];
    if (from_behind(part, i) == from_behind(part, matched)) ++matched;
    border[i] = static_cast<uint32_t>(matched);
  }
  for (size_t i = 0, matched = 0; i < text.size(); ++i) {
    while (matched > 0 && from_behind(text, i) != from_behind(part, matched)) matched = border[matched - 1];
    if (from_behind(text, i) == from_behind(part, matched)) ++matched;
    if (matched == part.size()) return text.size() - 1 - i;
  }
  return kNotFound;
}

}  // namespace rulelib
