#include "avro/value_height.h"

#include <algorithm>
#include <cassert>

namespace avro {
namespace {

constexpr int kNone = -1;

std::vector<const Schema*> AllNodes(const Schema& root) {
  std::vector<const Schema*> nodes;
  std::unordered_map<const Schema*, bool> met;
  std::vector<const Schema*> open{&root};
  while (!open.empty()) {
    const Schema* node = open.back();
    open.pop_back();
    if (!met.emplace(node, true).second) continue;
    nodes.push_back(node);
    for (const Field& field : node->fields) open.push_back(field.type);
    for (const Schema* branch : node->branches) open.push_back(branch);
    if (node->items != nullptr) open.push_back(node->items);
  }
  return nodes;
}

}  // namespace

// Heights only fall from "none" to a number as parts become known; inner types come last in the list, so walking it
// backwards settles most of them in the first round.
ValueHeights::ValueHeights(const Schema& root) {
  const std::vector<const Schema*> nodes = AllNodes(root);
  for (const Schema* node : nodes) heights_[node] = kNone;
  for (bool changed = true; changed;) {
    changed = false;
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
      const int height = Height(**node);
      int& known = heights_[*node];
      if (height != kNone && (known == kNone || height < known)) {
        known = height;
        changed = true;
      }
    }
  }
}

int ValueHeights::Lookup(const Schema& schema) const {
  const auto found = heights_.find(&schema);
  assert(found != heights_.end() && "the schema is not part of the root");
  return found->second;
}

int ValueHeights::Of(const Schema& schema) const { return Lookup(schema); }

int ValueHeights::Height(const Schema& schema) const {
  switch (schema.kind) {
    case Kind::Enum: return schema.symbols.empty() ? kNone : 0;
    case Kind::Record: {
      int height = 0;
      for (const Field& field : schema.fields) {
        const int inner = Lookup(*field.type);
        if (inner == kNone) return kNone;
        height = std::max(height, inner + 1);
      }
      return height;
    }
    case Kind::Union: {
      int height = kNone;
      for (const Schema* branch : schema.branches) {
        const int inner = Lookup(*branch);
        if (inner != kNone && (height == kNone || inner < height)) height = inner;
      }
      return height;
    }
    default: return 0;
  }
}

}  // namespace avro
