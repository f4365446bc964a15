#include "compiler/lower/type_shapes.h"

#include <algorithm>
#include <vector>

namespace rulec::lower {

namespace {

// A type of more reads than this is not put in line.
constexpr uint32_t kMostInline = 24;

// The loops over the blocks and items of an array or map, as reads.
constexpr uint32_t kLoopWeight = 8;

const avro::Schema* Part(const avro::Schema& type, size_t i) {
  if (i < type.fields.size()) return type.fields[i].type;
  i -= type.fields.size();
  if (i < type.branches.size()) return type.branches[i];
  return i == type.branches.size() ? type.items : nullptr;
}

// Tarjan's strongly connected components, without recursion: names may chain through a whole schema.
class ShapeFinder {
 public:
  explicit ShapeFinder(std::unordered_map<const avro::Schema*, TypeShape>* shapes) : shapes_(*shapes) {}

  void Find(const avro::Schema& root) {
    Open(root);
    while (!path_.empty()) {
      const avro::Schema& type = *path_.back().type;
      const avro::Schema* part = Part(type, path_.back().next++);
      if (part != nullptr) {
        const auto seen = marks_.find(part);
        if (seen == marks_.end()) {
          Open(*part);
        } else if (seen->second.open) {
          Lower(type, seen->second.index);
        }
        continue;
      }
      path_.pop_back();
      const Mark mark = marks_.at(&type);
      if (mark.low == mark.index) Close(type);
      if (!path_.empty()) Lower(*path_.back().type, mark.low);
    }
  }

 private:
  struct Mark {
    size_t index = 0;
    size_t low = 0;
    bool open = true;
  };
  struct Step {
    const avro::Schema* type;
    size_t next;
  };

  static bool HoldsItself(const avro::Schema& type) {
    return std::any_of(type.fields.begin(), type.fields.end(),
                       [&](const avro::Field& field) { return field.type == &type; });
  }

  void Open(const avro::Schema& type) {
    const size_t index = marks_.size();
    marks_[&type] = {index, index, true};
    open_.push_back(&type);
    path_.push_back({&type, 0});
  }

  void Lower(const avro::Schema& type, size_t index) {
    Mark& mark = marks_.at(&type);
    mark.low = std::min(mark.low, index);
  }

  void Close(const avro::Schema& type) {
    const auto begin = std::find(open_.rbegin(), open_.rend(), &type).base() - 1;
    const std::vector<const avro::Schema*> component(begin, open_.end());
    open_.erase(begin, open_.end());
    // A record may be a field of itself, though it has no values then.
    const bool cyclic = component.size() > 1 || HoldsItself(type);
    // Within a cycle the records are functions; what lies between them is then as large as it looks.
    for (const avro::Schema* member : component) {
      marks_.at(member).open = false;
      TypeShape& shape = shapes_[member];
      shape.by_function = member->kind == avro::Kind::Array || member->kind == avro::Kind::Map ||
                          (cyclic && member->kind == avro::Kind::Record);
    }
    for (const avro::Schema* member : component) {
      if (member->kind == avro::Kind::Union) Weigh(*member, cyclic);
    }
    for (const avro::Schema* member : component) {
      if (member->kind != avro::Kind::Union) Weigh(*member, cyclic);
    }
  }

  void Weigh(const avro::Schema& type, bool cyclic) {
    TypeShape shape = shapes_.at(&type);
    if (type.kind == avro::Kind::Record || type.kind == avro::Kind::Union) {
      bool no_bytes = type.kind == avro::Kind::Record && !cyclic;
      for (size_t i = 0; const avro::Schema* part = Part(type, i); ++i) {
        shape.weight += shapes_.at(part).cost();
        no_bytes = no_bytes && shapes_.at(part).no_bytes;
      }
      shape.no_bytes = no_bytes;
      shape.by_function = shape.by_function || shape.weight > kMostInline;
    } else {
      shape.no_bytes = type.kind == avro::Kind::Null || (type.kind == avro::Kind::Fixed && type.size == 0);
    }
    shapes_[&type] = shape;
  }

  std::unordered_map<const avro::Schema*, TypeShape>& shapes_;
  std::unordered_map<const avro::Schema*, Mark> marks_;
  std::vector<const avro::Schema*> open_;
  std::vector<Step> path_;
};

}  // namespace

TypeShapes::TypeShapes(const avro::Schema& root) {
  ShapeFinder(&shapes_).Find(root);
  for (const auto& [type, shape] : shapes_) {
    if (type->items != nullptr) {
      total_ += kLoopWeight + shapes_.at(type->items).cost();
    } else if (shape.by_function || type == &root) {
      total_ += shape.weight;
    }
  }
}

}  // namespace rulec::lower
