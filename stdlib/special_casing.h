// Characters whose upper or title case is more than one character: the sharp s, ligatures, Greek with marks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rulelib {

inline constexpr size_t kMostSpecialBytes = 9;

// Write UTF-8 of at most kMostSpecialBytes; 0 if the character has an upper or title case of one character.
size_t SpecialUpper(uint32_t code, char* out);
size_t SpecialTitle(uint32_t code, char* out);

}  // namespace rulelib
