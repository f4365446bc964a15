// if, case, lists, indexes and slices: values of several expressions that must agree.

#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/operators.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

Checked Plain(ExprPtr expr) { return {std::move(expr), {}, {}}; }

}  // namespace

// Brings all to the type that they have in common; a wrong one is told, with the first that it does not fit.
bool ExprChecker::Unify(std::string_view word, std::vector<ExprPtr*> values, Type* type) {
  const typed::Expr* first = nullptr;
  Type common{TypeKind::Null, true};
  bool nullable = false;
  for (ExprPtr* value : values) {
    const Type& found = (*value)->type;
    if (found.kind == TypeKind::Error) return false;
    nullable = nullable || found.nullable;
    if (found.kind == TypeKind::Null) continue;
    if (first) AdaptLiteral(**value, common);
    std::optional<Type> both = first ? CommonType(common, (*value)->type) : (*value)->type;
    // Literals that stood before what gives them their type: where the type changes, which it does a few times at most.
    const bool changes = !both || !SameType(both->NotNull(), common.NotNull());
    if (first && changes && IsConstant(*first) && common.kind != TypeKind::Null) {
      for (ExprPtr* earlier : values) {
        if (earlier == value) break;
        AdaptLiteral(**earlier, (*value)->type);
      }
      both = CommonType(first->type, (*value)->type);
      for (ExprPtr* earlier : values) {
        if (earlier == value || !both) break;
        both = CommonType(*both, (*earlier)->type);
      }
    }
    if (!both) {
      context_.diagnostics
          .Build((*value)->span, ValuesDisagree, {word, TypePhrase(common.NotNull()), TypePhrase(found.NotNull())})
          .Label(first->span, TypeName(common.NotNull()))
          .Emit();
      return false;
    }
    common = *both;
    if (!first) first = value->get();
  }
  common.nullable = nullable;
  for (ExprPtr* value : values) *value = Convert(context_, std::move(*value), common);
  *type = common;
  return true;
}

ExprPtr ExprChecker::MakeChoice(Span span, std::string_view word, std::vector<Arm> arms, ExprPtr otherwise) {
  std::vector<ExprPtr*> values;
  for (Arm& arm : arms) values.push_back(&arm.value);
  values.push_back(&otherwise);
  Type type;
  if (!Unify(word, std::move(values), &type)) return MakeError(span);
  typed::Choice choice;
  for (Arm& arm : arms) {
    if (IsError(*arm.condition)) return MakeError(span);
    choice.arms.push_back({std::move(arm.condition), std::move(arm.value)});
  }
  choice.otherwise = std::move(otherwise);
  return Make(context_, span, type, std::move(choice));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::IfExpr& node, const Type* expected) {
  return CheckChoice(expr.span, "if", {{node.condition.get(), node.then.get()}}, node.otherwise.get(), expected);
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::CaseExpr& node, const Type* expected) {
  std::vector<std::pair<const ast::Expr*, const ast::Expr*>> branches;
  for (const ast::CaseBranch& branch : node.branches) {
    branches.emplace_back(branch.condition.get(), branch.value.get());
  }
  return CheckChoice(expr.span, "case", branches, node.otherwise.get(), expected);
}

// Each condition knows that those before it do not hold, each value that its own does. Conditions are checked first:
// the type of one value may be told by a later one.
Checked ExprChecker::CheckChoice(Span span, std::string_view word,
                                 const std::vector<std::pair<const ast::Expr*, const ast::Expr*>>& branches,
                                 const ast::Expr* otherwise, const Type* expected) {
  struct Known {
    Facts facts;
    Ranges ranges;
  };
  const Known outer{scope_.facts, scope_.ranges};
  std::vector<Known> known;
  std::vector<Arm> arms;
  std::vector<const ast::Expr*> values;
  for (const auto& [condition, value] : branches) {
    Checked checked = InnerCondition(*condition);
    Learned learned = LearnFrom(context_, *checked.expr, scope_.ranges);
    known.push_back({Both(scope_.facts, checked.when_true), std::move(learned.when_true)});
    scope_.facts = Both(std::move(scope_.facts), checked.when_false);
    scope_.ranges = std::move(learned.when_false);
    arms.push_back({std::move(checked.expr), nullptr});
    values.push_back(value);
  }
  known.push_back({scope_.facts, scope_.ranges});
  if (otherwise) values.push_back(otherwise);
  std::vector<ExprPtr> checked = CheckAlike(values, expected, [&](size_t i) {
    scope_.facts = known[i].facts;
    scope_.ranges = known[i].ranges;
  });
  scope_.facts = outer.facts;
  scope_.ranges = outer.ranges;
  for (size_t i = 0; i < arms.size(); ++i) arms[i].value = std::move(checked[i]);
  ExprPtr last = otherwise ? std::move(checked.back()) : MakeConstant(span, {TypeKind::Null, true}, {.is_null = true});
  return Plain(MakeChoice(span, word, std::move(arms), std::move(last)));
}

// ---- Lists ----

