#include "runtime/job/stream_runner.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace rulert {
namespace {

const int64_t* TimesOf(const StreamSpec& spec, const BatchColumns& columns) {
  if (spec.time_slot == kNone) return nullptr;
  return static_cast<const int64_t*>(columns.columns()[spec.time_slot].values);
}

bool Fills(const CodecModule& decoder, int32_t slot) {
  return std::find(decoder.slots.begin(), decoder.slots.end(), slot) != decoder.slots.end();
}

// What the stream reads and the file has instead.
std::string WriterMismatch(const StreamSpec& spec, const Block& block) {
  const std::string file = block.file != nullptr ? "`" + *block.file + "`" : "the input";
  const std::string start =
      file + " was not written with the schema that stream `" + spec.name + "` reads, `" + spec.schema_name + "`";
  const auto reader = avro::ParseSchema(spec.schema_json);
  const std::string difference = reader.document ? FirstDifference(block.writer->root(), reader.document->root()) : "";
  return start + (difference.empty() ? ", and there is no decoder for it" : ": " + difference);
}

}  // namespace

StreamRunner::StreamRunner(StreamSpec spec, BatchResults* results, Counters* counters, uint64_t key_seed)
    : results_(results), counters_(counters), key_seed_(key_seed), spec_(std::move(spec)) {
  columns_.Resize(spec_.slots);
}

void StreamRunner::AddPartition(std::unique_ptr<Source> source) {
  partitions_.emplace_back(std::move(source), static_cast<uint32_t>(partitions_.size()), spec_.watermark_us);
}

void StreamRunner::AddSlots(const std::vector<SlotSpec>& added) {
  spec_.slots.insert(spec_.slots.end(), added.begin(), added.end());
  columns_.Resize(spec_.slots);
}

void StreamRunner::SetDecoder(CodecModule decoder) {
  auto made = std::make_unique<CodecModule>(std::move(decoder));
  const auto same = std::find_if(decoders_.begin(), decoders_.end(), [&](const auto& present) {
    return avro::SameLayout(present->writer->root(), made->writer->root());
  });
  if (same != decoders_.end()) {
    *same = std::move(made);
  } else {
    decoders_.push_back(std::move(made));
  }
  RulesChanged();
}

Error StreamRunner::AddRule(std::unique_ptr<RuleInstance> rule, int32_t id) {
  for (const auto& decoder : decoders_) {
    for (const int32_t slot : rule->spec().slots) {
      if (Fills(*decoder, slot)) continue;
      return Error::Environment("the decoder of stream `" + spec_.name + "` does not fill `" +
                                spec_.slots[static_cast<size_t>(slot)].path + "`, which rule `" +
                                rule->qualified_name() + "` reads");
    }
  }
  Running running{std::move(rule), id, nullptr, 0};
  if (running.rule->needs_entries()) {
    const RuleSpec& spec = running.rule->spec();
    for (const Running& other : rules_) {
      if (other.locator && other.locator->columns() == spec.keys && other.locator->slots() == spec.key_slots) {
        running.locator = other.locator;
      }
    }
    if (!running.locator) running.locator = std::make_shared<Locator>(spec.keys, spec.key_slots, key_seed_);
  }
  results_->Register(*running.rule, spec_);
  rules_.push_back(std::move(running));
  RulesChanged();
  return {};
}

bool StreamRunner::HasRule(const std::string& qualified_name) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const Running& running) { return running.rule->qualified_name() == qualified_name; });
}

bool StreamRunner::RemoveRule(const std::string& qualified_name) {
  const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Running& running) {
    return running.rule->qualified_name() == qualified_name;
  });
  if (found == rules_.end()) return false;
  results_->Forget(*found->rule);
  rules_.erase(found);
  RulesChanged();
  return true;
}

void StreamRunner::RulesChanged() {
  for (Partition& partition : partitions_) partition.writer = nullptr;
  locators_.clear();
  for (Running& running : rules_) {
    if (!running.locator) continue;
    const auto found = std::find(locators_.begin(), locators_.end(), running.locator.get());
    running.entries = static_cast<size_t>(found - locators_.begin());
    if (found == locators_.end()) locators_.push_back(running.locator.get());
  }
  entries_.assign(locators_.size(), nullptr);
}

