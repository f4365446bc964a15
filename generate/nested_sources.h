// Sources of records, lists and unions.
#pragma once

#include <vector>

#include "generate/alias_table.h"
#include "generate/number_source.h"
#include "generate/value_source.h"

namespace rulec::generate {

class RecordValue : public ValueSource {
 public:
  // Each field has a stream of random numbers of its own: a change in the shape of one leaves the others as they are.
  void Add(ValueSource* source, uint64_t seed) { fields_.push_back({source, Random(seed)}); }
  void Put(EventContext& context, Random& random, EventBuffer& out) override;

 private:
  struct Field {
    ValueSource* source;
    Random random;
  };
  std::vector<Field> fields_;
};

class ListValue : public ValueSource {
 public:
  // A null `items` means that lists are always empty.
  ListValue(bool is_map, NumberSourcePtr lengths) : is_map_(is_map), lengths_(std::move(lengths)) {}
  void set_items(ValueSource* items) { items_ = items; }
  void Put(EventContext& context, Random& random, EventBuffer& out) override;

 private:
  bool is_map_;
  NumberSourcePtr lengths_;
  ValueSource* items_ = nullptr;
};

class UnionValue : public ValueSource {
 public:
  UnionValue(AliasTable table, size_t flattest) : table_(std::move(table)), flattest_(flattest) {}
  // In the order of the branches; null for one that is never chosen.
  void Add(ValueSource* source) { branches_.push_back(source); }
  void Put(EventContext& context, Random& random, EventBuffer& out) override;

 private:
  AliasTable table_;
  size_t flattest_;
  std::vector<ValueSource*> branches_;
};

}  // namespace rulec::generate
