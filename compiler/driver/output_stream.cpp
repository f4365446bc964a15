#include "compiler/driver/output_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "runtime/base/unfinished_files.h"

namespace rulec {

OutputStream::OutputStream(std::string path) : path_(std::move(path)) { Open(); }

void OutputStream::Open() {
  // A link stays, what it names is replaced.
  std::error_code ignored;
  if (std::filesystem::is_symlink(path_, ignored)) {
    const std::filesystem::path named = std::filesystem::weakly_canonical(path_, ignored);
    if (!ignored) path_ = named.string();
  }
  if (path_ == "-") {
    descriptor_ = STDOUT_FILENO;
    return;
  }
  struct stat status;
  const bool exists = stat(path_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    error_ = path_ + ": this is a folder";
    return;
  }
  if (!exists || S_ISREG(status.st_mode)) part_ = path_ + "." + std::to_string(getpid()) + ".part";
  const std::string& opened = part_.empty() ? path_ : part_;
  descriptor_ = open(opened.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    part_.clear();
    Fail();
    return;
  }
  rulert::NoteUnfinishedFile(part_);
  // Whoever may read or write what is replaced may do so afterwards; that the owner may differ is no failure.
  if (exists && !part_.empty()) [[maybe_unused]]
    const int result = fchmod(descriptor_, status.st_mode & 07777);
}

OutputStream::~OutputStream() {
  if (descriptor_ > STDERR_FILENO) close(descriptor_);
  if (part_.empty()) return;
  unlink(part_.c_str());
  rulert::ForgetUnfinishedFile(part_);
}

bool OutputStream::Fail() {
  if (error_.empty()) error_ = (path_ == "-" ? "standard output" : path_) + ": " + std::strerror(errno);
  return false;
}

bool OutputStream::Write(std::string_view bytes) {
  if (closed_) return false;
  while (error_.empty() && !bytes.empty()) {
    const ssize_t wrote = write(descriptor_, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0 && errno == EPIPE) closed_ = true;
    if (closed_) return false;
    if (wrote < 0) return Fail();
    bytes.remove_prefix(static_cast<size_t>(wrote));
  }
  return error_.empty();
}

bool OutputStream::Finish(bool executable) {
  if (!error_.empty()) return false;
  if (part_.empty()) return true;
  if (executable && fchmod(descriptor_, 0755) != 0) return Fail();
  const bool closed = close(std::exchange(descriptor_, -1)) == 0;
  if (!closed || std::rename(part_.c_str(), path_.c_str()) != 0) return Fail();
  rulert::ForgetUnfinishedFile(part_);
  part_.clear();
  return true;
}

}  // namespace rulec
