// The part of a rule that runs for each row that may pass: the rest of its conditions, its keys, its emits, its errors.
#pragma once

#include <vector>

#include "compiler/lower/expression.h"

namespace rulec::lower {

class RowEmitter {
 public:
  // `call` points to a rulert_rule_call. Loads what stays the same for all rows.
  RowEmitter(FunctionBuilder& f, const plan::Program& program, const plan::Rule& rule, llvm::Value* call);

  // For one row, numbered `row` (i64): goes on to `next` whether it passes, does not, or fails.
  void EmitRow(const ExprFacts& facts, RowSource& source, const std::vector<plan::ExprId>& conditions, llvm::Value* row,
               llvm::BasicBlock* next);
  // Stores the counts of rows and errors.
  void Finish();

  ParamValues& params() { return params_; }

 private:
  struct OutputPointers {
    const plan::Emit* emit = nullptr;
    llvm::Value* rows = nullptr;        // rulert_rows*
    llvm::AllocaInst* count = nullptr;  // i64
    llvm::Value* source_rows = nullptr;
    llvm::Value* times = nullptr;
    std::vector<ColumnPointers> columns;  // fields, then keys
  };
  OutputPointers LoadOutput(const plan::Program& program, const plan::Emit& emit, size_t index);
  void StoreRow(const OutputPointers& output, ExprLowering& lowering, llvm::Value* row, llvm::Value* time);
  void BeginErrors();
  void NoteError(llvm::Value* row, plan::SiteId site, const Value& left, const Value& right, llvm::BasicBlock* next);
  llvm::Value* OperandBits(const Value& operand);

  FunctionBuilder& f_;
  const plan::Rule& rule_;
  llvm::Value* call_;
  ParamValues params_;
  std::vector<OutputPointers> outputs_;
  llvm::Value* errors_ = nullptr;
  llvm::AllocaInst* error_count_ = nullptr;
};

}  // namespace rulec::lower
