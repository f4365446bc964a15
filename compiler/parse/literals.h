// The values of literals, and what is wrong with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/diagnostics/diagnostics.h"

namespace rulec {

// `1_000` is "1000".
std::string WithoutUnderscores(std::string_view digits);

// Microseconds of `1h30m`. Told, and empty, if it is too long or its units do not go from great to small.
std::optional<int64_t> ReadDuration(std::string_view text, Span span, Diagnostics& diagnostics);

// The string between the quotes, escapes resolved; a wrong escape is told and stands for itself.
std::string ReadString(std::string_view literal, Span span, Diagnostics& diagnostics);

// The text between the values of a formatted string, whose `{{` and `}}` are one brace each.
std::string ReadFormatText(std::string_view text, Span span, Diagnostics& diagnostics);

// Of a token that begins like a number and is none: `12abc`, `1.5h`, `0x1F`.
// The unit of a duration that `word` means in other languages, or is: "m" of `minutes`. Empty if there is none.
std::string_view UnitCalled(std::string_view word);

void TellBadNumber(std::string_view text, Span span, Diagnostics& diagnostics);

}  // namespace rulec
