#include "stdlib/symbols.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "stdlib/library.h"
#include "stdlib/support.h"

namespace rulelib {
namespace {

bool ByName(const LibrarySymbol& a, const LibrarySymbol& b) { return std::strcmp(a.name, b.name) < 0; }

std::vector<LibrarySymbol> Collect() {
  std::vector<LibrarySymbol> symbols = {
#define RULE_FUNCTION(name, parameters, result, nulls, effects, symbol, group, documentation, example, value) \
  {#symbol, reinterpret_cast<void*>(&symbol)},
#include "stdlib/functions.def"
#undef RULE_FUNCTION
#define RULE_SUPPORT(result, symbol, parameters) {#symbol, reinterpret_cast<void*>(&symbol)},
#include "stdlib/support.def"
#undef RULE_SUPPORT
  };
  std::sort(symbols.begin(), symbols.end(), ByName);
  auto same = [](const LibrarySymbol& a, const LibrarySymbol& b) { return std::strcmp(a.name, b.name) == 0; };
  symbols.erase(std::unique(symbols.begin(), symbols.end(), same), symbols.end());
  return symbols;
}

}  // namespace

std::span<const LibrarySymbol> LibrarySymbols() {
  static const std::vector<LibrarySymbol> symbols = Collect();
  return symbols;
}

void* FindLibrarySymbol(const char* name) {
  std::span<const LibrarySymbol> all = LibrarySymbols();
  auto found = std::lower_bound(all.begin(), all.end(), LibrarySymbol{name, nullptr}, ByName);
  return found != all.end() && std::strcmp(found->name, name) == 0 ? found->address : nullptr;
}

}  // namespace rulelib
