// What the functions of one encoder share: the functions that write lists, maps, records and unions, each made once.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "avro/schema.h"
#include "compiler/lower/function_builder.h"

namespace rulec::lower {

// Such a function is {ptr, i32} (ptr at, ptr limit, ptr from, i64 row): the byte behind what was written, or {null, 0}
// if it does not fit before `limit`, or {null, RULERT_DECODE_*} if the schema cannot hold the value. `from` is the
// cell, or what the function says. What lies between that byte and `limit` may be overwritten.
class EncodeUnit {
 public:
  EncodeUnit(llvm::Module& module, ModuleState& state) : module_(module), state_(state) {}
  EncodeUnit(const EncodeUnit&) = delete;
  EncodeUnit& operator=(const EncodeUnit&) = delete;

  ModuleState& state() { return state_; }
  // Writes the cell of a list, map, record or union; neither is null.
  llvm::Function* WriteFunction(const avro::Schema& type, const rulert::ColumnSpec& column);
  llvm::Function* Declare(const char* name);
  void Later(std::function<void()> make) { bodies_.push_back(std::move(make)); }
  // Makes the bodies of the functions that were asked for, and of those that these ask for.
  void Finish();

 private:
  llvm::Module& module_;
  ModuleState& state_;
  std::map<std::pair<const avro::Schema*, const rulert::ColumnSpec*>, llvm::Function*> writers_;
  std::vector<std::function<void()>> bodies_;
};

}  // namespace rulec::lower
