#include "runtime/source/byte_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/base/stop_signal.h"
#include "runtime/source/mapped_input.h"
#include "runtime/source/window_input.h"

namespace rulert {
namespace {

class PipedInput final : public WindowInput {
 public:
  PipedInput(FileDescriptor fd, std::string path) : WindowInput(std::move(path)), fd_(std::move(fd)) {}
  int wait_descriptor() const override { return fd_.get(); }

 private:
  Result<Got> ReadTo(uint8_t* to) override {
    // read() could wait, and a signal would begin the wait anew without end.
    pollfd ready{fd_.get(), POLLIN, 0};
    if (StopSignal() != 0 || poll(&ready, 1, 0) <= 0) return Got{};
    const ssize_t got = read(fd_.get(), to, kReadSize);
    if (got >= 0) return Got{static_cast<size_t>(got), got == 0};
    if (errno == EINTR || errno == EAGAIN) return Got{};
    return Error::Environment("cannot read `" + path() + "`: " + std::strerror(errno));
  }

  FileDescriptor fd_;
};

Error CannotOpen(const std::string& path) {
  return Error::Environment("cannot open `" + path + "`: " + std::strerror(errno));
}

// Without O_NONBLOCK a FIFO would be waited for until someone writes to it, and all other inputs with it.
Result<FileDescriptor> OpenDescriptor(const std::string& path) {
  const int fd =
      path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return CannotOpen(path);
  return FileDescriptor(fd);
}

}  // namespace

Compression CompressionOf(std::string_view path) {
  if (path.ends_with(".gz")) return Compression::Gzip;
  if (path.ends_with(".zst")) return Compression::Zstandard;
  return Compression::None;
}

Compression CompressionOfStart(std::string_view bytes) {
  if (bytes.starts_with("\x1F\x8B\x08")) return Compression::Gzip;
  if (bytes.starts_with("\x28\xB5\x2F")) return Compression::Zstandard;
  return Compression::None;
}

std::string PackedHint(std::string_view start) {
  switch (CompressionOfStart(start)) {
    case Compression::Gzip: return "the file is compressed; say `?compression=gzip` behind its name";
    case Compression::Zstandard: return "the file is compressed; say `?compression=zstd` behind its name";
    case Compression::None: break;
  }
  return "";
}

Result<std::unique_ptr<ByteInput>> OpenByteInput(const std::string& path) {
  auto fd = OpenDescriptor(path);
  if (!fd.ok()) return fd.error();
  struct stat info{};
  if (fstat(fd->get(), &info) != 0) return CannotOpen(path);
  if (S_ISDIR(info.st_mode)) return Error::Environment("`" + path + "` is a directory");
  // Files of /proc say that they are empty, and standard input may have been read in part.
  const bool from_start = path != "-" || lseek(fd->get(), 0, SEEK_CUR) == 0;
  if (S_ISREG(info.st_mode) && info.st_size > 0 && from_start) {
    return MakeMappedInput(std::move(*fd), static_cast<uint64_t>(info.st_size), path);
  }
  return std::unique_ptr<ByteInput>(std::make_unique<PipedInput>(std::move(*fd), path));
}

Result<std::unique_ptr<ByteInput>> OpenPipedInput(const std::string& path) {
  auto fd = OpenDescriptor(path);
  if (!fd.ok()) return fd.error();
  return std::unique_ptr<ByteInput>(std::make_unique<PipedInput>(std::move(*fd), path));
}

}  // namespace rulert
