#include "compiler/lint/lint_expr.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace rulec::lint {
namespace {

template <typename Node>
const Node* As(const ast::ExprPtr& expr) {
  return expr ? std::get_if<Node>(&expr->node) : nullptr;
}

bool Within(Span inner, Span outer) {
  return inner.file == outer.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

std::string_view Sign(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::Equal: return "==";
    case ast::BinaryOp::NotEqual: return "!=";
    case ast::BinaryOp::Less: return "<";
    case ast::BinaryOp::LessEqual: return "<=";
    case ast::BinaryOp::Greater: return ">";
    case ast::BinaryOp::GreaterEqual: return ">=";
    case ast::BinaryOp::And: return "and";
    case ast::BinaryOp::Or: return "or";
    case ast::BinaryOp::Subtract: return "-";
    case ast::BinaryOp::Divide: return "/";
    case ast::BinaryOp::Coalesce: return "??";
    case ast::BinaryOp::Add: return "+";
    case ast::BinaryOp::Multiply: return "*";
  }
  return "";
}

// With equal operands these say nothing; `a + a` and `a * a` do.
bool SaysNothingOfEqualOperands(ast::BinaryOp op) { return op != ast::BinaryOp::Add && op != ast::BinaryOp::Multiply; }

bool IsLiteral(const ast::ExprPtr& expr) {
  return As<ast::IntLiteral>(expr) || As<ast::FloatLiteral>(expr) || As<ast::BoolLiteral>(expr) ||
         As<ast::StringLiteral>(expr) || As<ast::NullLiteral>(expr) || As<ast::DurationLiteral>(expr) ||
         As<ast::PercentLiteral>(expr);
}

// The operands of a chain of `or`, from left to right. Chains nest on the left, so this goes no deeper than its length.
void Operands(const ast::ExprPtr& expr, std::vector<const ast::ExprPtr*>* operands) {
  const ast::ExprPtr* at = &expr;
  while (const auto* binary = As<ast::BinaryExpr>(*at)) {
    if (binary->op != ast::BinaryOp::Or) break;
    operands->push_back(&binary->right);
    at = &binary->left;
  }
  operands->push_back(at);
}

// Does a comparison beside it need no brackets around it?
bool BindsTighterThanComparison(const ast::ExprPtr& expr) {
  if (const auto* binary = As<ast::BinaryExpr>(expr)) {
    return binary->op == ast::BinaryOp::Add || binary->op == ast::BinaryOp::Subtract ||
           binary->op == ast::BinaryOp::Multiply || binary->op == ast::BinaryOp::Divide ||
           binary->op == ast::BinaryOp::Coalesce;
  }
  if (const auto* unary = As<ast::UnaryExpr>(expr)) return unary->op == ast::UnaryOp::Negate;
  return !As<ast::RelationExpr>(expr) && !As<ast::BetweenExpr>(expr) && !As<ast::IsNullExpr>(expr) &&
         !As<ast::IsTypeExpr>(expr) && !As<ast::IfExpr>(expr) && !As<ast::LambdaExpr>(expr);
}

constexpr size_t kOftenEnough = 3;
constexpr size_t kLongestText = 200;  // of an operand: longer ones are not compared or quoted

}  // namespace

std::string ExprLint::Text(const ast::ExprPtr& expr) const {
  return expr ? std::string(sources_.Text(expr->span)) : std::string();
}

std::string ExprLint::Instead(const ast::Expr& expr, std::string text) const {
  return sources_.Text(expr.span).starts_with('(') ? "(" + std::move(text) + ")" : text;
}

// `rulec fix` writes `text` in the place of `expr`, unless a comment would be lost.
void ExprLint::Offer(const ast::Expr& expr, Diagnostics::Builder builder, std::string text) const {
  const auto comments = [](std::string_view of) {
    size_t count = 0;
    for (size_t at = of.find('/'); at != std::string_view::npos && at + 1 < of.size(); at = of.find('/', at + 1)) {
      if (of[at + 1] == '/' || of[at + 1] == '*') ++count;
    }
    return count;
  };
  if (comments(sources_.Text(expr.span)) == comments(text)) {
    std::move(builder).Fix("write", expr.span, std::move(text));
  } else {
    std::move(builder).Suggest("write", expr.span, std::move(text));
  }
  std::move(builder).Emit();
}

