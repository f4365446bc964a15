#include <set>
#include <utility>

#include "avro/schema.h"

namespace avro {
namespace {

bool SameNode(const Schema& a, const Schema& b) {
  if (a.kind != b.kind || a.logical != b.logical || a.precision != b.precision || a.scale != b.scale ||
      a.name != b.name || a.size != b.size || a.symbols != b.symbols || a.fields.size() != b.fields.size() ||
      a.branches.size() != b.branches.size()) {
    return false;
  }
  for (size_t i = 0; i < a.fields.size(); ++i) {
    if (a.fields[i].name != b.fields[i].name) return false;
  }
  return true;
}

}  // namespace

// Two graphs are walked in step. Pairs that were met before are taken as equal, which recursion needs, and the list
// of open pairs replaces the call stack.
bool SameLayout(const Schema& a, const Schema& b) {
  using Pair = std::pair<const Schema*, const Schema*>;
  std::vector<Pair> open{{&a, &b}};
  std::set<Pair> met;
  while (!open.empty()) {
    const auto [left, right] = open.back();
    open.pop_back();
    if (left == right || !met.insert({left, right}).second) continue;
    if (!SameNode(*left, *right)) return false;
    for (size_t i = 0; i < left->fields.size(); ++i) open.push_back({left->fields[i].type, right->fields[i].type});
    for (size_t i = 0; i < left->branches.size(); ++i) open.push_back({left->branches[i], right->branches[i]});
    if (left->items != nullptr) open.push_back({left->items, right->items});
  }
  return true;
}

}  // namespace avro
