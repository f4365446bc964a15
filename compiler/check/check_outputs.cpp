#include "compiler/check/check_outputs.h"

#include <algorithm>
#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/check_schemas.h"
#include "compiler/check/default_value.h"
#include "compiler/check/meta_schema.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

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
  const uint32_t schema = FindSchema(context_, decl.schema, package);
  typed::Output output{
      .name = decl.name.text, .package = package, .schema = schema, .meta = false, .span = decl.name.span};
  State state{.declared = true, .known = true};
  ReadSchema(output, state, context_.program.schemas[schema]);
  outputs.push_back(std::move(output));
  states_.push_back(std::move(state));
}

void OutputTable::DeclareDerive(const ast::Name& name, const std::string& package) {
  std::vector<typed::Output>& outputs = context_.program.outputs;
  if (const auto stream = context_.streams.find(name.text); stream != context_.streams.end()) {
    TellDuplicate(context_, "stream", name, context_.program.streams[stream->second].span);
    return;
  }
  const auto [at, added] = context_.outputs.try_emplace(name.text, static_cast<uint32_t>(outputs.size()));
  if (!added) {
    TellDuplicate(context_, "derive", name, outputs[at->second].span);
    return;
  }
  if (!IsAvroName(name.text)) {
    context_.diagnostics.Build(name.span, InvalidAvroName, {"derive", name.text}).Emit();
  }
  outputs.push_back({.name = name.text, .package = package, .meta = false, .internal = true, .span = name.span});
  states_.push_back({});
}

std::optional<uint32_t> OutputTable::OfDerive(const ast::Name& name) const {
  const auto found = context_.outputs.find(name.text);
  if (found == context_.outputs.end()) return std::nullopt;
  const typed::Output& output = context_.program.outputs[found->second];
  const bool same = output.internal && output.span.file == name.span.file && output.span.begin == name.span.begin;
  return same ? std::optional(found->second) : std::nullopt;
}

bool OutputTable::MakeStream(const ast::Name& name) {
  const auto found = context_.outputs.find(name.text);
  if (found == context_.outputs.end()) return false;
  states_[found->second].read = true;
  std::vector<typed::Stream>& streams = context_.program.streams;
  const typed::Output& output = context_.program.outputs[found->second];
  if (!context_.streams.try_emplace(name.text, static_cast<uint32_t>(streams.size())).second) return true;
  streams.push_back({.name = name.text, .output = found->second, .span = output.span, .schema_span = output.span});
  context_.streams_used.push_back(true);
  return true;
}

Type OutputTable::RowOf(uint32_t output) const {
  const State& state = states_[output];
  if (state.broken || state.damaged || !state.known) return {};
  std::vector<std::string> names;
  std::vector<Type> types;
  for (const typed::OutputField& field : context_.program.outputs[output].fields) {
    names.push_back(field.name);
    types.push_back(field.type);
  }
  return RecordOf(std::move(names), std::move(types));
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

// What rules cannot hold they cannot give either.
std::string OutputTable::WhyUnfit(const avro::Field& field) {
  const Type type = TypeOf(*field.type);
  if (type.kind != TypeKind::Error && TypeNodes(type) <= kMaxTypeNodes) return "";
  if (type.kind == TypeKind::Error) return "field `" + field.name + "` is " + avro::Describe(*field.type);
  return "field `" + field.name + "` contains itself, or is too large";
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
  if (found != context_.outputs.end()) {
    const typed::Output& output = context_.program.outputs[found->second];
    if (output.internal) {
      context_.diagnostics.Build(name.span, EmitToDerive, {name.text, "a derive, which alone gives rows to its stream"})
          .Label(output.span, "made here")
          .Emit();
      return std::nullopt;
    }
    if (states_[found->second].declared) context_.Use(name.span, output.span);
    return found->second;
  }
  if (const auto stream = context_.streams.find(name.text); stream != context_.streams.end()) {
    // An output of that name has been told where it is declared.
    if (!hidden_by_stream_.contains(name.text)) {
      context_.diagnostics.Build(name.span, EmitToDerive, {name.text, "an input, to which no rule emits"})
          .Label(context_.program.streams[stream->second].span, "declared here")
          .Emit();
    }
    return std::nullopt;
  }
  if (!IsAvroName(name.text)) {
    context_.diagnostics.Build(name.span, InvalidAvroName, {"output", name.text}).Emit();
    return std::nullopt;
  }
  WarnOfSimilar(name);
  const auto index = static_cast<uint32_t>(context_.program.outputs.size());
  context_.outputs.emplace(name.text, index);
  context_.program.outputs.push_back({.name = name.text, .package = package, .span = name.span});
  states_.push_back({});
  return index;
}

// Nobody declares `alert` beside `alerts`.
void OutputTable::WarnOfSimilar(const ast::Name& name) {
  std::vector<std::string> declared;
  for (size_t i = 0; i < states_.size(); ++i) {
    if (states_[i].declared) declared.push_back(context_.program.outputs[i].name);
  }
  const std::string nearest = declared.empty() ? "" : context_.Nearest(name.text, declared);
  if (nearest.empty()) return;
  context_.diagnostics.Build(name.span, SimilarOutput, {name.text, nearest})
      .Suggest("the declared output", name.span, nearest)
      .Emit();
}

std::optional<Type> OutputTable::Expected(uint32_t output, const std::string& name) const {
  for (const typed::OutputField& field : context_.program.outputs[output].fields) {
    if (field.name == name && field.type.kind != TypeKind::Null) return field.type;
  }
  return std::nullopt;
}

void OutputTable::Place(std::vector<EmittedField> fields, bool whole, typed::Emit* emit) {
  State& state = states_[emit->output];
  if (state.declared && !state.broken) {
    PlaceDeclared(std::move(fields), whole, emit);
  } else if (!whole) {
    state.damaged = true;
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

void OutputTable::PlaceDeclared(std::vector<EmittedField> fields, bool whole, typed::Emit* emit) {
  const typed::Output& output = context_.program.outputs[emit->output];
  std::vector<std::string> names;
  for (const typed::OutputField& field : output.fields) names.push_back(field.name);
  std::set<std::string> meant;  // by names that are nearly theirs
  for (const EmittedField& field : fields) {
    if (field.guessed || std::find(names.begin(), names.end(), field.name) != names.end()) continue;
    const std::string nearest = context_.Nearest(field.name, names);
    meant.insert(nearest);
    context_.diagnostics.Build(field.span, OutputFieldUnknown, {output.name, field.name})
        .Label(output.span, "written as " + SchemaPhrase(context_.program.schemas[*output.schema]))
        .Suggest("a field with a similar name exists", field.span, nearest)
        .Emit();
  }
  for (const typed::OutputField& field : output.fields) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.name == field.name; });
    if (found != fields.end()) {
      emit->fields.push_back(Fit(output, field, std::move(found->value)));
    } else {
      const bool told = !whole || meant.contains(field.name);
      emit->fields.push_back(told ? MakeError(emit->span) : Missing(output, field, emit->span));
    }
  }
}

