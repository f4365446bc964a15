#include <dlfcn.h>

#include <filesystem>

#include "compiler/emit/codegen.h"
#include "stdlib/symbols.h"

namespace rulec {

namespace {

namespace fs = std::filesystem;

using Create = Codegen* (*)(const CodegenOptions*, std::string*);
constexpr char kLibrary[] = "librulec-codegen.so";

}  // namespace

LoadedCodegen LoadCodegen(const CodegenOptions& asked) {
  CodegenOptions options = asked;
  options.limits = avro::CurrentLimits();
  if (options.symbols.empty()) {
    for (const rulelib::LibrarySymbol& symbol : rulelib::LibrarySymbols()) {
      options.symbols.push_back({symbol.name, symbol.address});
    }
  }
  std::error_code ignored;
  const fs::path home = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  std::string error;
  for (const fs::path& directory : {home, home / ".." / "lib" / "rulec"}) {
    const fs::path path = directory / kLibrary;
    if (!fs::exists(path, ignored)) continue;
    // Never closed: LLVM keeps what it registered at the end of the process.
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) return {nullptr, dlerror()};
    const auto create = reinterpret_cast<Create>(dlsym(library, "rulec_create_codegen"));
    if (!create) return {nullptr, path.string() + " is not the code generator of this version"};
    std::unique_ptr<Codegen> codegen(create(&options, &error));
    return {std::move(codegen), error};
  }
  return {nullptr, std::string(kLibrary) + " is missing: it belongs beside " + home.string() + "/rulec"};
}

}  // namespace rulec