Result<StepKind> StreamRunner::Step(size_t number) {
  Partition& partition = partitions_[number];
  if (partition.ended) return StepKind::End;
  if (!partition.in_block) {
    StepKind kind = StepKind::BlockEnd;
    if (Error error = ReadBlock(partition, &kind)) {
      partition.ended = true;
      return error;
    }
    if (!partition.in_block) return kind;
  }
  if (Error error = RunBatch(partition)) {
    partition.ended = true;
    return error;
  }
  return partition.in_block ? StepKind::Batch : StepKind::BlockEnd;
}

Error StreamRunner::ReadBlock(Partition& partition, StepKind* kind) {
  partition.source->Read(&partition.read);
  switch (partition.read.kind) {
    case ReadKind::Wait: *kind = StepKind::Wait; return {};
    case ReadKind::Failed: return partition.read.error;
    case ReadKind::End:
      partition.ended = true;
      *kind = StepKind::End;
      return {};
    case ReadKind::Problem: {
      const SourceProblem& problem = partition.read.problem;
      BatchContext context{&spec_, partition.number, nullptr, partition.source.get()};
      results_->Begin(context, nullptr);
      ++counters_->damaged_blocks;
      return results_->OnDataError(
          {"damaged block", problem.message, problem.file, problem.offset, problem.byte, problem.records});
    }
    case ReadKind::Block: break;
  }
  partition.cursor.Begin(partition.read.block);
  partition.in_block = true;
  SkipRecords(&partition.cursor);
  return {};
}

// Looks the code up when the writer's schema, the rules or the code changed.
Error StreamRunner::ChooseCode(Partition& partition) {
  const avro::SchemaDocument* writer = partition.cursor.block.writer;
  if (partition.writer == writer) return {};
  partition.decoder = nullptr;
  partition.scan = nullptr;
  const auto fits = [&](const CodecModule& code) { return avro::SameLayout(code.writer->root(), writer->root()); };
  for (const auto& decoder : decoders_) {
    if (fits(*decoder)) partition.decoder = decoder.get();
  }
  if (rules_.size() == 1 && rules_[0].rule->unbounded() && !rules_[0].locator) {
    for (const CodecModule& scan : scans_) {
      if (scan.rule == rules_[0].id && fits(scan)) partition.scan = &scan;
    }
  }
  if (partition.decoder == nullptr && partition.scan == nullptr) {
    return Error::Environment(WriterMismatch(spec_, partition.cursor.block));
  }
  partition.writer = writer;
  return {};
}

Error StreamRunner::RunBatch(Partition& partition) {
  if (partition.cursor.done()) return EndBlock(partition, partition.cursor.NextCall());
  if (rules_.empty()) {
    counters_->events += partition.cursor.records;
    partition.in_block = false;
    return {};
  }
  if (Error error = ChooseCode(partition)) return error;
  rulert_decode call = partition.cursor.NextCall();
  rulert_batch batch{};
  batch.partition = partition.number;
  batch.first_offset = partition.cursor.offset;
  batch.bytes = call.bytes;
  Error error = partition.scan != nullptr ? RunScan(partition, &call, batch) : RunRules(partition, &call, &batch);
  if (error) return error;
  if (call.rows == 0 && call.error == RULERT_DECODE_OK) {
    std::fprintf(stderr, "the decoder of stream `%s` makes no progress\n", spec_.name.c_str());
    std::abort();
  }
  counters_->events += call.rows;
  partition.cursor.Advance(call);
  if (call.error == RULERT_DECODE_OK && !partition.cursor.done()) return {};
  return EndBlock(partition, call);
}

Error StreamRunner::RunScan(Partition& partition, rulert_decode* call, const rulert_batch& batch) {
  scanned_ = *call;
  scanned_partition_ = &partition;
  const BatchContext context{
      &spec_, partition.number, &partition.cursor.block, partition.source.get(), batch.first_offset, nullptr, nullptr};
  results_->Begin(context, this);
  return rules_[0].rule->Scan(partition.scan->module->function<rulert_scan_fn>(), call, batch, *results_);
}

