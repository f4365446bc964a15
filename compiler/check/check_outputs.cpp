#include "compiler/check/check_outputs.h"

#include <algorithm>
#include <utility>

#include "compiler/check/check_schemas.h"
#include "compiler/check/default_value.h"
#include "compiler/check/meta_schema.h"
#include "compiler/check/operators.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

// The type that two emits of one field agree on.
std::optional<Type> Agree(const Type& a, const Type& b) {
  if (a.kind == TypeKind::Error) return b;
  if (b.kind == TypeKind::Error) return a;
  if (a.kind == TypeKind::Null) return b.OrNull();
  if (b.kind == TypeKind::Null) return a.OrNull();
  const auto is_whole = [](TypeKind kind) { return kind == TypeKind::Int || kind == TypeKind::Long; };
  const bool nullable = a.nullable || b.nullable;
  if (is_whole(a.kind) && is_whole(b.kind)) return Type{std::max(a.kind, b.kind), nullable};
  if (!SameType(a.NotNull(), b.NotNull())) return std::nullopt;
  return Type{a.kind, nullable, a.schema};
}

// The branch that is not null of a nullable type, else the type itself.
const avro::Schema& ValueSchema(const avro::Schema& schema) {
  if (schema.kind != avro::Kind::Union || schema.NullBranch() < 0 || schema.branches.size() != 2) return schema;
  return *schema.branches[schema.NullBranch() == 0 ? 1 : 0];
}

const avro::Field* FieldOf(const typed::Schema& schema, const std::string& name) {
  const avro::Schema& record = schema.document->root();
  const int index = record.FieldIndex(name);
  return index < 0 ? nullptr : &record.fields[static_cast<size_t>(index)];
}

}  // namespace

// ---- Declarations ----

void OutputTable::Declare(const ast::OutputDecl& decl, const std::string& package) {
  std::vector<typed::Output>& outputs = context_.program.outputs;
  if (const auto stream = context_.streams.find(decl.name.text); stream != context_.streams.end()) {
    TellDuplicate(context_, "stream", decl.name, context_.program.streams[stream->second].span);
    hidden_by_stream_.insert(decl.name.text);
    return;
  }
  const auto [at, added] = context_.outputs.try_emplace(decl.name.text, static_cast<uint32_t>(outputs.size()));
  if (!added) {
    TellDuplicate(context_, "output", decl.name, outputs[at->second].span);
    return;
  }
  if (decl.name.text == "errors") context_.diagnostics.Build(decl.name.span, ReservedName, {"output", "errors"}).Emit();
  const uint32_t schema = FindSchema(context_, decl.schema);
  typed::Output output{
      .name = decl.name.text, .package = package, .schema = schema, .meta = false, .span = decl.name.span};
  State state{.declared = true, .known = true};
  ReadSchema(output, state, context_.program.schemas[schema]);
  outputs.push_back(std::move(output));
  states_.push_back(state);
}

void OutputTable::ReadSchema(typed::Output& output, State& state, const typed::Schema& schema) {
  state.broken = true;
  if (!schema.document) return;
  const avro::Schema& record = schema.document->root();
  if (record.kind != avro::Kind::Record) {
    context_.diagnostics
        .Build(output.span, StreamSchemaNotRecord, {"output", output.name, schema.name, avro::Describe(record)})
        .Emit();
    return;
  }
  for (const avro::Field& field : record.fields) {
    const bool meta = field.name == "_meta";
    const std::string why = !meta                              ? WhyUnfit(field)
                            : &field == &record.fields.front() ? WhyNotMeta(*field.type)
                                                               : "`_meta` is not its first field";
    if (!why.empty()) {
      context_.diagnostics.Build(output.span, OutputSchemaUnfit, {output.name, why})
          .Label(FieldSpan(context_, schema, field), "declared here")
          .Emit();
      return;
    }
    if (meta) {
      output.meta = true;
    } else {
      output.fields.push_back({field.name, TypeOf(*field.type)});
    }
  }
  state.broken = false;
}

std::string OutputTable::WhyUnfit(const avro::Field& field) const {
  const Type type = TypeOf(*field.type);
  const avro::Logical logical = ValueSchema(*field.type).logical;
  const bool coarse = type.kind == TypeKind::Timestamp && logical != avro::Logical::TimestampMicros;
  if (type.kind != TypeKind::Error && type.kind != TypeKind::Record && !coarse) return "";
  return "field `" + field.name + "` is " + avro::Describe(*field.type);
}

