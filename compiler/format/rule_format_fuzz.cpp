// Any bytes at all: what parses without a word has a layout, which means the same and is its own layout.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "compiler/format/format_rules.h"
#include "compiler/parse/text_to_ast.h"

namespace {

// FormatRules compares its result with what it was given, and gives none where they differ.
std::optional<std::string> Format(std::string text, bool* clean) {
  rulec::SourceSet sources;
  rulec::Diagnostics diagnostics, parsed;
  const rulec::FileId id = sources.Add("fuzz.rule", std::move(text));
  rulec::ParseText(sources, id, parsed);
  *clean = parsed.all().empty();
  return rulec::FormatRules(sources, id, diagnostics);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  bool clean = false;
  const std::optional<std::string> once = Format(std::string(data, data + size), &clean);
  if (clean && !once) std::abort();
  if (once && Format(*once, &clean) != once) std::abort();
  return 0;
}
