#include "runtime/job/batch_results.h"

#include "runtime/base/text.h"
#include "runtime/decode/decoder.h"
#include "runtime/encode/json_value.h"

namespace rulert {
namespace {

// An operand of an error as the rule's author would write it.
std::string OperandText(const ColumnSpec& column, const rulert_error& error, size_t i) {
  std::string text;
  rulert_error cells = error;
  AppendJsonValue(column, {cells.operands[i], nullptr}, 0, &text);
  return text;
}

std::string RuleErrorMessage(const ErrorSite& site, const std::vector<std::string>& operands) {
  std::string message = site.cause + " in `" + site.expression + "`";
  for (size_t i = 0; i < operands.size(); ++i) message += (i == 0 ? ", with " : " and ") + operands[i];
  return message;
}

}  // namespace

void BatchResults::Register(const RuleInstance& rule, const StreamSpec& stream) {
  auto& metas = metas_[&rule];
  for (uint32_t emit = 0; emit < rule.spec().emits.size(); ++emit) {
    metas.push_back(std::make_unique<MetaSpec>(rule.spec(), stream.name, stream.time_slot != kNone, emit));
  }
}

Error BatchResults::OnRows(const RuleInstance& rule, uint32_t emit, const rulert_rows& rows) {
  if (Error error = context_.source->Verify()) return error;
  const auto output = static_cast<size_t>(rule.spec().emits[emit].output);
  counters_->matches[output] += rows.rows;
  const size_t fields = rule.field_count(emit);
  if (!outputs_->spec(output).meta) return outputs_->Write(output, rows.columns, rows.rows);
  const RowOrigin origin{context_.partition, context_.first_offset, nullptr};
  columns_ = meta_.Compute(*metas_[&rule][emit], rows, rows.columns + fields, origin);
  columns_.insert(columns_.end(), rows.columns, rows.columns + fields);
  return outputs_->Write(output, columns_.data(), rows.rows);
}

ErrorEntry BatchResults::EntryFor(const RuleInstance* rule, uint32_t row) {
  if (context_.row_offsets == nullptr && finder_ != nullptr) finder_->FindRows(&context_);
  ErrorEntry entry;
  entry.rule = rule->qualified_name();
  entry.version = rule->spec().version;
  entry.file = rule->spec().file;
  entry.stream = context_.stream->name;
  entry.partition = static_cast<int32_t>(context_.partition);
  entry.offset = context_.first_offset + row;
  if (context_.block->file != nullptr) {
    entry.input = *context_.block->file;
    const bool exact = context_.row_offsets != nullptr && !context_.block->compressed;
    entry.byte = static_cast<int64_t>(context_.block->file_byte + (exact ? context_.row_offsets[row] : 0));
  }
  if (context_.times != nullptr) entry.time = context_.times[row];
  return entry;
}

Error BatchResults::OnError(const RuleInstance& rule, const rulert_error& error) {
  if (Error failed = context_.source->Verify()) return failed;
  static const ErrorSite unknown{"rule error", 0, 0, "", {}};
  const auto& sites = rule.spec().sites;
  const ErrorSite& site = error.site < sites.size() ? sites[error.site] : unknown;
  ++counters_->errors[{rule.qualified_name(), site.cause}];
  if (!outputs_->takes_errors()) return {};
  ErrorEntry entry = EntryFor(&rule, error.row);
  entry.kind = ErrorEntry::Kind::Rule;
  entry.cause = site.cause;
  entry.line = static_cast<int32_t>(site.line);
  entry.column = static_cast<int32_t>(site.column);
  for (size_t i = 0; i < site.operands.size(); ++i) entry.operands.push_back(OperandText(site.operands[i], error, i));
  entry.message = RuleErrorMessage(site, entry.operands);
  return outputs_->WriteError(entry);
}

Error BatchResults::OnBadText(const RuleInstance& rule, uint32_t row) {
  if (Error failed = context_.source->Verify()) return failed;
  const std::string cause(DecodeErrorCause(RULERT_DECODE_UTF8));
  ++counters_->errors[{rule.qualified_name(), cause}];
  if (!outputs_->takes_errors()) return {};
  ErrorEntry entry = EntryFor(&rule, row);
  entry.kind = ErrorEntry::Kind::Data;
  entry.cause = cause;
  entry.message = "the rule would have emitted " + std::string(DecodeErrorText(RULERT_DECODE_UTF8));
  return outputs_->WriteError(entry);
}

Error BatchResults::OnDataError(const DataError& error) {
  ++counters_->errors[{"", error.cause}];
  counters_->bad_records += error.records;
  Warn(error.message);
  if (!outputs_->takes_errors()) return {};
  ErrorEntry entry;
  entry.kind = ErrorEntry::Kind::Data;
  entry.cause = error.cause;
  entry.message = error.message;
  entry.stream = context_.stream->name;
  entry.partition = static_cast<int32_t>(context_.partition);
  if (!error.input.empty()) entry.input = error.input;
  entry.offset = error.offset;
  entry.byte = static_cast<int64_t>(error.byte);
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
