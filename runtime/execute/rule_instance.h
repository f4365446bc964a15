// One rule that runs: code, params, version and the span of event time in which it is active.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"
#include "runtime/execute/params.h"
#include "runtime/execute/rule_results.h"
#include "runtime/execute/selection.h"
#include "runtime/module/module.h"
#include "runtime/state/key_directory.h"
#include "runtime/state/state_array.h"

namespace rulert {

// What generated code may ask for: memory of a BatchArena, which is the `arena` of its calls.
const rulert_host& RuntimeHost();

// Owned by one shard. A checkpoint holds the state array; everything else is made again from the spec.
class RuleInstance {
 public:
  // `outputs` are the program's; `scratch` must outlive the rule.
  static Result<std::unique_ptr<RuleInstance>> Create(const RuleSpec& spec, const std::vector<OutputSpec>& outputs,
                                                      ModulePtr module, const ParamOverrides& overrides,
                                                      ExecuteScratch* scratch);

  // The stream that it reads, before it runs: ids of results tell it. `has_time`: do its rows have a time?
  void BeginStream(const std::string& stream, bool has_time);

  const RuleSpec& spec() const { return spec_; }
  const std::string& qualified_name() const { return qualified_name_; }
  bool needs_entries() const { return (module_->descriptor().flags & RULERT_RULE_NEEDS_ENTRIES) != 0; }
  bool unbounded() const { return unbounded_; }
  ExecuteScratch& scratch() const { return *scratch_; }
  void* state() const { return state_ ? state_->data() : nullptr; }

  // Do several of its emits go to one output? The records of one event stand together there, so a scan, which hands on
  // emit by emit, is not for it.
  static bool SharesOutput(const RuleSpec& spec);
  // Does it give each result the number of the item that it came from?
  bool expands() const { return spec_.expands; }
  const uint8_t* params() const { return params_data_; }

  // Where rules are many, each has left the caches when its turn comes: to be called a few rules before, the second
  // some rules after the first.
  void PrefetchRule() const;
  void PrefetchEmits() const;

  // Runs the rule over those selected rows of the batch in whose time it is active; what it emits waits in its scratch
  // behind the rows of other rules. `entries` by row if it needs them, of a directory that holds `entry_count` keys.
  Error Run(const rulert_batch& batch, Selection selection, const uint32_t* entries, uint32_t entry_count,
            RuleResults& results);
  // Runs a scan that was fused with this rule, and hands on what it emits; `decode` says which records.
  Error Scan(rulert_scan_fn scan, rulert_decode* decode, const rulert_batch& batch, RuleResults& results);

 private:
  struct Emit {
    EmitBuffer* buffer;
    const rulert_column* columns;  // of the buffer: the output's fields, and the rule's keys behind them
    size_t output;
    MetaSpec meta;
  };

  RuleInstance() = default;
  void BindEmits(const std::vector<OutputSpec>& outputs);
  // Those of the rows that are in the active span.
  Selection Active(const rulert_batch& batch, Selection selection);
  Error RunRows(rulert_rule_call* call, RuleResults& results);
  bool HasRoom(uint32_t rows) const;
  void Begin(rulert_rule_call* call, rulert_errors* errors);
  Error Collect(const rulert_errors& errors, RuleResults& results);

  // Constant after BeginStream; what each run looks at comes first.
  rulert_process_fn process_ = nullptr;
  const uint8_t* params_data_ = nullptr;
  ExecuteScratch* scratch_ = nullptr;
  std::vector<Emit> emits_;
  std::unique_ptr<StateArray> state_;  // what it holds is changed by Run
  bool unbounded_ = true;
  bool shares_output_ = false;
  RuleSpec spec_;
  std::string qualified_name_;
  ModulePtr module_;
  std::optional<ParamsBlock> params_;
};

}  // namespace rulert
