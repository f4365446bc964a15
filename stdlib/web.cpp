// Functions on URLs and e-mail addresses.
#include <algorithm>
#include <charconv>

#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/url.h"

namespace rulelib {
namespace {

// Local part, `@`, domain: the form that HTML's input fields take, with at least one dot in the domain.
bool ParseEmail(std::string_view text, std::string_view* local, std::string_view* domain) {
  size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
  *local = text.substr(0, at);
  *domain = text.substr(at + 1);
  if (local->starts_with('.') || local->ends_with('.') || local->find("..") != std::string_view::npos) return false;
  for (char c : *local) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
    if (!letter && std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) == std::string_view::npos) return false;
  }
  return IsHostName(*domain) && domain->find('.') != std::string_view::npos &&
         domain->find('_') == std::string_view::npos;
}

int64_t UsualPort(std::string_view scheme) {
  if (scheme == "http" || scheme == "ws") return 80;
  if (scheme == "https" || scheme == "wss") return 443;
  return scheme == "ftp" ? 21 : -1;
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

uint8_t rule_is_url(RuleString text) {
  Url url;
  return ParseUrl(View(text), &url) ? 1 : 0;
}

RuleString rule_url_scheme(rulert_context* context, RuleString text) {
  Url url;
  if (!ParseUrl(View(text), &url)) return Null(context);
  return rule_lower(context, Borrow(url.scheme));
}

RuleString rule_url_host(rulert_context* context, RuleString text) {
  Url url;
  if (!ParseUrl(View(text), &url)) return Null(context);
  return rule_lower(context, Borrow(url.host));
}

int64_t rule_url_port(rulert_context* context, RuleString text) {
  Url url;
  if (!ParseUrl(View(text), &url)) return Null(context);
  int64_t port = UsualPort(LowerAscii(url.scheme));
  if (!url.port.empty()) std::from_chars(url.port.data(), url.port.data() + url.port.size(), port);
  if (port < 0) return Null(context);
  return port;
}

RuleString rule_url_path(rulert_context* context, RuleString text) {
  Url url;
  if (!ParseUrl(View(text), &url)) return Null(context);
  return Borrow(url.path);
}

RuleString rule_url_query(rulert_context* context, RuleString text) {
  Url url;
  if (!ParseUrl(View(text), &url) || !url.has_query) return Null(context);
  return Borrow(url.query);
}

RuleString rule_url_fragment(rulert_context* context, RuleString text) {
  Url url;
  if (!ParseUrl(View(text), &url) || !url.has_fragment) return Null(context);
  return Borrow(url.fragment);
}

RuleString rule_url_parameter(rulert_context* context, RuleString text, RuleString name) {
  Url url;
  if (!ParseUrl(View(text), &url)) return Null(context);
  for (std::string_view rest = url.query; !rest.empty();) {
    std::string_view pair = rest.substr(0, std::min(rest.find('&'), rest.size()));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    if (pair.empty()) continue;
    size_t equals = std::min(pair.find('='), pair.size());
    std::string decoded, value;
    if (!PercentDecode(pair.substr(0, equals), true, &decoded) || decoded != View(name)) continue;
    if (!PercentDecode(pair.substr(std::min(equals + 1, pair.size())), true, &value)) return Null(context);
    return Copy(context, value);
  }
  return Null(context);
}

RuleString rule_url_domain(rulert_context* context, RuleString text) {
  Url url;
  if (!ParseUrl(View(text), &url)) return Null(context);
  std::string_view domain = RegisteredDomain(url.host);
  if (domain.empty()) return Null(context);
  return rule_lower(context, Borrow(domain));
}

RuleString rule_url_encode(rulert_context* context, RuleString text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  TextBuilder out(context);
  for (char c : View(text)) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                 c == '_' || c == '~';
    if (plain) {
      out.Append(c);
      continue;
    }
    out.Append('%');
    out.Append(kHex[static_cast<uint8_t>(c) >> 4]);
    out.Append(kHex[static_cast<uint8_t>(c) & 15]);
  }
  return out.Finish();
}

RuleString rule_url_decode(rulert_context* context, RuleString text) {
  std::string decoded;
  if (!PercentDecode(View(text), true, &decoded)) return Fail(context, Cause::PercentEncoding);
  return Copy(context, decoded);
}

uint8_t rule_is_email(RuleString text) {
  std::string_view local, domain;
  return ParseEmail(View(text), &local, &domain) ? 1 : 0;
}

RuleString rule_email_local(rulert_context* context, RuleString text) {
  std::string_view local, domain;
  if (!ParseEmail(View(text), &local, &domain)) return Null(context);
  return Borrow(local);
}

RuleString rule_email_domain(rulert_context* context, RuleString text) {
  std::string_view local, domain;
  if (!ParseEmail(View(text), &local, &domain)) return Null(context);
  return rule_lower(context, Borrow(domain));
}

RuleString rule_email_normalize(rulert_context* context, RuleString text) {
  std::string_view local, domain;
  if (!ParseEmail(View(text), &local, &domain)) return Null(context);
  std::string_view before_tag = local.substr(0, std::min(local.find('+'), local.size()));
  RuleString mailbox_text = rule_lower(context, Borrow(before_tag)), host_text = rule_lower(context, Borrow(domain));
  if (context->outcome != RULERT_VALUE) return {};
  std::string mailbox(View(mailbox_text));
  std::string_view host = View(host_text);
  if (host == "googlemail.com") host = "gmail.com";
  if (host == "gmail.com") std::erase(mailbox, '.');
  if (mailbox.empty()) return Null(context);
  mailbox += '@';
  return Copy(context, mailbox.append(host));
}

}  // extern "C"
