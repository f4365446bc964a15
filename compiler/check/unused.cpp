#include "compiler/check/unused.h"

#include <string>

namespace rulec::check {
namespace {

class Warner {
 public:
  explicit Warner(Context& context) : context_(context) {}

  void Warn(std::string_view kind, const std::string& name, Span span, std::string_view why) {
    if (name.starts_with('_') || !context_.files_with_rules.contains(span.file)) return;
    context_.diagnostics.Build(span, UnusedDeclaration, {kind, name, why}).Emit();
  }

 private:
  Context& context_;
};

}  // namespace

void WarnOfUnused(Context& context) {
  Warner warner(context);
  const typed::Program& program = context.program;
  context.schemas_used.resize(program.schemas.size());
  for (size_t i = 0; i < program.schemas.size(); ++i) {
    const typed::Schema& schema = program.schemas[i];
    if (!context.schemas_used[i]) warner.Warn("schema", schema.name, schema.span, "no stream or output has it");
  }
  for (size_t i = 0; i < program.streams.size(); ++i) {
    const typed::Stream& stream = program.streams[i];
    if (!context.streams_used[i]) warner.Warn("stream", stream.name, stream.span, "no rule reads it");
  }
  for (const ConstEntry& entry : context.consts) {
    if (!entry.used) warner.Warn("const", entry.decl->name.text, entry.decl->name.span, "nothing uses it");
  }
  for (size_t i = 0; i < program.params.size(); ++i) {
    const typed::Param& param = program.params[i];
    if (!context.params_used[i]) warner.Warn("param", param.name, param.span, "no rule uses it");
  }
  for (const FunctionEntry& function : context.functions) {
    if (!function.used) warner.Warn("fn", function.decl->name.text, function.decl->name.span, "nothing calls it");
  }
}

void WarnOfUnusedImports(Context& context, const std::vector<ImportLink>& imports) {
  std::unordered_map<FileId, std::vector<FileId>> imported;
  for (const ImportLink& link : imports) imported[link.from].push_back(link.to);
  for (const ImportLink& link : imports) {
    if (!context.files_with_rules.contains(link.from)) continue;
    // A file with rules is imported for its rules as well.
    bool used = false;
    std::vector<FileId> waiting{link.to};
    std::unordered_set<FileId> seen;
    while (!waiting.empty() && !used) {
      const FileId file = waiting.back();
      waiting.pop_back();
      if (!seen.insert(file).second) continue;
      used = context.files_with_rules.contains(file) || context.file_uses.contains(uint64_t{link.from} << 32 | file);
      if (const auto more = imported.find(file); more != imported.end()) {
        waiting.insert(waiting.end(), more->second.begin(), more->second.end());
      }
    }
    if (!used) {
      const std::string path = context.Quote(link.span);
      context.diagnostics.Build(link.span, UnusedImport, {path}).Emit();
    }
  }
}

}  // namespace rulec::check
