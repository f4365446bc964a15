// How an outside failure travels: as a value with a message for people.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace rulert {

// None: no error. Data: what was read is damaged (exit 1). Environment: a flag, a file, the system (exit 3).
// Closed: whoever read our output went away, which ends a job quietly.
enum class ErrorKind { None, Data, Environment, Closed };

class [[nodiscard]] Error {
 public:
  Error() = default;
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}
  static Error Environment(std::string message) { return {ErrorKind::Environment, std::move(message)}; }
  static Error Data(std::string message) { return {ErrorKind::Data, std::move(message)}; }

  explicit operator bool() const { return kind_ != ErrorKind::None; }
  ErrorKind kind() const { return kind_; }
  // Lower case, no full stop.
  const std::string& message() const { return message_; }

 private:
  ErrorKind kind_ = ErrorKind::None;
  std::string message_;
};

// A value, or the reason why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}     // NOLINT: meant to convert
  Result(Error error) : error_(std::move(error)) {  // NOLINT: meant to convert
    assert(error_ && "a Result without value needs an error");
  }

  bool ok() const { return value_.has_value(); }
  const Error& error() const { return error_; }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Error error_;
};

}  // namespace rulert
