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

std::string FileOf(const Block& block) { return block.file != nullptr ? *block.file : ""; }

std::string Place(const Block& block, uint64_t byte) {
  const std::string at = " at byte " + std::to_string(byte);
  return block.file != nullptr ? "`" + *block.file + "`" + at : "the input" + at;
}

// A record that something besides decoding tells the end of, and that ends elsewhere.
DecodeProblem WrongEnd() {
  return {Loss::Record, std::string(DecodeErrorCause(RULERT_DECODE_CUT)),
          "a message and the record in it differ in length", ""};
}

}  // namespace

StreamRunner::StreamRunner(StreamSpec spec, int32_t index, BatchResults* results, Counters* counters, uint64_t key_seed,
                           const DecoderOptions& options)
    : results_(results),
      counters_(counters),
      spec_(std::move(spec)),
      rules_(key_seed),
      decoders_(&spec_, index, options),
      has_time_(spec_.time_slot != kNone) {
  columns_.Resize(spec_.slots);
  rules_.SetSlots(spec_.slots);
}

DerivedReader* StreamRunner::DeriveFrom(const OutputSpec& output, size_t depth, bool has_time) {
  depth_ = depth;
  has_time_ = has_time;
  derived_ = std::make_unique<DerivedStream>(&spec_, output, &rules_, results_, depth, has_time);
  return derived_.get();
}

void StreamRunner::AddPartition(std::unique_ptr<Source> source, const TextOptions& text) {
  partitions_.emplace_back(std::move(source), static_cast<uint32_t>(partitions_.size()), spec_.watermark_us, text);
}

void StreamRunner::AddSlots(const std::vector<SlotSpec>& added) {
  spec_.slots.insert(spec_.slots.end(), added.begin(), added.end());
  columns_.Resize(spec_.slots);
  rules_.SetSlots(spec_.slots);
  code_changed_ = true;
}

void StreamRunner::SetDecoder(CodecModule decoder) {
  decoders_.AddDecoder(std::move(decoder));
  code_changed_ = true;
}

void StreamRunner::AddScan(CodecModule scan) {
  decoders_.AddScan(std::move(scan));
  code_changed_ = true;
}

void StreamRunner::AddRule(std::unique_ptr<RuleInstance> rule, int32_t id, bool scannable) {
  rule->BeginStream(spec_.name, has_time_);
  rules_.Add(std::move(rule), id);
  scannable_ = scannable;
  code_changed_ = true;
}

bool StreamRunner::RemoveRule(const std::string& qualified_name) {
  if (!rules_.Remove(qualified_name)) return false;
  code_changed_ = true;
  return true;
}

// Which slots are needed, and whether a scan can do it all, is found out once for all rules that were added.
void StreamRunner::CodeChanged() {
  code_changed_ = false;
  std::vector<int32_t> slots = rules_.SlotsInUse();
  if (spec_.time_slot != kNone && !std::binary_search(slots.begin(), slots.end(), spec_.time_slot)) {
    slots.insert(std::lower_bound(slots.begin(), slots.end(), spec_.time_slot), spec_.time_slot);
  }
  const bool alone = rules_.size() == 1 && scannable_ && rules_.rule(0).unbounded() && !rules_.needs_entries(0);
  decoders_.Use(std::move(slots), alone ? rules_.id(0) : kNone);
  for (Partition& partition : partitions_) {
    partition.code = nullptr;
    partition.writer = nullptr;
    partition.text_code = {};
    partition.begun = false;
  }
}

Result<StepKind> StreamRunner::Step(size_t number) {
  if (code_changed_) CodeChanged();
  Partition& partition = partitions_[number];
  partition.waiting = false;
  if (partition.ended) return StepKind::End;
  if (!partition.in_block) {
    StepKind kind = StepKind::BlockEnd;
    if (Error error = ReadBlock(partition, &kind)) return error;
    if (!partition.in_block) return kind;
  }
  if (Error error = RunBatch(partition)) {
    if (error.kind() != ErrorKind::Data) return error;
    if (Error left = LeaveFile(partition, error)) return left;
  }
  return partition.in_block ? StepKind::Batch : StepKind::BlockEnd;
}

