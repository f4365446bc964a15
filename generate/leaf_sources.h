// Sources of values without parts.
#pragma once

#include <string>
#include <vector>

#include "avro/schema.h"
#include "generate/alias_table.h"
#include "generate/number_source.h"
#include "generate/text_pattern.h"
#include "generate/value_source.h"

namespace rulec::generate {

// Writes a number as the schema's type: int, long, float, double or decimal; what is beyond the type becomes its
// nearest value.
void PutWhole(const avro::Schema& schema, int64_t value, EventBuffer& out);
void PutReal(const avro::Schema& schema, double value, EventBuffer& out);

class NumberValue : public ValueSource {
 public:
  NumberValue(const avro::Schema& schema, NumberSourcePtr numbers);
  void Put(EventContext& context, Random& random, EventBuffer& out) override;

 private:
  const avro::Schema& schema_;
  bool whole_;
  NumberSourcePtr numbers_;
};

// One of some encoded values.
class ChoiceValue : public ValueSource {
 public:
  explicit ChoiceValue(AliasTable table) : table_(std::move(table)) { ends_.reserve(table_.size() + 1); }
  // In the order of the table's indices.
  EventBuffer& values() { return bytes_; }
  void EndValue() { ends_.push_back(bytes_.size()); }
  void Put(EventContext& context, Random& random, EventBuffer& out) override;

 private:
  AliasTable table_;
  EventBuffer bytes_;
  std::vector<size_t> ends_;
};

class PatternValue : public ValueSource {
 public:
  // `numbers` may be null if the pattern has no number in it.
  PatternValue(TextPattern pattern, NumberSourcePtr numbers)
      : pattern_(std::move(pattern)), numbers_(std::move(numbers)) {}
  void Put(EventContext& context, Random& random, EventBuffer& out) override;

 private:
  TextPattern pattern_;
  NumberSourcePtr numbers_;
  std::string text_;
};

class BoolValue : public ValueSource {
 public:
  void Put(EventContext& context, Random& random, EventBuffer& out) override;
};

class NullValue : public ValueSource {
 public:
  void Put(EventContext& context, Random& random, EventBuffer& out) override;
};

// Random bytes; a null `lengths` means `size` bytes without a length before them.
class BytesValue : public ValueSource {
 public:
  BytesValue(NumberSourcePtr lengths, size_t size) : lengths_(std::move(lengths)), size_(size) {}
  void Put(EventContext& context, Random& random, EventBuffer& out) override;

 private:
  NumberSourcePtr lengths_;
  size_t size_;
};

// A version 4 UUID, as text or as 16 bytes.
class UuidValue : public ValueSource {
 public:
  explicit UuidValue(bool is_text) : is_text_(is_text) {}
  void Put(EventContext& context, Random& random, EventBuffer& out) override;

 private:
  bool is_text_;
};

// Lengths of lists and byte strings stay below this whatever the distribution says.
inline constexpr int64_t kMaxLength = 100'000;
int64_t DrawLength(NumberSource& lengths, Random& random);

}  // namespace rulec::generate