ExprPtr OutputTable::Missing(const typed::Output& output, const typed::OutputField& field, Span span) {
  const typed::Schema& schema = context_.program.schemas[*output.schema];
  const avro::Field& declared = *FieldOf(schema, field.name);
  if (std::optional<typed::Value> value = DefaultValue(declared)) {
    const bool is_null = value->is_null;
    return MakeConstant(span, is_null ? field.type : field.type.NotNull(), std::move(*value));
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
  AdaptLiteral(*value, field.type);
  const Type found = value->type;
  // Microseconds are how a duration is written.
  const bool duration = found.kind == TypeKind::Duration && field.type.kind == TypeKind::Long;
  const bool null = found.kind == TypeKind::Null;
  const bool fits = duration || (null ? field.type.nullable : Converts(*value, field.type));
  if (fits && (!found.nullable || field.type.nullable)) {
    return duration ? std::move(value) : Convert(context_, std::move(value), field.type);
  }
  const typed::Schema& schema = context_.program.schemas[*output.schema];
  Diagnostics::Builder builder = context_.diagnostics.Build(
      span, OutputFieldType, {field.name, output.name, TypePhrase(field.type), TypePhrase(found)});
  std::move(builder).Label(FieldSpan(context_, schema, *FieldOf(schema, field.name)), "declared here");
  if (fits && !null) std::move(builder).Help("`" + context_.Quote(span) + " ?? …` gives it a value where it is null");
  if (!fits && found.kind == TypeKind::Decimal && field.type.kind == TypeKind::Decimal) {
    std::move(builder).Help("`decimal(…, " + std::to_string(field.type.precision) + ", " +
                            std::to_string(field.type.scale) + ")` rounds it");
  }
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
  State& state = states_[emit->output];
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
    const std::optional<Type> type = CommonType(field.type, fields[i].value->type);
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
bool OutputTable::TellDisagreement(State& state, const typed::Output& output, Span at, const std::string& what) {
  if (std::exchange(state.disagreement_told, true)) return false;
  context_.diagnostics.Build(at, OutputsDisagree, {output.name, what})
      .Label(state.first_emit, "the other")
      .Help("`output " + output.name + " : T` gives it a schema, and fields with defaults may then be left out")
      .Emit();
  return false;
}

void OutputTable::Register(uint32_t rule) {
  const std::vector<typed::Emit>& emits = context_.program.rules[rule].emits;
  for (uint32_t i = 0; i < emits.size(); ++i) states_[emits[i].output].uses.push_back({rule, i});
}

void OutputTable::Settle(uint32_t index) {
  State& state = states_[index];
  typed::Output& output = context_.program.outputs[index];
  if (state.declared || std::exchange(state.settled, true)) return;
  for (const State::Use& use : state.uses) {
    typed::Rule& rule = context_.program.rules[use.rule];
    std::vector<ExprPtr>& fields = rule.emits[use.emit].fields;
    context_.variables = &rule.variables;
    for (size_t i = 0; i < fields.size(); ++i) {
      Type& type = output.fields[i].type;
      if (type.kind == TypeKind::Null) {
        context_.diagnostics.Build(fields[i]->span, UntypedNull)
            .Help("`output " + output.name + " : T` gives the field a type")
            .Emit();
        type = {};
      }
      const Span span = fields[i]->span;
      if (ExprPtr value = Convert(context_, std::move(fields[i]), type)) {
        fields[i] = std::move(value);
      } else {
        fields[i] = MakeError(span);  // it disagrees, which was told
      }
    }
    context_.variables = nullptr;
  }
}

void OutputTable::Finish() {
  for (uint32_t i = 0; i < states_.size(); ++i) Settle(i);
}

void OutputTable::WarnOfUnused() {
  for (size_t i = 0; i < states_.size(); ++i) {
    const typed::Output& output = context_.program.outputs[i];
    if (output.name.starts_with('_')) continue;
    if (output.internal && !states_[i].read) {
      context_.diagnostics.Build(output.span, UnusedDeclaration, {"derive", output.name, "no rule reads it"}).Emit();
    } else if (states_[i].declared && states_[i].uses.empty() && context_.files_with_rules.contains(output.span.file)) {
      context_.diagnostics.Build(output.span, UnusedDeclaration, {"output", output.name, "no rule emits to it"}).Emit();
    }
  }
}

}  // namespace rulec::check
