#include <algorithm>

#include "avro/compatibility.h"

namespace avro {
namespace {

struct ModeRow {
  CompatibilityMode mode;
  std::string_view name;
  bool backward;
  bool forward;
  bool all_versions;
};

constexpr ModeRow kModes[] = {
    {CompatibilityMode::None, "none", false, false, false},
    {CompatibilityMode::Backward, "backward", true, false, false},
    {CompatibilityMode::BackwardTransitive, "backward-transitive", true, false, true},
    {CompatibilityMode::Forward, "forward", false, true, false},
    {CompatibilityMode::ForwardTransitive, "forward-transitive", false, true, true},
    {CompatibilityMode::Full, "full", true, true, false},
    {CompatibilityMode::FullTransitive, "full-transitive", true, true, true},
};

const ModeRow& RowOf(CompatibilityMode mode) { return kModes[static_cast<size_t>(mode)]; }

char Lowered(char c) {
  if (c == '_') return '-';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::optional<CompatibilityMode> CompatibilityModeByName(std::string_view name) {
  std::string lowered(name);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), Lowered);
  for (const ModeRow& row : kModes) {
    if (row.name == lowered) return row.mode;
  }
  return std::nullopt;
}

std::string_view CompatibilityModeName(CompatibilityMode mode) { return RowOf(mode).name; }

std::vector<VersionFindings> CheckVersions(const Schema& new_version, std::span<const SchemaPtr> older,
                                           CompatibilityMode mode) {
  const ModeRow& row = RowOf(mode);
  std::vector<VersionFindings> findings;
  const auto check = [&](size_t version, bool new_is_reader) {
    const Schema& old = older[version]->root();
    const Schema& reader = new_is_reader ? new_version : old;
    const Schema& writer = new_is_reader ? old : new_version;
    VersionFindings found{version, new_is_reader, CheckCompatibility(reader, writer),
                          CompareLogicalTypes(reader, writer)};
    if (!found.incompatibilities.empty() || !found.logical_changes.empty()) findings.push_back(std::move(found));
  };
  for (size_t i = older.size(); i-- > 0;) {
    if (row.backward) check(i, true);
    if (row.forward) check(i, false);
    if (!row.all_versions) break;
  }
  return findings;
}

bool IsCompatible(std::span<const VersionFindings> findings) {
  return std::all_of(findings.begin(), findings.end(),
                     [](const VersionFindings& found) { return found.incompatibilities.empty(); });
}

}  // namespace avro
