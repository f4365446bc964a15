#include "runtime/source/file_list.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace rulert {

Error FileList::Check() const {
  for (const std::string& path : paths_) {
    if (path != "-" && access(path.c_str(), R_OK) != 0) {
      return Error::Environment("cannot open `" + path + "`: " + std::strerror(errno));
    }
  }
  return {};
}

Error FileList::Open() {
  auto input = OpenByteInput(path());
  if (!input.ok()) return input.error();
  input_ = UnpackInput(std::move(*input), compression_.value_or(CompressionOf(path())), path());
  return {};
}

void FileList::Next() {
  bytes_before_ += at_;
  input_.reset();
  ++file_;
  at_ = 0;
}

bool FileList::LeaveLost(SourceProblem* problem) {
  if (!lost_) return false;
  *problem = *std::exchange(lost_, std::nullopt);
  Next();
  return true;
}

Error FileList::Verify() const {
  if (input_ && input_->truncated()) return Error::Data("`" + path() + "` became shorter while it was read");
  return {};
}

Error FileList::Seek(uint64_t file, uint64_t byte) {
  if (file > paths_.size()) return Error::Environment("position is behind the last file of the partition");
  if (input_ && !input_->can_go_back() && (path() == "-" || input_->wait_descriptor() >= 0)) {
    return Error::Environment("cannot go back in `" + path() + "`");
  }
  input_.reset();
  lost_.reset();
  bytes_before_ = 0;
  file_ = file;
  at_ = byte;
  return {};
}

}  // namespace rulert
