// Whole files, put in place by a rename, so that nobody sees half of one.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "compiler/driver/command.h"

namespace rulec {
namespace {

bool WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t wrote = write(descriptor, content.data(), content.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    content.remove_prefix(static_cast<size_t>(wrote));
  }
  return true;
}

bool Refused(const std::string& path) {
  Complain(path + ": " + std::strerror(errno), "");
  return false;
}

}  // namespace

bool WriteWholeFile(const std::string& path, std::string_view content, bool executable) {
  if (path == "-") return WriteAll(STDOUT_FILENO, content) || Refused("standard output");
  struct stat status;
  // What is no regular file (a terminal, /dev/null, a pipe) is written to, not replaced.
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    if (S_ISDIR(status.st_mode)) {
      Complain(path + ": this is a folder", "name the file to write");
      return false;
    }
    const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    const bool written = descriptor >= 0 && WriteAll(descriptor, content);
    if (!written) Refused(path);
    if (descriptor >= 0) close(descriptor);
    return written;
  }
  const std::string part = path + "." + std::to_string(getpid()) + ".part";
  const int descriptor = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, executable ? 0755 : 0644);
  if (descriptor < 0) return Refused(path);
  bool written = WriteAll(descriptor, content) && (!executable || fchmod(descriptor, 0755) == 0);
  written = close(descriptor) == 0 && written && std::rename(part.c_str(), path.c_str()) == 0;
  if (!written) {
    Refused(path);
    unlink(part.c_str());
  }
  return written;
}

}  // namespace rulec
