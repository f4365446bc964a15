#include "generate/source_compiler.h"

#include "avro/spelling.h"
#include "generate/leaf_sources.h"
#include "generate/shape_path.h"

namespace rulec::generate {
namespace {

using avro::Kind;
using avro::Schema;

// Values must be flat enough to be written and read by recursion; decoders stop at 1,000 levels.
constexpr int kMaxHeight = 900;
// Below this many levels unions are bound to their flattest branch and lists to be empty when compiled.
constexpr size_t kMaxCompiledDepth = 64;

bool IsLeaf(const Schema& schema) {
  return schema.kind != Kind::Record && schema.kind != Kind::Array && schema.kind != Kind::Map &&
         schema.kind != Kind::Union;
}

// The first field that holds timestamps stands for the event's time if nobody says which does.
std::string GuessTimeField(const Schema& root) {
  for (const avro::Field& field : root.fields) {
    const std::string_view logical = LogicalName(field.type->logical);
    if (logical.find("timestamp") != std::string_view::npos) return field.name;
  }
  return "";
}

}  // namespace

SourceCompiler::SourceCompiler(const Schema& root, const Shape& shape, uint64_t seed, std::string time_field,
                               ShapeErrors* errors)
    : root_(root),
      shape_(shape),
      seed_(seed),
      time_path_(time_field.empty() ? GuessTimeField(root) : std::move(time_field)),
      errors_(errors),
      heights_(root) {}

SourceTree SourceCompiler::Compile() {
  const int height = heights_.Of(root_);
  if (height < 0) {
    errors_->Add(Describe(root_) + " has no values: it holds itself, or a type without values");
  } else if (height > kMaxHeight) {
    errors_->Add("values of " + Describe(root_) + " are nested more than " + std::to_string(kMaxHeight) +
                 " levels deep");
  } else if (CheckPaths() && MakeKeys()) {
    tree_.root = CompilePlace({root_, "", "value", 0});
    if (!errors_->any()) OrderKeys();
  }
  if (errors_->any()) return {};
  return std::move(tree_);
}

bool SourceCompiler::CheckPaths() {
  for (const ShapeEntry& entry : shape_.entries) {
    const ShapePlace place = FindPlace(root_, entry.path);
    if (place.schema == nullptr) {
      errors_->Add(entry.line, entry.column, place.problem);
      return false;
    }
    entries_.emplace(entry.path, &entry);
    special_paths_.insert(entry.path);
  }
  if (time_path_.empty()) return true;
  const ShapePlace place = FindPlace(root_, time_path_);
  if (place.schema == nullptr) {
    errors_->Add("the field of the event's time is not in the schema: " + place.problem);
    return false;
  }
  special_paths_.insert(time_path_);
  return true;
}

bool SourceCompiler::MakeKeys() {
  for (const ShapeEntry& entry : shape_.entries) {
    Settings settings(&entry, errors_);
    const ShapeValue* by = settings.Find("by");
    if (by == nullptr) continue;
    const std::string path = settings.Text("by", "");
    const ShapePlace place = FindPlace(root_, path);
    const Schema* schema = place.schema;
    if (schema != nullptr && OnlyBranch(*schema) != nullptr) schema = OnlyBranch(*schema);
    if (errors_->any()) return false;
    if (schema == nullptr) {
      settings.Fail(*by, "`by`: " + place.problem);
    } else if (!IsLeaf(*schema)) {
      settings.Fail(*by, "`by` needs a field with a plain value, and `" + path + "` is " + Describe(*schema));
    } else if (!place.once) {
      settings.Fail(*by, "`by` needs a field that an event has once, and `" + path + "` is in a list");
    } else if (keys_.count(path) == 0) {
      keys_[path] = New<KeySource>(SeedOf(path));
      special_paths_.insert(path);
    }
    if (errors_->any()) return false;
  }
  return true;
}

// A key may itself depend on another key, which is then drawn first.
bool SourceCompiler::OrderKeys() {
  std::set<std::string> done;
  for (const auto& [first, unused] : keys_) {
    std::vector<std::string> chain;
    for (std::string path = first; keys_.count(path) > 0 && done.count(path) == 0;) {
      if (!keys_[path]->is_set()) {
        errors_->Add("`" + path + "` cannot be a key: events may lack it");
        return false;
      }
      for (const std::string& before : chain) {
        if (before != path) continue;
        const ShapeEntry* entry = entries_[path];
        errors_->Add(entry->line, entry->column, "`" + path + "` depends on itself through `by`");
        return false;
      }
      chain.push_back(path);
      const auto entry = entries_.find(path);
      if (entry == entries_.end() || entry->second->settings.count("by") == 0) break;
      path = entry->second->settings.at("by").text;
    }
    for (auto path = chain.rbegin(); path != chain.rend(); ++path) {
      if (done.insert(*path).second) tree_.keys.push_back(keys_[*path]);
    }
  }
  return true;
}

bool SourceCompiler::IsShapedBelow(const std::string& path) const {
  const auto next = special_paths_.lower_bound(path);
  return next != special_paths_.end() && next->compare(0, path.size(), path) == 0;
}

ValueSource* SourceCompiler::CompilePlace(const Place& place) {
  const auto entry = entries_.find(place.path);
  Settings settings(entry == entries_.end() ? nullptr : entry->second, errors_);
  ValueSource* source = CompileValue(place, &settings);
  if (!errors_->any()) settings.RefuseOthers();
  if (errors_->any()) return nullptr;
  const auto key = keys_.find(place.path);
  if (key == keys_.end()) return source;
  key->second->set_inner(source);
  return key->second;
}

ValueSource* SourceCompiler::CompileValue(const Place& place, Settings* settings) {
  switch (place.schema.kind) {
    case Kind::Record: return CompileRecord(place);
    case Kind::Array:
    case Kind::Map: return CompileList(place, settings);
    case Kind::Union: return CompileUnion(place, settings);
    default: return CompileLeaf(place, settings);
  }
}

ValueSource* SourceCompiler::CompileRecord(const Place& place) {
  if (const auto open = open_.find(&place.schema); open != open_.end()) return open->second;
  const bool shaped = IsShapedBelow(place.path);
  if (const auto known = unshaped_.find(&place.schema); !shaped && known != unshaped_.end()) return known->second;
  RecordValue* record = New<RecordValue>();
  open_.emplace(&place.schema, record);
  for (const avro::Field& field : place.schema.fields) {
    const std::string path = place.path.empty() ? field.name : place.path + "." + field.name;
    ValueSource* source = CompilePlace({*field.type, path, field.name, place.depth + 1});
    if (errors_->any()) return nullptr;
    record->Add(source, SeedOf(path));
  }
  open_.erase(&place.schema);
  if (!shaped) unshaped_.emplace(&place.schema, record);
  return record;
}

ValueSource* SourceCompiler::CompileList(const Place& place, Settings* settings) {
  const bool is_map = place.schema.kind == Kind::Map;
  const NumberPlace numbers{nullptr, true, nullptr, SeedOf(place.path)};
  NumberSourcePtr lengths;
  if (settings->Find("distribution") == nullptr) {
    lengths = DefaultNumbers(numbers);
  } else {
    const std::string distribution = settings->Text("distribution", "");
    if (!IsNumberDistribution(distribution) || distribution == "time") {
      settings->Fail("the length of a list cannot be `" + distribution + "`; `uniform` and `pareto` can be used");
    } else {
      lengths = MakeNumbers(distribution, numbers, settings);
    }
    if (errors_->any()) return nullptr;
  }
  ListValue* list = New<ListValue>(is_map, std::move(lengths));
  if (place.depth > kMaxCompiledDepth || heights_.Of(*place.schema.items) < 0) return list;
  list->set_items(
      CompilePlace({*place.schema.items, place.path + (is_map ? "{}" : "[]"), place.name, place.depth + 1}));
  return list;
}

std::vector<double> SourceCompiler::ReadBranchWeights(const Place& place, Settings* settings) {
  const std::vector<const Schema*>& branches = place.schema.branches;
  std::vector<double> weights(branches.size(), 1);
  if (OnlyBranch(place.schema) != nullptr && place.schema.NullBranch() >= 0) {
    const double null = settings->Probability("null", settings->present() ? 0 : 0.25);
    for (size_t i = 0; i < branches.size(); ++i) weights[i] = branches[i]->kind == Kind::Null ? null : 1 - null;
    return weights;
  }
  const ShapeValue* given = OnlyBranch(place.schema) == nullptr ? settings->Find("branches") : nullptr;
  if (given == nullptr) return weights;
  std::vector<std::string> known;
  for (const Schema* branch : branches) known.push_back(BranchName(*branch));
  weights.assign(branches.size(), 0);
  if (given->type != ShapeValue::Type::Table) settings->Fail(*given, "`branches` must be a table of weights");
  for (size_t i = 0; i < given->names.size(); ++i) {
    size_t branch = 0;
    while (branch < known.size() && known[branch] != given->names[i]) ++branch;
    const ShapeValue& weight = given->items[i];
    if (branch == known.size()) {
      const std::string nearest = avro::NearestWord(given->names[i], known);
      settings->Fail(weight, Describe(place.schema) + " has no branch `" + given->names[i] + "`" +
                                 (nearest.empty() ? std::string() : "; did you mean `" + nearest + "`?"));
    } else if (!weight.is_number() || !(weight.real >= 0 && weight.real <= 1e9)) {
      settings->Fail(weight, "a weight must be a number from 0 to 1,000,000,000");
    } else {
      weights[branch] = weight.real;
    }
    if (errors_->any()) break;
  }
  return weights;
}

ValueSource* SourceCompiler::CompileUnion(const Place& place, Settings* settings) {
  const std::vector<const Schema*>& branches = place.schema.branches;
  std::vector<double> weights = ReadBranchWeights(place, settings);
  if (errors_->any()) return nullptr;
  size_t flattest = branches.size();
  double sum = 0;
  for (size_t i = 0; i < branches.size(); ++i) {
    const int height = heights_.Of(*branches[i]);
    if (height < 0) weights[i] = 0;
    if (height >= 0 && (flattest == branches.size() || height < heights_.Of(*branches[flattest]))) flattest = i;
    sum += weights[i];
  }
  if (place.depth > kMaxCompiledDepth) {
    weights.assign(branches.size(), 0);
    weights[flattest] = sum = 1;
  }
  if (!(sum > 0)) {
    settings->Fail("every branch of " + Describe(place.schema) + " that has values has the weight 0");
    return nullptr;
  }
  UnionValue* result = New<UnionValue>(AliasTable(weights), flattest);
  const bool through = OnlyBranch(place.schema) != nullptr;
  for (size_t i = 0; i < branches.size(); ++i) {
    ValueSource* source = nullptr;
    if (branches[i]->kind == Kind::Null) {
      source = New<NullValue>();
    } else if (weights[i] > 0 || i == flattest || through) {
      const Place branch{*branches[i], through ? place.path : place.path + "<" + BranchName(*branches[i]) + ">",
                         place.name, place.depth + 1};
      source = through ? CompileValue(branch, settings) : CompilePlace(branch);
    }
    if (errors_->any()) return nullptr;
    result->Add(source);
  }
  return result;
}

}  // namespace rulec::generate
