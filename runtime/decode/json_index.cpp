#include "runtime/decode/json_index.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>

namespace rulert {

struct JsonIndex::Parser {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stages;
  size_t capacity = 0;

  bool Reserve(size_t size) {
    if (stages && size <= capacity) return true;
    const size_t wanted = std::max<size_t>(std::bit_ceil(size), 4096);
    constexpr size_t kNoDepth = 1;  // for the second stage, which is not used
    if (!stages) {
      const auto& implementation = *simdjson::get_active_implementation();
      if (implementation.create_dom_parser_implementation(wanted, kNoDepth, stages) != simdjson::SUCCESS) return false;
    } else if (stages->set_capacity(wanted) != simdjson::SUCCESS) {
      capacity = 0;
      return false;
    }
    capacity = wanted;
    return true;
  }
};

JsonIndex::JsonIndex() : parser_(std::make_unique<Parser>()) {}
JsonIndex::~JsonIndex() = default;
JsonIndex::JsonIndex(JsonIndex&&) noexcept = default;
JsonIndex& JsonIndex::operator=(JsonIndex&&) noexcept = default;

JsonIndex::Outcome JsonIndex::Build(const uint8_t* text, size_t size) {
  begin_ = end_ = nullptr;
  if (size == 0) return Outcome::Ok;
  if (size > UINT32_MAX || !parser_->Reserve(size)) return Outcome::Memory;
  auto& stages = *parser_->stages;
  switch (stages.stage1(text, size, simdjson::stage1_mode::regular)) {
    case simdjson::SUCCESS: break;
    case simdjson::EMPTY: return Outcome::Ok;
    case simdjson::UTF8_ERROR: return Outcome::Utf8;
    default: return Outcome::Text;
  }
  begin_ = stages.structural_indexes.get();
  end_ = begin_ + stages.n_structural_indexes;
  return Outcome::Ok;
}

bool IsUtf8(const uint8_t* text, size_t size) {
  return simdjson::validate_utf8(reinterpret_cast<const char*>(text), size);
}

}  // namespace rulert
