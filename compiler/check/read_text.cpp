#include "compiler/check/read_text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace rulec {

namespace {

enum class Larger : uint8_t { Refused, Cut };

std::optional<std::string> Read(const std::string& path, uint64_t limit, Larger larger, std::string* error) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status)) {
    *error = "no such file";
    return std::nullopt;
  }
  if (std::filesystem::is_directory(status)) {
    *error = "it is a folder";
    return std::nullopt;
  }
  // Devices and pipes may never end.
  if (!std::filesystem::is_regular_file(status)) {
    *error = "it is not a regular file";
    return std::nullopt;
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    *error = errno != 0 ? std::strerror(errno) : "it cannot be opened";
    return std::nullopt;
  }
  uint64_t size = std::filesystem::file_size(path, code);
  if (!code && larger == Larger::Cut) size = std::min(size, limit);
  if (code || size > limit) {
    *error = code ? code.message() : "it has more than " + std::to_string(limit >> 20) + " MiB";
    return std::nullopt;
  }
  std::string text(size, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(size));
  text.resize(static_cast<size_t>(stream.gcount()));
  if (stream.bad()) {
    *error = "reading failed";
    return std::nullopt;
  }
  return text;
}

}  // namespace

std::optional<std::string> ReadText(const std::string& path, uint64_t limit, std::string* error) {
  return Read(path, limit, Larger::Refused, error);
}

std::optional<std::string> ReadBeginning(const std::string& path, uint64_t limit, std::string* error) {
  return Read(path, limit, Larger::Cut, error);
}

}  // namespace rulec
