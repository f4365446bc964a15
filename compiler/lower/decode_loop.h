// The frame of D and of the fused scan: up to RULERT_BATCH_ROWS records are walked, a malformed one ends the run.
#pragma once

#include <functional>

#include "compiler/lower/wire_reader.h"

namespace rulec::lower {

class DecodeLoop {
 public:
  // `call` points to a rulert_decode.
  DecodeLoop(FunctionBuilder& f, DecodeUnit& unit, llvm::Value* call);

  WireReader& reader() { return reader_; }
  // First byte of the block, and of the row at hand; the row's number (i64).
  llvm::Value* bytes() { return bytes_; }
  llvm::Value* record_start() { return record_start_; }
  llvm::Value* row() { return row_; }
  llvm::Value* end() { return end_; }

  // The code of `walk` reads a record, then that of `each_row` runs, which may leave it by branching to next_row().
  // The code of `at_exit` runs before the function returns, whether a record was malformed or not. Ends the function.
  void Run(const std::function<void()>& walk, const std::function<void()>& each_row,
           const std::function<void()>& at_exit);
  // The field that is being read, for errors; what a failure's code has above its lowest eight bits is added.
  void set_field(std::function<uint32_t()> field) { field_ = std::move(field); }
  llvm::BasicBlock* next_row() { return next_row_; }

  // Where malformed bytes lead; hand it to what reads.
  WireReader::Fail fail() {
    return [this](llvm::Value* code) { Fail(code); };
  }

 private:
  void Fail(llvm::Value* code);
  void Finish(llvm::Value* cursor);

  FunctionBuilder& f_;
  llvm::Value* call_;
  llvm::AllocaInst* cursor_;
  llvm::Value* bytes_;
  llvm::Value* end_;
  WireReader reader_;
  std::function<uint32_t()> field_;
  llvm::Value* record_start_ = nullptr;
  llvm::PHINode* row_ = nullptr;
  llvm::BasicBlock* next_row_ = nullptr;
  llvm::BasicBlock* failed_ = nullptr;
  llvm::PHINode* failed_code_ = nullptr;
  llvm::PHINode* failed_field_ = nullptr;
  llvm::PHINode* failed_cursor_ = nullptr;
};

}  // namespace rulec::lower
