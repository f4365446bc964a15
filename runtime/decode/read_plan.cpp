#include "runtime/decode/read_plan.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "avro/default_value.h"
#include "runtime/decode/datum_cell.h"

namespace rulert {
namespace {

// Slots by the names that lead to them.
struct Trie {
  int32_t slot = kNone;
  std::map<std::string, Trie, std::less<>> below;

  void Add(std::string_view path, int32_t number) {
    const size_t dot = path.find('.');
    Trie& next = below[std::string(path.substr(0, dot))];
    if (dot == std::string_view::npos) {
      next.slot = number;
    } else {
      next.Add(path.substr(dot + 1), number);
    }
  }
};

}  // namespace

class ReadPlanBuilder {
 public:
  explicit ReadPlanBuilder(ReadPlan* plan) : plan_(plan) {}

  Error Build() {
    const avro::Schema& root = plan_->reader_->root();
    if (root.kind != avro::Kind::Record) return Error::Environment("the schema of a stream must be a record");
    Trie trie;
    for (const int32_t slot : plan_->wanted_) trie.Add(plan_->slots_[static_cast<size_t>(slot)].path, slot);
    plan_->root_.schema = &root;
    return Flat(trie, "", false, &plan_->root_);
  }

 private:
  // A record of which only parts are wanted. `nullable`: it or one around it may be null.
  Error Flat(const Trie& trie, const std::string& path, bool nullable, ReadNode* node) {
    const avro::Schema& record = NotNull(*node->schema);
    if (record.kind != avro::Kind::Record) return Wrong(path, "is no record, but parts of it are read");
    node->nullable = node->schema->kind == avro::Kind::Union && node->schema->NullBranch() >= 0;
    node->record_number = plan_->records_++;
    node->child_of_field.assign(record.fields.size(), kNone);
    node->children.reserve(trie.below.size());  // pointers to them are kept
    for (const auto& [name, below] : trie.below) {
      const std::string inner = path.empty() ? name : path + "." + name;
      const int field = record.FieldIndex(name);
      if (field < 0) return Wrong(inner, "is not in the schema");
      node->child_of_field[static_cast<size_t>(field)] = static_cast<int32_t>(node->children.size());
      ReadNode& child = node->children.emplace_back();
      child.field = static_cast<uint32_t>(field);
      if (Error error = Field(record.fields[child.field], below, inner, nullable || node->nullable, &child)) {
        return error;
      }
    }
    return {};
  }

  Error Field(const avro::Field& field, const Trie& trie, const std::string& path, bool nullable, ReadNode* node) {
    Named(field, node);
    if (trie.slot == kNone) {
      if (Error error = Flat(trie, path, nullable, node)) return error;
    } else {
      const ColumnSpec& column = plan_->column(trie.slot);
      auto type = MakeCellType(column, *field.type);
      if (!type.ok()) return Wrong(path, type.error().message());
      plan_->types_.push_back(std::make_unique<CellType>(std::move(*type)));
      node->slot = trie.slot;
      if (Error error = Whole(*plan_->types_.back(), *field.type, path, node)) return error;
      if (!column.nullable && (nullable || node->nullable)) return Wrong(path, "can be null, its column cannot");
      if (Error error = Parts(trie, *field.type, path, {}, node)) return error;
    }
    return Missing(field, path, node);
  }

  static void Named(const avro::Field& field, ReadNode* node) {
    node->schema = field.type;
    node->names = {field.name};
    node->names.insert(node->names.end(), field.aliases.begin(), field.aliases.end());
  }

  Error Whole(const CellType& type, const avro::Schema& declared, const std::string& path, ReadNode* node) {
    node->schema = &declared;
    node->type = &type;
    node->nullable = declared.kind == avro::Kind::Union && declared.NullBranch() >= 0;
    const avro::Schema& schema = *type.schema;
    switch (type.kind) {
      case ColumnKind::List:
      case ColumnKind::Map: return Whole(type.children[0], *schema.items, path + "[]", &node->children.emplace_back());
      case ColumnKind::Union: {
        const auto branches = NotNullBranches(schema);
        node->children.resize(branches.size());
        for (size_t i = 0; i < branches.size(); ++i) {
          if (Error error = Whole(type.children[i], *branches[i], path, &node->children[i])) return error;
        }
        return {};
      }
      case ColumnKind::Record: return Fields(type, schema, path, node);
      default: return {};
    }
  }

  Error Fields(const CellType& type, const avro::Schema& schema, const std::string& path, ReadNode* node) {
    node->record_number = plan_->records_++;
    node->children.resize(schema.fields.size());
    for (size_t i = 0; i < schema.fields.size(); ++i) {
      const std::string inner = path + "." + schema.fields[i].name;
      ReadNode& child = node->children[i];
      child.field = static_cast<uint32_t>(i);
      node->child_of_field.push_back(static_cast<int32_t>(i));
      Named(schema.fields[i], &child);
      if (Error error = Whole(type.children[i], *schema.fields[i].type, inner, &child)) return error;
      if (Error error = Missing(schema.fields[i], inner, &child)) return error;
    }
    return {};
  }

