#include "compiler/emit/shared_object.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include <lld/Common/Driver.h>
#include <llvm/Support/raw_ostream.h>

LLD_HAS_DRIVER(elf)

namespace rulec {

namespace {

namespace fs = std::filesystem;

// A directory of its own, gone with the object.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::error_code ignored;
    std::string pattern = (fs::temp_directory_path(ignored) / "rulec-XXXXXX").string();
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

bool WriteFile(const fs::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  return out.good();
}

}  // namespace

std::string LinkSharedObject(const ObjectModule& module, std::string* error) {
  const ScratchDirectory scratch;
  const fs::path input = scratch.path() / "module.o";
  const fs::path output = scratch.path() / "module.so";
  if (scratch.path().empty() || !WriteFile(input, module.object)) {
    *error = "cannot write to the directory for temporary files: set TMPDIR to one with room";
    return "";
  }
  const std::string input_name = input.string();
  const std::string output_name = output.string();
  const std::string soname = module.name + ".so";
  const char* arguments[] = {"ld.lld",  "-shared",      "--threads=1", "--build-id=none",   "--hash-style=gnu",
                             "-z",      "now",          "-z",          "noseparate-code",   "--strip-all",
                             "-soname", soname.c_str(), "-o",          output_name.c_str(), input_name.c_str()};
  std::string said;
  llvm::raw_string_ostream messages(said);
  const lld::Result result = lld::lldMain(arguments, llvm::nulls(), messages, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0) {
    *error = "linking module " + module.name + ": " + said;
    return "";
  }
  std::ostringstream bytes;
  bytes << std::ifstream(output, std::ios::binary).rdbuf();
  return bytes.str();
}

}  // namespace rulec
