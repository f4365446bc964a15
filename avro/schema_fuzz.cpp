// Any text: no crash, and what parses has a canonical form that parses to the same form again.
#include <cstdlib>

#include "avro/schema.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const avro::ParsedSchema parsed = avro::ParseSchema({reinterpret_cast<const char*>(data), size});
  if (parsed.document == nullptr) {
    if (parsed.error.message.empty() || parsed.error.line == 0 || parsed.error.column == 0) std::abort();
    return 0;
  }
  const avro::Schema& root = parsed.document->root();
  const std::string canonical = avro::CanonicalForm(root);
  const avro::ParsedSchema again = avro::ParseSchema(canonical);
  if (again.document == nullptr || avro::CanonicalForm(again.document->root()) != canonical) std::abort();
  if (!avro::SameLayout(root, root) || avro::Describe(root).empty()) std::abort();
  return 0;
}
