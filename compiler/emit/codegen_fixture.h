// What the tests of generated code share: the code generator, loaded once, and columns to decode into.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "avro/datum.h"
#include "compiler/emit/codegen.h"

namespace rulec {

// How many seeds a test tries: `few` by default, RULEC_TEST_ROUNDS times as many if that is set.
inline uint64_t Rounds(uint64_t few) {
  const char* times = std::getenv("RULEC_TEST_ROUNDS");
  return times == nullptr ? few : few * std::strtoull(times, nullptr, 10);
}

inline Codegen& TestCodegen(const char* cpu = "x86-64-v3") {
  static std::map<std::string, std::unique_ptr<Codegen>> loaded;
  auto& codegen = loaded[cpu];
  if (!codegen) {
    LoadedCodegen made = LoadCodegen({cpu, {}});
    if (!made.codegen) {
      ADD_FAILURE() << made.error;
      std::abort();
    }
    codegen = std::move(made.codegen);
  }
  return *codegen;
}

// Memory that generated code asks for; bounded, so that lies about lengths are seen.
class TestArena {
 public:
  explicit TestArena(uint64_t most = uint64_t{1} << 30) : most_(most) {}
  ~TestArena() { Clear(); }
  TestArena(const TestArena&) = delete;
  TestArena& operator=(const TestArena&) = delete;
  void Clear() {
    for (void* block : blocks_) std::free(block);
    blocks_.clear();
    used_ = 0;
  }
  uint64_t used() const { return used_; }
  static const rulert_host* host() {
    static const rulert_host host = {RULERT_ABI_VERSION, sizeof(rulert_host), &Allocate, nullptr};
    return &host;
  }

 private:
  static void* Allocate(void* arena, uint64_t bytes) {
    auto* self = static_cast<TestArena*>(arena);
    if (bytes > self->most_ - self->used_) return nullptr;
    self->used_ += bytes;
    self->blocks_.push_back(std::aligned_alloc(16, (bytes + 15) / 16 * 16));
    std::memset(self->blocks_.back(), 0xcd, (bytes + 15) / 16 * 16);
    return self->blocks_.back();
  }

  uint64_t most_;
  uint64_t used_ = 0;
  std::vector<void*> blocks_;
};

// Memory for columns of `specs`, RULERT_BATCH_ROWS rows each, filled with garbage: code must not rely on zeros.
class TestColumns {
 public:
  explicit TestColumns(std::vector<rulert::ColumnSpec> specs) : specs_(std::move(specs)) {
    for (const rulert::ColumnSpec& spec : specs_) {
      values_.emplace_back(RULERT_BATCH_ROWS * rulert::ColumnWidth(spec.kind) / 8 + 8, 0xababababababababull);
      valid_.emplace_back(RULERT_BATCH_ROWS / 64, 0x5555555555555555ull);
    }
    for (size_t i = 0; i < specs_.size(); ++i) {
      columns_.push_back({values_[i].data(), specs_[i].nullable ? valid_[i].data() : nullptr});
    }
  }
  const rulert_column* columns() const { return columns_.data(); }
  const rulert::ColumnSpec& spec(size_t column) const { return specs_[column]; }

  const void* Cell(size_t column, uint32_t row) const {
    return static_cast<const char*>(columns_[column].values) + size_t{row} * rulert::ColumnWidth(specs_[column].kind);
  }
  bool IsValid(size_t column, uint32_t row) const {
    return !specs_[column].nullable || (valid_[column][row / 64] >> (row % 64) & 1);
  }
  template <typename T>
  T& At(size_t column, uint32_t row) {
    return static_cast<T*>(columns_[column].values)[row];
  }
  void SetValid(size_t column, uint32_t row, bool valid) {
    uint64_t& word = valid_[column][row / 64];
    word = (word & ~(1ull << (row % 64))) | (static_cast<uint64_t>(valid) << (row % 64));
  }
  std::string Text(size_t column, uint32_t row) {
    const auto& string = At<rulert_string>(column, row);
    if (string.length <= RULERT_STRING_INLINE) return std::string(string.u.inlined, string.length);
    return std::string(string.u.outlined.data, string.length);
  }
  // The text must live as long as the columns.
  void SetText(size_t column, uint32_t row, std::string_view text) {
    rulert_string& string = At<rulert_string>(column, row);
    std::memset(&string, 0, sizeof(string));
    string.length = static_cast<uint32_t>(text.size());
    if (text.size() <= RULERT_STRING_INLINE) {
      std::memcpy(string.u.inlined, text.data(), text.size());
    } else {
      std::memcpy(string.u.outlined.prefix, text.data(), 4);
      string.u.outlined.data = text.data();
    }
  }

 private:
  std::vector<rulert::ColumnSpec> specs_;
  std::vector<std::vector<uint64_t>> values_;
  std::vector<std::vector<uint64_t>> valid_;
  std::vector<rulert_column> columns_;
};

// Bytes of a block with the slack that decoders may read behind it.
inline std::vector<uint8_t> WithSlack(std::vector<uint8_t> bytes) {
  bytes.resize(bytes.size() + RULERT_SLACK, 0xff);
  return bytes;
}

}  // namespace rulec
