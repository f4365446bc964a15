// What happens to the results of rules: rows get their envelope and go to their output, and to the streams that are
// derived from it; errors are counted and written.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
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
  bool verified = false;                  // the source was asked whether it still holds what was decoded
  // Of a derived stream.
  size_t depth = 0;                    // how many rules the rows came through
  const int64_t* offsets = nullptr;    // by row, of the event that each came from
  const uint64_t* lineages = nullptr;  // see RowOrigin
  const std::string* derived_from = nullptr;

  int64_t OffsetOf(uint32_t row) const { return offsets != nullptr ? offsets[row] : first_offset + row; }
};

// Finds out where the rows of a scanned batch begin and when they were: only needed where there are errors.
class RowFinder {
 public:
  virtual ~RowFinder() = default;
  virtual void FindRows(BatchContext* context) = 0;
};

// Takes rows of an output that is a stream as well, at once: they are valid during the call.
class DerivedReader {
 public:
  virtual ~DerivedReader() = default;
  // `meta`: the columns of MetaFields(), or null if the output has none. `parent`: where the source rows are.
  virtual Error OnDerived(const rulert_rows& rows, const rulert_column* meta, const BatchContext& parent,
                          const std::string& id_prefix) = 0;
};

// One for a shard.
class BatchResults final : public RuleResults {
 public:
  BatchResults(Outputs* outputs, Counters* counters, std::FILE* log)
      : outputs_(outputs), counters_(counters), log_(log) {}

  void AddReader(size_t output, DerivedReader* reader);

  void Begin(const BatchContext& context, RowFinder* finder) {
    context_ = context;
    finder_ = finder;
  }
  const BatchContext& context() const { return context_; }

  Error OnRows(EmitBuffer& buffer) override;
  Error OnError(const RuleInstance& rule, const rulert_error& error) override;
  bool ReadAtOnce(size_t output) const override { return output < readers_.size() && !readers_[output].empty(); }

  // Damage in the data of the stream in the context.
  struct DataError {
    std::string cause;
    std::string message;
    std::string input;
    int64_t offset = 0;
    uint64_t byte = 0;
    uint64_t records = 0;  // lost
    std::string path;      // in the schema
    bool warn = true;      // on the log, too
  };
  Error OnDataError(const DataError& error);

 private:
  // Rows of derived streams are given while those that they came from are in use.
  struct Level {
    MetaColumns meta;
    std::vector<rulert_column> columns;
  };

  Error Verify();
  Level& LevelOf(size_t depth);
  // The columns of MetaFields() for the rows of the buffer, which have so many fields before their keys.
  const rulert_column* ComputeMeta(EmitBuffer& buffer, size_t fields);
  Error ReadRows(EmitBuffer& buffer, const rulert_column* meta);
  ErrorEntry EntryFor(const RuleInstance& rule, uint32_t row, uint32_t item);
  void Warn(const std::string& message);

  static constexpr int kMostWarnings = 10;

  // Constant after construction.
  Outputs* outputs_;
  Counters* counters_;
  std::FILE* log_;
  // Changed by AddReader and Begin.
  std::vector<std::vector<DerivedReader*>> readers_;  // by output
  BatchContext context_;
  RowFinder* finder_ = nullptr;
  // Scratch.
  std::vector<std::unique_ptr<Level>> levels_;
  int warnings_ = 0;
};

}  // namespace rulert
