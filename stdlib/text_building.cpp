// Functions on text that make new text or lists of parts.
#include <algorithm>
#include <vector>

#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/search.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

// What `repeat` and padding make at most: their size comes from a number, not from input.
constexpr uint64_t kMaxMadeUp = uint64_t{16} << 20;

// The list of parts that `each(add)` gives, called twice: to count and to write.
template <class Each>
RuleList PartsOf(rulert_context* context, Each each) {
  uint64_t count = 0;
  each([&](std::string_view) { ++count; });
  if (count == 0) return {};
  auto* items = AllocateItems<RuleString>(context, count);
  if (items == nullptr) return {};
  RuleString* next = items;
  each([&](std::string_view part) { *next++ = Borrow(part); });
  return ListOfItems(items, count);
}

template <class Add>
void EachBetween(std::string_view all, std::string_view mark, Add add) {
  size_t begin = 0;
  for (size_t at = FindFirst(all, mark); at != kNotFound; at = FindFirst(all, mark, begin)) {
    add(all.substr(begin, at - begin));
    begin = at + mark.size();
  }
  add(all.substr(begin));
}

template <class Add>
void EachCodePoint(std::string_view all, Add add) {
  for (size_t at = 0; at < all.size();) {
    size_t begin = at;
    NextCodePoint(all, &at);
    add(all.substr(begin, at - begin));
  }
}

template <class Add>
void EachWord(std::string_view all, Add add) {
  size_t begin = kNotFound;
  for (size_t at = 0; at < all.size();) {
    size_t here = at;
    if (!IsSpace(NextCodePoint(all, &at))) {
      begin = std::min(begin, here);
    } else if (begin != kNotFound) {
      add(all.substr(begin, here - begin));
      begin = kNotFound;
    }
  }
  if (begin != kNotFound) add(all.substr(begin));
}

// So much of `fill`, over and over, as makes `count` code points.
bool Fill(rulert_context* context, std::string_view fill, uint64_t count, TextBuilder* out) {
  uint64_t length = CountCodePoints(fill);
  if (length == 0) return true;
  if (count > kMaxMadeUp / 4) return Fail(context, Cause::TextTooLong), false;
  for (; count >= length; count -= length) out->Append(fill);
  out->Append(fill.substr(0, ByteOfCodePoint(fill, count)));
  return true;
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

RuleString rule_squeeze(rulert_context* context, RuleString text) {
  TextBuilder out(context);
  bool first = true;
  EachWord(View(text), [&](std::string_view word) {
    if (!first) out.Append(' ');
    first = false;
    out.Append(word);
  });
  return out.Finish();
}

RuleString rule_concat(rulert_context* context, RuleString a, RuleString b) {
  TextBuilder out(context);
  out.Append(View(a));
  out.Append(View(b));
  return out.Finish();
}

RuleString rule_replace(rulert_context* context, RuleString text, RuleString from, const rulert_string* to_cell) {
  RuleString to = FromAbi(*to_cell);
  if (ByteLength(from) == 0 || FindFirst(View(text), View(from)) == kNotFound) return text;
  TextBuilder out(context);
  bool first = true;
  EachBetween(View(text), View(from), [&](std::string_view part) {
    if (!first) out.Append(View(to));
    first = false;
    out.Append(part);
  });
  return out.Finish();
}

RuleString rule_pad_left(rulert_context* context, RuleString text, int64_t count, RuleString fill) {
  auto length = static_cast<int64_t>(CountCodePoints(View(text)));
  if (count <= length) return text;
  TextBuilder out(context);
  if (!Fill(context, View(fill), static_cast<uint64_t>(count - length), &out)) return {};
  out.Append(View(text));
  return out.Finish();
}

RuleString rule_pad_right(rulert_context* context, RuleString text, int64_t count, RuleString fill) {
  auto length = static_cast<int64_t>(CountCodePoints(View(text)));
  if (count <= length) return text;
  TextBuilder out(context);
  out.Append(View(text));
  if (!Fill(context, View(fill), static_cast<uint64_t>(count - length), &out)) return {};
  return out.Finish();
}

RuleString rule_repeat(rulert_context* context, RuleString text, int64_t count) {
  if (count <= 0 || ByteLength(text) == 0) return {};
  if (static_cast<uint64_t>(count) > kMaxMadeUp / ByteLength(text)) return Fail(context, Cause::TextTooLong);
  TextBuilder out(context);
  if (out.Reserve(ByteLength(text) * static_cast<uint64_t>(count)) == nullptr) return {};
  for (int64_t i = 0; i < count; ++i) out.Append(View(text));
  return out.Finish();
}

RuleString rule_reverse(rulert_context* context, RuleString text) {
  std::string_view all = View(text);
  TextBuilder out(context);
  char* room = out.Reserve(all.size());
  if (room == nullptr) return {};
  char* end = room + all.size();
  EachCodePoint(all, [&](std::string_view code) {
    end -= code.size();
    std::copy(code.begin(), code.end(), end);
  });
  out.Advance(all.size());
  return out.Finish();
}

RuleString rule_mask(rulert_context* context, RuleString text, int64_t shown) {
  auto length = static_cast<int64_t>(CountCodePoints(View(text)));
  int64_t hidden = length - std::clamp<int64_t>(shown, 0, length);
  TextBuilder out(context);
  for (int64_t i = 0; i < hidden; ++i) out.Append('*');
  out.Append(View(text).substr(ByteOfCodePoint(View(text), static_cast<uint64_t>(hidden))));
  return out.Finish();
}

RuleList rule_split(rulert_context* context, RuleString text, RuleString separator) {
  return PartsOf(context, [&](auto add) {
    if (ByteLength(separator) == 0) return EachCodePoint(View(text), add);
    EachBetween(View(text), View(separator), add);
  });
}

RuleList rule_words(rulert_context* context, RuleString text) {
  return PartsOf(context, [&](auto add) { EachWord(View(text), add); });
}

RuleString rule_join(rulert_context* context, RuleList list, RuleString separator) {
  TextBuilder out(context);
  bool first = true;
  for (const RuleString& item : Items<RuleString>(list)) {
    if (!first) out.Append(View(separator));
    first = false;
    out.Append(View(item));
  }
  return out.Finish();
}

}  // extern "C"
