// Literals that are made ready once, when a rule is loaded, and read by every thread that runs it.
//
//   kind (rulert::Prepared)  texts                              read by
//   1 regex                  an expression of RE2               rule_regex_*
//   2 like                   a pattern with `%` and `_`         rule_like_match
//   3 zone                   a name such as `Europe/Berlin`,    time functions
//                            `UTC` or an offset `+05:30`
//   4 time format            `%Y-%m-%d` and the like            rule_format_time, rule_parse_time
//   5 string set             the strings                        rule_set_contains
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

extern "C" {

struct RuleText {
  const char* data;
  uint64_t size;
};

// nullptr if the text is wrong: `error` then says why, zero-terminated and cut at `error_size` bytes (at least 1).
void* rule_prepare(uint32_t kind, const RuleText* texts, uint64_t count, char* error, uint64_t error_size);
void rule_release(uint32_t kind, void* prepared);

}  // extern "C"

namespace rulelib {

inline constexpr uint32_t kRegex = 1, kLike = 2, kZone = 3, kTimeFormat = 4, kStringSet = 5;

// An owner of what rule_prepare gave, which several rule instances may share; empty if the text is wrong: `error` says
// why.
std::shared_ptr<const void> Prepare(uint32_t kind, std::span<const std::string_view> texts, std::string* error);
inline std::shared_ptr<const void> Prepare(uint32_t kind, std::string_view text, std::string* error) {
  return Prepare(kind, std::span(&text, 1), error);
}

}  // namespace rulelib