// What the records at hand stand in is not what it should be: on the next Read the source tells so.
Error StreamRunner::LeaveFile(Partition& partition, Error error) {
  const BlockCursor& cursor = partition.cursor;
  partition.in_block = false;
  const bool changed = static_cast<bool>(partition.source->Verify());
  const uint64_t byte = cursor.block.file_byte + (cursor.block.compressed ? 0 : cursor.cursor);
  if (partition.source->LeaveFile({changed ? "input changed" : "unusable header", error.message(), FileOf(cursor.block),
                                   byte, cursor.offset, 0})) {
    return {};
  }
  partition.ended = true;
  return error;
}

BatchContext StreamRunner::ContextOf(const Partition& partition) const {
  BatchContext context;
  context.stream = &spec_;
  context.partition = partition.number;
  context.block = &partition.cursor.block;
  context.source = partition.source.get();
  context.first_offset = partition.cursor.offset;
  return context;
}

Error StreamRunner::ReadBlock(Partition& partition, StepKind* kind) {
  partition.source->Read(&partition.read);
  switch (partition.read.kind) {
    case ReadKind::Wait:
      partition.waiting = true;
      *kind = StepKind::Wait;
      return {};
    case ReadKind::Failed: partition.ended = true; return partition.read.error;
    case ReadKind::End:
      partition.ended = true;
      *kind = StepKind::End;
      return {};
    case ReadKind::Problem:
      counters_->damaged_blocks += partition.read.problem.damage ? 1 : 0;
      return TellProblem(partition, true);
    case ReadKind::FileFailed:
      if (Error error = TellProblem(partition, false)) return error;
      return Error::Data(partition.read.problem.message);
    case ReadKind::Block: break;
  }
  partition.cursor.Begin(partition.read.block);
  partition.in_block = true;
  if (partition.cursor.block.skip > 0) SkipRecords(&partition.cursor);
  partition.begun = false;
  return {};
}

Error StreamRunner::TellProblem(const Partition& partition, bool warn) {
  const SourceProblem& problem = partition.read.problem;
  BatchContext context;
  context.stream = &spec_;
  context.partition = partition.number;
  context.source = partition.source.get();
  results_->Begin(context, nullptr);
  return results_->OnDataError(
      {problem.cause, problem.message, problem.file, problem.offset, problem.byte, problem.records, "", warn});
}

Error StreamRunner::ChooseCode(Partition& partition) {
  if (partition.begun) return {};
  const Block& block = partition.cursor.block;
  if (block.format == BlockFormat::Avro) {
    if (partition.code == nullptr || partition.writer != block.writer) partition.code = decoders_.For(*block.writer);
    partition.writer = block.writer;
  } else {
    if (!partition.text_code.decoder) {
      auto made = decoders_.MakeTextDecoder(block.format, partition.text);
      if (!made.ok()) return made.error();
      partition.text_code.decoder = std::move(*made);
      // Text does not tell its version; it is read as by the schema that the rules read.
      for (const VersionSpec& version : spec_.versions) {
        partition.text_code.version = std::max(partition.text_code.version, version.version);
      }
    }
    partition.code = &partition.text_code;
  }
  if (partition.code->decoder) partition.code->decoder->Begin(block);
  partition.begun = true;
  return {};
}

Error StreamRunner::RunBatch(Partition& partition) {
  if (partition.cursor.done()) return EndBlock(partition);
  const bool counted = partition.cursor.block.records != kUnknownRecords;
  if (rules_.size() == 0 && counted) {
    counters_->events += partition.cursor.records;
    partition.in_block = false;
    return {};
  }
  if (Error error = ChooseCode(partition)) return error;
  if (!partition.code->refusal.empty()) return Refuse(partition);
  arena_.Reset();
  rulert_decode call = partition.cursor.NextCall();
  call.host = &RuntimeHost();
  call.arena = &arena_;
  // A scan does not tell where records end, which is to be where their messages do.
  if (partition.code->scan != nullptr && partition.cursor.block.starts == nullptr) {
    if (Error error = RunScan(partition, &call)) return error;
  } else if (Error error = Decode(partition, &call)) {
    return error;
  }
  if (!partition.in_block || !partition.cursor.done()) return {};
  return EndBlock(partition);
}

