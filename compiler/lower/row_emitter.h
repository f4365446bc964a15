// The part of a rule that runs for each row that may pass: the rest of its conditions, its keys, its emits, its errors.
#pragma once

#include <vector>

#include "compiler/lower/expression.h"

namespace rulec::lower {

class RowEmitter {
 public:
  // `call` points to a rulert_rule_call. Loads what stays the same for all rows.
  RowEmitter(FunctionBuilder& f, const plan::Program& program, const plan::Rule& rule, llvm::Value* call);

  // For one row, numbered `row` (i64): goes on to `next` whether it passes, does not, or fails; to `full` if there is
  // no room for what the items of an expanded row give, with the item to go on with in rulert_rule_call::next_item.
  void EmitRow(const ExprFacts& facts, RowSource& source, const std::vector<plan::ExprId>& conditions, llvm::Value* row,
               llvm::BasicBlock* next, llvm::BasicBlock* full = nullptr);
  // Stores the counts of rows and errors.
  void Finish();

  ParamValues& params() { return params_; }
  BatchMemory& memory() { return memory_; }

 private:
  struct OutputPointers {
    const plan::Emit* emit = nullptr;
    llvm::Value* rows = nullptr;        // rulert_rows*
    llvm::AllocaInst* count = nullptr;  // i64
    llvm::Value* capacity = nullptr;    // i64; with `expand`
    llvm::Value* source_rows = nullptr;
    llvm::Value* source_items = nullptr;  // with `expand`
    llvm::Value* times = nullptr;         // null: not loaded yet
    std::vector<ColumnPointers> columns;  // fields, then keys
  };
  // Of emit `index`, with `rows` alone.
  OutputPointers RowsOf(llvm::Value* call, size_t index);
  // All that is found through `rows`, apart from `count` and `capacity`.
  void LoadPointers(OutputPointers* output);
  // The row at hand, or one item of it.
  struct Place {
    llvm::Value* row;
    llvm::Value* item;  // i32
    llvm::Value* time;
  };
  void StoreRow(const OutputPointers& known, ExprLowering& lowering, const Place& place);
  void EmitPlace(ExprLowering& lowering, RowSource& source, Place place, llvm::BasicBlock* next);
  void EmitItems(ExprLowering& lowering, RowSource& source, const Place& place, llvm::BasicBlock* next,
                 llvm::BasicBlock* full);
  llvm::Value* HasRoom();
  void BeginErrors();
  void NoteError(const Place& place, plan::SiteId site, const ErrorDetails& details, llvm::BasicBlock* next);

  FunctionBuilder& f_;
  const plan::Program& program_;
  const plan::Rule& rule_;
  llvm::Value* call_;
  ParamValues params_;
  BatchMemory memory_;
  std::vector<OutputPointers> outputs_;
  llvm::Value* errors_ = nullptr;
  llvm::AllocaInst* error_count_ = nullptr;
  llvm::AllocaInst* first_item_ = nullptr;  // i64, with `expand`: where to begin with the next row
};

}  // namespace rulec::lower
