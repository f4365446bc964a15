#include "runtime/encode/row_writer.h"

#include <cstdio>
#include <cstdlib>

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

JsonRows::JsonRows(const OutputSpec& output, Shape shape) {
  std::string before;
  if (shape == Shape::Named) {
    before += '{';
    AppendJsonString(output.name, &before);
    before += ':';
  }
  before += '{';
  const auto add = [&](const std::vector<OutputField>& fields) {
    bool first = true;
    for (const OutputField& field : fields) {
      if (!first) before += ',';
      first = false;
      AppendJsonString(field.name, &before);
      before += ':';
      items_.push_back({before, field.column});
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
      AppendJsonValue(items_[i].column, columns[i], row, &buffer_);
    }
    buffer_ += after_;
  }
  return sink.Write(buffer_, rows);
}

}  // namespace rulert
