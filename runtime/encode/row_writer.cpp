#include "runtime/encode/row_writer.h"

#include <cstdio>
#include <cstdlib>

#include "avro/schema.h"
#include "runtime/base/text.h"
#include "runtime/encode/json_value.h"

namespace rulert {
namespace {

constexpr size_t kFirstBuffer = size_t{64} << 10;
// A row holds strings of its batch only, so it cannot exceed a block by much.
constexpr size_t kMostBuffer = size_t{1} << 32;

}  // namespace

AvroRows::AvroRows(rulert_encode_fn encode) : encode_(encode), buffer_(kFirstBuffer) {}

Error AvroRows::Write(const rulert_column* columns, uint32_t rows, Sink& sink) {
  rulert_encode call{};
  call.columns = columns;
  call.rows = rows;
  while (call.next < rows) {
    const uint32_t before = call.next;
    call.out = buffer_.data();
    call.capacity = buffer_.size();
    call.size = 0;
    encode_(&call);
    if (call.next > before) {
      if (Error error = sink.Write({reinterpret_cast<const char*>(buffer_.data()), call.size}, call.next - before)) {
        return error;
      }
    } else if (buffer_.size() < kMostBuffer) {
      buffer_.resize(buffer_.size() * 2);
    } else {
      std::fputs("an encoder makes no progress\n", stderr);
      std::abort();
    }
  }
  return {};
}

std::vector<CellType> OutputTypes(const OutputSpec& output) {
  std::vector<CellType> types;
  if (output.meta) {
    for (const OutputField& field : MetaFields()) types.push_back(MakeCellType(field.column));
  }
  const avro::SchemaPtr schema = avro::ParseSchema(output.schema_json).document;
  std::vector<const avro::Schema*> fields;
  if (schema && schema->root().kind == avro::Kind::Record) {
    for (const avro::Field& field : schema->root().fields) {
      if (!output.meta || field.name != "_meta") fields.push_back(field.type);
    }
  }
  for (size_t i = 0; i < output.fields.size(); ++i) {
    const ColumnSpec& column = output.fields[i].column;
    types.push_back(MakeCellType(column));
    if (fields.size() != output.fields.size()) continue;
    auto with_units = MakeCellType(column, *fields[i]);
    if (!with_units.ok()) continue;
    types.back() = std::move(*with_units);
    types.back().ForgetSchema();
  }
  return types;
}

JsonRows::JsonRows(const OutputSpec& output, Shape shape) {
  std::string before;
  if (shape == Shape::Named) {
    before += '{';
    AppendJsonString(output.name, &before);
    before += ':';
  }
  before += '{';
  const std::vector<CellType> types = OutputTypes(output);
  const auto add = [&](const std::vector<OutputField>& fields) {
    bool first = true;
    for (const OutputField& field : fields) {
      if (!first) before += ',';
      first = false;
      AppendJsonString(field.name, &before);
      before += ':';
      items_.push_back({before, types[items_.size()]});
      before.clear();
    }
  };
  if (output.meta) {
    before += "\"_meta\":{";
    add(MetaFields());
    before += output.fields.empty() ? "}" : "},";
  }
  add(output.fields);
  after_ = before + (shape == Shape::Named ? "}}\n" : "}\n");
}

Error JsonRows::Write(const rulert_column* columns, uint32_t rows, Sink& sink) {
  buffer_.clear();
  for (uint32_t row = 0; row < rows; ++row) {
    for (size_t i = 0; i < items_.size(); ++i) {
      buffer_ += items_[i].before;
      const uint32_t width = items_[i].type.width;
      AppendJson(items_[i].type, IsValid(columns[i], row) ? CellOf(columns[i], width, row) : nullptr, &buffer_);
    }
    buffer_ += after_;
  }
  return sink.Write(buffer_, rows);
}

}  // namespace rulert
