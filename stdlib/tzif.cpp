// RFC 8536: a header, a block of 32-bit times that nobody reads any more, a second header, the same with 64 bits, and a
// rule for the time after the last transition (a footer in the form of POSIX's TZ).
#include "stdlib/tzif.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "stdlib/calendar.h"
#include "stdlib/posix_zone.h"

namespace rulelib {
namespace {

constexpr size_t kHeaderSize = 44;
constexpr size_t kMaxFileSize = size_t{1} << 20;
constexpr int64_t kFirstRuleYear = 1970;

struct Header {
  char version = 0;
  uint32_t utc_flags = 0, standard_flags = 0, leaps = 0, transitions = 0, types = 0, name_bytes = 0;
  // Bytes of the block behind it.
  size_t BlockSize(size_t time_size) const {
    return size_t{transitions} * (time_size + 1) + size_t{types} * 6 + name_bytes + size_t{leaps} * (time_size + 4) +
           standard_flags + utc_flags;
  }
};

uint64_t BigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

bool ReadHeader(std::string_view bytes, Header* out) {
  if (bytes.size() < kHeaderSize || !bytes.starts_with("TZif")) return false;
  uint32_t* counts[] = {&out->utc_flags,   &out->standard_flags, &out->leaps,
                        &out->transitions, &out->types,          &out->name_bytes};
  out->version = bytes[4];
  for (size_t i = 0; i < 6; ++i) {
    *counts[i] = static_cast<uint32_t>(BigEndian(bytes.substr(20 + i * 4, 4)));
    if (*counts[i] > kMaxFileSize) return false;
  }
  return out->types > 0;
}

struct Block {
  std::vector<Zone::Span> spans;
  std::vector<std::string> names;
};

uint32_t NameNumber(std::string name, std::vector<std::string>* names) {
  auto found = std::find(names->begin(), names->end(), name);
  if (found == names->end()) found = names->insert(names->end(), std::move(name));
  return static_cast<uint32_t>(found - names->begin());
}

bool ReadBlock(const Header& header, std::string_view block, Block* out) {
  std::string_view times = block.substr(0, size_t{header.transitions} * 8);
  std::string_view kinds = block.substr(times.size(), header.transitions);
  std::string_view types = block.substr(times.size() + kinds.size(), size_t{header.types} * 6);
  std::string_view names = block.substr(times.size() + kinds.size() + types.size(), header.name_bytes);
  auto span_of = [&](size_t type, Zone::Span* span) {
    if (type >= header.types) return false;
    span->offset = static_cast<int32_t>(BigEndian(types.substr(type * 6, 4)));
    auto name = static_cast<uint8_t>(types[type * 6 + 5]);
    if (name >= names.size() || std::abs(span->offset) >= 26 * 3600) return false;
    std::string_view rest = names.substr(name);
    span->name = NameNumber(std::string(rest.substr(0, std::min(rest.find('\0'), rest.size()))), &out->names);
    return true;
  };
  // Before the first transition the first type holds.
  if (!span_of(0, &out->spans.emplace_back())) return false;
  for (size_t i = 0; i < header.transitions; ++i) {
    Zone::Span span;
    span.from = static_cast<int64_t>(BigEndian(times.substr(i * 8, 8)));
    if (span.from < out->spans.back().from || !span_of(static_cast<uint8_t>(kinds[i]), &span)) return false;
    out->spans.push_back(span);
  }
  return true;
}

// Writes out the footer's rule for 400 years behind the last transition: then the calendar repeats.
bool Extend(std::string_view footer, Block* block, int64_t* end) {
  PosixZone rule;
  if (!ParsePosixZone(footer, &rule)) return false;
  int64_t last = block->spans.back().from;
  int64_t first_year = last == INT64_MIN ? kFirstRuleYear : CivilOf(FloorDivide(last, 86400)).year + 1;
  first_year = std::clamp<int64_t>(first_year, 1, 9999);
  uint32_t standard = NameNumber(rule.standard_name, &block->names);
  uint32_t daylight = NameNumber(rule.daylight_name, &block->names);
  for (int64_t year = first_year - 1; year < first_year + 402; ++year) {
    Zone::Span on{rule.start.At(year) - rule.standard_offset, rule.daylight_offset, daylight};
    Zone::Span off{rule.end.At(year) - rule.daylight_offset, rule.standard_offset, standard};
    if (on.from > off.from) std::swap(on, off);
    for (const Zone::Span& span : {on, off}) {
      if (span.from > block->spans.back().from) block->spans.push_back(span);
    }
  }
  *end = DaysOf({first_year + 401, 1, 1}) * 86400;
  return true;
}

bool IsName(std::string_view name) {
  if (name.empty() || name.size() > 64 || name[0] == '/' || name.find("..") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '/';
  });
}

}  // namespace

std::unique_ptr<Zone> ParseTzif(std::string_view bytes, std::string* error) {
  *error = "malformed time zone file";
  Header header;
  if (!ReadHeader(bytes, &header) || header.version < '2') return nullptr;
  size_t first = kHeaderSize + header.BlockSize(4);
  if (first > bytes.size()) return nullptr;
  bytes.remove_prefix(first);
  if (!ReadHeader(bytes, &header) || kHeaderSize + header.BlockSize(8) > bytes.size()) return nullptr;
  Block block;
  if (!ReadBlock(header, bytes.substr(kHeaderSize), &block)) return nullptr;
  std::string_view footer = bytes.substr(kHeaderSize + header.BlockSize(8));
  if (footer.size() >= 2 && footer.front() == '\n' && footer.back() == '\n') {
    footer = footer.substr(1, footer.size() - 2);
  } else {
    footer = {};
  }
  bool repeats = footer.find(',') != std::string_view::npos;
  int64_t end = 0;
  if (repeats && !Extend(footer, &block, &end)) return nullptr;
  error->clear();
  return std::make_unique<Zone>(std::move(block.spans), std::move(block.names), repeats, end);
}

std::unique_ptr<Zone> ReadTzif(std::string_view name, std::string* error) {
  std::string quoted = "`" + std::string(name) + "`";
  if (!IsName(name)) {
    *error = "no time zone has the name " + quoted + ": write one such as `Europe/Berlin`, `UTC` or `+05:30`";
    return nullptr;
  }
  const char* folder = std::getenv("TZDIR");
  std::string path = std::string(folder != nullptr ? folder : "/usr/share/zoneinfo") + "/" + std::string(name);
  std::ifstream file(path, std::ios::binary);
  std::string bytes(kMaxFileSize, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(file.gcount()));
  if (bytes.empty()) {
    *error = "there is no time zone " + quoted + " in the system's database (" + path +
             "): write one such as `Europe/Berlin`, `UTC` or `+05:30`";
    return nullptr;
  }
  auto zone = ParseTzif(bytes, error);
  if (zone == nullptr) *error += ": " + path;
  return zone;
}

}  // namespace rulelib
