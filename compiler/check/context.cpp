#include "compiler/check/context.h"

#include <algorithm>

namespace rulec::check {
namespace {

constexpr size_t kMaxSuggestions = 100;
constexpr size_t kMaxCandidates = 10'000;
constexpr size_t kMaxQuote = 80;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string Context::Quote(Span span) const {
  std::string text;
  for (const char c : sources.Text(span)) {
    if (IsSpace(c)) {
      if (!text.empty() && text.back() != ' ') text += ' ';
      continue;
    }
    // Cut in front of a character, never within one.
    if (text.size() >= kMaxQuote && (static_cast<unsigned char>(c) & 0xC0) != 0x80) return text + "…";
    text += c;
  }
  return text;
}

std::string Context::Nearest(std::string_view word, const std::vector<std::string>& candidates) const {
  if (diagnostics.all().size() > kMaxSuggestions || candidates.size() > kMaxCandidates) return "";
  return NearestName(word, candidates);
}

Span FieldSpan(const Context& context, FileId file_id, const avro::Field& field) {
  const SourceFile& file = context.sources.file(file_id);
  if (field.line == 0 || field.line > file.line_count()) return {file_id, 0, 0};
  const std::string_view line = file.Line(field.line);
  const auto start = static_cast<uint32_t>(line.data() - file.text().data());
  const size_t at = line.find("\"" + field.name + "\"");
  if (at == std::string_view::npos) return {file_id, start, start + static_cast<uint32_t>(line.size())};
  const uint32_t begin = start + static_cast<uint32_t>(at) + 1;
  return {file_id, begin, begin + static_cast<uint32_t>(field.name.size())};
}

std::optional<Span> DeclarationOf(const Context& context, const typed::Expr& expr) {
  const auto* read = std::get_if<typed::FieldRef>(&expr.node);
  if (!read || !context.row_schema || !context.row_schema->document) return std::nullopt;
  const avro::Schema* at = &context.row_schema->document->root();
  const avro::Field* field = nullptr;
  for (std::string_view left = read->path; !left.empty();) {
    const std::string_view name = left.substr(0, left.find('.'));
    left.remove_prefix(std::min(left.size(), name.size() + 1));
    const auto is_record = [](const avro::Schema* branch) { return branch->kind == avro::Kind::Record; };
    if (at->kind == avro::Kind::Union) {
      const auto record = std::find_if(at->branches.begin(), at->branches.end(), is_record);
      if (record != at->branches.end()) at = *record;
    }
    const int index = at->kind == avro::Kind::Record ? at->FieldIndex(name) : -1;
    if (index < 0) return std::nullopt;
    field = &at->fields[static_cast<size_t>(index)];
    at = field->type;
  }
  if (!field) return std::nullopt;
  return FieldSpan(context, *context.row_schema, *field);
}

std::string Enumerate(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + std::string(last) + " " : ", ";
    text += words[i];
  }
  return text;
}

std::string SchemaPhrase(const typed::Schema& schema) {
  const std::string name = "`" + schema.full_name + "`, ";
  if (schema.accepted.empty()) return "`" + schema.full_name + "`";
  if (schema.accepted.size() < 2) return name + "version " + std::to_string(schema.version);
  return name + "versions " + std::to_string(schema.accepted.front().version) + " to " +
         std::to_string(schema.accepted.back().version);
}

bool IsAvroName(std::string_view name) {
  if (name.empty() || !IsLetter(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return IsLetter(c) || IsDigit(c); });
}

void TellAmbiguous(Context& context, const ast::Name& name, Span one) {
  context.diagnostics.Build(name.span, NameAmbiguous, {name.text})
      .Label(one, "one of them")
      .Help("the package before it says which is meant: `package." + name.text + "`")
      .Emit();
}

}  // namespace rulec::check
