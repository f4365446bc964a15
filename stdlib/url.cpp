#include "stdlib/url.h"

#include <algorithm>

#include "stdlib/hex.h"
#include "stdlib/ip_address.h"
#include "stdlib/support.h"

namespace rulelib {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsScheme(std::string_view text) {
  if (text.empty() || !IsLetter(text[0])) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLetter(c) || IsDigit(c) || c == '+' || c == '-' || c == '.'; });
}

bool IsPort(std::string_view text) {
  if (text.size() > 5 || !std::all_of(text.begin(), text.end(), IsDigit)) return false;
  return text.empty() || std::stoi(std::string(text)) <= 65535;
}

// [user@]host[:port]
bool ParseAuthority(std::string_view text, Url* out) {
  // Browsers take it for a slash, others for a part of the user: whose host is meant is not known.
  if (text.find('\\') != std::string_view::npos) return false;
  size_t at = text.rfind('@');
  if (at != std::string_view::npos) text.remove_prefix(at + 1);
  size_t colon = std::string_view::npos;
  if (text.starts_with('[')) {
    size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    out->host = text.substr(0, end + 1);
    if (!IsIpv6Text(text.substr(1, end - 1))) return false;
    if (end + 1 < text.size() && text[end + 1] != ':') return false;
    if (end + 1 < text.size()) colon = end + 1;
  } else {
    colon = text.find(':');
    out->host = text.substr(0, std::min(colon, text.size()));
    std::string_view name = out->host;
    if (name.ends_with('.')) name.remove_suffix(1);
    if (!IsHostName(name)) return false;
  }
  if (colon != std::string_view::npos) out->port = text.substr(colon + 1);
  return IsPort(out->port);
}

// Endings under which others register, besides those of one label. The whole list (publicsuffix.org) has thousands and
// changes weekly; these are the most frequent ones.
constexpr std::string_view kEndings[] = {
    "ac.jp",  "ac.nz",  "ac.uk",  "ac.za",  "co.id",  "co.il",  "co.in",  "co.jp",  "co.ke",  "co.kr",  "co.nz",
    "co.th",  "co.uk",  "co.za",  "com.ar", "com.au", "com.bd", "com.br", "com.cn", "com.co", "com.eg", "com.hk",
    "com.mx", "com.my", "com.ng", "com.pe", "com.ph", "com.pk", "com.pl", "com.sa", "com.sg", "com.tr", "com.tw",
    "com.ua", "com.vn", "edu.au", "edu.cn", "go.jp",  "gob.mx", "gov.au", "gov.br", "gov.in", "gov.uk", "ltd.uk",
    "me.uk",  "ne.jp",  "net.au", "net.br", "net.cn", "net.in", "net.nz", "net.uk", "nhs.uk", "or.jp",  "or.kr",
    "org.au", "org.br", "org.cn", "org.in", "org.nz", "org.uk", "org.za", "plc.uk", "sch.uk"};

}  // namespace

bool ParseUrl(std::string_view text, Url* out) {
  for (char c : text) {
    if (static_cast<uint8_t>(c) <= 0x20 || c == 0x7F || c == '<' || c == '>' || c == '"') return false;
  }
  size_t colon = text.find("://");
  if (colon == std::string_view::npos || !IsScheme(text.substr(0, colon))) return false;
  out->scheme = text.substr(0, colon);
  text.remove_prefix(colon + 3);
  size_t end = std::min(text.find_first_of("/?#"), text.size());
  if (!ParseAuthority(text.substr(0, end), out)) return false;
  text.remove_prefix(end);
  size_t fragment = text.find('#');
  out->has_fragment = fragment != std::string_view::npos;
  if (out->has_fragment) {
    out->fragment = text.substr(fragment + 1);
    text = text.substr(0, fragment);
  }
  size_t query = text.find('?');
  out->has_query = query != std::string_view::npos;
  if (out->has_query) {
    out->query = text.substr(query + 1);
    text = text.substr(0, query);
  }
  out->path = text;
  return true;
}

bool PercentDecode(std::string_view text, bool plus, std::string* out) {
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus) {
      *out += ' ';
    } else if (text[at] != '%') {
      *out += text[at];
    } else {
      if (at + 2 >= text.size()) return false;
      int high = HexDigit(text[at + 1]), low = HexDigit(text[at + 2]);
      if (high < 0 || low < 0) return false;
      *out += static_cast<char>(high << 4 | low);
      at += 2;
    }
  }
  return rule_utf8_valid(out->data(), out->size()) != 0;
}

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
  return lower;
}

bool IsHostName(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  size_t label = 0;
  char last = '.';
  for (char c : text) {
    if (c == '.') {
      if (label == 0 || last == '-') return false;
      label = 0;
    } else {
      bool fits = IsLetter(c) || IsDigit(c) || c == '_' || (c & 0x80) != 0 || (c == '-' && label > 0);
      if (!fits || ++label > 63) return false;
    }
    last = c;
  }
  return label > 0 && last != '-';
}

std::string_view RegisteredDomain(std::string_view host) {
  IpAddress address;
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.starts_with('[') || ParseIp(host, &address)) return {};
  size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return {};
  // What was meant for an IPv4 address and is none.
  if (std::all_of(host.begin() + static_cast<ptrdiff_t>(last) + 1, host.end(), IsDigit)) return {};
  size_t second = host.rfind('.', last - 1);
  std::string_view two = second == std::string_view::npos ? host : host.substr(second + 1);
  std::string lower = LowerAscii(two);
  if (std::find(std::begin(kEndings), std::end(kEndings), lower) == std::end(kEndings)) return two;
  if (second == std::string_view::npos || second == 0) return {};  // an ending by itself
  size_t third = host.rfind('.', second - 1);
  return third == std::string_view::npos ? host : host.substr(third + 1);
}

}  // namespace rulelib