// ---- Emits ----

std::optional<uint32_t> OutputTable::Find(const ast::Name& name, const std::string& package) {
  const auto found = context_.outputs.find(name.text);
  if (name.text == "errors") {
    if (found == context_.outputs.end()) {
      context_.diagnostics.Build(name.span, ReservedName, {"output", name.text})
          .Note("rule errors and records that cannot be decoded go there")
          .Emit();
    }
    return std::nullopt;
  }
  if (found != context_.outputs.end()) return found->second;
  if (const auto stream = context_.streams.find(name.text); stream != context_.streams.end()) {
    // An output of that name has been told where it is declared.
    if (!hidden_by_stream_.contains(name.text)) {
      TellDuplicate(context_, "stream", name, context_.program.streams[stream->second].span);
    }
    return std::nullopt;
  }
  if (!IsAvroName(name.text)) {
    context_.diagnostics.Build(name.span, InvalidAvroName, {"output", name.text}).Emit();
    return std::nullopt;
  }
  const auto index = static_cast<uint32_t>(context_.program.outputs.size());
  context_.outputs.emplace(name.text, index);
  context_.program.outputs.push_back({.name = name.text, .package = package, .span = name.span});
  states_.push_back({});
  return index;
}

const Type* OutputTable::Expected(uint32_t output, const std::string& name) const {
  for (const typed::OutputField& field : context_.program.outputs[output].fields) {
    if (field.name == name) return &field.type;
  }
  return nullptr;
}

void OutputTable::Place(std::vector<EmittedField> fields, typed::Emit* emit) {
  const State& state = states_[emit->output];
  if (state.declared && !state.broken) {
    PlaceDeclared(std::move(fields), emit);
  } else if (!state.known) {
    PlaceFirst(std::move(fields), emit);
  } else if (!state.declared) {
    PlaceUndeclared(std::move(fields), emit);
  }
  // An emit that does not fit still has a value for each field of the output.
  const size_t wanted = context_.program.outputs[emit->output].fields.size();
  while (emit->fields.size() > wanted) emit->fields.pop_back();
  while (emit->fields.size() < wanted) emit->fields.push_back(MakeError(emit->span));
}

// ---- Declared outputs ----

void OutputTable::PlaceDeclared(std::vector<EmittedField> fields, typed::Emit* emit) {
  const typed::Output& output = context_.program.outputs[emit->output];
  std::vector<std::string> names;
  for (const typed::OutputField& field : output.fields) names.push_back(field.name);
  for (const EmittedField& field : fields) {
    if (std::find(names.begin(), names.end(), field.name) != names.end()) continue;
    context_.diagnostics.Build(field.span, OutputFieldUnknown, {output.name, field.name})
        .Label(output.span, "written as " + SchemaPhrase(context_.program.schemas[*output.schema]))
        .Suggest("a field with a similar name exists", field.span, context_.Nearest(field.name, names))
        .Emit();
  }
  for (const typed::OutputField& field : output.fields) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.name == field.name; });
    emit->fields.push_back(found == fields.end() ? Missing(output, field, emit->span)
                                                 : Fit(output, field, std::move(found->value)));
  }
}

ExprPtr OutputTable::Missing(const typed::Output& output, const typed::OutputField& field, Span span) {
  const typed::Schema& schema = context_.program.schemas[*output.schema];
  const avro::Field& declared = *FieldOf(schema, field.name);
  if (declared.default_json) {
    std::optional<typed::Value> value = DefaultValue(*declared.default_json, field.type);
    if (value) {
      const bool is_null = value->is_null;
      return MakeConstant(span, is_null ? field.type : field.type.NotNull(), std::move(*value));
    }
  }
  context_.diagnostics.Build(span, OutputFieldMissing, {output.name, field.name})
      .Under("not emitted here")
      .Label(FieldSpan(context_, schema, declared), "declared here, without a default")
      .Emit();
  return MakeError(span);
}

