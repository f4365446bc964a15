// Cells of any type (abi.h), by a description of the type: what generated code calls for lists, maps, records and
// unions.
//
//   rule_cells_equal     `==`: null equals null, NaN nothing, maps by their entries whatever the order, -0.0 equals 0.0
//   rule_cells_concat    the items of both lists
//   rule_cells_slice     [from, to), cut to the list
//   rule_cells_reverse   the last item first
//   rule_cells_distinct  the first of equal items; NaN equals itself
//   rule_cells_sort      rising, stable, NaN behind numbers, null last
//   rule_cells_flatten   the items of the lists, which may be null; `list` describes the inner list
//   rule_cells_values    the values of a map's entries, in the order of their keys, one for each key
//   rule_cells_map       the map with each key once: of equal keys the last one
//   rule_symbol_name     names[symbol]
//   rule_text_slice      the code points [from, to), cut to the text
//
// `element` describes one item, its nullability included. Results are new lists in the batch's memory, and
// Cause::Memory where there is none.
#pragma once

#include <cstdint>

// A type and what it is made of, parents before children: an array of `nodes` of the first one.
struct RuleCellType {
  uint8_t kind;  // rulert::ColumnKind
  uint8_t nullable;
  uint8_t precision;
  uint8_t scale;
  uint32_t children;  // of this node; the first stands behind it, each next one behind the nodes of the one before
  uint32_t nodes;     // of this node and all below it
};

namespace rulelib {

// As the functions of generated code compare them. Below, equal to or above 0; a total order over all values of a type:
// NaN equals NaN and is the greatest number, null comes behind everything. `*nan` is set if two NaN were met.
int CompareCells(const RuleCellType* type, const void* a, const void* b, bool* nan);

}  // namespace rulelib
