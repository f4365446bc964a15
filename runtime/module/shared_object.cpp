// Shared objects from memory.
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <xxhash.h>

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

std::string LoaderMessage(const std::string& path) {
  const char* text = dlerror();
  std::string message = text != nullptr ? text : "unknown reason";
  // The made-up path says nothing to anyone.
  if (message.rfind(path + ": ", 0) == 0) message.erase(0, path.size() + 2);
  return message;
}

}  // namespace

Result<ModulePtr> LoadSharedObject(std::span<const uint8_t> bytes, const std::string& name) {
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
