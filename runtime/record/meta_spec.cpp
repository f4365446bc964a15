#include "runtime/record/meta_spec.h"

#include <cstring>

#include "runtime/base/text.h"

namespace rulert {
namespace {

template <typename T>
void AppendBytes(T value, std::string* out) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out->append(bytes, sizeof value);
}

void AppendCounted(std::string_view text, std::string* out) {
  AppendBytes(static_cast<uint32_t>(text.size()), out);
  *out += text;
}

std::vector<CellType> KeyTypes(const RuleSpec& rule) {
  std::vector<CellType> types;
  for (const ColumnSpec& key : rule.keys) types.push_back(MakeCellType(key));
  return types;
}

std::string IdPrefix(std::string_view rule, std::string_view stream, uint32_t emit) {
  std::string prefix;
  AppendCounted(rule, &prefix);
  AppendCounted(stream, &prefix);
  AppendBytes(emit, &prefix);
  return prefix;
}

}  // namespace

MetaSpec::MetaSpec(const RuleSpec& spec, std::string_view name, const std::string& stream, bool time, uint32_t emit)
    : rule(MakeString(name)),
      version(spec.version),
      has_severity(spec.severity.has_value()),
      has_time(time),
      expands(spec.expands),
      id_prefix(IdPrefix(name, stream, emit)),
      keys(KeyTypes(spec)) {
  if (has_severity) severity = MakeString(*spec.severity);
}

}  // namespace rulert
