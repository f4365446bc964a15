#include <algorithm>
#include <cstdio>

#include "compiler/diagnostics/report_formats.h"

namespace rulec {
namespace {

// The length of the well-formed sequence of UTF-8 at `at`, or 0.
size_t SequenceLength(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : 4;
  if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || at + length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(at + 1) < 0xA0) || (first == 0xF0 && byte(at + 1) < 0x90);
  const bool no_character = (first == 0xED && byte(at + 1) > 0x9F) || (first == 0xF4 && byte(at + 1) > 0x8F);
  return overlong || no_character ? 0 : length;
}

// XML 1.0 has no form at all for most control characters and for U+FFFE and U+FFFF: they become U+FFFD.
std::string Xml(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t length = SequenceLength(text, at);
    const std::string_view letter = text.substr(at, std::max<size_t>(length, 1));
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool control = length == 1 && byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
    if (length == 0 || control || letter == "\xEF\xBF\xBE" || letter == "\xEF\xBF\xBF") {
      out += "\xEF\xBF\xBD";
    } else if (byte == '&') {
      out += "&amp;";
    } else if (byte == '<') {
      out += "&lt;";
    } else if (byte == '>') {
      out += "&gt;";
    } else if (byte == '"') {
      out += "&quot;";
    } else if (length == 1 && byte < 0x20) {
      out += "&#" + std::to_string(byte) + ";";  // else an attribute would lose it
    } else {
      out += letter;
    }
    at += letter.size();
  }
  return out;
}

std::string Seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

std::string Case(const JunitCase& test) {
  std::string out = "    <testcase name=\"" + Xml(test.name) + "\" classname=\"" + Xml(test.class_name) + "\" file=\"" +
                    Xml(test.file) + "\"";
  if (test.line > 0) out += " line=\"" + std::to_string(test.line) + "\"";
  out += " time=\"" + Seconds(test.seconds) + "\"";
  if (test.failures.empty() && test.output.empty()) return out + "/>\n";
  out += ">\n";
  for (const JunitCase::Failure& failure : test.failures) {
    out += "      <failure type=\"" + Xml(failure.type) + "\" message=\"" + Xml(failure.message) + "\">" +
           Xml(failure.text) + "</failure>\n";
  }
  if (!test.output.empty()) out += "      <system-out>" + Xml(test.output) + "</system-out>\n";
  return out + "    </testcase>\n";
}

}  // namespace

std::string JunitReport(std::string_view suite, const std::vector<JunitCase>& cases) {
  const auto failed = std::ranges::count_if(cases, [](const JunitCase& test) { return !test.failures.empty(); });
  double seconds = 0;
  for (const JunitCase& test : cases) seconds += test.seconds;
  const std::string counts = "tests=\"" + std::to_string(cases.size()) + "\" failures=\"" + std::to_string(failed) +
                             "\" errors=\"0\" time=\"" + Seconds(seconds) + "\"";
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + counts + ">\n  <testsuite name=\"" +
                    Xml(suite) + "\" " + counts + ">\n";
  for (const JunitCase& test : cases) out += Case(test);
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace rulec
