// How the bodies of functions give their results: values, null, errors, and memory of the batch.
#pragma once

#include <cstring>
#include <span>
#include <string_view>

#include "stdlib/causes.h"
#include "stdlib/value.h"

namespace rulelib {

// The zero of whatever a function returns, so that a body can say `return Fail(context, Cause::X);`.
struct NoValue {
  template <class T>
  operator T() const {
    return T{};
  }
};

inline NoValue Fail(rulert_context* context, Cause cause) {
  context->outcome = RULERT_ERROR;
  context->cause = static_cast<uint32_t>(cause);
  return {};
}

inline NoValue Null(rulert_context* context) {
  context->outcome = RULERT_NULL;
  return {};
}

// A string of these bytes, which must outlive it if there are more than RULERT_STRING_INLINE.
inline RuleString Borrow(std::string_view text) {
  RuleString made{static_cast<uint32_t>(text.size()), 0};
  if (text.size() <= RULERT_STRING_INLINE) {
    if (!text.empty()) std::memcpy(reinterpret_cast<char*>(&made) + 4, text.data(), text.size());
    return made;
  }
  std::memcpy(reinterpret_cast<char*>(&made) + 4, text.data(), 4);
  made.high = reinterpret_cast<uint64_t>(text.data());
  return made;
}

// Texts and lists that a function makes may not be longer than this; what is longer is a rule error.
inline constexpr uint64_t kMaxTextBytes = uint64_t{1} << 28;
inline constexpr uint64_t kMaxItems = uint64_t{1} << 24;

// Memory of the batch, 16-byte aligned; nullptr with the error set if there is none.
inline void* Allocate(rulert_context* context, uint64_t bytes) {
  void* memory = context->host->allocate(context->arena, bytes);
  if (memory == nullptr) Fail(context, Cause::Memory);
  return memory;
}

// A string of a copy of these bytes.
inline RuleString Copy(rulert_context* context, std::string_view text) {
  if (text.size() <= RULERT_STRING_INLINE) return Borrow(text);
  if (text.size() > kMaxTextBytes) return Fail(context, Cause::TextTooLong);
  auto* memory = static_cast<char*>(Allocate(context, text.size()));
  if (memory == nullptr) return {};
  std::memcpy(memory, text.data(), text.size());
  return Borrow({memory, text.size()});
}

// Text of a length that is known only when it is done. Short ones never leave the stack; longer ones grow in memory of
// the batch, which is not given back: at most twice what the text takes.
class TextBuilder {
 public:
  explicit TextBuilder(rulert_context* context) : context_(context) {}
  TextBuilder(const TextBuilder&) = delete;
  TextBuilder& operator=(const TextBuilder&) = delete;

  // Room for `size` more bytes behind end(); nullptr if there is none.
  char* Reserve(uint64_t size) {
    if (size <= capacity_ - size_) return data_ + size_;
    return Grow(size) ? data_ + size_ : nullptr;
  }
  void Advance(uint64_t size) { size_ += size; }
  void Append(std::string_view text) {
    char* room = Reserve(text.size());
    if (room == nullptr || text.empty()) return;
    std::memcpy(room, text.data(), text.size());
    size_ += text.size();
  }
  void Append(char byte) {
    char* room = Reserve(1);
    if (room == nullptr) return;
    *room = byte;
    ++size_;
  }
  bool failed() const { return failed_; }
  std::string_view view() const { return {data_, size_}; }
  RuleString Finish() {
    if (failed_) return {};
    return data_ == stack_ ? Copy(context_, view()) : Borrow(view());
  }

 private:
  bool Grow(uint64_t size) {
    if (failed_) return false;
    uint64_t wanted = size_ + size > 2 * capacity_ ? size_ + size : 2 * capacity_;
    if (size > kMaxTextBytes || size_ + size > kMaxTextBytes) {
      Fail(context_, Cause::TextTooLong);
      failed_ = true;
      return false;
    }
    auto* memory = static_cast<char*>(Allocate(context_, wanted));
    if (memory == nullptr) {
      failed_ = true;
      return false;
    }
    std::memcpy(memory, data_, size_);
    data_ = memory;
    capacity_ = wanted;
    return true;
  }

  rulert_context* context_;
  bool failed_ = false;
  char stack_[256];
  char* data_ = stack_;
  uint64_t size_ = 0;
  uint64_t capacity_ = sizeof stack_;
};

// Room for the items of a list of `length` cells of type T; nullptr with the error set if there is none. Not for 0.
template <class T>
T* AllocateItems(rulert_context* context, uint64_t length) {
  if (length > kMaxItems) {
    Fail(context, Cause::ListTooLong);
    return nullptr;
  }
  return static_cast<T*>(Allocate(context, length * sizeof(T)));
}

inline RuleList ListOfItems(const void* items, uint64_t length) {
  return {length, length == 0 ? 0 : reinterpret_cast<uint64_t>(items)};
}

template <class T>
std::span<const T> Items(RuleList list) {
  return {reinterpret_cast<const T*>(list.items), static_cast<uint32_t>(list.length)};
}

}  // namespace rulelib
