// Times as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rulec {

// Microseconds since 1970 of a time in ISO 8601: `2024-05-01T13:30:00.25Z`, also with an offset (`+02:00`) instead of
// the Z. Years 0001 to 9999; digits beyond microseconds are cut off. Nothing if it is not one.
std::optional<int64_t> ParseTimestamp(std::string_view text);

}  // namespace rulec
