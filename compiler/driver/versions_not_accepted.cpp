#include "compiler/driver/versions_not_accepted.h"

#include <algorithm>

namespace rulec {

void AddVersionsNotAccepted(FrontEnd* program, rulert::ProgramSpec* spec) {
  for (rulert::StreamSpec& stream : spec->streams) {
    if (stream.versions.empty()) continue;
    for (const int64_t version : program->schemas.Versions(stream.schema_name)) {
      const auto is = [version](const rulert::VersionSpec& accepted) { return accepted.version == version; };
      if (std::ranges::any_of(stream.versions, is)) continue;
      const LoadedSchema& schema = program->schemas.Load(stream.schema_name, version, program->sources);
      if (schema.document) stream.not_accepted.push_back({version, schema.document->text()});
    }
  }
}

}  // namespace rulec