// Decodes the scanned records once more, if there is a decoder: what it fills tells where the rows are.
void StreamRunner::FindRows(BatchContext* context) {
  if (scanned_partition_ == nullptr || scanned_partition_->decoder == nullptr) return;
  rulert_decode call = scanned_;
  call.columns = columns_.columns();
  call.row_offsets = columns_.row_offsets();
  scanned_partition_->decoder->module->function<rulert_decode_fn>()(&call);
  context->row_offsets = call.row_offsets;
  const bool has_time = spec_.time_slot != kNone && Fills(*scanned_partition_->decoder, spec_.time_slot);
  context->times = has_time ? TimesOf(spec_, columns_) : nullptr;
}

Error StreamRunner::RunRules(Partition& partition, rulert_decode* call, rulert_batch* batch) {
  if (partition.decoder == nullptr) {
    return Error::Environment("stream `" + spec_.name + "` has a scan for one rule alone and no decoder for several");
  }
  call->columns = columns_.columns();
  call->row_offsets = columns_.row_offsets();
  partition.decoder->module->function<rulert_decode_fn>()(call);
  batch->rows = call->rows;
  batch->columns = columns_.columns();
  batch->row_offsets = columns_.row_offsets();
  batch->times = TimesOf(spec_, columns_);
  if (batch->times != nullptr) partition.watermark.Observe(batch->times, batch->rows);
  const BatchContext context{&spec_,
                             partition.number,
                             &partition.cursor.block,
                             partition.source.get(),
                             batch->first_offset,
                             batch->row_offsets,
                             batch->times};
  results_->Begin(context, nullptr);
  for (size_t i = 0; i < locators_.size(); ++i) entries_[i] = locators_[i]->Locate(batch->columns, batch->rows);
  for (Running& running : rules_) {
    const bool keyed = running.locator != nullptr;
    if (Error error = running.rule->Run(*batch, keyed ? entries_[running.entries] : nullptr,
                                        keyed ? running.locator->directory().size() : 0, *results_)) {
      return error;
    }
  }
  return {};
}

// The records of a block are done, or one of them is malformed and takes the rest along.
Error StreamRunner::EndBlock(Partition& partition, const rulert_decode& call) {
  partition.in_block = false;
  if (Error error = partition.source->Verify()) return error;
  const Block& block = partition.cursor.block;
  // Where the input was cut, the next Read says so.
  if (block.cut) return {};
  if (call.error != RULERT_DECODE_OK) return Malformed(partition, call);
  if (partition.cursor.cursor >= block.size) return {};
  const std::string file = block.file != nullptr ? *block.file : "";
  const uint64_t byte = block.file_byte + (block.compressed ? 0 : partition.cursor.cursor);
  results_->Begin({&spec_, partition.number, &block, partition.source.get()}, nullptr);
  return results_->OnDataError({"surplus bytes",
                                "`" + file + "` at byte " + std::to_string(byte) + ": " +
                                    std::to_string(block.size - partition.cursor.cursor) +
                                    " bytes stand behind the last record of a block",
                                file, partition.cursor.offset, byte, 0});
}

Error StreamRunner::Malformed(Partition& partition, const rulert_decode& call) {
  const Block& block = partition.cursor.block;
  const uint64_t lost = partition.cursor.records;
  const CodecModule* code = partition.scan != nullptr ? partition.scan : partition.decoder;
  const std::string file = block.file != nullptr ? *block.file : "";
  const uint64_t byte = block.file_byte + (block.compressed ? 0 : call.error_byte);
  std::string message =
      "`" + file + "` at byte " + std::to_string(byte) + ": " + std::string(DecodeErrorText(call.error));
  if (call.error_field < code->field_paths.size())
    message += ", in field `" + code->field_paths[call.error_field] + "`";
  message +=
      "; " + std::to_string(lost) + (lost == 1 ? " record of its block is lost" : " records of its block are lost");
  results_->Begin({&spec_, partition.number, &block, partition.source.get()}, nullptr);
  return results_->OnDataError(
      {std::string(DecodeErrorCause(call.error)), message, file, partition.cursor.offset, byte, lost});
}

}  // namespace rulert
