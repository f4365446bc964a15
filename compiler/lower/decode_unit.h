// What the functions of one decoder or scan share: how the writer's schema resolves, and the functions that step over
// or read parts of a record, each made once.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "avro/resolution.h"
#include "compiler/lower/function_builder.h"
#include "compiler/lower/type_shapes.h"

namespace rulec::lower {

// Such a function is {ptr, i32} (ptr call, ptr cursor, ptr end, i32 number, ptr out): the byte behind what was read, or
// {null, RULERT_DECODE_*}. `call` is the rulert_decode, `number` the levels of nesting entered before (or what the
// function says), `out` where the cell is put. The cursor given and the one returned are not behind `end`.
class DecodeUnit {
 public:
  DecodeUnit(llvm::Module& module, ModuleState& state, const avro::Resolution& resolution);
  DecodeUnit(const DecodeUnit&) = delete;
  DecodeUnit& operator=(const DecodeUnit&) = delete;

  ModuleState& state() { return state_; }
  const avro::Resolution& resolution() const { return resolution_; }
  const TypeShape& shape(const avro::Schema& type) const { return shapes_.Of(type); }
  // Would making the code take longer than anyone waits for it? Some seconds at the worst.
  bool too_large() const { return shapes_.total() > kMostReads; }

  // Steps over a value.
  llvm::Function* SkipFunction(const avro::Schema& type);
  // Steps over the fields [first, last) of a record. The code of an error has the field's distance from `first` above
  // its lowest eight bits.
  llvm::Function* SkipFieldsFunction(const avro::Schema& record, size_t first, size_t last);
  // Reads a list, map or record.
  llvm::Function* ReadFunction(avro::ActionId action, const rulert::ColumnSpec& column);
  // Reads the writer's fields [first, last) of a record into its memory, at `out`.
  llvm::Function* ReadFieldsFunction(avro::ActionId action, const rulert::ColumnSpec& column, size_t first,
                                     size_t last);
  // A function with this signature.
  llvm::Function* Declare(const char* name);

  // Makes the bodies of the functions that were asked for, and of those that these ask for.
  void Finish();

  // Why there can be no such decoder; the first reason counts. "" if there can.
  const std::string& problem() const { return problem_; }
  void Refuse(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

 private:
  static constexpr uint64_t kMostReads = 5'000;
  void Later(std::function<void()> make) { bodies_.push_back(std::move(make)); }

  llvm::Module& module_;
  ModuleState& state_;
  const avro::Resolution& resolution_;
  const TypeShapes shapes_;
  std::map<const avro::Schema*, llvm::Function*> skips_;
  std::map<avro::ActionId, llvm::Function*> readers_;
  std::vector<std::function<void()>> bodies_;
  std::string problem_;
};

}  // namespace rulec::lower
