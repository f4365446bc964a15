// How large a rule file may be.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rulec {

inline constexpr uint64_t kUsualTextBytes = uint64_t{16} << 20;
// Places in a text are numbers of 32 bits.
inline constexpr uint64_t kMostTextBytes = uint64_t{1} << 30;

// 16 MiB, or what the environment says with RULEC_RULE_FILE_LIMIT; read once. What is no size counts as if it were not
// there: the command line refuses it before anything is read.
uint64_t MaxTextBytes();

// `1000000`, `512KiB`, `32MiB`, `1GiB`: 1 byte to 1 GiB.
std::optional<uint64_t> ParseTextLimit(std::string_view text);

}  // namespace rulec
