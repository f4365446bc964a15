#include "avro/schema.h"

namespace avro {
namespace {

// Messages stay short whatever the schema: deeper or further parts are left out.
constexpr int kMaxDepth = 4;
constexpr size_t kMaxBranches = 8;

std::string DescribeAt(const Schema& schema, int depth);

std::string DescribeUnion(const Schema& schema, int depth) {
  if (schema.branches.empty()) return "union of nothing";
  std::string text = "union of ";
  const size_t count = schema.branches.size();
  const size_t shown = count > kMaxBranches ? kMaxBranches : count;
  for (size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == count ? " and " : ", ";
    text += DescribeAt(*schema.branches[i], depth + 1);
  }
  if (shown < count) text += " and " + std::to_string(count - shown) + " more";
  return text;
}

std::string DescribeLogical(const Schema& schema) {
  if (schema.logical == Logical::None) return "";
  std::string text = " (" + std::string(LogicalName(schema.logical));
  if (schema.logical == Logical::Decimal) {
    text += " " + std::to_string(schema.precision) + ", " + std::to_string(schema.scale);
  }
  return text + ")";
}

std::string DescribeAt(const Schema& schema, int depth) {
  if (depth > kMaxDepth) return "...";
  switch (schema.kind) {
    case Kind::Array:
    case Kind::Map: return std::string(KindName(schema.kind)) + " of " + DescribeAt(*schema.items, depth + 1);
    case Kind::Union: return DescribeUnion(schema, depth);
    case Kind::Record:
    case Kind::Enum:
    case Kind::Fixed: return std::string(KindName(schema.kind)) + " `" + schema.name + "`" + DescribeLogical(schema);
    default: return std::string(KindName(schema.kind)) + DescribeLogical(schema);
  }
}

}  // namespace

std::string Describe(const Schema& schema) { return DescribeAt(schema, 0); }

}  // namespace avro
