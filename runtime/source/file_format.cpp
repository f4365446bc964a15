#include "runtime/source/file_format.h"

#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "runtime/source/byte_input.h"

namespace rulert {
namespace {

struct Ending {
  std::string_view text;
  FileFormat format;
};
constexpr std::array<Ending, 5> kEndings = {{{".avro", FileFormat::Avro},
                                             {".jsonl", FileFormat::JsonLines},
                                             {".ndjson", FileFormat::JsonLines},
                                             {".json", FileFormat::JsonLines},
                                             {".csv", FileFormat::Csv}}};

std::string Endings() {
  std::string list;
  for (const Ending& ending : kEndings) list += (list.empty() ? "`" : ", `") + std::string(ending.text) + "`";
  return list;
}

Result<std::vector<std::string>> FilesOfDirectory(const std::string& path, std::optional<FileFormat> given) {
  std::vector<std::string> told;
  std::vector<std::string> others;
  std::error_code error;
  for (std::filesystem::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    const std::string name = it->path().filename().string();
    if (name.starts_with(".") || it->is_directory(ignored)) continue;
    const auto format = FileFormatOf(name);
    if (format && (!given || format == given)) told.push_back(it->path().string());
    if (!format) others.push_back(it->path().string());
  }
  if (error) return Error::Environment("cannot read directory `" + path + "`: " + error.message());
  std::vector<std::string>& files = told.empty() && given ? others : told;
  if (files.empty()) return Error::Environment("directory `" + path + "` holds no file that ends in " + Endings());
  std::sort(files.begin(), files.end());
  return files;
}

// As of a directory, directories among the matches are left out.
Result<std::vector<std::string>> FilesOfGlob(const std::string& path) {
  glob_t matches{};
  std::vector<std::string> files;
  const bool any = glob(path.c_str(), 0, nullptr, &matches) == 0 && matches.gl_pathc > 0;
  for (size_t i = 0; i < matches.gl_pathc; ++i) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(matches.gl_pathv[i], ignored)) files.emplace_back(matches.gl_pathv[i]);
  }
  globfree(&matches);
  if (!any) return Error::Environment("no file matches `" + path + "`");
  if (files.empty()) {
    return Error::Environment("`" + path + "` matches directories only; their files are `" + path + "/*`");
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<std::string>> FilesOf(const std::string& path, std::optional<FileFormat> given) {
  struct stat info{};
  if (path == "-") return std::vector<std::string>{path};
  if (stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return FilesOfDirectory(path, given);
    return std::vector<std::string>{path};
  }
  if (path.find_first_of("*?[") != std::string::npos) return FilesOfGlob(path);
  return std::vector<std::string>{path};
}

}  // namespace

std::string_view FileFormatName(FileFormat format) {
  switch (format) {
    case FileFormat::Avro: return "avro";
    case FileFormat::JsonLines: return "jsonl";
    case FileFormat::Csv: return "csv";
    case FileFormat::AvroMessages: return "avro-messages";
  }
  return "";
}

std::optional<FileFormat> FileFormatOf(std::string_view path) {
  if (CompressionOf(path) != Compression::None) path = path.substr(0, path.rfind('.'));
  for (const Ending& ending : kEndings) {
    if (path.ends_with(ending.text)) return ending.format;
  }
  return std::nullopt;
}

Result<InputFiles> FindInputFiles(const std::string& path, std::optional<FileFormat> given) {
  auto files = FilesOf(path, given);
  if (!files.ok()) return files.error();
  InputFiles result;
  std::optional<FileFormat> format = given;
  for (const std::string& file : *files) {
    if (given) break;
    const auto told = file == "-" ? FileFormat::JsonLines : FileFormatOf(file);
    if (!told) {
      return Error::Environment("`" + file + "`: the ending tells no format; there are " + Endings() +
                                ", or say `?format=jsonl` behind the name");
    }
    if (format && told != format) {
      return Error::Environment("`" + (*files)[0] + "` and `" + file +
                                "` differ in format: " + std::string(FileFormatName(*format)) + " and " +
                                std::string(FileFormatName(*told)) + "; one input is of one format");
    }
    format = told;
  }
  result.paths = *std::move(files);
  result.format = *format;
  return result;
}

}  // namespace rulert
