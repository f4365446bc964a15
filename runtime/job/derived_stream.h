// A stream whose events are the rows that rules give to an output.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/execute/rule_set.h"
#include "runtime/job/batch_results.h"

namespace rulert {

// Runs its rules in the shard of the rows and at once. A row keeps partition and offset of the event that it came from;
// which of that event's rows it is, is its lineage. Keeps nothing between two calls.
class DerivedStream final : public DerivedReader {
 public:
  // `depth`: how many rules its rows came through at most.
  DerivedStream(const StreamSpec* spec, const OutputSpec& output, RuleSet* rules, BatchResults* results, size_t depth,
                bool has_time);

  // What keeps the stream from being read from this output; empty if nothing does.
  static std::string Misfit(const StreamSpec& spec, const OutputSpec& output);

  Error OnDerived(const rulert_rows& rows, const rulert_column* meta, const BatchContext& parent,
                  const std::string& id_prefix) override;

 private:
  // Constant after construction.
  const StreamSpec* spec_;
  OutputSpec output_;
  RuleSet* rules_;
  BatchResults* results_;
  size_t depth_;
  bool has_time_;
  // Of the batch at hand.
  std::vector<rulert_column> columns_;  // by slot
  std::vector<int64_t> offsets_ = std::vector<int64_t>(RULERT_BATCH_ROWS);
  std::vector<uint64_t> lineages_ = std::vector<uint64_t>(RULERT_BATCH_ROWS);
  std::vector<uint32_t> items_ = std::vector<uint32_t>(RULERT_BATCH_ROWS);
  std::vector<uint32_t> row_offsets_ = std::vector<uint32_t>(RULERT_BATCH_ROWS);
  std::string derived_from_;
};

}  // namespace rulert
