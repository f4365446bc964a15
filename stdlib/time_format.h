// A prepared form of times as text.
//
//   %Y year   %y its last two digits   %m month   %d day   %e day without 0   %j day of the year
//   %H hour   %I hour of 12   %p AM, PM   %M minute   %S second   %L milliseconds   %f microseconds
//   %a Mon   %A Monday   %b Jan   %B January   %u weekday, 1 is Monday   %V %G week and year of ISO 8601   %q quarter
//   %z +0100   %Z CET   %s seconds since 1970   %F %Y-%m-%d   %T %H:%M:%S   %R %H:%M   %% a percent sign
//
// All are written; %V %G %q %Z can not be read. What is not read is that of 1970-01-01T00:00:00.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stdlib/zone.h"

namespace rulelib {

class TextBuilder;

class TimeFormat {
 public:
  struct Token {
    char directive = 0;  // 0: `text` as it stands
    std::string text;
  };
  explicit TimeFormat(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  // `zone` may be nullptr: UTC.
  void Write(int64_t micros, const Zone* zone, TextBuilder* out) const;
  // The whole text must fit. A time without an offset is of `zone`, or UTC.
  bool Read(std::string_view text, const Zone* zone, int64_t* micros) const;
  // False, and why, if it has something that no text can be read by.
  bool CanBeRead(std::string* error) const;

 private:
  std::vector<Token> tokens_;
};

std::unique_ptr<TimeFormat> MakeTimeFormat(std::string_view format, std::string* error);

}  // namespace rulelib