  // Slots inside of what is a slot as a whole.
  Error Parts(const Trie& trie, const avro::Schema& declared, const std::string& path, std::vector<uint32_t> fields,
              ReadNode* node) {
    const avro::Schema& record = NotNull(declared);
    for (const auto& [name, below] : trie.below) {
      const std::string inner = path + "." + name;
      const int field = record.kind == avro::Kind::Record ? record.FieldIndex(name) : -1;
      if (field < 0) return Wrong(inner, "is not in the schema");
      std::vector<uint32_t> way = fields;
      way.push_back(static_cast<uint32_t>(field));
      if (below.slot != kNone) node->parts.push_back({below.slot, way});
      if (Error error = Parts(below, *record.fields[way.back()].type, inner, way, node)) return error;
    }
    return {};
  }

  Error Missing(const avro::Field& field, const std::string& path, ReadNode* node) {
    if (!field.default_json) return {};
    avro::Datum datum;
    if (std::string wrong = defaults_.Build(field, &datum); !wrong.empty()) return Wrong(path, wrong);
    if (!node->flat()) return Default(*node->type, *field.type, datum, path, &node->missing);
    return FlatDefault(*node, datum, path, &node->missing_below);
  }

  Error Default(const CellType& type, const avro::Schema& schema, const avro::Datum& datum, const std::string& path,
                FieldDefault* made) {
    bool null = false;
    const CellMemory memory{ArenaHost(), &plan_->defaults_};
    const uint32_t wrong = DatumToCell(type, schema, datum, memory, made->cell.bytes, &null);
    // A default that no cell can hold (a decimal beyond its precision) counts as none.
    if (wrong == RULERT_DECODE_MEMORY) return Wrong(path, "has a default that is too large");
    if (wrong == RULERT_DECODE_OK) made->kind = null ? FieldDefault::Kind::Null : FieldDefault::Kind::Value;
    return {};
  }

  Error FlatDefault(const ReadNode& node, const avro::Datum& datum, const std::string& path,
                    std::vector<std::pair<const ReadNode*, FieldDefault>>* made) {
    for (const ReadNode& child : node.children) {
      static const avro::Datum null;
      const avro::Datum& inner = datum.kind == avro::Kind::Null ? null : datum.items[child.field];
      if (child.flat()) {
        if (Error error = FlatDefault(child, inner, path, made)) return error;
        continue;
      }
      FieldDefault value;
      if (datum.kind == avro::Kind::Null) {
        value.kind = FieldDefault::Kind::Null;
      } else if (Error error = Default(*child.type, *child.schema, inner, path, &value)) {
        return error;
      }
      made->emplace_back(&child, value);
    }
    return {};
  }

  static Error Wrong(const std::string& path, const std::string& what) {
    return Error::Environment("field `" + path + "` " + what);
  }

  ReadPlan* plan_;
  avro::DefaultBuilder defaults_;
};

Result<std::unique_ptr<ReadPlan>> ReadPlan::Make(avro::SchemaPtr reader, const std::vector<SlotSpec>& slots,
                                                 const std::vector<int32_t>& wanted) {
  std::unique_ptr<ReadPlan> plan(new ReadPlan);
  plan->reader_ = std::move(reader);
  plan->slots_ = slots;
  plan->wanted_ = wanted;
  std::sort(plan->wanted_.begin(), plan->wanted_.end());
  for (const SlotSpec& slot : slots) plan->widths_.push_back(ColumnWidth(slot.column.kind));
  if (Error error = ReadPlanBuilder(plan.get()).Build()) return error;
  return plan;
}

void RowSink::PutParts(const ReadNode& node, CellPointer cell) const {
  for (const ReadNode::Part& part : node.parts) {
    const CellType* type = node.type;
    CellPointer at = cell;
    for (const uint32_t field : part.fields) {
      if (at == nullptr) break;
      at = RecordView(*type, at).field(field);
      type = &type->children[field];
    }
    PutSlot(part.slot, at);
  }
}

bool RowSink::PutMissing(const ReadNode& node, bool or_null) const {
  if (!node.flat() && node.missing.kind == FieldDefault::Kind::Value) {
    Put(node, node.missing.cell.bytes);
    return true;
  }
  if (!node.missing_below.empty()) {
    for (const auto& [below, value] : node.missing_below) {
      Put(*below, value.kind == FieldDefault::Kind::Value ? value.cell.bytes : nullptr);
    }
    return true;
  }
  if (node.missing.kind != FieldDefault::Kind::Null && !or_null && !node.nullable) return false;
  PutNull(node);
  return true;
}

void RowSink::PutNull(const ReadNode& node) const {
  if (!node.flat()) return Put(node, nullptr);
  for (const ReadNode& child : node.children) PutNull(child);
}

}  // namespace rulert
