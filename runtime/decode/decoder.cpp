#include "runtime/decode/decoder.h"

#include "avro/datum.h"

namespace rulert {
namespace {

Result<CodecModule> Make(const std::string& module, uint32_t kind, const std::string& schema,
                         const ModuleSet& modules) {
  auto found = modules.Find(module, kind);
  if (!found.ok()) return found.error();
  auto parsed = avro::ParseSchema(schema);
  if (!parsed.document) {
    return Error::Environment("writer's schema of module `" + module + "`: " + parsed.error.message);
  }
  CodecModule result;
  result.module = *found;
  result.writer = std::move(parsed.document);
  return result;
}

}  // namespace

void BatchColumns::Resize(const std::vector<SlotSpec>& slots) {
  columns_.clear();
  for (size_t slot = 0; slot < slots.size(); ++slot) columns_.push_back(pool_.Get(slot, slots[slot].column.nullable));
}

Result<CodecModule> MakeDecoder(const DecoderSpec& spec, const ModuleSet& modules) {
  auto made = Make(spec.module, RULERT_MODULE_DECODER, spec.writer_schema_json, modules);
  if (!made.ok()) return made;
  made->slots = spec.slots;
  made->field_paths = spec.field_paths;
  return made;
}

Result<CodecModule> MakeScan(const ScanSpec& spec, const ModuleSet& modules) {
  auto made = Make(spec.module, RULERT_MODULE_SCAN, spec.writer_schema_json, modules);
  if (!made.ok()) return made;
  made->field_paths = spec.field_paths;
  made->rule = spec.rule;
  return made;
}

void BlockCursor::Begin(const Block& next) {
  block = next;
  cursor = 0;
  records = next.records;
  offset = next.first_offset;
}

rulert_decode BlockCursor::NextCall() const {
  rulert_decode call{};
  call.bytes = block.bytes;
  call.size = block.size;
  call.cursor = cursor;
  call.records = records;
  return call;
}

void BlockCursor::Advance(const rulert_decode& call, Loss loss) {
  cursor = call.cursor;
  offset += call.rows;
  if (call.error != RULERT_DECODE_OK && loss == Loss::Record) ++offset;
  records = block.records == kUnknownRecords ? call.records : records - call.rows;
}

void BlockCursor::AdvanceSkipped(const rulert_decode& call, uint64_t skipped) {
  cursor = call.cursor;
  offset += static_cast<int64_t>(skipped);
  records = call.records;
}

uint64_t SkipAvro(const avro::Schema& writer, uint64_t count, rulert_decode* call) {
  uint64_t skipped = 0;
  for (; skipped < count && call->records > 0; ++skipped) {
    size_t used = 0;
    // A malformed record stays where it is: the decoder meets it again and reports it.
    if (avro::SkipDatum(writer, {call->bytes + call->cursor, call->size - call->cursor}, &used)) break;
    call->cursor += used;
    --call->records;
  }
  return skipped;
}

uint64_t ModuleDecoder::Skip(uint64_t count, rulert_decode* call) {
  return SkipAvro(code_->writer->root(), count, call);
}

DecodeProblem ModuleDecoder::Problem(const rulert_decode& call) const {
  DecodeProblem problem;
  problem.cause = DecodeErrorCause(call.error);
  problem.message = DecodeErrorText(call.error);
  if (call.error_field < code_->field_paths.size()) problem.path = code_->field_paths[call.error_field];
  return problem;
}

void SkipRecords(BlockCursor* cursor) {
  rulert_decode call = cursor->NextCall();
  const uint64_t skipped = SkipAvro(cursor->block.writer->root(), cursor->block.skip, &call);
  cursor->AdvanceSkipped(call, skipped);
}

void SkipRecords(RecordDecoder& decoder, BlockCursor* cursor) {
  rulert_decode call = cursor->NextCall();
  const uint64_t skipped = decoder.Skip(cursor->block.skip, &call);
  cursor->AdvanceSkipped(call, skipped);
}

}  // namespace rulert
