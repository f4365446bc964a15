#include "runtime/job/derived_stream.h"

#include <algorithm>
#include <array>

namespace rulert {
namespace {

constexpr std::string_view kMetaPrefix = "_meta.";

constexpr auto kAllValid = [] {
  std::array<uint64_t, RULERT_BATCH_ROWS / 64> bits{};
  bits.fill(~uint64_t{0});
  return bits;
}();

// Which of the fields has the name, or their number.
size_t IndexOf(const std::vector<OutputField>& fields, std::string_view name) {
  return static_cast<size_t>(
      std::find_if(fields.begin(), fields.end(), [&](const OutputField& field) { return field.name == name; }) -
      fields.begin());
}

}  // namespace

DerivedStream::DerivedStream(const StreamSpec* spec, const OutputSpec& output, RuleSet* rules, BatchResults* results,
                             size_t depth, bool has_time)
    : spec_(spec), output_(output), rules_(rules), results_(results), depth_(depth), has_time_(has_time) {}

std::string DerivedStream::Misfit(const StreamSpec& spec, const OutputSpec& output) {
  for (const SlotSpec& slot : spec.slots) {
    const bool meta = output.meta && slot.path.starts_with(kMetaPrefix);
    const auto& fields = meta ? MetaFields() : output.fields;
    const size_t field = IndexOf(fields, meta ? std::string_view(slot.path).substr(kMetaPrefix.size()) : slot.path);
    if (field == fields.size()) return "output `" + output.name + "` has no field `" + slot.path + "`";
    if (fields[field].column.kind != slot.column.kind || (fields[field].column.nullable && !slot.column.nullable)) {
      return "field `" + slot.path + "` of output `" + output.name + "` is of another type than the stream's";
    }
  }
  return "";
}

Error DerivedStream::OnDerived(const rulert_rows& rows, const rulert_column* meta, const BatchContext& parent,
                               const std::string& id_prefix) {
  columns_.clear();
  for (const SlotSpec& slot : spec_->slots) {
    const bool of_meta = meta != nullptr && slot.path.starts_with(kMetaPrefix);
    const size_t field = of_meta ? IndexOf(MetaFields(), std::string_view(slot.path).substr(kMetaPrefix.size()))
                                 : IndexOf(output_.fields, slot.path);
    rulert_column column = of_meta ? meta[field] : rows.columns[field];
    // Whoever reads a nullable column looks at its bits.
    if (slot.column.nullable && column.valid == nullptr) column.valid = const_cast<uint64_t*>(kAllValid.data());
    columns_.push_back(column);
  }
  for (uint32_t row = 0; row < rows.rows; ++row) {
    const uint32_t source = rows.source_rows[row];
    const uint32_t item = rows.source_items != nullptr ? rows.source_items[row] : 0;
    offsets_[row] = parent.OffsetOf(source);
    lineages_[row] = LineageOf(parent.lineages != nullptr ? parent.lineages[source] : 0, item);
    items_[row] = static_cast<uint32_t>(lineages_[row]);
    row_offsets_[row] = parent.row_offsets != nullptr ? parent.row_offsets[source] : 0;
  }
  derived_from_ = id_prefix;
  if (parent.derived_from != nullptr) derived_from_ += *parent.derived_from;

  rulert_batch batch{};
  batch.rows = rows.rows;
  batch.partition = parent.partition;
  batch.offsets = offsets_.data();
  batch.columns = columns_.data();
  batch.times = has_time_ ? rows.times : nullptr;
  batch.row_offsets = row_offsets_.data();
  batch.bytes = parent.block != nullptr ? parent.block->bytes : nullptr;
  batch.items = items_.data();
  BatchContext context = parent;
  context.stream = spec_;
  context.times = batch.times;
  context.row_offsets = row_offsets_.data();
  context.depth = depth_;
  context.offsets = offsets_.data();
  context.lineages = lineages_.data();
  context.derived_from = &derived_from_;
  results_->Begin(context, nullptr);
  return rules_->Run(batch, *results_);
}

}  // namespace rulert
