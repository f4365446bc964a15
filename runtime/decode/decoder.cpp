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

void BlockCursor::Advance(const rulert_decode& call) {
  cursor = call.cursor;
  offset += call.rows;
  records -= call.rows;
}

void SkipRecords(BlockCursor* cursor) {
  for (uint64_t left = cursor->block.skip; left > 0 && cursor->records > 0; --left) {
    size_t used = 0;
    const auto* rest = cursor->block.bytes + cursor->cursor;
    // A malformed record stays where it is: the decoder meets it again and reports it.
    if (avro::SkipDatum(cursor->block.writer->root(), {rest, cursor->block.size - cursor->cursor}, &used)) return;
    cursor->cursor += used;
    --cursor->records;
    ++cursor->offset;
  }
}

std::string_view DecodeErrorText(uint32_t error) {
  switch (error) {
    case RULERT_DECODE_CUT: return "the record ends behind the end of its block";
    case RULERT_DECODE_VARINT: return "a number has more than 10 bytes or does not fit its type";
    case RULERT_DECODE_LENGTH: return "a length is negative or impossible";
    case RULERT_DECODE_BRANCH: return "a union branch that the schema lacks";
    case RULERT_DECODE_SYMBOL: return "an enum symbol that the schema lacks";
    case RULERT_DECODE_BOOL: return "a boolean that is neither 0 nor 1";
    case RULERT_DECODE_DEPTH: return "nested deeper than 1,000";
    case RULERT_DECODE_TIME: return "a time that does not fit microseconds in 64 bits";
    case RULERT_DECODE_UTF8: return "a string that is not UTF-8";
    default: return "unknown reason";
  }
}

std::string_view DecodeErrorCause(uint32_t error) {
  return error == RULERT_DECODE_UTF8 ? "invalid UTF-8" : "malformed record";
}

}  // namespace rulert
