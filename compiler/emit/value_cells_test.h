// Values in cells and back, for tests of generated code: written from abi.h, apart from lower/.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "compiler/typed/typed.h"
#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"
#include "stdlib/cells.h"

namespace rulec {

// Owns what cells point to. Never gives memory back before it is destroyed.
class ValueCells {
 public:
  ValueCells();
  // The cell of a value that is not null; of a null one zeros.
  void Write(const Type& type, const typed::Value& value, void* cell);
  static typed::Value Read(const Type& type, const void* cell, bool valid);
  void* Allocate(uint64_t bytes);
  const rulert_host* host() const { return &host_; }
  // The host's `allocate` fails when so many bytes are taken.
  void set_most_bytes(uint64_t bytes) { left_ = bytes; }

 private:
  void WriteItems(const Type& element, const std::vector<typed::Value>& items, uint8_t* to);
  uint64_t left_ = uint64_t{1} << 40;
  std::deque<std::unique_ptr<uint64_t[]>> memory_;
  rulert_host host_{};
};

// The value of a param that is not prepared.
typed::Value ValueOfParam(const Type& type, const rulert::ParamSpec& param);
// What a prepared one is made into; owned by the result.
std::shared_ptr<const void> PrepareParam(const rulert::ParamSpec& param);
// stdlib/cells.h
std::vector<RuleCellType> DescribeCells(const rulert::ColumnSpec& column);
// "null", "[1, null]", "map(\"a\": 1)": equal for equal values, NaN included, -0.0 apart from 0.0.
std::string ShowValue(const Type& type, const typed::Value& value);

}  // namespace rulec
