// Finds a section in a 64-bit little-endian ELF file, reading no more of the file than that takes.
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "runtime/module/job_image.h"

namespace rulert {
namespace {

constexpr uint64_t kMostSections = 65536;
constexpr uint64_t kMostNames = 1u << 20;

class ElfFile {
 public:
  explicit ElfFile(const std::string& path) : path_(path), fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat info{};
    if (fd_ >= 0 && fstat(fd_, &info) == 0) size_ = static_cast<uint64_t>(info.st_size);
  }
  ~ElfFile() {
    if (fd_ >= 0) close(fd_);
  }
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  bool is_open() const { return fd_ >= 0; }
  bool Read(uint64_t offset, uint64_t size, void* out) const {
    if (offset > size_ || size > size_ - offset) return false;
    auto* to = static_cast<char*>(out);
    while (size > 0) {
      const ssize_t got = pread(fd_, to, size, static_cast<off_t>(offset));
      if (got <= 0) return false;
      to += got;
      offset += static_cast<uint64_t>(got);
      size -= static_cast<uint64_t>(got);
    }
    return true;
  }

 private:
  std::string path_;
  int fd_;
  uint64_t size_ = 0;
};

}  // namespace

Result<std::string> ReadElfSection(const std::string& path, std::string_view section) {
  const ElfFile file(path);
  if (!file.is_open()) return Error::Environment("cannot open `" + path + "`: " + std::strerror(errno));
  const auto bad = [&] { return Error::Environment("`" + path + "` is not a whole 64-bit ELF file"); };
  Elf64_Ehdr header;
  if (!file.Read(0, sizeof header, &header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_shentsize != sizeof(Elf64_Shdr)) {
    return bad();
  }
  // With 65,280 sections or more their number stands elsewhere; no executable of ours has so many.
  std::vector<Elf64_Shdr> sections(std::min<uint64_t>(header.e_shnum, kMostSections));
  if (header.e_shstrndx >= sections.size() ||
      !file.Read(header.e_shoff, sections.size() * sizeof(Elf64_Shdr), sections.data())) {
    return bad();
  }
  const Elf64_Shdr& names_section = sections[header.e_shstrndx];
  if (names_section.sh_size > kMostNames) return bad();
  std::string names(names_section.sh_size, '\0');
  if (!file.Read(names_section.sh_offset, names.size(), names.data())) return bad();
  for (const Elf64_Shdr& candidate : sections) {
    if (candidate.sh_name >= names.size() || section != names.c_str() + candidate.sh_name) continue;
    if (candidate.sh_type == SHT_NOBITS || candidate.sh_size > (uint64_t{1} << 32)) return bad();
    std::string content;
    content.resize(candidate.sh_size);
    if (!file.Read(candidate.sh_offset, candidate.sh_size, content.data())) return bad();
    return content;
  }
  return Error::Environment("`" + path + "` has no section `" + std::string(section) + "`");
}

}  // namespace rulert
