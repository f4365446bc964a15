// The frame of D and of the fused scan: up to RULERT_BATCH_ROWS records are walked, a malformed one ends the run.
#pragma once

#include <functional>

#include "compiler/lower/record_walker.h"

namespace rulec::lower {

class DecodeLoop {
 public:
  // `call` points to a rulert_decode.
  DecodeLoop(FunctionBuilder& f, llvm::Value* call);

  WireReader& reader() { return reader_; }
  // First byte of the block, and of the row at hand; the row's number (i64).
  llvm::Value* bytes() { return bytes_; }
  llvm::Value* record_start() { return record_start_; }
  llvm::Value* row() { return row_; }
  llvm::Value* end() { return end_; }

  // Walks each record with `walker`, then makes the code of `each_row`, which may leave it by branching to next_row().
  // The code of `at_exit` runs before the function returns, whether a record was malformed or not. Ends the function.
  void Run(const avro::Schema& writer, RecordWalker& walker, const std::function<void()>& each_row,
           const std::function<void()>& at_exit);
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
  const RecordWalker* walker_ = nullptr;
  llvm::Value* record_start_ = nullptr;
  llvm::PHINode* row_ = nullptr;
  llvm::BasicBlock* next_row_ = nullptr;
  llvm::BasicBlock* failed_ = nullptr;
  llvm::PHINode* failed_code_ = nullptr;
  llvm::PHINode* failed_field_ = nullptr;
  llvm::PHINode* failed_cursor_ = nullptr;
};

}  // namespace rulec::lower
