// Schema and shape to a tree of value sources.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "avro/schema.h"
#include "avro/value_height.h"
#include "generate/key_source.h"
#include "generate/nested_sources.h"
#include "generate/number_settings.h"
#include "generate/settings.h"
#include "generate/shape.h"
#include "generate/value_source.h"

namespace rulec::generate {

struct SourceTree {
  ValueSource* root = nullptr;
  std::vector<KeySource*> keys;  // in the order in which they are to be prepared
  std::vector<std::unique_ptr<ValueSource>> owned;
};

class SourceCompiler {
 public:
  // All must outlive the compiler; the schema also the tree.
  SourceCompiler(const avro::Schema& root, const Shape& shape, uint64_t seed, std::string time_field,
                 ShapeErrors* errors);
  // An empty tree after an error.
  SourceTree Compile();

 private:
  struct Place {
    const avro::Schema& schema;
    std::string path;
    std::string name;  // of the innermost field
    size_t depth;
  };

  bool CheckPaths();
  bool MakeKeys();
  bool OrderKeys();
  bool IsShapedBelow(const std::string& path) const;

  ValueSource* CompilePlace(const Place& place);
  ValueSource* CompileValue(const Place& place, Settings* settings);
  ValueSource* CompileRecord(const Place& place);
  ValueSource* CompileList(const Place& place, Settings* settings);
  ValueSource* CompileUnion(const Place& place, Settings* settings);
  std::vector<double> ReadBranchWeights(const Place& place, Settings* settings);

  // leaf_compiler.cpp
  ValueSource* CompileLeaf(const Place& place, Settings* settings);
  ValueSource* DefaultLeaf(const Place& place);
  ValueSource* ShapedLeaf(const Place& place, const std::string& distribution, Settings* settings);
  ValueSource* ListedValues(const Place& place, const std::string& distribution, Settings* settings);
  ValueSource* PatternLeaf(const Place& place, const std::string& distribution, Settings* settings);
  ValueSource* CountedPattern(const Place& place, const std::string& distribution, Settings* settings);
  ValueSource* Choice(const Place& place, const std::vector<ShapeValue>& values, AliasTable table, Settings* settings);
  std::optional<AliasTable> WeightTable(size_t count, Settings* settings);
  NumberPlace NumbersAt(const Place& place, const KeySource* key) const;

  uint64_t SeedOf(const std::string& path) const { return MixSeeds(seed_, HashBytes(path)); }
  template <typename Source, typename... Arguments>
  Source* New(Arguments&&... arguments) {
    auto source = std::make_unique<Source>(std::forward<Arguments>(arguments)...);
    Source* raw = source.get();
    tree_.owned.push_back(std::move(source));
    return raw;
  }

  const avro::Schema& root_;
  const Shape& shape_;
  uint64_t seed_;
  std::string time_path_;
  ShapeErrors* errors_;
  avro::ValueHeights heights_;
  std::map<std::string, const ShapeEntry*> entries_;
  std::set<std::string> special_paths_;  // of entries, keys and the time
  std::map<std::string, KeySource*> keys_;
  std::unordered_map<const avro::Schema*, RecordValue*> open_;      // records being compiled
  std::unordered_map<const avro::Schema*, RecordValue*> unshaped_;  // records without any shape, compiled once
  SourceTree tree_;
};

}  // namespace rulec::generate