ExprPtr OutputTable::Fit(const typed::Output& output, const typed::OutputField& field, ExprPtr value) {
  const Span span = value->span;
  if (value->type.kind == TypeKind::Error) return value;
  if (value->type.kind == TypeKind::Null && field.type.nullable)
    return MakeConstant(span, field.type, {.is_null = true});
  AdaptLiteral(*value, field.type);
  const Type found = value->type;
  // Microseconds are how a duration is written.
  const bool duration = found.kind == TypeKind::Duration && field.type.kind == TypeKind::Long;
  const bool widens = IsNumber(found.kind) && IsNumber(field.type.kind) && found.kind <= field.type.kind;
  const bool fits = duration || widens || SameType(found.NotNull(), field.type.NotNull());
  if (fits && (!found.nullable || field.type.nullable)) {
    return widens ? Widen(context_, std::move(value), field.type.kind) : std::move(value);
  }
  const typed::Schema& schema = context_.program.schemas[*output.schema];
  Diagnostics::Builder builder = context_.diagnostics.Build(
      span, OutputFieldType, {field.name, output.name, TypePhrase(field.type), TypePhrase(found)});
  std::move(builder).Label(FieldSpan(context_, schema, *FieldOf(schema, field.name)), "declared here");
  if (fits) std::move(builder).Help("`" + context_.Quote(span) + " ?? …` gives it a value where it is null");
  std::move(builder).Emit();
  return MakeError(span);
}

// ---- Undeclared outputs ----

void OutputTable::PlaceFirst(std::vector<EmittedField> fields, typed::Emit* emit) {
  State& state = states_[emit->output];
  state.known = true;
  state.first_emit = emit->span;
  for (EmittedField& field : fields) {
    context_.program.outputs[emit->output].fields.push_back({field.name, field.value->type});
    emit->fields.push_back(std::move(field.value));
  }
}

void OutputTable::PlaceUndeclared(std::vector<EmittedField> fields, typed::Emit* emit) {
  typed::Output& output = context_.program.outputs[emit->output];
  const State& state = states_[emit->output];
  bool agrees = true;
  for (size_t i = 0; i < fields.size() && agrees; ++i) {
    if (i >= output.fields.size()) {
      agrees = TellDisagreement(state, output, fields[i].span, "field `" + fields[i].name + "` is not there");
      continue;
    }
    typed::OutputField& field = output.fields[i];
    if (field.name != fields[i].name) {
      agrees = TellDisagreement(state, output, fields[i].span, "field `" + field.name + "` stands in this place there");
      continue;
    }
    const std::optional<Type> type = Agree(field.type, fields[i].value->type);
    if (type) {
      field.type = *type;
    } else {
      agrees = TellDisagreement(state, output, fields[i].value->span,
                                "`" + field.name + "` is " + TypePhrase(field.type) + " there and " +
                                    TypePhrase(fields[i].value->type) + " here");
    }
  }
  if (agrees && fields.size() < output.fields.size()) {
    TellDisagreement(state, output, emit->span, "field `" + output.fields[fields.size()].name + "` is missing");
  }
  for (EmittedField& field : fields) emit->fields.push_back(std::move(field.value));
}

// Returns false.
bool OutputTable::TellDisagreement(const State& state, const typed::Output& output, Span at, const std::string& what) {
  context_.diagnostics.Build(at, OutputsDisagree, {output.name, what})
      .Label(state.first_emit, "the other")
      .Help("`output " + output.name + " : T` gives it a schema, and fields with defaults may then be left out")
      .Emit();
  return false;
}

void OutputTable::Finish() {
  for (typed::Rule& rule : context_.program.rules) {
    for (typed::Emit& emit : rule.emits) {
      typed::Output& output = context_.program.outputs[emit.output];
      if (states_[emit.output].declared) continue;
      for (size_t i = 0; i < emit.fields.size(); ++i) {
        ExprPtr& value = emit.fields[i];
        Type& type = output.fields[i].type;
        if (type.kind == TypeKind::Null) {
          context_.diagnostics.Build(value->span, UntypedNull)
              .Help("`output " + output.name + " : T` gives the field a type")
              .Emit();
          type = {};
        }
        if (value->type.kind == TypeKind::Null) value->type = type;
        if (type.kind == TypeKind::Long && value->type.kind == TypeKind::Int) {
          value = Widen(context_, std::move(value), TypeKind::Long);
        }
      }
    }
  }
}

}  // namespace rulec::check
