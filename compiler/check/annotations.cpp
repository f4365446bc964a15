#include "compiler/check/annotations.h"

#include <charconv>
#include <limits>
#include <optional>

namespace rulec::check {
namespace {

const ast::Expr* OnlyArgument(const ast::Annotation& annotation) {
  return annotation.arguments.size() == 1 ? annotation.arguments.front().get() : nullptr;
}

std::optional<std::string> Word(const ast::Annotation& annotation) {
  const ast::Expr* argument = OnlyArgument(annotation);
  if (!argument) return std::nullopt;
  if (const auto* name = std::get_if<ast::NameExpr>(&argument->node)) return name->name.text;
  if (const auto* text = std::get_if<ast::StringLiteral>(&argument->node)) return text->value;
  return std::nullopt;
}

bool Version(const ast::Annotation& annotation, typed::Rule* rule) {
  const ast::Expr* argument = OnlyArgument(annotation);
  const auto* number = argument ? std::get_if<ast::IntLiteral>(&argument->node) : nullptr;
  if (!number) return false;
  const std::string& digits = number->digits;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), rule->version);
  if (error == std::errc() && end == digits.data() + digits.size() && rule->version >= 1) return true;
  rule->version = 1;
  return false;
}

bool OneOf(const ast::Annotation& annotation, std::initializer_list<std::string_view> words) {
  const std::optional<std::string> word = Word(annotation);
  for (const std::string_view allowed : words) {
    if (word == allowed) return true;
  }
  return false;
}

struct Known {
  std::string_view name;
  std::string_view takes;
  bool (*apply)(const ast::Annotation&, typed::Rule*);
};

constexpr Known kKnown[] = {
    {"version", "a whole number from 1 to 2147483647, as in `@version(3)`", Version},
    {"severity", "one word, as in `@severity(high)`",
     [](const ast::Annotation& annotation, typed::Rule* rule) {
       rule->severity = Word(annotation);
       return rule->severity.has_value();
     }},
    {"owner", "a name, as in `@owner(\"surveillance\")`",
     [](const ast::Annotation& annotation, typed::Rule* rule) {
       rule->owner = Word(annotation);
       return rule->owner.has_value();
     }},
    // Rules without state have no order to give up and nothing to drain.
    {"order", "`arrival`",
     [](const ast::Annotation& annotation, typed::Rule*) { return OneOf(annotation, {"arrival"}); }},
    {"on_change", "`drain` or `reset`",
     [](const ast::Annotation& annotation, typed::Rule*) { return OneOf(annotation, {"drain", "reset"}); }},
};

const Known* Find(std::string_view name) {
  for (const Known& known : kKnown) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

void TellUnknown(Context& context, const ast::Annotation& annotation) {
  std::vector<std::string> names;
  for (const Known& known : kKnown) names.emplace_back(known.name);
  std::string nearest = context.Nearest(annotation.name.text, names);
  if (!nearest.empty()) nearest = "@" + nearest;
  context.diagnostics.Build(annotation.name.span, UnknownAnnotation, {annotation.name.text})
      .Suggest("an annotation with a similar name exists", annotation.name.span, std::move(nearest))
      .Emit();
}

}  // namespace

void CheckAnnotations(Context& context, const std::vector<ast::Annotation>& annotations, typed::Rule* rule) {
  std::map<std::string, Span> seen;
  for (const ast::Annotation& annotation : annotations) {
    const Known* known = Find(annotation.name.text);
    if (!known) {
      TellUnknown(context, annotation);
      continue;
    }
    const auto [first, added] = seen.try_emplace(annotation.name.text, annotation.span);
    if (!added) {
      context.diagnostics.Build(annotation.span, DuplicateDeclaration, {"annotation", "@" + annotation.name.text})
          .Label(first->second, "first given here")
          .Emit();
    } else if (!known->apply(annotation, rule)) {
      context.diagnostics.Build(annotation.span, InvalidAnnotation, {annotation.name.text, known->takes}).Emit();
    }
  }
}

}  // namespace rulec::check
