#include "runtime/execute/rule_instance.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <set>

namespace rulert {
namespace {

void* Allocate(void* arena, uint64_t bytes) { return static_cast<BatchArena*>(arena)->Allocate(bytes); }
void Touch(void*, uint32_t) {}

// Bytes that waiting rows may point to before they are handed on.
constexpr uint64_t kMostWaiting = uint64_t{1} << 20;

constexpr rulert_host kHost = {RULERT_ABI_VERSION, sizeof(rulert_host), Allocate, Touch};

std::vector<uint16_t> EveryRow() {
  std::vector<uint16_t> rows(RULERT_BATCH_ROWS);
  std::iota(rows.begin(), rows.end(), uint16_t{0});
  return rows;
}

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
  rule->process_ = rule->module_->function<rulert_process_fn>();
  rule->shares_output_ = SharesOutput(spec);
  rule->unbounded_ = !spec.active_from && !spec.active_to;
  rule->params_ = std::move(*params);
  rule->params_data_ = rule->params_->data();
  rule->scratch_ = scratch;
  if (rule->needs_entries() && spec.key_slots.size() != spec.keys.size()) {
    return Error::Environment("rule `" + rule->qualified_name_ + "` has " + std::to_string(spec.keys.size()) +
                              " keys and names " + std::to_string(spec.key_slots.size()) + " slots for them");
  }
  if (spec.state_size > 0) rule->state_ = std::make_unique<StateArray>(spec.state_size);
  rule->BindEmits(outputs);
  return rule;
}

bool RuleInstance::SharesOutput(const RuleSpec& spec) {
  std::set<int32_t> outputs;
  for (const EmitSpec& emit : spec.emits) outputs.insert(emit.output);
  return outputs.size() < spec.emits.size();
}

void RuleInstance::BindEmits(const std::vector<OutputSpec>& outputs) {
  std::vector<EmitBuffer*> taken;
  for (uint32_t i = 0; i < spec_.emits.size(); ++i) {
    const auto output = static_cast<size_t>(spec_.emits[i].output);
    std::vector<EmitBuffer::Shape> shapes;
    const auto add = [&](const ColumnSpec& column) { shapes.push_back({ColumnWidth(column.kind), column.nullable}); };
    for (const OutputField& field : outputs[output].fields) add(field.column);
    for (const ColumnSpec& key : spec_.keys) add(key);
    EmitBuffer* buffer = scratch_->emits.Assign(output, taken);
    taken.push_back(buffer);
    emits_.push_back({buffer, buffer->Columns(shapes), output, MetaSpec(spec_, qualified_name_, "", false, i)});
  }
  scratch_->rows.resize(std::max(scratch_->rows.size(), emits_.size()));
}

void RuleInstance::BeginStream(const std::string& stream, bool has_time) {
  for (uint32_t i = 0; i < emits_.size(); ++i) {
    emits_[i].meta = MetaSpec(spec_, qualified_name_, stream, has_time, i);
  }
}

void RuleInstance::PrefetchRule() const { __builtin_prefetch(this); }

void RuleInstance::PrefetchEmits() const {
  if (emits_.empty()) return;
  __builtin_prefetch(params_data_);
  for (const auto* line = reinterpret_cast<const char*>(emits_.data());
       line < reinterpret_cast<const char*>(&emits_[1]); line += 64) {
    __builtin_prefetch(line);
  }
}

Selection RuleInstance::Active(const rulert_batch& batch, Selection selection) {
  if (batch.times == nullptr) return selection;
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

// Can each emit write so many rows behind those that wait?
bool RuleInstance::HasRoom(uint32_t rows) const {
  return std::all_of(emits_.begin(), emits_.end(),
                     [&](const Emit& emit) { return emit.buffer->Takes(emit.output, rows); });
}

void RuleInstance::Begin(rulert_rule_call* call, rulert_errors* errors) {
  for (size_t i = 0; i < emits_.size(); ++i) {
    scratch_->rows[i] = emits_[i].buffer->Room(emits_[i].columns, emits_[i].meta.expands);
  }
  *errors = {0, RULERT_BATCH_ROWS, scratch_->errors.data()};
  call->outputs = scratch_->rows.data();
  call->errors = errors;
  scratch_->arena.BeginLimit();
}

Error RuleInstance::Run(const rulert_batch& batch, Selection selection, const uint32_t* entries, uint32_t entry_count,
                        RuleResults& results) {
  rulert_rule_call call{};
  call.batch = &batch;
  call.entry_ids = entries;
  call.params = params_data_;
  call.host = &kHost;
  call.arena = &scratch_->arena;
  if (state_) {
    if (!state_->Reserve(entry_count)) {
      return Error::Environment("no memory for the state of rule `" + qualified_name_ + "`");
    }
    call.state = state_->data();
  }
  if (!unbounded_) selection = Active(batch, selection);
  call.selection = selection.rows;
  call.selected = selection.count;
  if (!shares_output_) return RunRows(&call, results);
  // Row by row.
  static const std::vector<uint16_t> every_row = EveryRow();
  if (call.selection == nullptr) call.selection = every_row.data();
  for (uint32_t i = 0; i < selection.count; ++i) {
    call.next = i;
    call.selected = i + 1;
    if (Error error = RunRows(&call, results)) return error;
    if (Error error = scratch_->HandOn(results)) return error;
  }
  return {};
}

// Over what is left of the selection.
Error RuleInstance::RunRows(rulert_rule_call* call, RuleResults& results) {
  rulert_errors errors{};
  while (call->next < call->selected) {
    const uint32_t before = call->next;
    const uint32_t item_before = call->next_item;
    if (!HasRoom(call->selected - call->next) || scratch_->arena.used() > kMostWaiting) {
      if (Error error = scratch_->HandOn(results)) return error;
    }
    Begin(call, &errors);
    process_(call);
    if (call->next < before || (call->next == before && call->next_item <= item_before)) {
      Broken(qualified_name_, "makes no progress");
    }
    if (Error error = Collect(errors, results)) return error;
    // An output is full.
    if (call->next < call->selected) {
      if (Error error = scratch_->HandOn(results)) return error;
    }
  }
  return {};
}

Error RuleInstance::Scan(rulert_scan_fn scan, rulert_decode* decode, const rulert_batch& batch, RuleResults& results) {
  rulert_rule_call call{};
  call.batch = &batch;
  call.params = params_data_;
  call.host = &kHost;
  call.arena = &scratch_->arena;
  rulert_errors errors{};
  Begin(&call, &errors);
  scan(decode, &call);
  if (Error error = Collect(errors, results)) return error;
  return scratch_->HandOn(results);
}

Error RuleInstance::Collect(const rulert_errors& errors, RuleResults& results) {
  for (uint32_t i = 0; i < errors.count; ++i) {
    if (Error error = results.OnError(*this, errors.items[i])) return error;
  }
  bool at_once = false;
  for (size_t i = 0; i < emits_.size(); ++i) {
    const Emit& emit = emits_[i];
    const rulert_rows& rows = scratch_->rows[i];
    if (rows.rows == emit.buffer->rows()) continue;
    scratch_->emits.Add(emit.buffer, emit.output, &emit.meta, rows);
    at_once = at_once || results.ReadAtOnce(emit.output);
  }
  return at_once ? scratch_->HandOn(results) : Error();
}

}  // namespace rulert
