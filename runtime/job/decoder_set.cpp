#include "runtime/job/decoder_set.h"

#include <algorithm>

#include "avro/resolution.h"
#include "runtime/decode/csv_decoder.h"
#include "runtime/decode/json_decoder.h"
#include "runtime/decode/table_decoder.h"

namespace rulert {
namespace {

// The record that a type is, or may be.
const avro::Schema* RecordIn(const avro::Schema& type) {
  if (type.kind == avro::Kind::Record) return &type;
  if (type.kind != avro::Kind::Union) return nullptr;
  const auto record = std::find_if(type.branches.begin(), type.branches.end(),
                                   [](const avro::Schema* branch) { return branch->kind == avro::Kind::Record; });
  return record == type.branches.end() ? nullptr : *record;
}

// By its name, else by an alias of the reader's.
const avro::Field* WriterField(const avro::Schema& writer, const avro::Field& field) {
  int index = writer.FieldIndex(field.name);
  for (size_t i = 0; index < 0 && i < field.aliases.size(); ++i) index = writer.FieldIndex(field.aliases[i]);
  return index < 0 ? nullptr : &writer.fields[static_cast<size_t>(index)];
}

// Does the writer's schema have what the path names in the reader's?
bool WriterHas(const avro::Schema* writer, const avro::Schema* reader, const std::string& path) {
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('.', begin), path.size());
    const int index = reader->FieldIndex(std::string_view(path).substr(begin, end - begin));
    if (index < 0) return true;
    const avro::Field& field = reader->fields[static_cast<size_t>(index)];
    const avro::Field* written = WriterField(*writer, field);
    if (written == nullptr) return false;
    begin = end + 1;
    reader = RecordIn(*field.type);
    writer = RecordIn(*written->type);
    if (reader == nullptr || writer == nullptr) return true;
  }
  return true;
}

std::vector<std::string> PathsOf(const StreamSpec& stream, const std::vector<int32_t>& slots) {
  std::vector<std::string> paths;
  for (const int32_t slot : slots) paths.push_back(stream.slots[static_cast<size_t>(slot)].path);
  return paths;
}

// "2, 3 and 5"
std::string ListOfVersions(const std::vector<VersionSpec>& versions) {
  std::string list;
  for (size_t i = 0; i < versions.size(); ++i) {
    if (i > 0) list += i + 1 < versions.size() ? ", " : " and ";
    list += std::to_string(versions[i].version);
  }
  return list;
}

}  // namespace

DecoderSet::DecoderSet(const StreamSpec* stream, int32_t stream_index, const DecoderOptions& options)
    : stream_(stream),
      stream_index_(stream_index),
      options_(options),
      reader_(avro::ParseSchema(stream->schema_json).document) {
  for (const VersionSpec& version : stream->versions) {
    accepted_.push_back(avro::ParseSchema(version.schema_json).document);
  }
  for (const VersionSpec& version : stream->not_accepted) {
    not_accepted_.push_back(avro::ParseSchema(version.schema_json).document);
  }
}

void DecoderSet::AddDecoder(CodecModule decoder) {
  codes_.clear();
  auto made = std::make_unique<CodecModule>(std::move(decoder));
  const auto same = std::find_if(decoders_.begin(), decoders_.end(), [&](const auto& present) {
    return avro::SameLayout(present->writer->root(), made->writer->root());
  });
  if (same != decoders_.end()) {
    *same = std::move(made);
  } else {
    decoders_.push_back(std::move(made));
  }
}

void DecoderSet::Use(std::vector<int32_t> slots, int32_t scan_rule) {
  codes_.clear();
  // What was compiled at first sight stays good as long as it fills enough.
  slots_ = std::move(slots);
  scan_rule_ = scan_rule;
}

bool DecoderSet::FillsAll(const CodecModule& decoder) const {
  return std::all_of(slots_.begin(), slots_.end(), [&](int32_t slot) {
    return std::find(decoder.slots.begin(), decoder.slots.end(), slot) != decoder.slots.end();
  });
}

BlockCode* DecoderSet::For(const avro::SchemaDocument& writer) {
  for (const auto& code : codes_) {
    if (avro::SameLayout(code->writer->root(), writer.root())) return code.get();
  }
  codes_.push_back(Choose(writer));
  return codes_.back().get();
}

