// The parts of a URL (RFC 3986), as they stand in its text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rulelib {

struct Url {
  std::string_view scheme, host, port, path, query, fragment;
  bool has_query = false, has_fragment = false;
};

// Only with a scheme and a host: `mailto:` and relative ones are refused. No part holds a space or a control character.
bool ParseUrl(std::string_view text, Url* out);
// Percent-decoded; with `plus`, `+` is a space. False if it is not encoded or gives no UTF-8.
bool PercentDecode(std::string_view text, bool plus, std::string* out);
std::string LowerAscii(std::string_view text);
// Letters, digits and hyphens between dots, each part 1 to 63 bytes; bytes beyond ASCII count as letters.
bool IsHostName(std::string_view text);
// The part that was registered: the last label but one and the ending. Empty for an address or a single label.
std::string_view RegisteredDomain(std::string_view host);

}  // namespace rulelib
