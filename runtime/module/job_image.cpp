#include "runtime/module/job_image.h"

#include <xxhash.h>
#include <cstring>

#include "runtime/abi/abi.h"

namespace rulert {
namespace {

constexpr std::string_view kMagic = "RULECJOB";
constexpr size_t kChecksumSize = 8;

template <typename T>
void Append(T value, std::string* out) {
  for (size_t i = 0; i < sizeof value; ++i) *out += static_cast<char>(value >> (8 * i));
}

// Takes fields off the front; once something is missing, everything is.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool AtEnd() const { return bytes_.empty(); }

  std::string_view Take(uint64_t size) {
    if (!ok_ || size > bytes_.size()) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = bytes_.substr(0, static_cast<size_t>(size));
    bytes_.remove_prefix(static_cast<size_t>(size));
    return taken;
  }
  template <typename T>
  T Number() {
    const std::string_view taken = Take(sizeof(T));
    T value = 0;
    for (size_t i = 0; i < taken.size(); ++i)
      value |= static_cast<T>(static_cast<T>(static_cast<uint8_t>(taken[i])) << (8 * i));
    return value;
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

Error Damaged(const std::string& what) { return Error::Environment("the job image is damaged: " + what); }

}  // namespace

std::string WriteJobImage(const JobImage& image) {
  std::string out(kMagic);
  Append(kJobImageVersion, &out);
  Append(image.abi_version, &out);
  Append(static_cast<uint64_t>(image.manifest.size()), &out);
  out += image.manifest;
  Append(static_cast<uint32_t>(image.modules.size()), &out);
  for (const JobImageModule& module : image.modules) {
    Append(static_cast<uint32_t>(module.name.size()), &out);
    out += module.name;
    Append(static_cast<uint64_t>(module.shared_object.size()), &out);
    out += module.shared_object;
  }
  const uint64_t checksum = XXH3_64bits(out.data(), out.size());
  Append(checksum, &out);
  return out;
}

Result<JobImage> ReadJobImage(std::span<const uint8_t> bytes) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (all.substr(0, kMagic.size()) != kMagic) return Damaged("it does not begin with `RULECJOB`");
  if (all.size() < kMagic.size() + kChecksumSize) return Damaged("it is cut");
  Cursor checksum(all.substr(all.size() - kChecksumSize));
  const std::string_view content = all.substr(0, all.size() - kChecksumSize);
  Cursor cursor(content.substr(kMagic.size()));
  const auto version = cursor.Number<uint32_t>();
  if (cursor.ok() && version != kJobImageVersion) {
    return Error::Environment("the job image has format " + std::to_string(version) + ", this runtime reads format " +
                              std::to_string(kJobImageVersion));
  }
  if (checksum.Number<uint64_t>() != XXH3_64bits(content.data(), content.size())) {
    return Damaged("its checksum does not fit");
  }
  JobImage image;
  image.abi_version = cursor.Number<uint32_t>();
  image.manifest = cursor.Take(cursor.Number<uint64_t>());
  const auto count = cursor.Number<uint32_t>();
  for (uint32_t i = 0; i < count && cursor.ok(); ++i) {
    JobImageModule& module = image.modules.emplace_back();
    module.name = cursor.Take(cursor.Number<uint32_t>());
    module.shared_object = cursor.Take(cursor.Number<uint64_t>());
  }
  if (!cursor.ok() || !cursor.AtEnd()) return Damaged("its lengths do not add up");
  if (image.abi_version != RULERT_ABI_VERSION) {
    return Error::Environment("the job's code was compiled for version " + std::to_string(image.abi_version) +
                              " of the runtime's interface, this is version " + std::to_string(RULERT_ABI_VERSION) +
                              ": build the job again");
  }
  return image;
}

}  // namespace rulert
