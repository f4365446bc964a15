// What a value looks like in JSON, which tells the branches of a union apart where it can.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/record/cell_type.h"

namespace rulert {

enum JsonShape : uint8_t {
  kJsonBool = 1,
  kJsonWhole = 2,       // a number without point and exponent
  kJsonFraction = 4,    // one with
  kJsonText = 8,        // any text but
  kJsonNotFinite = 16,  // "NaN", "Infinity", "-Infinity"
  kJsonArray = 32,
  kJsonObject = 64
};

inline JsonShape ShapeOfText(std::string_view text) {
  return text == "NaN" || text == "Infinity" || text == "-Infinity" ? kJsonNotFinite : kJsonText;
}

// The shapes in which values of a type are written (of JsonShape, added up).
uint8_t WrittenShapes(const CellType& type);
// Further ones in which they can be read.
uint8_t ReadableShapes(const CellType& type);

// Must objects of a union be written as Avro's JSON encoding has it, `{"shop.Card": {}}`? So it is where several
// branches are objects, where one is a map, and where one has a field of a branch's name.
bool ObjectsNeedTag(const CellType& union_type);

// Which branch a value that is written bare belongs to: the only one that is written so, else the only one that can be
// read so; kNone if there is none, kAmbiguous if there are several. A value whose own branch this is not is written
// with its branch's name.
inline constexpr int32_t kAmbiguous = -2;
int32_t BranchOfShape(const CellType& union_type, uint8_t shape);

}  // namespace rulert
