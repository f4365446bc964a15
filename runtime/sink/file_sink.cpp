#include "runtime/sink/file_sink.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "runtime/base/unfinished_files.h"

namespace rulert {
namespace {

std::string TemporaryName(const std::string& path) {
  static std::atomic<uint32_t> number{0};
  return path + ".tmp-" + std::to_string(getpid()) + "-" + std::to_string(number++);
}

Error Failed(const std::string& what, const std::string& name) {
  return Error::Environment("cannot " + what + " `" + name + "`: " + std::strerror(errno));
}

// A rename is on the disk when its folder is. Where folders cannot be synchronised there is nothing more to do.
void SyncFolder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)fsync(fd);
  close(fd);
}

}  // namespace

Error DescriptorWriter::Write(std::string_view bytes) {
  if (buffer_.size() + bytes.size() <= kBuffer) {
    buffer_ += bytes;
    return {};
  }
  if (Error error = Flush()) return error;
  if (bytes.size() >= kBuffer) return WriteNow(bytes);
  buffer_ = bytes;
  return {};
}

Error DescriptorWriter::Flush() {
  Error error = WriteNow(buffer_);
  buffer_.clear();
  return error;
}

Error DescriptorWriter::WriteNow(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) {  // someone who shares the descriptor made it so
        pollfd ready{fd_, POLLOUT, 0};
        poll(&ready, 1, -1);
        continue;
      }
      if (errno == EPIPE) return {ErrorKind::Closed, "the reader of `" + name_ + "` went away"};
      return Failed("write", name_);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Result<std::unique_ptr<FileSink>> FileSink::Create(const std::string& given) {
  struct stat info{};
  const bool exists = stat(given.c_str(), &info) == 0;
  // Where a symbolic link leads (`/dev/stdout` is one): it stays a link, and the file behind it is replaced.
  std::error_code unresolved;
  const auto resolved = exists ? std::filesystem::canonical(given, unresolved) : std::filesystem::path();
  const std::string path = resolved.empty() ? given : resolved.string();
  if (exists && S_ISDIR(info.st_mode)) return Error::Environment("cannot write `" + given + "`: it is a directory");
  const bool in_place = exists && !S_ISREG(info.st_mode);
  const std::string temporary = in_place ? "" : TemporaryName(path);
  const int fd = in_place ? open(path.c_str(), O_WRONLY | O_CLOEXEC)
                          : open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return Failed("write", given);
  if (!in_place) NoteUnfinishedFile(temporary);
  // A file that is replaced keeps its permissions.
  if (exists && !in_place) (void)!fchmod(fd, info.st_mode & 07777);
  return std::unique_ptr<FileSink>(new FileSink(fd, path, temporary));
}

void FileSink::Remove() {
  if (temporary_.empty()) return;
  unlink(temporary_.c_str());
  ForgetUnfinishedFile(temporary_);
  temporary_.clear();
}

FileSink::~FileSink() {
  Remove();
  if (fd_ >= 0) close(fd_);
}

Error FileSink::Write(std::string_view bytes, uint64_t) {
  StartWriting(bytes.size());
  return writer_.Write(bytes);
}

// The disk works while the job does, so that little is left to wait for when the file has to be there. Where the system
// cannot do that, all of it waits for Prepare.
void FileSink::StartWriting(uint64_t bytes) {
  constexpr uint64_t kPiece = uint64_t{1} << 20;
  not_started_ += bytes;
  if (not_started_ < kPiece || temporary_.empty()) return;
  not_started_ = 0;
  (void)sync_file_range(fd_, 0, 0, SYNC_FILE_RANGE_WRITE);
}

Error FileSink::Flush() { return temporary_.empty() ? writer_.Flush() : Error(); }

// Written to the disk before it is renamed: after a loss of power the name stands for the old content or the new.
Error FileSink::Prepare(uint64_t) {
  if (Error error = writer_.Flush()) return error;
  if (!temporary_.empty() && fd_ >= 0 && fsync(fd_) != 0) return Failed("write", path_);
  return {};
}

Error FileSink::Commit(uint64_t) {
  if (fd_ < 0) return {};
  // Some file systems tell of a full disk at close only.
  const int fd = std::exchange(fd_, -1);
  if (close(fd) != 0) return Failed("write", path_);
  if (temporary_.empty()) return {};
  if (rename(temporary_.c_str(), path_.c_str()) != 0) return Failed("write", path_);
  ForgetUnfinishedFile(temporary_);
  temporary_.clear();
  SyncFolder(path_);
  return {};
}

void FileSink::Abort(uint64_t) {
  writer_.Drop();
  Remove();
}

StdoutSink::StdoutSink() : terminal_(isatty(STDOUT_FILENO) != 0), writer_(STDOUT_FILENO, "standard output") {}

Error StdoutSink::Write(std::string_view bytes, uint64_t) {
  Error error = writer_.Write(bytes);
  return error || !terminal_ ? std::move(error) : writer_.Flush();
}

}  // namespace rulert