void ExprLint::Look(const ast::Expr& expr) {
  if (const auto* binary = std::get_if<ast::BinaryExpr>(&expr.node)) return Binary(expr, *binary);
  if (const auto* relation = std::get_if<ast::RelationExpr>(&expr.node)) return Relation(expr, *relation);
  if (const auto* choice = std::get_if<ast::IfExpr>(&expr.node)) return If(expr, *choice);
  if (std::holds_alternative<ast::IntLiteral>(expr.node)) return Integer(expr);
  const auto* unary = std::get_if<ast::UnaryExpr>(&expr.node);
  if (unary != nullptr && unary->op == ast::UnaryOp::Not) Not(expr, unary->operand);
}

void ExprLint::Binary(const ast::Expr& expr, const ast::BinaryExpr& binary) {
  if (!binary.left || !binary.right) return;
  const size_t left_size = binary.left->span.end - binary.left->span.begin;
  if (SaysNothingOfEqualOperands(binary.op) && left_size <= kLongestText && Text(binary.left) == Text(binary.right) &&
      !(IsLiteral(binary.left) && IsLiteral(binary.right))) {
    diagnostics_.Build(binary.op_span, SameOperands, {Sign(binary.op)})
        .Label(binary.left->span, "")
        .Label(binary.right->span, "the same again")
        .Emit();
    return;
  }
  if (binary.op == ast::BinaryOp::Equal || binary.op == ast::BinaryOp::NotEqual) ComparesWithBool(expr, binary);
  if (binary.op == ast::BinaryOp::Or && !Within(expr.span, last_or_)) OrChain(expr, binary);
}

void ExprLint::ComparesWithBool(const ast::Expr& expr, const ast::BinaryExpr& binary) {
  const auto* value = As<ast::BoolLiteral>(binary.right);
  if (value == nullptr) return;
  const bool as_it_is = value->value == (binary.op == ast::BinaryOp::Equal);
  diagnostics_.Build(expr.span, ComparedWithBool, {value->value ? "true" : "false"})
      .Suggest("if it cannot be null, write", expr.span,
               Instead(expr, as_it_is ? Text(binary.left) : "not " + Text(binary.left)))
      .Emit();
}

void ExprLint::OrChain(const ast::Expr& expr, const ast::BinaryExpr& binary) {
  std::vector<const ast::ExprPtr*> operands;
  Operands(binary.left, &operands);
  operands.insert(operands.begin(), &binary.right);
  if (operands.size() < kOftenEnough) return;
  std::string subject, values;
  for (size_t i = operands.size(); i-- > 0;) {
    const auto* equal = As<ast::BinaryExpr>(*operands[i]);
    if (equal == nullptr || equal->op != ast::BinaryOp::Equal || !IsLiteral(equal->right)) return;
    if (As<ast::NullLiteral>(equal->right)) return;
    const std::string left = Text(equal->left);
    if (left.size() > kLongestText || (!subject.empty() && left != subject)) return;
    subject = left;
    values += (values.empty() ? "" : ", ") + Text(equal->right);
  }
  last_or_ = expr.span;
  diagnostics_.Build(expr.span, ChainOfOr, {subject})
      .Suggest("write", expr.span, Instead(expr, subject + " in [" + values + "]"))
      .Emit();
}

