#include "runtime/execute/rule_instance.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace rulert {
namespace {

void* Allocate(void* arena, uint64_t bytes) { return static_cast<BatchArena*>(arena)->Allocate(bytes); }
void Touch(void*, uint32_t) {}

constexpr rulert_host kHost = {RULERT_ABI_VERSION, sizeof(rulert_host), Allocate, Touch};

[[noreturn]] void Broken(const std::string& rule, const char* what) {
  std::fprintf(stderr, "the code of rule `%s` %s\n", rule.c_str(), what);
  std::abort();
}

}  // namespace

const rulert_host& RuntimeHost() { return kHost; }

Result<std::unique_ptr<RuleInstance>> RuleInstance::Create(const RuleSpec& spec, const std::vector<OutputSpec>& outputs,
                                                           ModulePtr module, const ParamOverrides& overrides,
                                                           ExecuteScratch* scratch) {
  auto params = ParamsBlock::Build(spec, overrides);
  if (!params.ok()) return params.error();
  std::unique_ptr<RuleInstance> rule(new RuleInstance);
  rule->spec_ = spec;
  rule->qualified_name_ = spec.package.empty() ? spec.name : spec.package + "." + spec.name;
  rule->module_ = std::move(module);
  rule->params_ = std::move(*params);
  rule->scratch_ = scratch;
  if (rule->needs_entries() && spec.key_slots.size() != spec.keys.size()) {
    return Error::Environment("rule `" + rule->qualified_name_ + "` has " + std::to_string(spec.keys.size()) +
                              " keys and names " + std::to_string(spec.key_slots.size()) + " slots for them");
  }
  if (spec.state_size > 0) rule->state_ = std::make_unique<StateArray>(spec.state_size);
  rule->BindEmits(outputs);
  return rule;
}

void RuleInstance::BindEmits(const std::vector<OutputSpec>& outputs) {
  emits_.resize(spec_.emits.size());
  for (size_t i = 0; i < emits_.size(); ++i) {
    Emit& emit = emits_[i];
    const auto& fields = outputs[static_cast<size_t>(spec_.emits[i].output)].fields;
    emit.fields = fields.size();
    ColumnPool& pool = scratch_->emits.Get(i).columns;
    const auto add = [&](const ColumnSpec& column) {
      emit.columns.push_back(pool.Get(emit.columns.size(), column.nullable));
    };
    for (const OutputField& field : fields) add(field.column);
    for (const ColumnSpec& key : spec_.keys) add(key);
  }
  for (size_t i = 0; i < emits_.size(); ++i) {
    EmitBuffers::Rows& buffers = scratch_->emits.Get(i);
    rows_.push_back({0, RULERT_BATCH_ROWS, emits_[i].columns.data(), buffers.source_rows.data(), buffers.times.data(),
                     spec_.expands ? buffers.source_items.data() : nullptr});
  }
  errors_ = {0, RULERT_BATCH_ROWS, scratch_->errors.data()};
}

void RuleInstance::Rewind(rulert_rule_call* call) {
  for (rulert_rows& rows : rows_) rows.rows = 0;
  errors_.count = 0;
  call->outputs = rows_.data();
  call->errors = &errors_;
}

Selection RuleInstance::Active(const rulert_batch& batch, Selection selection) {
  if (unbounded() || batch.times == nullptr) return selection;
  const int64_t from = spec_.active_from.value_or(INT64_MIN);
  uint32_t count = 0;
  for (uint32_t i = 0; i < selection.count; ++i) {
    const uint32_t row = selection.rows != nullptr ? selection.rows[i] : i;
    const int64_t time = batch.times[row];
    scratch_->selection[count] = static_cast<uint16_t>(row);
    count += time >= from && (!spec_.active_to || time < *spec_.active_to);
  }
  return count == selection.count ? selection : Selection{scratch_->selection.data(), count};
}

Error RuleInstance::Run(const rulert_batch& batch, Selection selection, const uint32_t* entries, uint32_t entry_count,
                        RuleResults& results) {
  rulert_rule_call call{};
  call.batch = &batch;
  call.entry_ids = entries;
  call.params = params_->data();
  call.host = &kHost;
  call.arena = &scratch_->arena;
  if (state_) {
    if (!state_->Reserve(entry_count)) {
      return Error::Environment("no memory for the state of rule `" + qualified_name_ + "`");
    }
    call.state = state_->data();
  }
  selection = Active(batch, selection);
  call.selection = selection.rows;
  call.selected = selection.count;
  const auto process = module_->function<rulert_process_fn>();
  while (call.next < call.selected) {
    const uint32_t before = call.next;
    const uint32_t item_before = call.next_item;
    Rewind(&call);
    process(&call);
    if (call.next < before || (call.next == before && call.next_item <= item_before)) {
      Broken(qualified_name_, "makes no progress");
    }
    if (Error error = Deliver(results)) return error;
    scratch_->arena.Reset();
  }
  return {};
}

Error RuleInstance::Scan(rulert_scan_fn scan, rulert_decode* decode, const rulert_batch& batch, RuleResults& results) {
  rulert_rule_call call{};
  call.batch = &batch;
  call.params = params_->data();
  call.host = &kHost;
  call.arena = &scratch_->arena;
  Rewind(&call);
  scan(decode, &call);
  Error error = Deliver(results);
  scratch_->arena.Reset();
  return error;
}

Error RuleInstance::Deliver(RuleResults& results) {
  for (uint32_t i = 0; i < errors_.count; ++i) {
    if (Error error = results.OnError(*this, errors_.items[i])) return error;
  }
  for (uint32_t emit = 0; emit < rows_.size(); ++emit) {
    if (rows_[emit].rows == 0) continue;
    if (Error error = results.OnRows(*this, emit, rows_[emit])) return error;
  }
  return {};
}

}  // namespace rulert
