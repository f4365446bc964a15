#include "runtime/job/batch_results.h"

#include "avro/utf8.h"
#include "runtime/base/text.h"
#include "runtime/decode/decoder.h"
#include "runtime/encode/json_value.h"
#include "stdlib/causes.h"

namespace rulert {
namespace {

// What is longer is cut: an entry says what went wrong, the event itself is in the input.
constexpr size_t kLongestOperand = 1'000;

// An operand of an error as the rule's author would write it.
std::string OperandText(const ColumnSpec& column, const rulert_error& error, size_t i) {
  std::string text;
  rulert_error cells = error;
  AppendJsonValue(column, {cells.operands[i], nullptr}, 0, &text);
  if (text.size() <= kLongestOperand) return text;
  size_t end = kLongestOperand;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string RuleErrorMessage(const std::string& cause, const std::string& expression,
                             const std::vector<std::string>& operands) {
  std::string message = cause + " in `" + expression + "`";
  for (size_t i = 0; i < operands.size(); ++i) message += (i == 0 ? ", with " : " and ") + operands[i];
  return message;
}

}  // namespace

void BatchResults::AddReader(size_t output, DerivedReader* reader) {
  if (readers_.size() <= output) readers_.resize(output + 1);
  readers_[output].push_back(reader);
}

// Once a batch: what was decoded from a file that became shorter is not to be believed.
Error BatchResults::Verify() {
  if (context_.verified) return {};
  context_.verified = true;
  return context_.source->Verify();
}

BatchResults::Level& BatchResults::LevelOf(size_t depth) {
  while (levels_.size() <= depth) levels_.push_back(std::make_unique<Level>());
  return *levels_[depth];
}

const rulert_column* BatchResults::ComputeMeta(EmitBuffer& buffer, size_t fields) {
  // Runs of other rules that are worked on while the memory of a later one is fetched.
  constexpr size_t kPrefetch = 4;
  MetaColumns& meta = LevelOf(context_.depth).meta;
  RowOrigin origin{context_.partition, context_.first_offset, context_.offsets, context_.lineages, {}};
  if (context_.derived_from != nullptr) origin.derived_from = *context_.derived_from;
  meta.Clear();
  const std::span<const EmitRun> runs = buffer.runs();
  for (size_t i = 0; i < runs.size(); ++i) {
    const EmitRun& run = runs[i];
    if (i + 2 * kPrefetch < runs.size()) __builtin_prefetch(runs[i + 2 * kPrefetch].meta);
    if (i + kPrefetch < runs.size()) __builtin_prefetch(runs[i + kPrefetch].meta->id_prefix.data());
    meta.Add(*run.meta, buffer.RowsOf(run), run.begin, run.columns + fields, origin);
  }
  return meta.Finish().data();
}

Error BatchResults::OnRows(EmitBuffer& buffer) {
  if (Error error = Verify()) return error;
  const size_t output = buffer.output();
  const OutputSpec& spec = outputs_->spec(output);
  const rulert_column* meta = nullptr;
  const rulert_column* columns = buffer.runs().front().columns;
  if (spec.meta) {
    meta = ComputeMeta(buffer, spec.fields.size());
    std::vector<rulert_column>& all = LevelOf(context_.depth).columns;
    all.assign(meta, meta + MetaFields().size());
    all.insert(all.end(), columns, columns + spec.fields.size());
    columns = all.data();
  }
  if (!spec.internal) {
    counters_->matches[output] += buffer.rows();
    if (Error error = outputs_->Write(output, columns, buffer.rows())) return error;
  }
  return ReadAtOnce(output) ? ReadRows(buffer, meta) : Error();
}

// Depth first: what the rows lead to comes before the next rule's results.
Error BatchResults::ReadRows(EmitBuffer& buffer, const rulert_column* meta) {
  if (context_.row_offsets == nullptr && finder_ != nullptr) finder_->FindRows(&context_);
  const BatchContext context = context_;
  RowFinder* const finder = finder_;
  const EmitRun& run = buffer.runs().front();
  for (DerivedReader* reader : readers_[buffer.output()]) {
    Error error = reader->OnDerived(buffer.RowsOf(run), meta, context, run.meta->id_prefix);
    Begin(context, finder);
    if (error) return error;
  }
  return {};
}

ErrorEntry BatchResults::EntryFor(const RuleInstance& rule, uint32_t row, uint32_t item) {
  if (context_.row_offsets == nullptr && finder_ != nullptr) finder_->FindRows(&context_);
  ErrorEntry entry;
  entry.rule = rule.qualified_name();
  entry.version = rule.spec().version;
  entry.file = rule.spec().file;
  entry.stream = context_.stream->name;
  entry.partition = static_cast<int32_t>(context_.partition);
  entry.offset = context_.OffsetOf(row);
  if (context_.block != nullptr && context_.block->file != nullptr) {
    entry.input = *context_.block->file;
    const Block& block = *context_.block;
    const bool exact = context_.row_offsets != nullptr && !block.compressed;
    entry.byte = static_cast<int64_t>(block.file_byte + (exact ? context_.row_offsets[row] : 0));
    if (block.starts != nullptr) {
      entry.byte =
          static_cast<int64_t>(block.ByteOf(static_cast<uint64_t>(context_.OffsetOf(row) - block.first_offset)));
    }
  }
  if (context_.times != nullptr) entry.time = context_.times[row];
  if (rule.expands()) entry.item = item;
  return entry;
}

Error BatchResults::OnError(const RuleInstance& rule, const rulert_error& error) {
  if (Error failed = Verify()) return failed;
  static const ErrorSite unknown{"rule error", 0, 0, "", {}};
  const auto& sites = rule.spec().sites;
  const ErrorSite& site = error.site < sites.size() ? sites[error.site] : unknown;
  const std::string cause = error.cause != 0 ? rule_cause_text(error.cause) : site.cause;
  ++counters_->errors[{rule.qualified_name(), cause}];
  if (!outputs_->takes_errors()) return {};
  ErrorEntry entry = EntryFor(rule, error.row, error.item);
  entry.kind = ErrorEntry::Kind::Rule;
  entry.cause = cause;
  entry.line = static_cast<int32_t>(site.line);
  entry.column = static_cast<int32_t>(site.column);
  for (size_t i = 0; i < site.operands.size() && i < std::size(error.operands); ++i) {
    entry.operands.push_back(OperandText(site.operands[i], error, i));
  }
  entry.message = RuleErrorMessage(cause, site.expression, entry.operands);
  return outputs_->WriteError(entry);
}

Error BatchResults::OnDataError(const DataError& error) {
  ++counters_->errors[{"", error.cause}];
  counters_->bad_records += error.records;
  // Names of files are any bytes.
  std::string message = avro::ToUtf8(error.message);
  if (error.warn) Warn(message);
  if (!outputs_->takes_errors()) return {};
  ErrorEntry entry;
  entry.kind = ErrorEntry::Kind::Data;
  entry.cause = error.cause;
  entry.message = std::move(message);
  entry.stream = context_.stream->name;
  entry.partition = static_cast<int32_t>(context_.partition);
  if (!error.input.empty()) entry.input = avro::ToUtf8(error.input);
  entry.offset = error.offset;
  entry.byte = static_cast<int64_t>(error.byte);
  if (!error.path.empty()) entry.path = error.path;
  return outputs_->WriteError(entry);
}

void BatchResults::Warn(const std::string& message) {
  if (log_ == nullptr || warnings_ > kMostWarnings) return;
  ++warnings_;
  if (warnings_ > kMostWarnings) {
    std::fputs("warning: further bad records are counted only\n", log_);
  } else {
    std::fprintf(log_, "warning: %s\n", message.c_str());
  }
}

}  // namespace rulert
