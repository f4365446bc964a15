#include "runtime/execute/rule_instance.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>

#include "avro/utf8.h"
#include "runtime/base/text.h"

namespace rulert {
namespace {

void* Allocate(void* arena, uint64_t bytes) { return static_cast<BatchArena*>(arena)->Allocate(bytes); }
void Touch(void*, uint32_t) {}

constexpr rulert_host kHost = {RULERT_ABI_VERSION, sizeof(rulert_host), Allocate, Touch};

[[noreturn]] void Broken(const std::string& rule, const char* what) {
  std::fprintf(stderr, "the code of rule `%s` %s\n", rule.c_str(), what);
  std::abort();
}

void MoveRow(const rulert_column& column, uint32_t width, uint32_t from, uint32_t to) {
  char* values = static_cast<char*>(column.values);
  std::memcpy(values + size_t{to} * width, values + size_t{from} * width, width);
  if (column.valid != nullptr) SetValid(column, to, IsValid(column, from));
}

}  // namespace

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
    for (const OutputField& field : fields) emit.specs.push_back(field.column);
    emit.specs.insert(emit.specs.end(), spec_.keys.begin(), spec_.keys.end());
    EmitBuffers::Rows& buffers = scratch_->emits.Get(i);
    for (size_t c = 0; c < emit.specs.size(); ++c) {
      emit.columns.push_back(buffers.columns.Get(c, emit.specs[c].nullable));
      if (emit.specs[c].kind == ColumnKind::String) emit.text_columns.push_back(c);
    }
    has_text_ |= !emit.text_columns.empty();
  }
  for (size_t i = 0; i < emits_.size(); ++i) {
    EmitBuffers::Rows& buffers = scratch_->emits.Get(i);
    rows_.push_back({0, RULERT_BATCH_ROWS, emits_[i].columns.data(), buffers.source_rows.data(), buffers.times.data(),
                     nullptr});
  }
  errors_ = {0, RULERT_BATCH_ROWS, scratch_->errors.data()};
}

void RuleInstance::Rewind(rulert_rule_call* call) {
  for (rulert_rows& rows : rows_) rows.rows = 0;
  errors_.count = 0;
  call->outputs = rows_.data();
  call->errors = &errors_;
}

void RuleInstance::Select(const rulert_batch& batch, rulert_rule_call* call) {
  call->selected = batch.rows;
  if (unbounded() || batch.times == nullptr) return;
  const int64_t from = spec_.active_from.value_or(INT64_MIN);
  uint32_t count = 0;
  for (uint32_t row = 0; row < batch.rows; ++row) {
    const int64_t time = batch.times[row];
    scratch_->selection[count] = static_cast<uint16_t>(row);
    count += time >= from && (!spec_.active_to || time < *spec_.active_to);
  }
  if (count == batch.rows) return;
  call->selection = scratch_->selection.data();
  call->selected = count;
}

Error RuleInstance::Run(const rulert_batch& batch, const uint32_t* entries, uint32_t entry_count,
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
  Select(batch, &call);
  const auto process = module_->function<rulert_process_fn>();
  while (call.next < call.selected) {
    const uint32_t before = call.next;
    Rewind(&call);
    process(&call);
    if (call.next <= before) Broken(qualified_name_, "makes no progress");
    if (Error error = Deliver(results)) return error;
  }
  scratch_->arena.Reset();
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
  if (has_text_) {
    if (Error error = DropBadText(results)) return error;
  }
  for (uint32_t emit = 0; emit < rows_.size(); ++emit) {
    if (rows_[emit].rows == 0) continue;
    if (Error error = results.OnRows(*this, emit, rows_[emit])) return error;
  }
  return {};
}

// Strings are checked where they leave: most events are emitted by no rule, and comparing needs no valid text. A bad
// one takes all results of its row along, in every emit.
Error RuleInstance::DropBadText(RuleResults& results) {
  std::set<uint32_t> bad;
  for (size_t i = 0; i < emits_.size(); ++i) {
    for (const size_t c : emits_[i].text_columns) {
      const rulert_column& column = emits_[i].columns[c];
      const auto* values = static_cast<const rulert_string*>(column.values);
      for (uint32_t row = 0; row < rows_[i].rows; ++row) {
        if (IsValid(column, row) && !avro::IsUtf8(View(values[row]))) bad.insert(rows_[i].source_rows[row]);
      }
    }
  }
  if (bad.empty()) return {};
  for (size_t i = 0; i < emits_.size(); ++i) {
    rulert_rows& rows = rows_[i];
    uint32_t kept = 0;
    for (uint32_t row = 0; row < rows.rows; ++row) {
      if (bad.contains(rows.source_rows[row])) continue;
      if (kept != row) {
        for (size_t c = 0; c < emits_[i].columns.size(); ++c) {
          MoveRow(emits_[i].columns[c], ColumnWidth(emits_[i].specs[c].kind), row, kept);
        }
        rows.source_rows[kept] = rows.source_rows[row];
        rows.times[kept] = rows.times[row];
      }
      ++kept;
    }
    rows.rows = kept;
  }
  for (const uint32_t row : bad) {
    if (Error error = results.OnBadText(*this, row)) return error;
  }
  return {};
}

}  // namespace rulert
