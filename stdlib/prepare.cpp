#include "stdlib/prepare.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "stdlib/like.h"
#include "stdlib/regex.h"
#include "stdlib/string_set.h"
#include "stdlib/time_format.h"
#include "stdlib/zone.h"

namespace rulelib {
namespace {

void* Make(uint32_t kind, std::span<const std::string_view> texts, std::string* error) {
  if (kind == kStringSet) return new StringSet(texts);
  if (texts.size() != 1) {
    *error = "one text is wanted";
    return nullptr;
  }
  switch (kind) {
    case kRegex: return MakeRegex(texts[0], error).release();
    case kLike: return MakeLike(texts[0], error).release();
    case kZone: return MakeZone(texts[0], error).release();
    case kTimeFormat: return MakeTimeFormat(texts[0], error).release();
    default: *error = "no kind of prepared literal"; return nullptr;
  }
}

}  // namespace

std::shared_ptr<const void> Prepare(uint32_t kind, std::span<const std::string_view> texts, std::string* error) {
  void* made = Make(kind, texts, error);
  if (made == nullptr) return nullptr;
  // Shared: rule instances of several shards read one.
  return {made, [kind](void* prepared) { rule_release(kind, prepared); }};
}

}  // namespace rulelib

void* rule_prepare(uint32_t kind, const RuleText* texts, uint64_t count, char* error, uint64_t error_size) {
  std::vector<std::string_view> views;
  for (uint64_t i = 0; i < count; ++i) views.emplace_back(texts[i].data, texts[i].size);
  std::string message;
  void* made = rulelib::Make(kind, views, &message);
  size_t size = std::min<size_t>(message.size(), error_size - 1);
  std::memcpy(error, message.data(), size);
  error[size] = '\0';
  return made;
}

void rule_release(uint32_t kind, void* prepared) {
  switch (kind) {
    case rulelib::kRegex: delete static_cast<rulelib::Regex*>(prepared); return;
    case rulelib::kLike: delete static_cast<rulelib::Like*>(prepared); return;
    case rulelib::kZone: delete static_cast<rulelib::Zone*>(prepared); return;
    case rulelib::kTimeFormat: delete static_cast<rulelib::TimeFormat*>(prepared); return;
    case rulelib::kStringSet: delete static_cast<rulelib::StringSet*>(prepared); return;
    default: return;
  }
}