Error StreamRunner::RunScan(Partition& partition, rulert_decode* call) {
  rulert_batch batch{};
  batch.partition = partition.number;
  batch.first_offset = partition.cursor.offset;
  batch.bytes = call->bytes;
  call->latest_time = partition.watermark.greatest();
  scanned_ = *call;
  scanned_partition_ = &partition;
  results_->Begin(ContextOf(partition), this);
  const auto scan = partition.code->scan->module->function<rulert_scan_fn>();
  if (Error error = rules_.rule(0).Scan(scan, call, batch, *results_)) return error;
  if (spec_.time_slot != kNone) partition.watermark.set_greatest(call->latest_time);
  counters_->events += call->rows;
  return AfterError(partition, *call, ModuleDecoder(partition.code->scan).Problem(*call));
}

// Decodes the scanned records once more, if there is a decoder: what it fills tells where the rows are.
void StreamRunner::FindRows(BatchContext* context) {
  if (scanned_partition_ == nullptr || !scanned_partition_->code->decoder) return;
  RecordDecoder& decoder = *scanned_partition_->code->decoder;
  rulert_decode call = scanned_;
  call.columns = columns_.columns();
  call.row_offsets = columns_.row_offsets();
  decoder.Decode(&call);
  context->row_offsets = call.row_offsets;
  const bool has_time = spec_.time_slot != kNone && decoder.Fills(spec_.time_slot);
  context->times = has_time ? TimesOf(spec_, columns_) : nullptr;
}

Error StreamRunner::Decode(Partition& partition, rulert_decode* call) {
  call->columns = columns_.columns();
  call->row_offsets = columns_.row_offsets();
  partition.code->decoder->Decode(call);
  DecodeProblem problem;
  if (call->error != RULERT_DECODE_OK) problem = partition.code->decoder->Problem(*call);
  if (partition.cursor.block.starts != nullptr) CheckStarts(partition, call, &problem);
  if (Error error = RunRules(partition, *call)) return error;
  counters_->events += call->rows;
  return AfterError(partition, *call, problem);
}

// Rows are taken up to the first record that does not end where its message does; the next call begins behind it.
void StreamRunner::CheckStarts(const Partition& partition, rulert_decode* call, DecodeProblem* problem) {
  const Block& block = partition.cursor.block;
  const uint64_t first = block.records - partition.cursor.records;
  const uint32_t* starts = block.starts + first;
  uint32_t good = 0;
  while (good < call->rows) {
    const uint64_t end = good + 1 < call->rows ? call->row_offsets[good + 1] : call->cursor;
    if (end != starts[good + 1]) break;
    ++good;
  }
  if (good == call->rows && call->error == RULERT_DECODE_OK) return;
  // Where a record that does not end goes wrong depends on what stands behind its message.
  if (good < call->rows || call->error == RULERT_DECODE_CUT || call->error_byte >= starts[good + 1]) {
    *problem = WrongEnd();
    call->error = RULERT_DECODE_CUT;
  }
  call->error_byte = block.ByteOf(first + good) - block.file_byte;
  problem->loss = Loss::Record;
  call->rows = good;
  call->cursor = starts[good + 1];
}

Error StreamRunner::RunRules(Partition& partition, const rulert_decode& call) {
  if (call.rows == 0) return {};
  rulert_batch batch{};
  batch.rows = call.rows;
  batch.partition = partition.number;
  batch.first_offset = partition.cursor.offset;
  batch.columns = columns_.columns();
  batch.row_offsets = columns_.row_offsets();
  batch.bytes = call.bytes;
  batch.times = TimesOf(spec_, columns_);
  batch.present = partition.code->present.empty() ? nullptr : partition.code->present.data();
  batch.schema_version = partition.code->version;
  if (batch.times != nullptr) partition.watermark.Observe(batch.times, batch.rows);
  BatchContext context = ContextOf(partition);
  context.row_offsets = batch.row_offsets;
  context.times = batch.times;
  results_->Begin(context, nullptr);
  return rules_.Run(batch, *results_);
}

