// Diagnostics as data. A kind is registered once, in diagnostics.def; it is worded there and raised with its arguments:
//
//   emitter.Build(name_span, FieldNotInSchema, {stream, schema, field})
//       .Label(declared_at, "`bank.Payment`, versions 2 to 7")
//       .Suggest("a field with a similar name exists", name_span, nearest)
//       .Emit();
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.h"

namespace rulec {

enum class Severity : uint8_t { Note, Warning, Error };

// One row of diagnostics.def: RULEC_DIAGNOSTIC(FieldNotInSchema, R0201, Error, "stream `{0}` has no field `{1}`")
struct DiagnosticKind {
  std::string_view name;  // "FieldNotInSchema"
  std::string_view code;  // "R0201"
  Severity severity;
  std::string_view format;  // {0}, {1}, … are the arguments
};

#define RULEC_DIAGNOSTIC(name, code, severity, format) extern const DiagnosticKind name;
#include "compiler/diagnostics/diagnostics.def"
#undef RULEC_DIAGNOSTIC

struct Label {
  Span span;
  std::string text;  // may be empty: only underlined
};

// Replace the text of `span` by `replacement`.
struct SuggestedEdit {
  std::string message;  // "a field with a similar name exists"
  Span span;
  std::string replacement;  // empty: the text goes
  // What is meant is beyond doubt, so that `rulec fix` may do it. A near name is a guess and is not.
  bool certain = false;
};

struct Diagnostic {
  const DiagnosticKind* kind = nullptr;
  std::vector<std::string> arguments;
  std::string message;  // the format, filled in
  Label primary;
  std::vector<Label> labels;  // secondary
  std::vector<std::string> notes;
  std::vector<std::string> helps;  // without an edit
  std::vector<SuggestedEdit> edits;
};

// Collects diagnostics in the order raised. Not thread-safe.
class Diagnostics {
 public:
  class Builder {
   public:
    Builder(Diagnostics* owner, Diagnostic diagnostic) : owner_(owner), diagnostic_(std::move(diagnostic)) {}
    // The words under the primary span's carets.
    Builder&& Under(std::string text) &&;
    Builder&& Label(Span span, std::string text) &&;
    Builder&& Note(std::string text) &&;
    Builder&& Help(std::string text) &&;
    // Does nothing if `replacement` is empty, so a search for a near name can be handed in as it is.
    Builder&& Suggest(std::string message, Span span, std::string replacement) &&;
    // A suggestion that `rulec fix` applies; an empty `replacement` takes the text away.
    Builder&& Fix(std::string message, Span span, std::string replacement) &&;
    void Emit() &&;

   private:
    Diagnostics* owner_;
    Diagnostic diagnostic_;
  };

  Builder Build(Span primary, const DiagnosticKind& kind, std::initializer_list<std::string_view> arguments = {});
  // For a diagnostic built elsewhere, as when a phase sorts its own before it hands them on.
  void Add(Diagnostic diagnostic);
  const std::vector<Diagnostic>& all() const { return all_; }
  bool has_errors() const { return errors_ > 0; }
  size_t errors() const { return errors_; }

 private:
  friend class Builder;
  std::vector<Diagnostic> all_;
  size_t errors_ = 0;
};

// Every registered kind, by code.
const std::vector<const DiagnosticKind*>& AllDiagnosticKinds();

// The nearest of `candidates` to `word` by edit distance (transpositions count one), or "" if none is near enough.
std::string NearestName(std::string_view word, const std::vector<std::string>& candidates);

// As in the manual's example: header, arrow, source lines with carets, helps, notes. `color` adds ANSI escapes.
std::string RenderText(const SourceSet& sources, const Diagnostic& diagnostic, bool color);
// One JSON object, without a line end.
std::string RenderJson(const SourceSet& sources, const Diagnostic& diagnostic);

}  // namespace rulec
