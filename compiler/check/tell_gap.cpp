#include "compiler/check/tell_gap.h"

#include <string>
#include <utility>

namespace rulec::check {
namespace {

// The narrowest change of the range that leaves a version out: above it or below it.
std::string WithoutVersion(const typed::Schema& schema, int64_t version) {
  const int64_t first = schema.accepted.front().version;
  std::string range;
  if (schema.open) {
    range = std::to_string(version + 1) + "..";
  } else if (version + 1 == schema.version) {
    range = std::to_string(schema.version);
  } else {
    range = std::to_string(version + 1) + ".." + std::to_string(schema.version);
  }
  const std::string also = version > first ? " and what is before it" : "";
  return "`version " + range + "` in the declaration of the schema leaves version " + std::to_string(version) + also +
         " out";
}

}  // namespace

void TellGap(Context& context, Span span, const typed::Schema& schema, Span schema_span, const VersionGap& gap,
             bool guarded) {
  const std::string version = std::to_string(gap.version);
  const std::string ours = std::to_string(schema.version);
  const bool missing = gap.kind == VersionGap::Kind::Missing;
  const DiagnosticKind& kind = missing                              ? FieldMissingInVersion
                               : gap.kind == VersionGap::Kind::Type ? FieldTypeInVersion
                                                                    : LogicalTypeChanged;
  auto builder = context.diagnostics.Build(span, kind, {gap.path, version, schema.full_name, gap.message});
  std::move(builder).Label(FieldSpan(context, schema, *gap.reader), "in version " + ours);
  if (gap.writer) std::move(builder).Label(FieldSpan(context, gap.file, *gap.writer), "in version " + version);
  std::move(builder).Label(schema_span, SchemaPhrase(schema));
  if (missing && guarded) {
    std::move(builder).Help("`present(" + gap.path + ") and …` asks whether the event has it");
  }
  if (missing) {
    std::move(builder).Help("a default for `" + gap.path + "` in version " + ours +
                            " of the schema stands in where it is missing");
  }
  std::move(builder).Help(WithoutVersion(schema, gap.version)).Emit();
}

}  // namespace rulec::check
