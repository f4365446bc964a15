// A prepared pattern of `like`: `%` is any text, `_` one code point, `\` takes the special meaning from what follows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rulelib {

struct Like {
  // Between two `%`: literal texts, with as many `_` before each as `skips` says.
  struct Part {
    uint32_t skips = 0;
    std::string text;
  };
  using Segment = std::vector<Part>;
  std::vector<Segment> segments;  // one more than there are `%`

  bool Matches(std::string_view text) const;
};

std::unique_ptr<Like> MakeLike(std::string_view pattern, std::string* error);

// Events bring text and pattern, and each of both may be a run of one letter.
inline constexpr uint64_t kMostLikeSteps = uint64_t{1} << 34;

// The same without making anything ready, for patterns that events bring; nothing if the pattern ends with a `\`.
std::optional<bool> MatchesLike(std::string_view text, std::string_view pattern);

}  // namespace rulelib
