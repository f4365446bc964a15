// What is written in other languages, and how rules write it: the help of a message about a token that does not fit.
#pragma once

#include <optional>

#include "compiler/parse/pieces.h"

namespace rulec {

// What could stand at a place of the text.
enum class Place : uint8_t { Declaration, Clause, Step, Operand, Field, AfterOperand, Name, Other };

struct Habit {
  std::string help;
  // The edit that `help` names; none if the span is empty.
  Span span;
  std::string replacement;
};

// `at` does not fit, `before` is the token in front of it, neither of them made; `before` is `at` if there is none.
std::optional<Habit> FindHabit(const Piece& piece, std::string_view text, FileId file, size_t at, size_t before,
                               Place place);

// `name = value` where a field is named: of an `emit`, or of a `record`. `sign` is the `=`.
bool NamesField(const Piece& piece, std::string_view text, size_t sign);

}  // namespace rulec
