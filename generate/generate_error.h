// What keeps events from being generated: a wrong shape file, or a schema without values.
#pragma once

#include <cstdint>
#include <string>

namespace rulec::generate {

struct GenerateError {
  std::string message;  // lower case, no full stop; empty: no error
  std::string file;     // the shape file, empty if the error is not in it
  uint32_t line = 0;    // 1-based, 0 without a file
  uint32_t column = 0;
  explicit operator bool() const { return !message.empty(); }
  // `trades.toml:3:1: message`
  std::string ToString() const;
};

}  // namespace rulec::generate
