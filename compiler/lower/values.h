// Values of rules in registers, and columns in memory.
#pragma once

#include "compiler/lower/function_builder.h"

namespace rulec::lower {

// What IsTwoWords is the two words of its cell as they stand in memory: of a string, `value` has the length below and
// the first four bytes above, `high` the next eight bytes or the pointer; of a list or map, length and items; of a
// union, branch and content. A decimal is one i128, a record a pointer. In vector code every member is a vector of
// lanes.
struct Value {
  llvm::Value* value = nullptr;
  llvm::Value* high = nullptr;   // of two words only
  llvm::Value* valid = nullptr;  // i1; nullptr: never null
};

// Strings, bytes, uuids, lists, maps and unions.
bool IsTwoWords(rulert::ColumnKind kind);

// Pointers of one column, loaded once before the loop.
struct ColumnPointers {
  rulert::ColumnSpec spec;
  llvm::Value* values = nullptr;
  llvm::Value* valid = nullptr;  // if spec.nullable
};

// `columns` points to an array of rulert_column.
ColumnPointers LoadColumnPointers(FunctionBuilder& f, llvm::Value* columns, uint32_t index,
                                  const rulert::ColumnSpec& spec);

Value LoadColumn(FunctionBuilder& f, const ColumnPointers& column, llvm::Value* row);
// Groups of `lanes` rows beginning at `first_row`, a multiple of `lanes`; not for what is two words.
Value LoadColumnLanes(FunctionBuilder& f, const ColumnPointers& column, llvm::Value* first_row, unsigned lanes);
// A null row gets the zero of its type.
void StoreColumn(FunctionBuilder& f, const ColumnPointers& column, llvm::Value* row, const Value& value);

Value ZeroOf(FunctionBuilder& f, const rulert::ColumnSpec& spec);
// phi of two values of one type; the builder stands at the join of the two blocks.
Value Merge(FunctionBuilder& f, const Value& a, llvm::BasicBlock* from_a, const Value& b, llvm::BasicBlock* from_b);

// A value as it stands in memory: in a column, a list, a record, among params.
Value LoadValue(FunctionBuilder& f, rulert::ColumnKind kind, llvm::Value* address);
void StoreValue(FunctionBuilder& f, rulert::ColumnKind kind, const Value& value, llvm::Value* address);
// `if_not` where `valid` (i1) is false. Neither is looked at for its own validity.
Value SelectValue(FunctionBuilder& f, llvm::Value* valid, const Value& value, const Value& if_not);

// A string's length, and the address of its bytes: the string must stand in memory (at `address`) for short ones.
llvm::Value* StringLength(FunctionBuilder& f, const Value& string);
// The two words of the string of `length` bytes at `data`; 16 bytes must be readable there.
Value MakeString(FunctionBuilder& f, llvm::Value* data, llvm::Value* length);
llvm::Value* StringsEqual(FunctionBuilder& f, const Value& a, const Value& b);
// As memcmp: an i32 below, equal to or above zero; by bytes.
llvm::Value* CompareStrings(FunctionBuilder& f, const Value& a, const Value& b);

}  // namespace rulec::lower
