// What happens to the results of rules: rows get their envelope and go to their output, errors are counted and written.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/encode/error_rows.h"
#include "runtime/encode/meta.h"
#include "runtime/execute/counters.h"
#include "runtime/execute/rule_instance.h"
#include "runtime/job/outputs.h"
#include "runtime/source/source.h"

namespace rulert {

// Where the rows of the batch at hand came from.
struct BatchContext {
  const StreamSpec* stream = nullptr;
  uint32_t partition = 0;
  const Block* block = nullptr;
  const Source* source = nullptr;
  int64_t first_offset = 0;
  const uint32_t* row_offsets = nullptr;  // null after a scan
  const int64_t* times = nullptr;         // null after a scan, and if the stream has no time
};

// Finds out where the rows of a scanned batch begin and when they were: only needed where there are errors.
class RowFinder {
 public:
  virtual ~RowFinder() = default;
  virtual void FindRows(BatchContext* context) = 0;
};

// One for a shard.
class BatchResults final : public RuleResults {
 public:
  BatchResults(Outputs* outputs, Counters* counters, std::FILE* log)
      : outputs_(outputs), counters_(counters), log_(log) {}

  void Register(const RuleInstance& rule, const StreamSpec& stream);
  void Forget(const RuleInstance& rule) { metas_.erase(&rule); }
  void Begin(const BatchContext& context, RowFinder* finder) {
    context_ = context;
    finder_ = finder;
  }

  Error OnRows(const RuleInstance& rule, uint32_t emit, const rulert_rows& rows) override;
  Error OnError(const RuleInstance& rule, const rulert_error& error) override;
  Error OnBadText(const RuleInstance& rule, uint32_t row) override;

  // Damage in the data of the stream in the context.
  struct DataError {
    std::string cause;
    std::string message;
    std::string input;
    int64_t offset = 0;
    uint64_t byte = 0;
    uint64_t records = 0;  // lost
  };
  Error OnDataError(const DataError& error);

 private:
  ErrorEntry EntryFor(const RuleInstance* rule, uint32_t row);
  void Warn(const std::string& message);

  static constexpr int kMostWarnings = 10;

  // Constant after construction.
  Outputs* outputs_;
  Counters* counters_;
  std::FILE* log_;
  // Changed by Register, Forget and Begin.
  std::unordered_map<const RuleInstance*, std::vector<std::unique_ptr<MetaSpec>>> metas_;
  BatchContext context_;
  RowFinder* finder_ = nullptr;
  // Scratch.
  MetaColumns meta_;
  std::vector<rulert_column> columns_;
  int warnings_ = 0;
};

}  // namespace rulert
