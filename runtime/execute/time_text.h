// Times and durations as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rulert {

// `1h30m`, `500us`, `-2s`, or bare microseconds; units us ms s m h d, each at most once and falling. Microseconds.
std::optional<int64_t> ParseDuration(std::string_view text);
// `2024-05-01T12:00:00.25Z`, `2024-05-01T14:00:00+02:00`, `2024-05-01` (midnight, UTC), or bare microseconds since
// 1970.
std::optional<int64_t> ParseTimestamp(std::string_view text);

}  // namespace rulert
