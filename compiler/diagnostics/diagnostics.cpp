#include "compiler/diagnostics/diagnostics.h"

#include <algorithm>
#include <cassert>

namespace rulec {

#define RULEC_DIAGNOSTIC(name, code, severity, format) \
  constinit const DiagnosticKind name = {#name, code, severity, format};
#include "compiler/diagnostics/diagnostics.def"
#undef RULEC_DIAGNOSTIC

namespace {

// A name that nobody would read to its end is cut.
std::string_view Head(std::string_view argument) {
  constexpr size_t kLongest = 500, kShown = 100;
  if (argument.size() <= kLongest || argument.find(' ') < kLongest) return argument;
  size_t cut = kShown;
  while (cut > 0 && (static_cast<unsigned char>(argument[cut]) & 0xC0U) == 0x80) --cut;
  return argument.substr(0, cut);
}

std::string FillIn(std::string_view format, const std::vector<std::string>& arguments) {
  std::string out;
  for (size_t i = 0; i < format.size(); ++i) {
    const bool place = format[i] == '{' && i + 2 < format.size() && format[i + 2] == '}' && format[i + 1] >= '0' &&
                       format[i + 1] <= '9';
    if (!place) {
      out += format[i];
      continue;
    }
    const auto index = static_cast<size_t>(format[i + 1] - '0');
    assert(index < arguments.size() && "a diagnostic was raised with too few arguments");
    if (index < arguments.size()) {
      const std::string_view head = Head(arguments[index]);
      out += head;
      if (head.size() < arguments[index].size()) out += "…";
    }
    i += 2;
  }
  return out;
}

}  // namespace

Diagnostics::Builder&& Diagnostics::Builder::Under(std::string text) && {
  diagnostic_.primary.text = std::move(text);
  return std::move(*this);
}

Diagnostics::Builder&& Diagnostics::Builder::Label(Span span, std::string text) && {
  diagnostic_.labels.push_back({span, std::move(text)});
  return std::move(*this);
}

Diagnostics::Builder&& Diagnostics::Builder::Note(std::string text) && {
  diagnostic_.notes.push_back(std::move(text));
  return std::move(*this);
}

Diagnostics::Builder&& Diagnostics::Builder::Help(std::string text) && {
  diagnostic_.helps.push_back(std::move(text));
  return std::move(*this);
}

Diagnostics::Builder&& Diagnostics::Builder::Suggest(std::string message, Span span, std::string replacement) && {
  if (!replacement.empty()) diagnostic_.edits.push_back({std::move(message), span, std::move(replacement), false});
  return std::move(*this);
}

Diagnostics::Builder&& Diagnostics::Builder::Fix(std::string message, Span span, std::string replacement) && {
  diagnostic_.edits.push_back({std::move(message), span, std::move(replacement), true});
  return std::move(*this);
}

void Diagnostics::Builder::Emit() && { owner_->Add(std::move(diagnostic_)); }

Diagnostics::Builder Diagnostics::Build(Span primary, const DiagnosticKind& kind,
                                        std::initializer_list<std::string_view> arguments) {
  Diagnostic diagnostic;
  diagnostic.kind = &kind;
  diagnostic.arguments.assign(arguments.begin(), arguments.end());
  diagnostic.message = FillIn(kind.format, diagnostic.arguments);
  diagnostic.primary.span = primary;
  return {this, std::move(diagnostic)};
}

void Diagnostics::Add(Diagnostic diagnostic) {
  if (diagnostic.kind->severity == Severity::Error) ++errors_;
  all_.push_back(std::move(diagnostic));
}

const std::vector<const DiagnosticKind*>& AllDiagnosticKinds() {
  static const std::vector<const DiagnosticKind*> kinds = [] {
    std::vector<const DiagnosticKind*> all = {
#define RULEC_DIAGNOSTIC(name, code, severity, format) &name,
#include "compiler/diagnostics/diagnostics.def"
#undef RULEC_DIAGNOSTIC
    };
    std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->code < b->code; });
    return all;
  }();
  return kinds;
}

}  // namespace rulec
