#include "compiler/typed/walk.h"

#include <unordered_set>

namespace rulec::typed {
namespace {

using Visit = std::function<void(const Expr&)>;

void Each(const ExprPtr& expr, const Visit& visit) {
  if (expr) visit(*expr);
}
void Each(const std::vector<ExprPtr>& exprs, const Visit& visit) {
  for (const ExprPtr& expr : exprs) Each(expr, visit);
}

// Leaves have no children.
template <typename Node>
void Children(const Node&, const Visit&) {}
void Children(const Unary& node, const Visit& visit) { Each(node.operand, visit); }
void Children(const IsBranch& node, const Visit& visit) { Each(node.operand, visit); }
void Children(const Member& node, const Visit& visit) { Each(node.object, visit); }
void Children(const ListLiteral& node, const Visit& visit) { Each(node.items, visit); }
void Children(const RecordLiteral& node, const Visit& visit) { Each(node.fields, visit); }
void Children(const Call& node, const Visit& visit) { Each(node.arguments, visit); }
void Children(const Binary& node, const Visit& visit) {
  Each(node.left, visit);
  Each(node.right, visit);
}
void Children(const Choice& node, const Visit& visit) {
  for (const Choice::Arm& arm : node.arms) {
    Each(arm.condition, visit);
    Each(arm.value, visit);
  }
  Each(node.otherwise, visit);
}
void Children(const Bind& node, const Visit& visit) {
  Each(node.value, visit);
  Each(node.body, visit);
}
void Children(const Format& node, const Visit& visit) {
  for (const FormatPart& part : node.parts) Each(part.value, visit);
}
void Children(const MapLiteral& node, const Visit& visit) {
  for (size_t i = 0; i < node.keys.size(); ++i) {
    Each(node.keys[i], visit);
    Each(node.values[i], visit);
  }
}
void Children(const Index& node, const Visit& visit) {
  Each(node.object, visit);
  Each(node.index, visit);
}
void Children(const Slice& node, const Visit& visit) {
  Each(node.object, visit);
  Each(node.from, visit);
  Each(node.to, visit);
}
void Children(const IntrinsicCall& node, const Visit& visit) {
  Each(node.arguments, visit);
  if (node.lambda) Each(node.lambda->body, visit);
}

// Also in what it binds itself.
class ClosedCheck {
 public:
  bool Check(const Expr& expr) {
    if (std::holds_alternative<FieldRef>(expr.node) || std::holds_alternative<MetaRef>(expr.node) ||
        std::holds_alternative<Present>(expr.node) || std::holds_alternative<LetRef>(expr.node) ||
        std::holds_alternative<KeyRef>(expr.node) || std::holds_alternative<ParamRef>(expr.node) ||
        std::holds_alternative<ErrorExpr>(expr.node)) {
      return false;
    }
    if (const auto* variable = std::get_if<VariableRef>(&expr.node)) return bound_.contains(variable->variable);
    if (const auto* bind = std::get_if<Bind>(&expr.node)) {
      if (!Check(*bind->value)) return false;
      bound_.insert(bind->variable);
      return Check(*bind->body);
    }
    if (const auto* call = std::get_if<IntrinsicCall>(&expr.node); call && call->lambda) {
      bound_.insert(call->lambda->variable);
    }
    bool closed = true;
    ForEachChild(expr, [&](const Expr& child) { closed = closed && Check(child); });
    return closed;
  }

 private:
  std::unordered_set<uint32_t> bound_;
};

class Cloner {
 public:
  explicit Cloner(const VariableMap& variables) : variables_(variables) {}

  ExprPtr Copy(const ExprPtr& expr) const { return expr ? Copy(*expr) : nullptr; }
  ExprPtr Copy(const Expr& expr) const {
    auto copy = std::make_unique<Expr>();
    copy->span = expr.span;
    copy->type = expr.type;
    std::visit([&](const auto& node) { copy->node = Node(node); }, expr.node);
    return copy;
  }

 private:
  template <typename T>
  T Node(const T& leaf) const {
    return leaf;
  }
  uint32_t At(uint32_t variable) const {
    const auto found = variables_.find(variable);
    return found == variables_.end() ? variable : found->second;
  }
  std::vector<ExprPtr> CopyAll(const std::vector<ExprPtr>& exprs) const {
    std::vector<ExprPtr> copies;
    for (const ExprPtr& expr : exprs) copies.push_back(Copy(expr));
    return copies;
  }
  VariableRef Node(const VariableRef& node) const { return {At(node.variable)}; }
  Unary Node(const Unary& node) const { return {node.op, Copy(node.operand), node.index}; }
  Binary Node(const Binary& node) const { return {node.op, Copy(node.left), Copy(node.right)}; }
  IsBranch Node(const IsBranch& node) const { return {Copy(node.operand), node.branch}; }
  Choice Node(const Choice& node) const {
    Choice copy;
    for (const Choice::Arm& arm : node.arms) copy.arms.push_back({Copy(arm.condition), Copy(arm.value)});
    copy.otherwise = Copy(node.otherwise);
    return copy;
  }
  Bind Node(const Bind& node) const { return {At(node.variable), Copy(node.value), Copy(node.body)}; }
  Format Node(const Format& node) const {
    Format copy;
    for (const FormatPart& part : node.parts) copy.parts.push_back({part.text, Copy(part.value), part.spec});
    return copy;
  }
  ListLiteral Node(const ListLiteral& node) const { return {CopyAll(node.items)}; }
  MapLiteral Node(const MapLiteral& node) const { return {CopyAll(node.keys), CopyAll(node.values)}; }
  RecordLiteral Node(const RecordLiteral& node) const { return {CopyAll(node.fields)}; }
  Member Node(const Member& node) const { return {Copy(node.object), node.field}; }
  Index Node(const Index& node) const { return {Copy(node.object), Copy(node.index)}; }
  Slice Node(const Slice& node) const { return {Copy(node.object), Copy(node.from), Copy(node.to)}; }
  Call Node(const Call& node) const { return {node.function, CopyAll(node.arguments)}; }
  IntrinsicCall Node(const IntrinsicCall& node) const {
    IntrinsicCall copy{node.intrinsic, CopyAll(node.arguments), std::nullopt};
    if (node.lambda) copy.lambda = Lambda{At(node.lambda->variable), Copy(node.lambda->body)};
    return copy;
  }

  const VariableMap& variables_;
};

}  // namespace

void ForEachChild(const Expr& expr, const std::function<void(const Expr&)>& visit) {
  std::visit([&](const auto& node) { Children(node, visit); }, expr.node);
}

size_t CountNodes(const Expr& expr) {
  size_t count = 1;
  ForEachChild(expr, [&](const Expr& child) { count += CountNodes(child); });
  return count;
}

bool IsClosed(const Expr& expr) { return ClosedCheck().Check(expr); }

std::optional<uint32_t> ParamOf(const Expr& expr) {
  const auto* narrowed = std::get_if<Unary>(&expr.node);
  if (narrowed && narrowed->op == UnaryOp::NotNull) return ParamOf(*narrowed->operand);
  const auto* param = std::get_if<ParamRef>(&expr.node);
  return param ? std::optional(param->param) : std::nullopt;
}

ExprPtr Clone(const Expr& expr, const VariableMap& variables) { return Cloner(variables).Copy(expr); }

}  // namespace rulec::typed
