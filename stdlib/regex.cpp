#include "stdlib/regex.h"

#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/support.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

constexpr int64_t kMaxMemory = int64_t{8} << 20;
constexpr size_t kMaxExpression = size_t{64} << 10;
constexpr int kMaxGroups = 100;

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }
std::string_view View(re2::StringPiece piece) { return {piece.data(), piece.size()}; }

const re2::RE2& Of(const void* regex) { return *static_cast<const Regex*>(regex)->compiled; }

// After each match the search begins anew and may look at all of the rest: so many bytes at most over all matches, so
// that no text takes more than about a minute. One of 512 KiB never comes to it.
constexpr uint64_t kMaxLookedAt = uint64_t{1} << 37;

// Calls `each(match, group)` for every match from left to right: the whole one, and its first group (the whole one
// where the expression has none), until it returns false. After an empty match the search goes on one code point
// further, as in Perl. False if the text has too many matches for its length.
template <class Each>
bool ForEachMatch(const RuleString& text, const void* regex, Each each) {
  std::string_view all = rulelib::View(text);
  const re2::RE2& re = Of(regex);
  int groups = re.NumberOfCapturingGroups() > 0 ? 2 : 1;
  size_t at = 0;
  re2::StringPiece found[2];
  const char* last_end = nullptr;
  uint64_t looked_at = 0;
  while (at <= all.size() && re.Match(Piece(all), at, all.size(), re2::RE2::UNANCHORED, found, groups)) {
    size_t begin = static_cast<size_t>(found[0].data() - all.data());
    size_t end = begin + found[0].size();
    looked_at += all.size() - begin;
    if (looked_at > kMaxLookedAt) return false;
    // An empty match right behind the last one is none, nor is one inside of a code point, where \B finds one.
    bool inside = found[0].empty() && begin < all.size() && IsContinuation(all[begin]);
    if (!inside && !(found[0].empty() && found[0].data() == last_end)) {
      if (!each(rulelib::View(text).substr(begin, end - begin), groups == 2 ? found[1] : found[0])) return true;
      last_end = all.data() + end;
    }
    at = end;
    if (!found[0].empty()) continue;
    if (at >= all.size()) return true;
    do {
      ++at;
    } while (at < all.size() && IsContinuation(all[at]));
  }
  return true;
}

RuleString GroupOf(rulert_context* context, const RuleString& text, const void* regex, int group) {
  re2::StringPiece found[kMaxGroups + 1];
  std::string_view all = rulelib::View(text);
  if (!Of(regex).Match(Piece(all), 0, all.size(), re2::RE2::UNANCHORED, found, group + 1)) return Null(context);
  if (found[group].data() == nullptr) return Null(context);  // a group that took no part
  return Borrow(View(found[group]));
}

class ListBuilder {
 public:
  explicit ListBuilder(rulert_context* context) : context_(context) {}
  void Add(std::string_view text) { items_.push_back(Borrow(text)); }
  bool full() const { return items_.size() >= kMaxItems; }
  RuleList Finish(bool whole) {
    if (!whole) return Fail(context_, Cause::TextTooLong);
    if (full()) return Fail(context_, Cause::ListTooLong);
    if (items_.empty()) return {};
    auto* memory = AllocateItems<RuleString>(context_, items_.size());
    if (memory == nullptr) return {};
    std::memcpy(memory, items_.data(), items_.size() * sizeof(RuleString));
    return ListOfItems(memory, items_.size());
  }

 private:
  rulert_context* context_;
  std::vector<RuleString> items_;
};

// The replacement with its groups put in; false if it names one that the expression lacks.
bool AppendReplacement(std::string_view replacement, std::span<const re2::StringPiece> found, TextBuilder* out) {
  for (size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] != '\\' || i + 1 == replacement.size()) {
      out->Append(replacement[i]);
      continue;
    }
    char c = replacement[++i];
    if (c < '0' || c > '9') {
      out->Append(c);
      continue;
    }
    auto group = static_cast<size_t>(c - '0');
    if (group >= found.size()) return false;
    out->Append(View(found[group]));
  }
  return true;
}

// `\C` takes a byte, which is no text.
bool TakesBytes(std::string_view expression) {
  for (size_t at = 0; at + 1 < expression.size(); ++at) {
    if (expression[at] != '\\') continue;
    char c = expression[++at];
    if (c == 'C') return true;
    if (c == 'Q') at = std::min(expression.find("\\E", at), expression.size());
  }
  return false;
}

}  // namespace

