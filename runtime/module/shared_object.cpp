// Shared objects from memory.
#include <dlfcn.h>
#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xxhash.h>
#include <cerrno>
#include <cstring>

#include "runtime/module/module.h"

namespace rulert {
namespace {

class SharedObject final : public Module {
 public:
  SharedObject(void* handle, const rulert_module* descriptor) : handle_(handle), descriptor_(descriptor) {}
  ~SharedObject() override { dlclose(handle_); }
  SharedObject(const SharedObject&) = delete;
  SharedObject& operator=(const SharedObject&) = delete;
  const rulert_module& descriptor() const override { return *descriptor_; }

 private:
  void* handle_;
  const rulert_module* descriptor_;
};

// The loader takes two files under one path for the same library, and a descriptor's number is used again once it is
// closed. So the path spells the hash of the content: `/.` for a one, `/` for a zero, neither of which leads elsewhere.
std::string PathOf(int fd, uint64_t hash) {
  std::string path = "/proc/self/fd";
  for (int bit = 0; bit < 64; ++bit) path += ((hash >> bit) & 1) != 0 ? "/." : "/";
  return path + "/" + std::to_string(fd);
}

Error WriteAll(int fd, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Error::Environment(std::strerror(errno));
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return {};
}

// The loader maps what the program headers say and faults where the file is shorter than that, so they are checked
// here.
bool IsWholeElf(std::span<const uint8_t> bytes) {
  Elf64_Ehdr header;
  if (bytes.size() < sizeof header) return false;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64) return false;
  const auto fits = [&](uint64_t offset, uint64_t size) {
    return offset <= bytes.size() && size <= bytes.size() - offset;
  };
  if (header.e_phentsize != sizeof(Elf64_Phdr) || !fits(header.e_phoff, header.e_phnum * sizeof(Elf64_Phdr)))
    return false;
  for (size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, bytes.data() + header.e_phoff + i * sizeof segment, sizeof segment);
    if (!fits(segment.p_offset, segment.p_filesz)) return false;
  }
  return true;
}

std::string LoaderMessage(const std::string& path) {
  const char* text = dlerror();
  std::string message = text != nullptr ? text : "unknown reason";
  // The made-up path says nothing to anyone.
  if (message.rfind(path + ": ", 0) == 0) message.erase(0, path.size() + 2);
  return message;
}

}  // namespace

Result<ModulePtr> LoadSharedObject(std::span<const uint8_t> bytes, const std::string& name) {
  if (!IsWholeElf(bytes)) return Error::Environment("cannot load module `" + name + "`: it is no whole shared object");
  const int fd = memfd_create("rulec-module", MFD_CLOEXEC);
  if (fd < 0) return Error::Environment("cannot load module `" + name + "`: " + std::strerror(errno));
  if (Error error = WriteAll(fd, bytes)) {
    close(fd);
    return Error::Environment("cannot load module `" + name + "`: " + error.message());
  }
  const std::string path = PathOf(fd, XXH3_64bits(bytes.data(), bytes.size()));
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  close(fd);
  if (handle == nullptr) return Error::Environment("cannot load module `" + name + "`: " + LoaderMessage(path));
  const auto* descriptor = static_cast<const rulert_module*>(dlsym(handle, RULERT_MODULE_SYMBOL));
  if (descriptor == nullptr) {
    dlclose(handle);
    return Error::Environment("cannot load module `" + name + "`: it does not define `" RULERT_MODULE_SYMBOL "`");
  }
  auto module = std::make_shared<const SharedObject>(handle, descriptor);
  if (Error error = CheckDescriptor(*descriptor, name)) return error;
  return ModulePtr(std::move(module));
}

}  // namespace rulert
