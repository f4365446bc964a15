// Settles by what stands around a token what the grammar could only tell by looking further: see the `tokens` of
// RuleLexer.g4.
#pragma once

#include "compiler/parse/pieces.h"

namespace rulec {

// Retypes the tokens of the piece, and puts the empty tokens in that stand for line ends.
void SettleContext(std::string_view text, Piece* piece);

}  // namespace rulec
