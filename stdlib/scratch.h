// Room for a while: on the stack as long as it is small, as most names and words are.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

namespace rulelib {

template <class T, size_t kInline>
class Scratch {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // `size` items that are not set.
  explicit Scratch(size_t size) : size_(size) {
    if (size > kInline) heap_ = std::make_unique_for_overwrite<T[]>(size);
    data_ = heap_ ? heap_.get() : inline_;
  }
  Scratch(size_t size, T value) : Scratch(size) {
    for (size_t i = 0; i < size; ++i) data_[i] = value;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  T& operator[](size_t i) { return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  size_t size() const { return size_; }
  void Shrink(size_t size) { size_ = size; }
  operator std::span<const T>() const { return {data_, size_}; }

 private:
  size_t size_;
  std::unique_ptr<T[]> heap_;
  T inline_[kInline];
  T* data_;
};

}  // namespace rulelib
