#include "compiler/source/text_limit.h"

#include <charconv>
#include <cstdlib>

namespace rulec {

std::optional<uint64_t> ParseTextLimit(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number == 0 || number > kMostTextBytes) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  const int shift = unit.empty() ? 0 : unit == "KiB" ? 10 : unit == "MiB" ? 20 : unit == "GiB" ? 30 : -1;
  if (shift < 0 || number > kMostTextBytes >> shift) return std::nullopt;
  return number << shift;
}

uint64_t MaxTextBytes() {
  static const uint64_t most = [] {
    const char* text = std::getenv("RULEC_RULE_FILE_LIMIT");
    return (text != nullptr ? ParseTextLimit(text) : std::nullopt).value_or(kUsualTextBytes);
  }();
  return most;
}

}  // namespace rulec
