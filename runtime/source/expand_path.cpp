#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "runtime/source/avro_file_source.h"

namespace rulert {
namespace {

Result<std::vector<std::string>> FilesOfDirectory(const std::string& path) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".avro") files.push_back(it->path().string());
  }
  if (error) return Error::Environment("cannot read directory `" + path + "`: " + error.message());
  if (files.empty()) return Error::Environment("directory `" + path + "` holds no `.avro` file");
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<std::string>> FilesOfGlob(const std::string& path) {
  glob_t matches{};
  std::vector<std::string> files;
  if (glob(path.c_str(), 0, nullptr, &matches) == 0)
    files.assign(matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
  globfree(&matches);
  if (files.empty()) return Error::Environment("no file matches `" + path + "`");
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<std::vector<std::string>> ExpandPath(const std::string& path) {
  struct stat info{};
  if (path == "-") return std::vector<std::string>{path};
  if (stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return FilesOfDirectory(path);
    return std::vector<std::string>{path};
  }
  if (path.find_first_of("*?[") != std::string::npos) return FilesOfGlob(path);
  return std::vector<std::string>{path};
}

}  // namespace rulert
