// A file that is written piece by piece and appears whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace rulec {

// Writes beside `path` and renames at the end; `-` is standard output, and what is no regular file is written to as it
// is. A stream that was not finished leaves nothing behind.
class OutputStream {
 public:
  explicit OutputStream(std::string path);
  ~OutputStream();
  OutputStream(const OutputStream&) = delete;
  OutputStream& operator=(const OutputStream&) = delete;

  // False once something failed: see error(). Also where nobody reads any more, as of `rulec … | head -1`: that is no
  // failure, and error() is empty.
  bool Write(std::string_view bytes);
  // Puts the file in place. With `executable` its mode is 0755.
  bool Finish(bool executable = false);
  // "out/job: No space left on device"
  const std::string& error() const { return error_; }

 private:
  bool Fail();
  void Open();

  std::string path_;
  std::string part_;  // empty: `path_` is written to directly
  int descriptor_ = -1;
  std::string error_;
  bool closed_ = false;
};

}  // namespace rulec