// Goes on behind a batch, and tells of the record that ended it, if one did.
Error StreamRunner::AfterError(Partition& partition, const rulert_decode& call, const DecodeProblem& problem) {
  BlockCursor& cursor = partition.cursor;
  const Block& block = cursor.block;
  if (call.error == RULERT_DECODE_OK) {
    if (call.rows == 0 && call.records != 0 && !cursor.done()) {
      std::fprintf(stderr, "the decoder of stream `%s` makes no progress\n", spec_.name.c_str());
      std::abort();
    }
    cursor.Advance(call);
    return {};
  }
  const int64_t lost_offset = cursor.offset + call.rows;
  const uint64_t left = block.records == kUnknownRecords ? 1 : cursor.records - call.rows;
  const uint64_t lost = problem.loss == Loss::Record ? 1 : left;
  cursor.Advance(call, problem.loss);
  if (block.starts != nullptr) --cursor.records;
  if (problem.loss != Loss::Record) {
    // What is left of the block is lost with the record.
    partition.in_block = false;
    if (Error error = partition.source->Verify()) return error;
    // Where the input was cut, the next Read says so.
    if (block.cut) return {};
    cursor.offset = lost_offset;
  } else if (Error error = partition.source->Verify()) {
    return error;
  }
  if (problem.loss == Loss::Input) {
    return Error::Data("`" + FileOf(block) + "`: " + problem.message);
  }
  const uint64_t byte = block.compressed ? block.file_byte : block.file_byte + call.error_byte;
  if (problem.cut && partition.source->LeaveFile({problem.cause, Place(block, byte) + ": " + problem.message,
                                                  FileOf(block), byte, lost_offset, lost})) {
    return {};
  }
  const int64_t next = cursor.offset;
  cursor.offset = lost_offset;
  Error error = Malformed(partition, problem, byte, lost);
  cursor.offset = next;
  return error;
}

// The records of a block are done.
Error StreamRunner::EndBlock(Partition& partition) {
  partition.in_block = false;
  if (Error error = partition.source->Verify()) return error;
  const Block& block = partition.cursor.block;
  if (block.records == kUnknownRecords) {
    partition.source->Decoded(partition.cursor.cursor,
                              static_cast<uint64_t>(partition.cursor.offset - block.first_offset));
    return {};
  }
  if (block.cut || partition.cursor.cursor >= block.size) return {};
  const uint64_t byte = block.file_byte + (block.compressed ? 0 : partition.cursor.cursor);
  results_->Begin(ContextOf(partition), nullptr);
  return results_->OnDataError({"surplus bytes",
                                Place(block, byte) + ": " + std::to_string(block.size - partition.cursor.cursor) +
                                    " bytes stand behind the last record of a block",
                                FileOf(block), partition.cursor.offset, byte, 0, ""});
}

// Data of a version that cannot be read: the job goes on behind the block. Messages are told one by one.
Error StreamRunner::Refuse(Partition& partition) {
  const Block& block = partition.cursor.block;
  const uint64_t left = partition.cursor.records;
  partition.in_block = false;
  const std::string file = block.file != nullptr ? "`" + *block.file + "`" : "the input";
  std::string message = file + " was not written with a schema that stream `" + spec_.name + "` reads, `" +
                        spec_.schema_name + "`: " + partition.code->refusal;
  const bool each = block.starts != nullptr;
  if (!each) message += "; " + std::to_string(left) + (left == 1 ? " record is lost" : " records are lost");
  results_->Begin(ContextOf(partition), nullptr);
  for (uint64_t i = 0; i < (each ? left : 1); ++i) {
    const int64_t offset = partition.cursor.offset + static_cast<int64_t>(i);
    if (Error error = results_->OnDataError({"unreadable version", message, FileOf(block), offset,
                                             each ? block.ByteOf(block.records - left + i) : block.file_byte,
                                             each ? 1 : left, ""})) {
      return error;
    }
  }
  return {};
}

Error StreamRunner::Malformed(Partition& partition, const DecodeProblem& problem, uint64_t byte, uint64_t lost) {
  const Block& block = partition.cursor.block;
  std::string message = Place(block, byte) + ": " + problem.message;
  if (!problem.path.empty()) message += ", in field `" + problem.path + "`";
  if (problem.loss == Loss::Block) {
    message +=
        "; " + std::to_string(lost) + (lost == 1 ? " record of its block is lost" : " records of its block are lost");
  }
  results_->Begin(ContextOf(partition), nullptr);
  return results_->OnDataError(
      {problem.cause, message, FileOf(block), partition.cursor.offset, byte, lost, problem.path});
}

}  // namespace rulert