Regex::Regex() = default;
Regex::~Regex() = default;

std::unique_ptr<Regex> MakeRegex(std::string_view expression, std::string* error) {
  if (expression.size() > kMaxExpression) {
    *error = "the regular expression is longer than 64 KiB";
    return nullptr;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  auto regex = std::make_unique<Regex>();
  regex->compiled = std::make_unique<re2::RE2>(Piece(expression), options);
  if (!regex->compiled->ok()) {
    bool too_large = regex->compiled->error_code() == re2::RE2::ErrorPatternTooLarge;
    *error = too_large ? "the regular expression is too large: compiled, it takes more than 8 MiB of memory"
                       : regex->compiled->error();
    return nullptr;
  }
  if (TakesBytes(expression)) {
    *error = "`\\C` takes single bytes, which are no text: use `.` or `(?s:.)`";
    return nullptr;
  }
  if (regex->compiled->NumberOfCapturingGroups() > kMaxGroups) {
    *error = "the regular expression has more than 100 groups";
    return nullptr;
  }
  return regex;
}

}  // namespace rulelib

using namespace rulelib;

extern "C" {

uint8_t rule_regex_match(RuleString text, const void* regex) {
  std::string_view all = rulelib::View(text);
  return Of(regex).Match(Piece(all), 0, all.size(), re2::RE2::UNANCHORED, nullptr, 0) ? 1 : 0;
}

RuleString rule_regex_extract(rulert_context* context, RuleString text, const void* regex) {
  return GroupOf(context, text, regex, Of(regex).NumberOfCapturingGroups() > 0 ? 1 : 0);
}

RuleString rule_regex_extract_group(rulert_context* context, RuleString text, const void* regex, int64_t group) {
  if (group < 0 || group > Of(regex).NumberOfCapturingGroups()) return Fail(context, Cause::GroupOutOfRange);
  return GroupOf(context, text, regex, static_cast<int>(group));
}

RuleList rule_regex_extract_all(rulert_context* context, RuleString text, const void* regex) {
  // The items of a short text stand in the argument, so they are copied; those of a long one are borrowed.
  ListBuilder list(context);
  bool whole = ForEachMatch(text, regex, [&](std::string_view, re2::StringPiece group) {
    list.Add(View(group));
    return !list.full();
  });
  return list.Finish(whole);
}

int64_t rule_regex_count(rulert_context* context, RuleString text, const void* regex) {
  int64_t count = 0;
  bool whole = ForEachMatch(text, regex, [&](std::string_view, re2::StringPiece) { return ++count, true; });
  if (!whole) return Fail(context, Cause::TextTooLong);
  return count;
}

RuleList rule_regex_split(rulert_context* context, RuleString text, const void* regex) {
  ListBuilder list(context);
  std::string_view all = rulelib::View(text);
  const char* begin = all.data();
  bool whole = ForEachMatch(text, regex, [&](std::string_view match, re2::StringPiece) {
    if (match.empty()) return true;  // what is between two letters does not separate them
    list.Add({begin, static_cast<size_t>(match.data() - begin)});
    begin = match.data() + match.size();
    return !list.full();
  });
  if (!list.full()) list.Add({begin, static_cast<size_t>(all.data() + all.size() - begin)});
  return list.Finish(whole);
}

RuleString rule_regex_replace(rulert_context* context, RuleString text, const void* regex, RuleString replacement) {
  std::string_view all = rulelib::View(text), with = rulelib::View(replacement);
  const re2::RE2& re = Of(regex);
  re2::StringPiece groups[kMaxGroups + 1];
  std::span<re2::StringPiece> found(groups, static_cast<size_t>(re.NumberOfCapturingGroups()) + 1);
  TextBuilder out(context);
  const char* begin = all.data();
  bool known = true;
  bool whole = ForEachMatch(text, regex, [&](std::string_view match, re2::StringPiece) {
    size_t at = static_cast<size_t>(match.data() - all.data());
    out.Append({begin, static_cast<size_t>(match.data() - begin)});
    re.Match(Piece(all), at, all.size(), re2::RE2::ANCHOR_START, found.data(), static_cast<int>(found.size()));
    known = AppendReplacement(with, found, &out);
    begin = match.data() + match.size();
    return known && !out.failed();
  });
  if (!known) return Fail(context, Cause::GroupOutOfRange);
  if (!whole) return Fail(context, Cause::TextTooLong);
  out.Append({begin, static_cast<size_t>(all.data() + all.size() - begin)});
  return out.Finish();
}

}  // extern "C"
