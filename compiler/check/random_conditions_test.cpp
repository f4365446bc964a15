// Random conditions, held against all values that matter: what is told to hold always or never does.

#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <random>

#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"

namespace rulec::check {
namespace {

// One event, as far as the conditions look at it.
struct Event {
  int size = 0;
  double price = 0;
  std::optional<int> lot;
  int side = 0;  // BUY, SELL
  bool suspicious = false;
};

struct Node {
  enum class Kind { And, Or, Not, Leaf } kind = Kind::Leaf;
  std::string field, op;
  std::vector<int> constants;
  std::vector<Node> children;
  size_t begin = 0, end = 0;  // in the text of the rule
  bool was_true = false, was_false = false;
};

constexpr int kMost = 6;  // constants go from 0 to here, values a little beyond

class Maker {
 public:
  explicit Maker(uint32_t seed) : random_(seed) {}

  Node Condition(int depth) {
    if (depth == 0 || Pick(4) == 0) return Leaf();
    Node node;
    const int kind = Pick(5);
    node.kind = kind == 0 ? Node::Kind::Not : kind < 3 ? Node::Kind::And : Node::Kind::Or;
    node.children.push_back(Condition(depth - 1));
    if (node.kind != Node::Kind::Not) node.children.push_back(Condition(depth - 1));
    return node;
  }

 private:
  int Pick(int below) { return static_cast<int>(random_() % static_cast<uint32_t>(below)); }

  Node Leaf() {
    static const char* fields[] = {"size", "price", "lot", "side", "suspicious"};
    static const char* orders[] = {"<", "<=", ">", ">=", "==", "!=", "in", "between"};
    static const char* equalities[] = {"==", "!=", "in"};
    Node node;
    node.field = fields[Pick(5)];
    if (node.field == "suspicious") return node;
    const bool ordered = node.field == "size" || node.field == "price";
    node.op = ordered ? orders[Pick(8)] : equalities[Pick(3)];
    if (node.field == "lot" && Pick(3) == 0) node.op = Pick(2) == 0 ? "is null" : "is not null";
    const int count = node.op == "in" ? 1 + Pick(3) : node.op == "between" ? 2 : 1;
    const int most = node.field == "side" ? 2 : kMost;
    for (int i = 0; i < count; ++i) node.constants.push_back(Pick(most));
    return node;
  }

  std::mt19937 random_;
};

std::string ConstantText(const Node& node, int constant) {
  if (node.field == "side") return constant == 0 ? "BUY" : "SELL";
  return std::to_string(constant);
}

// Brackets belong to what stands in them.
void Write(Node& node, std::string* text) {
  node.begin = text->size();
  *text += "(";
  if (node.kind == Node::Kind::Not) {
    *text += "not ";
    Write(node.children[0], text);
  } else if (node.kind != Node::Kind::Leaf) {
    Write(node.children[0], text);
    *text += node.kind == Node::Kind::And ? " and " : " or ";
    Write(node.children[1], text);
  } else {
    *text += node.field;
    if (!node.op.empty()) *text += " " + node.op;
    if (node.op == "in") {
      *text += " [";
      for (size_t i = 0; i < node.constants.size(); ++i)
        *text += (i ? ", " : "") + ConstantText(node, node.constants[i]);
      *text += "]";
    } else if (node.op == "between") {
      *text += " " + ConstantText(node, node.constants[0]) + " and " + ConstantText(node, node.constants[1]);
    } else if (!node.op.empty() && !node.op.starts_with("is")) {
      *text += " " + ConstantText(node, node.constants[0]);
    }
  }
  *text += ")";
  node.end = text->size();
}

bool Compare(const std::string& op, double value, const std::vector<int>& constants) {
  if (op == "in") return std::any_of(constants.begin(), constants.end(), [&](int c) { return value == c; });
  if (op == "between") return constants[0] <= value && value <= constants[1];
  if (op == "<") return value < constants[0];
  if (op == "<=") return value <= constants[0];
  if (op == ">") return value > constants[0];
  if (op == ">=") return value >= constants[0];
  return (value == constants[0]) == (op == "==");
}

bool LeafHolds(const Node& node, const Event& event) {
  if (node.field == "suspicious") return event.suspicious;
  if (node.field == "size") return Compare(node.op, event.size, node.constants);
  if (node.field == "price") return Compare(node.op, event.price, node.constants);
  if (node.field == "side") return Compare(node.op, event.side, node.constants);
  if (node.op.starts_with("is")) return event.lot.has_value() == (node.op == "is not null");
  if (!event.lot) return node.op == "!=";
  return Compare(node.op, *event.lot, node.constants);
}

// As the language does it: the right operand only where the left one does not decide.
bool Holds(Node& node, const Event& event) {
  bool holds = false;
  switch (node.kind) {
    case Node::Kind::Leaf: holds = LeafHolds(node, event); break;
    case Node::Kind::Not: holds = !Holds(node.children[0], event); break;
    case Node::Kind::And: holds = Holds(node.children[0], event) && Holds(node.children[1], event); break;
    case Node::Kind::Or: holds = Holds(node.children[0], event) || Holds(node.children[1], event); break;
  }
  (holds ? node.was_true : node.was_false) = true;
  return holds;
}

// Every combination of the values that the constants tell apart.
template <typename Visit>
void ForEachEvent(Visit visit) {
  std::vector<double> prices{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()};
  for (int i = -1; i <= kMost; ++i) prices.insert(prices.end(), {double(i), i + 0.5});
  for (int size = -1; size <= kMost + 1; ++size) {
    for (const double price : prices) {
      for (int lot = -2; lot <= kMost + 1; ++lot) {
        for (int rest = 0; rest < 4; ++rest) {
          visit(Event{size, price, lot == -2 ? std::nullopt : std::optional(lot), rest & 1, (rest & 2) != 0});
        }
      }
    }
  }
}

const Node* At(const Node& node, size_t begin, size_t end) {
  if (node.begin == begin && node.end == end) return &node;
  for (const Node& child : node.children) {
    if (const Node* found = At(child, begin, end)) return found;
  }
  return nullptr;
}

TEST(RandomConditions, WhatIsToldIsTrue) {
  const uint32_t seed = 20'240'501;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Maker maker(seed);
  int told = 0;
  for (int round = 0; round < 600; ++round) {
    Node node = maker.Condition(3);
    std::string text = std::string(kTrades) + "rule r { from trades where ";
    Write(node, &text);
    text += " emit out { symbol } }\n";
    const auto checked = CheckText(text);
    ASSERT_FALSE(checked->diagnostics.has_errors()) << text << checked->Rendered();
    if (checked->diagnostics.all().empty()) continue;
    ForEachEvent([&](const Event& event) { Holds(node, event); });
    for (const Diagnostic& diagnostic : checked->diagnostics.all()) {
      const std::string code(diagnostic.kind->code);
      if (code != "R0320" && code != "R0321") continue;
      const Node* where = At(node, diagnostic.primary.span.begin, diagnostic.primary.span.end);
      ASSERT_TRUE(where) << checked->Rendered();
      ++told;
      EXPECT_FALSE(code == "R0320" ? where->was_false : where->was_true) << checked->Rendered();
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(told, 150);
}

}  // namespace
}  // namespace rulec::check
