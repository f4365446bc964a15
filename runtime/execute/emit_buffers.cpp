#include "runtime/execute/emit_buffers.h"

#include <algorithm>

namespace rulert {

const rulert_column* EmitBuffer::Columns(const std::vector<Shape>& shapes) {
  std::vector<rulert_column>& columns = columns_[shapes];
  for (size_t i = columns.size(); i < shapes.size(); ++i) {
    columns.push_back(buffers_[{i, shapes[i].width}].column(shapes[i].nullable));
  }
  return columns.data();
}

EmitBuffer* EmitBuffers::Assign(size_t output, std::span<EmitBuffer* const> taken) {
  for (size_t number = output % kUsual;; ++number) {
    while (buffers_.size() <= number) buffers_.emplace_back();
    EmitBuffer* buffer = &buffers_[number];
    if (std::find(taken.begin(), taken.end(), buffer) == taken.end()) return buffer;
  }
}

void EmitBuffers::Clear() {
  for (EmitBuffer* buffer : waiting_) {
    buffer->runs_.clear();
    buffer->rows_ = 0;
  }
  waiting_.clear();
}

}  // namespace rulert