void ExprLint::Not(const ast::Expr& expr, const ast::ExprPtr& operand) {
  std::string better;
  if (const auto* inner = As<ast::UnaryExpr>(operand); inner != nullptr && inner->op == ast::UnaryOp::Not) {
    Offer(expr, diagnostics_.Build(expr.span, DoubleNegation), Instead(expr, Text(inner->operand)));
    return;
  }
  if (const auto* binary = As<ast::BinaryExpr>(operand)) {
    if (binary->op == ast::BinaryOp::Equal) better = Text(binary->left) + " != " + Text(binary->right);
    if (binary->op == ast::BinaryOp::NotEqual) better = Text(binary->left) + " == " + Text(binary->right);
  } else if (const auto* null = As<ast::IsNullExpr>(operand)) {
    better = Text(null->operand) + (null->negated ? " is null" : " is not null");
  } else if (const auto* relation = As<ast::RelationExpr>(operand);
             relation != nullptr && !relation->negated && relation->op != ast::RelationOp::Matches) {
    better = Text(relation->left) + (relation->op == ast::RelationOp::In ? " not in " : " not like ") +
             Text(relation->right);
  }
  if (better.empty()) return;
  Offer(expr, diagnostics_.Build(expr.span, NegatedComparison), Instead(expr, better));
}

void ExprLint::Relation(const ast::Expr& expr, const ast::RelationExpr& relation) {
  const std::string sign = relation.negated ? " != " : " == ";
  if (relation.op == ast::RelationOp::In) {
    const auto* list = As<ast::ListExpr>(relation.right);
    if (list == nullptr || list->items.size() != 1) return;
    std::string item = Text(list->items.front());
    if (!BindsTighterThanComparison(list->items.front())) item = "(" + item + ")";
    Offer(expr, diagnostics_.Build(expr.span, InListOfOne), Instead(expr, Text(relation.left) + sign + item));
  } else if (relation.op == ast::RelationOp::Like) {
    const auto* pattern = As<ast::StringLiteral>(relation.right);
    if (pattern == nullptr || pattern->value.find_first_of("%_\\") != std::string::npos) return;
    Offer(expr, diagnostics_.Build(expr.span, LikeWithoutWildcard),
          Instead(expr, Text(relation.left) + sign + Text(relation.right)));
  }
}

void ExprLint::If(const ast::Expr& expr, const ast::IfExpr& node) {
  const auto* then = As<ast::BoolLiteral>(node.then);
  const auto* otherwise = As<ast::BoolLiteral>(node.otherwise);
  if (then == nullptr || otherwise == nullptr || then->value == otherwise->value) return;
  const std::string condition = Text(node.condition);
  Offer(expr, diagnostics_.Build(expr.span, IfOfBools),
        then->value ? "(" + condition + ")" : "(not (" + condition + "))");
}

// Digits in groups of three, as a person reads them.
void ExprLint::Integer(const ast::Expr& expr) {
  const std::string_view text = sources_.Text(expr.span);
  const bool plain = text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!plain || text.size() < 5 || text.size() > 19) return;
  std::string grouped;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && (text.size() - i) % 3 == 0) grouped += '_';
    grouped += text[i];
  }
  diagnostics_.Build(expr.span, NumberHardToRead, {text}).Fix("write", expr.span, grouped).Emit();
}

void ExprLint::CountNumber(const ast::Expr& expr) {
  const bool number = std::holds_alternative<ast::IntLiteral>(expr.node) ||
                      std::holds_alternative<ast::FloatLiteral>(expr.node) ||
                      std::holds_alternative<ast::PercentLiteral>(expr.node);
  if (!number) return;
  const std::string text(sources_.Text(expr.span));
  static const std::set<std::string> ordinary = {"0", "1", "2", "0.0", "1.0", "2.0", "10", "100", "100.0", "1000"};
  if (text.size() <= kLongestText && !ordinary.contains(text)) numbers_[text].push_back(expr.span);
}

void ExprLint::Numbers() {
  for (const auto& [text, spans] : numbers_) {
    if (spans.size() < kOftenEnough) continue;
    auto builder = diagnostics_.Build(spans[0], RepeatedNumber, {text, fmt::format("{}", spans.size())})
                       .Label(spans[1], "here again")
                       .Label(spans[2], "and here");
    std::move(builder).Help("give it a name: `const … = " + text + "`, or a `param` if it is to be tuned").Emit();
  }
}

}  // namespace rulec::lint
