// One rule that runs: code, params, version and the span of event time in which it is active.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"
#include "runtime/execute/params.h"
#include "runtime/execute/selection.h"
#include "runtime/module/module.h"
#include "runtime/record/batch_arena.h"
#include "runtime/record/column_buffer.h"
#include "runtime/state/key_directory.h"
#include "runtime/state/state_array.h"

namespace rulert {

class RuleInstance;

// Takes what a rule made of a batch. Called as often as the rule fills its buffers, so usually once a batch.
class RuleResults {
 public:
  virtual ~RuleResults() = default;
  // `rows.columns` are the fields of the output and then the rule's keys; valid during the call. Never empty.
  virtual Error OnRows(const RuleInstance& rule, uint32_t emit, const rulert_rows& rows) = 0;
  virtual Error OnError(const RuleInstance& rule, const rulert_error& error) = 0;
};

// What generated code may ask for: memory of a BatchArena, which is the `arena` of its calls.
const rulert_host& RuntimeHost();

// What rules use one after the other: all of those of a shard whose streams are equally far from a source. Rules of
// derived streams run while the rows of the rule that gave them are still in use, so they have another.
struct ExecuteScratch {
  EmitBuffers emits;
  BatchArena arena;
  std::vector<rulert_error> errors = std::vector<rulert_error>(RULERT_BATCH_ROWS);
  std::vector<uint16_t> selection = std::vector<uint16_t>(RULERT_BATCH_ROWS);
};

// Owned by one shard. A checkpoint holds the state array; everything else is made again from the spec.
class RuleInstance {
 public:
  // `outputs` are the program's; `scratch` must outlive the rule.
  static Result<std::unique_ptr<RuleInstance>> Create(const RuleSpec& spec, const std::vector<OutputSpec>& outputs,
                                                      ModulePtr module, const ParamOverrides& overrides,
                                                      ExecuteScratch* scratch);

  // A number by which whoever takes the results finds what it keeps of the rule.
  size_t tag() const { return tag_; }
  void set_tag(size_t tag) { tag_ = tag; }

  const RuleSpec& spec() const { return spec_; }
  const std::string& qualified_name() const { return qualified_name_; }
  bool needs_entries() const { return (module_->descriptor().flags & RULERT_RULE_NEEDS_ENTRIES) != 0; }
  bool unbounded() const { return !spec_.active_from && !spec_.active_to; }
  // Number of field columns of an emit; its key columns come behind them.
  size_t field_count(uint32_t emit) const { return emits_[emit].fields; }
  void* state() const { return state_ ? state_->data() : nullptr; }

  // Does it give each result the number of the item that it came from?
  bool expands() const { return spec_.expands; }
  const uint8_t* params() const { return params_->data(); }

  // Runs the rule over those selected rows of the batch in whose time it is active. `entries` by row if it needs them,
  // of a directory that holds `entry_count` keys.
  Error Run(const rulert_batch& batch, Selection selection, const uint32_t* entries, uint32_t entry_count,
            RuleResults& results);
  // Runs a scan that was fused with this rule; `decode` says which records.
  Error Scan(rulert_scan_fn scan, rulert_decode* decode, const rulert_batch& batch, RuleResults& results);

 private:
  struct Emit {
    size_t fields = 0;
    std::vector<rulert_column> columns;
  };

  RuleInstance() = default;
  void BindEmits(const std::vector<OutputSpec>& outputs);
  void Rewind(rulert_rule_call* call);
  // Those of the rows that are in the active span.
  Selection Active(const rulert_batch& batch, Selection selection);
  Error Deliver(RuleResults& results);

  // Constant after Create.
  RuleSpec spec_;
  std::string qualified_name_;
  ModulePtr module_;
  std::optional<ParamsBlock> params_;
  std::vector<Emit> emits_;
  ExecuteScratch* scratch_ = nullptr;
  size_t tag_ = 0;
  // Changed by Run and Scan.
  std::vector<rulert_rows> rows_;
  rulert_errors errors_{};
  std::unique_ptr<StateArray> state_;
};

}  // namespace rulert