std::unique_ptr<BlockCode> DecoderSet::Choose(const avro::SchemaDocument& writer) {
  auto code = std::make_unique<BlockCode>();
  code->writer = avro::ParseSchema(writer.text()).document;
  if (!code->writer) {  // a document that was not parsed from its own text
    code->refusal = "its schema does not parse";
    return code;
  }
  for (size_t i = 0; i < accepted_.size(); ++i) {
    if (accepted_[i] && avro::SameLayout(accepted_[i]->root(), writer.root()))
      code->version = stream_->versions[i].version;
  }
  ChooseDecoder(code.get());
  for (const auto& scan : scans_) {
    if (scan->rule == scan_rule_ && avro::SameLayout(scan->writer->root(), writer.root())) code->scan = scan.get();
  }
  if (code->scan != nullptr) code->refusal.clear();
  if (code->refusal.empty()) FindPresent(code.get());
  return code;
}

void DecoderSet::ChooseDecoder(BlockCode* code) {
  const avro::Schema& writer = code->writer->root();
  for (const auto* made : {&decoders_, &compiled_}) {
    for (const auto& decoder : *made) {
      if (!avro::SameLayout(decoder->writer->root(), writer) || !FillsAll(*decoder)) continue;
      code->decoder = std::make_unique<ModuleDecoder>(decoder.get());
      return;
    }
  }
  code->refusal = Refused(*code->writer);
  if (!code->refusal.empty()) return;
  if (options_.compile) {
    auto compiled = options_.compile(stream_index_, *stream_, code->writer, slots_);
    if (compiled.ok() && FillsAll(*compiled)) {
      compiled_.push_back(std::make_unique<CodecModule>(std::move(*compiled)));
      code->decoder = std::make_unique<ModuleDecoder>(compiled_.back().get());
      return;
    }
  }
  if (!reader_) {
    code->refusal = "the schema of stream `" + stream_->name + "` does not parse";
    return;
  }
  auto resolved = avro::ResolvePaths(code->writer, reader_, PathsOf(*stream_, slots_));
  if (!resolved.resolution) {
    code->refusal = (resolved.error.path.empty() ? "" : "`" + resolved.error.path + "`: ") + resolved.error.message;
    return;
  }
  auto table = TableDecoder::Make(std::move(resolved.resolution), stream_->slots, slots_);
  if (table.ok()) {
    code->decoder = std::move(*table);
  } else {
    code->refusal = table.error().message();
  }
}

std::string DecoderSet::Refused(const avro::SchemaDocument& writer) const {
  const auto is = [&](const avro::SchemaPtr& known) { return known && avro::SameLayout(known->root(), writer.root()); };
  if (std::any_of(accepted_.begin(), accepted_.end(), is)) return "";
  for (size_t i = 0; i < not_accepted_.size(); ++i) {
    if (is(not_accepted_[i])) {
      return "that is version " + std::to_string(stream_->not_accepted[i].version) + " of `" + stream_->schema_name +
             "`, which the rules do not accept";
    }
  }
  if (stream_->versions.empty() || stream_->versions_open) return "";
  return "it is none of the versions that the rules accept, " + ListOfVersions(stream_->versions);
}

void DecoderSet::FindPresent(BlockCode* code) const {
  if (!reader_ || avro::SameLayout(code->writer->root(), reader_->root())) return;
  std::vector<uint64_t> present((stream_->slots.size() + 63) / 64, ~uint64_t{0});
  bool all = true;
  // Also of what no rule reads: `present(f)` may stand alone.
  for (size_t slot = 0; slot < stream_->slots.size(); ++slot) {
    if (WriterHas(&code->writer->root(), &reader_->root(), stream_->slots[slot].path)) continue;
    present[slot / 64] &= ~(uint64_t{1} << (slot % 64));
    all = false;
  }
  if (!all) code->present = std::move(present);
}

Result<RecordDecoderPtr> DecoderSet::MakeTextDecoder(BlockFormat format, const TextOptions& options) const {
  if (!reader_) return Error::Environment("the schema of stream `" + stream_->name + "` does not parse");
  if (format == BlockFormat::JsonLines) {
    auto made = JsonDecoder::Make(reader_, stream_->slots, slots_);
    if (!made.ok()) return made.error();
    return RecordDecoderPtr(std::move(*made));
  }
  auto made = CsvDecoder::Make(reader_, stream_->slots, slots_, {options.delimiter, options.null_text});
  if (!made.ok()) return made.error();
  return RecordDecoderPtr(std::move(*made));
}

}  // namespace rulert
