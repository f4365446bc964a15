// What a job binary carries in its section `.rulec.job`: the program's description and the code of its modules.
// docs/formats/job_image.md has the grammar and an example.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

namespace rulert {

inline constexpr std::string_view kJobSection = ".rulec.job";
inline constexpr uint32_t kJobImageVersion = 1;

struct JobImageModule {
  std::string name;
  std::string shared_object;  // bytes of an ELF shared object
  bool operator==(const JobImageModule&) const = default;
};

struct JobImage {
  uint32_t abi_version = 0;
  std::string manifest;  // JSON, as ProgramToJson writes it
  std::vector<JobImageModule> modules;
};

std::string WriteJobImage(const JobImage& image);
// Checks magic, version, every length and the checksum; an image for another ABI version is refused.
Result<JobImage> ReadJobImage(std::span<const uint8_t> bytes);

// The content of a section of an ELF file. Environment error if the file cannot be read or has no such section.
Result<std::string> ReadElfSection(const std::string& path, std::string_view section);

}  // namespace rulert