Checked ExprChecker::Check(const ast::Expr& expr, const ast::ListExpr& node, const Type* expected) {
  const bool wanted = expected && expected->kind == TypeKind::List;
  if (node.items.empty()) {
    if (wanted) return Plain(Make(context_, expr.span, expected->NotNull(), typed::ListLiteral{}));
    context_.diagnostics.Build(expr.span, EmptyListType).Emit();
    return Plain(MakeError(expr.span));
  }
  Type element = wanted ? ElementOf(*expected) : Type{};
  std::vector<const ast::Expr*> items;
  for (const ast::ExprPtr& item : node.items) items.push_back(item.get());
  typed::ListLiteral list;
  list.items = CheckAlike(items, element.kind == TypeKind::Error ? nullptr : &element, nullptr);
  // What fits the type that is asked for takes it; else the items agree among themselves.
  bool fits = wanted;
  for (const ExprPtr& item : list.items) {
    if (!fits) break;
    AdaptLiteral(*item, element);
    fits = Converts(*item, element) && (!item->type.nullable || element.nullable);
  }
  if (fits) {
    for (ExprPtr& item : list.items) item = Convert(context_, std::move(item), element);
  } else {
    std::vector<ExprPtr*> values;
    for (ExprPtr& item : list.items) values.push_back(&item);
    if (!Unify("list", std::move(values), &element)) return Plain(MakeError(expr.span));
    if (element.kind == TypeKind::Null) {
      context_.diagnostics.Build(expr.span, UntypedNull).Emit();
      return Plain(MakeError(expr.span));
    }
  }
  return Plain(Make(context_, expr.span, ListOf(element), std::move(list)));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::IndexExpr& node, const Type*) {
  if (const auto* meta = std::get_if<ast::MetaExpr>(&node.object->node); meta && meta->name.text == "headers") {
    CheckMeta(*node.object, *meta);
    return Plain(MakeError(expr.span));
  }
  ExprPtr object = CheckAny(*node.object, nullptr).expr;
  ExprPtr index = CheckAny(*node.index, nullptr).expr;
  if (IsError(*object) || IsError(*index)) return Plain(MakeError(expr.span));
  const Type type = object->type;
  const bool map = type.kind == TypeKind::Map;
  if (!map && type.kind != TypeKind::List) {
    auto builder =
        context_.diagnostics.Build(object->span, NotIndexable, {context_.Quote(object->span), TypePhrase(type)});
    if (type.kind == TypeKind::String) std::move(builder).Help("`char_at(s, i)` is one character, `s[1..3]` a part");
    std::move(builder).Emit();
    return Plain(MakeError(expr.span));
  }
  if (type.nullable) return Plain(TellNullable(context_, expr.span, *object, "[]"));
  const Type wanted{map ? TypeKind::String : TypeKind::Long};
  if (!Converts(*index, wanted) || index->type.kind == TypeKind::Null) {
    context_.diagnostics.Build(index->span, IndexType, {TypePhrase(type), TypePhrase(wanted), TypePhrase(index->type)})
        .Emit();
    return Plain(MakeError(expr.span));
  }
  if (index->type.nullable) return Plain(TellNullable(context_, expr.span, *index, "[]"));
  index = Convert(context_, std::move(index), wanted);
  const Type element = ElementOf(type);
  ExprPtr item =
      Make(context_, expr.span, map ? element.OrNull() : element, typed::Index{std::move(object), std::move(index)});
  return Plain(Narrowed(std::move(item)));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::SliceExpr& node, const Type*) {
  ExprPtr object = CheckAny(*node.object, nullptr).expr;
  typed::Slice slice;
  bool wrong = IsError(*object);
  const Type type = object->type;
  if (!wrong && type.kind != TypeKind::List && type.kind != TypeKind::String) {
    context_.diagnostics.Build(object->span, NotIndexable, {context_.Quote(object->span), TypePhrase(type)}).Emit();
    wrong = true;
  } else if (!wrong && type.nullable) {
    TellNullable(context_, expr.span, *object, "[]");
    wrong = true;
  }
  const Type wanted{TypeKind::Long};
  for (const auto& [written, bound] : {std::pair(&node.from, &slice.from), std::pair(&node.to, &slice.to)}) {
    if (!*written) continue;
    *bound = CheckAny(**written, nullptr).expr;
    if (IsError(**bound)) {
      wrong = true;
    } else if ((*bound)->type.nullable && Converts(**bound, wanted) && (*bound)->type.kind != TypeKind::Null) {
      TellNullable(context_, expr.span, **bound, "[]");
      wrong = true;
    } else if (!Converts(**bound, wanted) || (*bound)->type.kind == TypeKind::Null) {
      context_.diagnostics
          .Build((*bound)->span, IndexType, {TypePhrase(type), TypePhrase(wanted), TypePhrase((*bound)->type)})
          .Emit();
      wrong = true;
    } else {
      *bound = Convert(context_, std::move(*bound), wanted);
    }
  }
  if (wrong) return Plain(MakeError(expr.span));
  slice.object = std::move(object);
  return Plain(Make(context_, expr.span, type, std::move(slice)));
}

}  // namespace rulec::check
