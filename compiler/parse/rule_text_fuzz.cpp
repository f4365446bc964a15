// Any bytes at all: no crash, at most a hundred errors and one, every one rendered, and a tree that prints.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "compiler/parse/text_to_ast.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rulec::SourceSet sources;
  rulec::Diagnostics diagnostics;
  const rulec::FileId id = sources.Add("fuzz.rule", std::string(data, data + size));
  const rulec::ast::File file = rulec::ParseText(sources, id, diagnostics);
  if (rulec::ast::Print(file).empty() || diagnostics.errors() > 101) std::abort();
  for (const rulec::Diagnostic& diagnostic : diagnostics.all()) {
    const rulec::Span span = diagnostic.primary.span;
    if (span.begin > span.end || span.end > size) std::abort();
    if (rulec::RenderText(sources, diagnostic, true).empty()) std::abort();
    if (rulec::RenderJson(sources, diagnostic).empty()) std::abort();
  }
  return 0;
}
