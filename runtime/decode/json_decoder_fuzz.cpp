// Any text as JSON lines: every line is a row or an error, and what is written of a row reads back as the same.
#include <cstdlib>
#include <cstring>

#include "runtime/decode/fuzz_fixture.h"
#include "runtime/decode/json_decoder.h"

namespace {

size_t LinesOf(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  size_t lines = 0;
  while (!text.empty()) {
    const size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, size);
    lines += line.find_first_not_of(" \t\r\n") == std::string_view::npos ? 0 : 1;
    text.remove_prefix(size);
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static rulert::FuzzRows rows;
  static rulert::FuzzRows again;
  static const auto decoder = rows.Json();
  static const auto other = again.Json();
  const auto read = rows.Read(*decoder, text, nullptr);
  if (read.rows + read.errors != LinesOf(text)) std::abort();
  const auto second = again.Read(*other, read.json, nullptr);
  if (second.errors != 0 || second.json != read.json) std::abort();
  return 0;
}
