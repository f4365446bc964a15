#include "compiler/check/check_schemas.h"

#include <algorithm>
#include <utility>

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
    Load();
  }

 private:
  void TellNotFound() {
    const std::string_view written = context_.sources.Text(decl_.full_name_span);
    std::string nearest = context_.Nearest(decl_.full_name, context_.store.Names());
    if (!nearest.empty() && written.starts_with('"')) nearest = "\"" + nearest + "\"";
    std::string folders;
    for (const std::string& folder : context_.store.folders())
      folders += (folders.empty() ? "`" : ", `") + folder + "`";
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

  void Load() {
    const LoadedSchema& loaded = context_.store.Load(decl_.full_name, schema_->version, context_.sources);
    const std::string version = std::to_string(schema_->version);
    if (!loaded.readable) {
      context_.diagnostics
          .Build(decl_.full_name_span, SchemaFileUnreadable, {decl_.full_name, version, loaded.error.message})
          .Note("the file is `" + loaded.path + "`")
          .Emit();
      return;
    }
    schema_->file = loaded.file;
    if (!loaded.document) return TellInvalid(loaded, version);
    const std::string& name = loaded.document->root().name;
    if (!name.empty() && name != decl_.full_name) {
      context_.diagnostics.Build(decl_.full_name_span, SchemaNameDiffers, {decl_.full_name, name})
          .Note("the file is `" + loaded.path + "`")
          .Emit();
      return;
    }
    schema_->document = loaded.document;
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

void CheckSchemaDecl(Context& context, const ast::SchemaDecl& decl) {
  std::vector<typed::Schema>& schemas = context.program.schemas;
  const auto [at, added] = context.schemas.try_emplace(decl.name.text, static_cast<uint32_t>(schemas.size()));
  if (!added) {
    TellDuplicate(context, "schema", decl.name, schemas[at->second].span);
    return;
  }
  typed::Schema schema{.name = decl.name.text, .full_name = decl.full_name, .span = decl.name.span};
  SchemaDeclChecker(context, decl, &schema).Check();
  schemas.push_back(std::move(schema));
}

uint32_t FindSchema(Context& context, const ast::Name& name) {
  std::vector<typed::Schema>& schemas = context.program.schemas;
  const auto [at, added] = context.schemas.try_emplace(name.text, static_cast<uint32_t>(schemas.size()));
  if (!added) return at->second;
  std::vector<std::string> names = KeysOf(context.schemas);
  std::erase(names, name.text);
  context.diagnostics.Build(name.span, UnknownSchema, {name.text})
      .Suggest("a schema with a similar name is declared", name.span, context.Nearest(name.text, names))
      .Help("`schema " + name.text + " = avro \"full.Name\"` declares it")
      .Emit();
  schemas.push_back({.name = name.text, .span = name.span});
  return at->second;
}

void CheckStreamDecl(Context& context, const ast::StreamDecl& decl) {
  std::vector<typed::Stream>& streams = context.program.streams;
  const auto [at, added] = context.streams.try_emplace(decl.name.text, static_cast<uint32_t>(streams.size()));
  if (!added) {
    TellDuplicate(context, "stream", decl.name, streams[at->second].span);
    return;
  }
  typed::Stream stream{.name = decl.name.text,
                       .schema = FindSchema(context, decl.schema),
                       .watermark_us = decl.watermark ? decl.watermark->microseconds : 0,
                       .idle_us = decl.idle ? std::optional(decl.idle->microseconds) : std::nullopt,
                       .lateness_us = decl.lateness ? std::optional(decl.lateness->microseconds) : std::nullopt,
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
}

}  // namespace rulec::check
