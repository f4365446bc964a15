// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing beyond U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace avro {

// Index of the first byte that does not belong to valid UTF-8, or text.size().
size_t ValidUtf8Prefix(std::string_view text);
inline bool IsUtf8(std::string_view text) { return ValidUtf8Prefix(text) == text.size(); }
// With U+FFFD for each byte that does not belong to it.
std::string ToUtf8(std::string_view text);

}  // namespace avro
