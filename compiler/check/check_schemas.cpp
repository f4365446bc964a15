#include "compiler/check/check_schemas.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "compiler/check/const_values.h"
#include "compiler/check/tell_gap.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

bool IsFullName(std::string_view name) {
  while (true) {
    const size_t dot = name.find('.');
    if (!IsAvroName(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

bool Accepts(const std::optional<ast::VersionRange>& range, int64_t version) {
  if (!range) return true;
  if (range->from && version < *range->from) return false;
  if (range->to && version > *range->to) return false;
  return range->open || range->to || version == range->from;
}

std::string ListOf(const std::vector<int64_t>& versions) {
  std::string text;
  for (const int64_t version : versions) text += (text.empty() ? "" : ", ") + std::to_string(version);
  return text;
}

class SchemaDeclChecker {
 public:
  SchemaDeclChecker(Context& context, const ast::SchemaDecl& decl, typed::Schema* schema)
      : context_(context), decl_(decl), schema_(schema) {}

  void Check() {
    if (!IsFullName(decl_.full_name)) {
      context_.diagnostics.Build(decl_.full_name_span, InvalidSchemaName, {decl_.full_name})
          .Help("a full name is names with dots between them: `market.Trade`")
          .Emit();
      return;
    }
    const std::vector<int64_t> versions = context_.store.Versions(decl_.full_name);
    if (versions.empty()) return TellNotFound();
    for (const int64_t version : versions) {
      if (Accepts(decl_.versions, version)) schema_->accepted.push_back({version, nullptr, 0});
    }
    if (schema_->accepted.empty()) return TellNoVersion(versions);
    schema_->version = schema_->accepted.back().version;
    schema_->open = !decl_.versions || decl_.versions->open;
    for (typed::SchemaVersion& version : schema_->accepted) {
      if (!Load(&version)) return;
    }
    schema_->file = schema_->accepted.back().file;
    schema_->document = schema_->accepted.back().document;
  }

 private:
  // ", which cannot be read: …" of a folder that nothing is found in for that reason.
  std::string WhyShut(const std::string& folder) const {
    for (const std::filesystem::path& path :
         {std::filesystem::path(folder), std::filesystem::path(folder) / decl_.full_name}) {
      std::error_code code;
      const std::filesystem::directory_iterator ignored(path, code);
      if (code == std::errc::permission_denied)
        return ", where `" + path.string() + "` cannot be read: " + code.message();
    }
    return "";
  }

  void TellNotFound() {
    const std::string_view written = context_.sources.Text(decl_.full_name_span);
    std::string nearest = context_.Nearest(decl_.full_name, context_.store.Names());
    if (!nearest.empty() && written.starts_with('"')) nearest = "\"" + nearest + "\"";
    std::string folders;
    for (const std::string& folder : context_.store.folders()) {
      folders += (folders.empty() ? "`" : ", `") + folder + "`" + WhyShut(folder);
    }
    context_.diagnostics.Build(decl_.full_name_span, SchemaNotFound, {decl_.full_name})
        .Suggest("a schema with a similar name exists", decl_.full_name_span, std::move(nearest))
        .Note(folders.empty() ? "there is no folder `schemas` beside the rule file or beside rulec.toml"
                              : "looked for `" + decl_.full_name + "/<version>.avsc` in " + folders)
        .Emit();
  }

  void TellNoVersion(const std::vector<int64_t>& versions) {
    context_.diagnostics
        .Build(decl_.versions->span, NoSchemaVersion, {decl_.full_name, context_.Quote(decl_.versions->span)})
        .Note((versions.size() == 1 ? "there is version " : "there are versions ") + ListOf(versions))
        .Emit();
  }

  bool Load(typed::SchemaVersion* wanted) {
    const LoadedSchema& loaded = context_.store.Load(decl_.full_name, wanted->version, context_.sources);
    const std::string version = std::to_string(wanted->version);
    if (!loaded.readable) {
      context_.diagnostics
          .Build(decl_.full_name_span, SchemaFileUnreadable, {decl_.full_name, version, loaded.error.message})
          .Note("the file is `" + loaded.path + "`")
          .Emit();
      return false;
    }
    wanted->file = loaded.file;
    if (!loaded.document) {
      TellInvalid(loaded, version);
      return false;
    }
    const std::string& name = loaded.document->root().name;
    if (!name.empty() && name != decl_.full_name) {
      context_.diagnostics.Build(decl_.full_name_span, SchemaNameDiffers, {decl_.full_name, name})
          .Note("the file is `" + loaded.path + "`")
          .Emit();
      return false;
    }
    wanted->document = loaded.document;
    return true;
  }

  void TellInvalid(const LoadedSchema& loaded, const std::string& version) {
    const avro::SchemaError& error = loaded.error;
    Diagnostics::Builder builder =
        context_.diagnostics.Build(SpanOf(loaded), SchemaFileInvalid, {decl_.full_name, version, error.message});
    std::move(builder).Label(decl_.full_name_span, "asked for here");
    if (!error.path.empty()) std::move(builder).Note("in `" + error.path + "` of the schema");
    std::move(builder).Emit();
  }

  Span SpanOf(const LoadedSchema& loaded) const {
    const SourceFile& file = context_.sources.file(loaded.file);
    const auto size = static_cast<uint32_t>(file.text().size());
    if (loaded.error.line == 0 || loaded.error.line > file.line_count()) return {loaded.file, 0, std::min(size, 1u)};
    const std::string_view line = file.Line(loaded.error.line);
    const uint32_t column = loaded.error.column == 0 ? 0 : loaded.error.column - 1;
    const auto begin = static_cast<uint32_t>(line.data() - file.text().data()) + column;
    return {loaded.file, std::min(begin, size), std::min(begin + 1, size)};
  }

  Context& context_;
  const ast::SchemaDecl& decl_;
  typed::Schema* schema_;
};

// Walks the names of `time`; tells what is wrong and returns "".
class TimeChecker {
 public:
  TimeChecker(Context& context, const ast::StreamDecl& decl, const typed::Schema& schema)
      : context_(context), decl_(decl), schema_(schema) {}

  std::string Check() {
    const avro::Schema* record = &schema_.document->root();
    std::string path;
    for (size_t i = 0; i < decl_.time_path.size(); ++i) {
      const ast::Name& name = decl_.time_path[i];
      const int index = record->FieldIndex(name.text);
      if (index < 0) return TellNoField(*record, name);
      const avro::Field& field = record->fields[static_cast<size_t>(index)];
      path += (i == 0 ? "" : ".") + field.name;
      const Type type = TypeOf(*field.type);
      const bool last = i + 1 == decl_.time_path.size();
      if (last && SameType(type, {TypeKind::Timestamp})) return path;
      if (last || type.kind != TypeKind::Record) return TellType(path, field, type);
      record = type.schema;
    }
    return "";
  }

 private:
  std::string TellNoField(const avro::Schema& record, const ast::Name& name) {
    std::vector<std::string> timestamps, names;
    for (const avro::Field& field : record.fields) {
      names.push_back(field.name);
      if (TypeOf(*field.type).kind == TypeKind::Timestamp) timestamps.push_back(field.name);
    }
    std::string nearest = context_.Nearest(name.text, timestamps);
    if (nearest.empty()) nearest = context_.Nearest(name.text, names);
    Diagnostics::Builder builder =
        context_.diagnostics.Build(name.span, FieldNotInSchema, {decl_.name.text, name.text});
    std::move(builder)
        .Under("not a field of `" + schema_.full_name + "`")
        .Label(decl_.schema.span, SchemaPhrase(schema_))
        .Suggest("a field with a similar name exists", name.span, nearest);
    if (nearest.empty() && timestamps.size() == 1) {
      std::move(builder).Suggest("the one timestamp of the record", name.span, timestamps.front());
    }
    std::move(builder).Emit();
    return "";
  }

  std::string TellType(const std::string& path, const avro::Field& field, const Type& type) {
    Diagnostics::Builder builder =
        context_.diagnostics.Build(Span::Cover(decl_.time_path.front().span, decl_.time_path.back().span),
                                   TimeNotTimestamp, {decl_.name.text, path, avro::Describe(*field.type)});
    std::move(builder).Label(FieldSpan(context_, schema_, field), "declared here");
    if (type.kind == TypeKind::Long) {
      std::move(builder).Help(
          "a long is a timestamp if its schema says so: `{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}`, "
          "or "
          "`timestamp-millis`, `timestamp-nanos`");
    }
    if (type.kind == TypeKind::Timestamp)
      std::move(builder).Help("a time is never null: make the field a plain timestamp");
    std::move(builder).Emit();
    return "";
  }

  Context& context_;
  const ast::StreamDecl& decl_;
  const typed::Schema& schema_;
};

}  // namespace

bool TellDuplicate(Context& context, std::string_view kind, const ast::Name& name, Span first) {
  context.diagnostics.Build(name.span, DuplicateDeclaration, {kind, name.text})
      .Label(first, "first declared here")
      .Emit();
  return false;
}

void CheckSchemaDecl(Context& context, const ast::SchemaDecl& decl, const std::string& package) {
  std::vector<typed::Schema>& schemas = context.program.schemas;
  if (const uint32_t* own = context.schemas.Add(decl.name.text, package, static_cast<uint32_t>(schemas.size()))) {
    TellDuplicate(context, "schema", decl.name, schemas[*own].span);
    return;
  }
  typed::Schema schema{.name = decl.name.text, .full_name = decl.full_name, .span = decl.name.span};
  SchemaDeclChecker(context, decl, &schema).Check();
  schemas.push_back(std::move(schema));
}

uint32_t FindSchema(Context& context, const ast::Name& name, const std::string& package) {
  std::vector<typed::Schema>& schemas = context.program.schemas;
  const auto found = context.schemas.Find(name.text, package);
  if (found.value && !found.ambiguous) {
    context.schemas_used.resize(schemas.size());
    context.schemas_used[*found.value] = true;
    context.Use(name.span, schemas[*found.value].span);
    return *found.value;
  }
  if (found.ambiguous) {
    context.diagnostics.Build(name.span, NameAmbiguous, {name.text})
        .Label(schemas[*found.value].span, "one of them")
        .Emit();
  } else {
    context.diagnostics.Build(name.span, UnknownSchema, {name.text})
        .Suggest("a schema with a similar name is declared", name.span,
                 context.Nearest(name.text, context.schemas.Names()))
        .Help("`schema " + name.text + " = avro \"full.Name\"` declares it")
        .Emit();
  }
  // Stands for it from now on, so that it is told once.
  const auto index = static_cast<uint32_t>(schemas.size());
  if (!found.ambiguous) context.schemas.Add(name.text, package, index);
  schemas.push_back({.name = name.text, .span = name.span});
  context.schemas_used.resize(schemas.size(), true);
  context.schemas_used.back() = true;
  return index;
}

namespace {

// Every event has a time, whatever version it was written with.
void ProveTime(Context& context, const ast::StreamDecl& decl, const typed::Schema& schema, const std::string& path) {
  const FieldProof& proof = context.proofs.Of(schema, path);
  if (proof.gaps.empty()) return;
  const VersionGap& gap = proof.gaps.front();
  TellGap(context, Span::Cover(decl.time_path.front().span, decl.time_path.back().span), schema, decl.schema.span, gap,
          false);
}

// A duration as it is written, or the constant that holds one.
std::optional<int64_t> DurationOf(Context& context, const std::optional<ast::StreamDuration>& written,
                                  const std::string& package) {
  if (!written) return std::nullopt;
  if (!written->constant) return written->microseconds;
  const ast::Name& name = *written->constant;
  const auto found = context.values.Find(name.text, package);
  if (!found.value || found.value->kind != ValueName::Kind::Const) {
    context.diagnostics.Build(name.span, UnknownName, {name.text})
        .Under("not a constant")
        .Suggest("something with a similar name exists", name.span, context.Nearest(name.text, context.values.Names()))
        .Emit();
    return 0;
  }
  if (found.ambiguous) {
    context.diagnostics.Build(name.span, NameAmbiguous, {name.text})
        .Label(found.value->span, "one of them")
        .Help("a constant of this package can stand for one of them: `const wait = package." + name.text + "`")
        .Emit();
    return 0;
  }
  ConstEntry& entry = context.consts[found.value->index];
  entry.used = true;
  context.Use(name.span, entry.decl->name.span);
  ComputeConst(context, entry);
  if (entry.type.kind == TypeKind::Error) return 0;
  if (entry.type.kind == TypeKind::Duration && entry.value.value.integer >= 0) return entry.value.value.integer;
  context.diagnostics.Build(name.span, NotADuration, {name.text, TypePhrase(entry.type)})
      .Label(entry.decl->name.span, "declared here")
      .Emit();
  return 0;
}

}  // namespace

void CheckStreamDecl(Context& context, const ast::StreamDecl& decl, const std::string& package) {
  std::vector<typed::Stream>& streams = context.program.streams;
  const auto [at, added] = context.streams.try_emplace(decl.name.text, static_cast<uint32_t>(streams.size()));
  if (!added) {
    TellDuplicate(context, "stream", decl.name, streams[at->second].span);
    return;
  }
  typed::Stream stream{.name = decl.name.text,
                       .schema = FindSchema(context, decl.schema, package),
                       .watermark_us = DurationOf(context, decl.watermark, package).value_or(0),
                       .idle_us = DurationOf(context, decl.idle, package),
                       .lateness_us = DurationOf(context, decl.lateness, package),
                       .span = decl.name.span,
                       .schema_span = decl.schema.span};
  typed::Schema& schema = context.program.schemas[stream.schema];
  if (schema.document && schema.document->root().kind != avro::Kind::Record) {
    context.diagnostics
        .Build(decl.schema.span, StreamSchemaNotRecord,
               {"stream", decl.name.text, decl.schema.text, avro::Describe(schema.document->root())})
        .Label(schema.span, SchemaPhrase(schema))
        .Emit();
  } else if (schema.document && !decl.time_path.empty()) {
    stream.time = TimeChecker(context, decl, schema).Check();
    stream.time_told = stream.time.empty();
    stream.has_time = !stream.time.empty();
    if (stream.has_time) ProveTime(context, decl, schema, stream.time);
  }
  if (decl.time_path.empty()) {
    const bool any = decl.watermark || decl.idle || decl.lateness;
    const std::string_view what = decl.watermark ? "watermark" : decl.idle ? "idle" : "lateness";
    if (any) {
      stream.time_told = true;
      context.diagnostics.Build(decl.name.span, TimeNotDeclared, {decl.name.text, what})
          .Help("`time FIELD` names the timestamp that it is about")
          .Emit();
    }
  }
  streams.push_back(std::move(stream));
  context.streams_used.push_back(false);
}

}  // namespace rulec::check
