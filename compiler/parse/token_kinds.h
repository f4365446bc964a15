// What can be said of a token by its type alone.
#pragma once

#include <cstdint>
#include <string_view>

namespace rulec {

bool IsReservedWord(uint16_t type);
bool IsReservedText(std::string_view word);
// Any word of letters, reserved or not; not what stands in backticks.
bool IsWord(uint16_t type);
// A name: any word that is not reserved, or backticks.
bool IsName(uint16_t type);
bool IsDeclarationWord(uint16_t type);
// Is `word` one that expressions and clauses are made of, reserved or not?
bool IsWordOfRules(std::string_view word);
// An expression may end with it.
bool EndsOperand(uint16_t type);
// An expression may begin with it.
bool BeginsOperand(uint16_t type);

}  // namespace rulec
