#include "stdlib/like.h"

#include <algorithm>

#include "stdlib/result.h"
#include "stdlib/search.h"
#include "stdlib/support.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

constexpr size_t kNowhere = kNotFound;

bool SkipForward(std::string_view text, uint32_t count, size_t* at) {
  for (; count > 0; --count) {
    if (*at >= text.size()) return false;
    // Cut at the end: valid text does not reach beyond it.
    *at = std::min(*at + LengthOfLead(static_cast<uint8_t>(text[*at])), text.size());
  }
  return true;
}

bool SkipBackward(std::string_view text, uint32_t count, size_t* at) {
  for (; count > 0; --count) {
    if (*at == 0) return false;
    do {
      --*at;
    } while (*at > 0 && IsContinuation(text[*at]));
  }
  return true;
}

// Where the segment ends if it begins at `at`.
size_t MatchForward(const Like::Segment& segment, std::string_view text, size_t at) {
  for (const Like::Part& part : segment) {
    if (!SkipForward(text, part.skips, &at) || !text.substr(at).starts_with(part.text)) return kNowhere;
    at += part.text.size();
  }
  return at;
}

// Where the segment begins if it ends at the end.
size_t MatchBackward(const Like::Segment& segment, std::string_view text) {
  size_t at = text.size();
  for (auto part = segment.rbegin(); part != segment.rend(); ++part) {
    if (!text.substr(0, at).ends_with(part->text)) return kNowhere;
    at -= part->text.size();
    if (!SkipBackward(text, part->skips, &at)) return kNowhere;
  }
  return at;
}

// Where the segment ends at its first occurrence from `at` on.
size_t FindForward(const Like::Segment& segment, std::string_view text, size_t at) {
  if (segment.empty()) return at;
  const Like::Part& first = segment.front();
  if (first.skips == 0) {
    for (; (at = FindFirst(text, first.text, at)) != kNowhere; ++at) {
      size_t end = MatchForward(segment, text, at);
      if (end != kNowhere) return end;
    }
    return kNowhere;
  }
  for (; at < text.size(); at += LengthOfLead(static_cast<uint8_t>(text[at]))) {
    size_t end = MatchForward(segment, text, at);
    if (end != kNowhere) return end;
  }
  return kNowhere;
}

}  // namespace

bool Like::Matches(std::string_view text) const {
  if (segments.size() == 1) return MatchForward(segments[0], text, 0) == text.size();
  size_t at = MatchForward(segments.front(), text, 0);
  if (at == kNowhere) return false;
  for (size_t i = 1; i + 1 < segments.size(); ++i) {
    at = FindForward(segments[i], text, at);
    if (at == kNowhere) return false;
  }
  size_t last = MatchBackward(segments.back(), text);
  return last != kNowhere && last >= at;
}

std::unique_ptr<Like> MakeLike(std::string_view pattern, std::string* error) {
  auto like = std::make_unique<Like>();
  like->segments.emplace_back();
  uint32_t skips = 0;
  auto close_skips = [&] {
    if (skips > 0) like->segments.back().push_back({skips, ""});
    skips = 0;
  };
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '%') {
      close_skips();
      like->segments.emplace_back();
      continue;
    }
    if (c == '_') {
      ++skips;
      continue;
    }
    if (c == '\\' && ++i == pattern.size()) {
      *error = "the pattern ends with a `\\`: write `\\\\` for the character itself";
      return nullptr;
    }
    auto& parts = like->segments.back();
    if (parts.empty() || skips > 0) parts.push_back({skips, ""});
    skips = 0;
    parts.back().text += pattern[i];
  }
  close_skips();
  return like;
}

std::optional<bool> MatchesLike(std::string_view text, std::string_view pattern) {
  // A `\` takes the meaning from what follows, so an even number of them at the end is complete.
  const size_t before = pattern.find_last_not_of('\\');
  const size_t escapes = pattern.size() - (before == std::string_view::npos ? 0 : before + 1);
  if (escapes % 2 != 0) return std::nullopt;
  size_t at = 0, in_pattern = 0;
  // Behind the last `%`, and where the text that it stands for ends: what follows is tried from there on.
  size_t behind_any = kNowhere, end_of_any = 0;
  while (at < text.size()) {
    const char c = in_pattern < pattern.size() ? pattern[in_pattern] : '\0';
    const size_t literal = in_pattern + (c == '\\' ? 1 : 0);
    if (c == '%') {
      behind_any = ++in_pattern;
      end_of_any = at;
    } else if (in_pattern < pattern.size() && c == '_') {
      SkipForward(text, 1, &at);
      ++in_pattern;
    } else if (literal < pattern.size() && pattern[literal] == text[at]) {
      ++at;
      in_pattern = literal + 1;
    } else {
      if (behind_any == kNowhere) return false;
      SkipForward(text, 1, &end_of_any);
      at = end_of_any;
      in_pattern = behind_any;
    }
  }
  return pattern.find_first_not_of('%', in_pattern) == std::string_view::npos;
}

}  // namespace rulelib

uint8_t rule_like_match(RuleString text, const void* like) {
  return static_cast<const rulelib::Like*>(like)->Matches(rulelib::View(text)) ? 1 : 0;
}

uint8_t rule_like_text(rulert_context* context, RuleString text, RuleString pattern) {
  const uint64_t steps = uint64_t{rulelib::View(text).size()} * rulelib::View(pattern).size();
  if (steps > rulelib::kMostLikeSteps) return rulelib::Fail(context, rulelib::Cause::TextTooLong);
  const std::optional<bool> matches = rulelib::MatchesLike(rulelib::View(text), rulelib::View(pattern));
  if (!matches) return rulelib::Fail(context, rulelib::Cause::LikePattern);
  return *matches ? 1 : 0;
}
