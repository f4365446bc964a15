#include "compiler/emit/shared_object.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

#include <lld/Common/Driver.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/raw_ostream.h>

LLD_HAS_DRIVER(elf)

namespace rulec {

namespace {

namespace fs = std::filesystem;

// A directory of its own, gone with the object.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::error_code none;
    const fs::path folder = fs::temp_directory_path(none);
    std::string pattern = ((none ? fs::path("/tmp") : folder) / "rulec-XXXXXX").string();
    if (mkdtemp(pattern.data())) path_ = pattern;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// lld tells of a full disk by LLVM's way for errors that nothing can be done about, which ends the process: with the
// code and the words of a command that found its surroundings wanting.
void OnFatal(void* scratch, const char* reason, bool) {
  std::error_code ignored;
  fs::remove_all(*static_cast<const fs::path*>(scratch), ignored);
  const bool outside = std::string_view(reason).starts_with("IO failure");
  std::fprintf(stderr, "error: linking in the directory for temporary files: %s\n%s", reason,
               outside ? "help: set TMPDIR to one with room\n" : "help: this is a bug in rulec, please report it\n");
  std::_Exit(outside ? 3 : 4);
}

bool WriteFile(const fs::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  return out.good();
}

// Links `objects` with these flags.
std::string Link(const std::vector<std::string>& objects, std::vector<std::string> arguments, std::string* error) {
  const ScratchDirectory scratch;
  const fs::path output = scratch.path() / "linked";
  bool written = !scratch.path().empty();
  for (size_t i = 0; i < objects.size() && written; ++i) {
    const fs::path input = scratch.path() / (std::to_string(i) + ".o");
    written = WriteFile(input, objects[i]);
    arguments.push_back(input.string());
  }
  if (!written) {
    *error = "cannot write to the directory for temporary files: set TMPDIR to one with room";
    return "";
  }
  // A file that is mapped has no room on a full disk when it is written to, which ends the process.
  arguments.insert(arguments.end(), {"--no-mmap-output-file", "-o", output.string()});
  std::vector<const char*> words;
  for (const std::string& argument : arguments) words.push_back(argument.c_str());
  fs::path folder = scratch.path();
  const llvm::ScopedFatalErrorHandler on_fatal(OnFatal, &folder);
  std::string said;
  llvm::raw_string_ostream messages(said);
  const lld::Result result = lld::lldMain(words, llvm::nulls(), messages, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0) {
    *error = "the linker says: " + said.substr(0, said.find('\n'));
    return "";
  }
  std::ostringstream bytes;
  bytes << std::ifstream(output, std::ios::binary).rdbuf();
  return bytes.str();
}

std::vector<std::string> SharedFlags() {
  return {"ld.lld", "-shared", "--threads=1", "--build-id=none", "--hash-style=gnu",
          "-z",     "now",     "-z",          "noseparate-code", "--strip-all"};
}

}  // namespace

std::string LinkSharedObject(const ObjectModule& module, std::string* error) {
  std::vector<std::string> flags = SharedFlags();
  flags.insert(flags.end(), {"-soname", module.name + ".so"});
  std::string linked = Link({module.object}, std::move(flags), error);
  if (linked.empty()) *error = "linking module " + module.name + ": " + *error;
  return linked;
}

std::string LinkObjects(const std::vector<std::string>& objects, bool shared, std::string* error) {
  return Link(objects, shared ? SharedFlags() : std::vector<std::string>{"ld.lld", "-r", "--threads=1"}, error);
}

}  // namespace rulec
