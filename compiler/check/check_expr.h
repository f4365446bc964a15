// Types expressions and resolves their names.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"
#include "compiler/check/facts.h"
#include "compiler/check/scope.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

struct Checked {
  typed::ExprPtr expr;
  Facts when_true;   // proven if it is a condition that holds
  Facts when_false;  // proven if it does not hold
};

// Recurses as deep as the expression is high, which the parser bounds (kMaxHeight).
class ExprChecker {
 public:
  ExprChecker(Context& context, Scope& scope) : context_(context), scope_(scope) {}

  // A value. `expected` may be null; an enum there lets its symbols stand bare, a list gives its items a type, a number
  // has no influence.
  typed::ExprPtr Value(const ast::Expr& expr, const Type* expected);
  // A bool that is not null. What it proves is in *proven if that is not null; the scope stays as it is, but for what
  // it learns of ranges.
  typed::ExprPtr Condition(const ast::Expr& expr, Facts* proven);

 private:
  // ---- check_expr.cpp: literals, operators, choices ----
  Checked CheckAny(const ast::Expr& expr, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::ErrorExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::NullLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::BoolLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::IntLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::FloatLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::PercentLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::StringLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::DurationLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::NameExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::MetaExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::MemberExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::UnaryExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::BinaryExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::IsNullExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::IsTypeExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::RelationExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::BetweenExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::CallExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::ListExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::IndexExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::SliceExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::LambdaExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::IfExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::CaseExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::FormatExpr& node, const Type* expected);
  Checked CheckLogic(const ast::Expr& expr, const ast::BinaryExpr& node);
  void NoteNullTest(const typed::Expr& operand, bool is_null, Checked* checked);
  void NoteUncertain(const typed::Expr& tested, Checked* checked);
  bool MayBeSymbol(const ast::Expr& expr) const;
  bool WantsType(const ast::Expr& expr) const;
  std::vector<typed::ExprPtr> CheckAlike(const std::vector<const ast::Expr*>& exprs, const Type* expected,
                                         const std::function<void(size_t)>& enter);
  typed::ExprPtr CheckInteger(Span span, const std::string& digits, bool negative);
  typed::ExprPtr CheckFloat(Span span, const std::string& text);
  // A condition within an expression, with what it proves either way.
  Checked InnerCondition(const ast::Expr& expr);
  typed::ExprPtr AsCondition(const ast::Expr& expr, typed::ExprPtr value);

  // ---- check_relations.cpp: in, like, matches, between, is ----
  typed::ExprPtr CheckIn(const ast::Expr& expr, const ast::RelationExpr& node, Facts* when_true);
  typed::ExprPtr CheckPattern(const ast::Expr& expr, const ast::RelationExpr& node, Facts* when_true);
  typed::ExprPtr TellIn(const ast::Expr& expr, const ast::RelationExpr& node, const Type& left, const Type& right);
  // Computes `value` once for a body that uses it twice.
  template <typename Body>
  typed::ExprPtr Shared(Span span, typed::ExprPtr value, Body body);

  // ---- check_choices.cpp: if, case, lists ----
  struct Arm {
    typed::ExprPtr condition;
    typed::ExprPtr value;
  };
  typed::ExprPtr MakeChoice(Span span, std::string_view word, std::vector<Arm> arms, typed::ExprPtr otherwise);
  Checked CheckChoice(Span span, std::string_view word,
                      const std::vector<std::pair<const ast::Expr*, const ast::Expr*>>& branches,
                      const ast::Expr* otherwise, const Type* expected);
  bool Unify(std::string_view word, std::vector<typed::ExprPtr*> values, Type* type);

  // ---- check_paths.cpp: names and members ----
  typed::ExprPtr CheckPath(const ast::Expr& expr, const Type* expected);
  typed::ExprPtr CheckMember(typed::ExprPtr object, const ast::MemberExpr& node, Span span);
  typed::ExprPtr FieldOf(Span span, const std::string& path, const Type& type, bool through_null, bool front_known);
  typed::ExprPtr Named(Span span, const ast::Name& name);
  typed::ExprPtr Narrowed(typed::ExprPtr expr);
  bool IsNameInScope(const std::string& name) const;
  typed::ExprPtr TellNotOfPackage(const std::vector<ast::Name>& path);
  size_t QualifiedLength(const std::vector<ast::Name>& path) const;
  typed::ExprPtr ResolveConst(Span span, ConstEntry& entry);
  typed::ExprPtr Symbol(Span span, const ast::Name& name, const Type* expected);
  typed::ExprPtr QualifiedSymbol(Span span, const std::vector<ast::Name>& path, const Type* expected);
  typed::ExprPtr SymbolOf(Span span, const avro::Schema& schema, const ast::Name& name);
  typed::ExprPtr TellNoField(const ast::Name& name, const Type& record, Span span);
  typed::ExprPtr TellFieldUnknown(const ast::Name& name, const std::vector<std::string>& candidates,
                                  const ast::Name* behind = nullptr);
  typed::ExprPtr TellUnknown(const ast::Name& name, const ast::Name* behind = nullptr);
  typed::ExprPtr TellNotHere(const ast::Name& name, Span declared);
  bool IsFieldOfAStream(const std::string& name) const;
  bool SuggestSymbol(const ast::Name& name, Diagnostics::Builder& builder);
  const avro::Schema* EnumWithSymbol(const std::string& symbol) const;
  void AddCandidatesOfRule(std::vector<std::string>* candidates) const;
  // A value that is used as a whole: refused if it contains itself.
  typed::ExprPtr Whole(typed::ExprPtr expr);
  typed::ExprPtr Asked(typed::ExprPtr expr);
  typed::ExprPtr TellEndless(const typed::Expr& expr, const Type& type);
  // That every accepted version gives it; told and false if one does not.
  bool Prove(Span span, const std::string& path);
  bool IsPresent(const std::string& path) const;

  // ---- check_meta.cpp ----
  typed::ExprPtr CheckMeta(const ast::Expr& expr, const ast::MetaExpr& node);
  typed::ExprPtr CheckTime(const ast::Expr& expr);
  typed::ExprPtr CheckKey(const ast::Expr& expr);
  typed::ExprPtr TellSameKeys(Span span, const std::string& name, size_t key, ptrdiff_t first);

  // ---- check_calls.cpp ----
  Checked CheckCall(const ast::Expr& expr, const ast::CallExpr& node, const Type* expected);
  typed::ExprPtr CallUser(const ast::Expr& expr, const ast::CallExpr& node, FunctionEntry& function);
  typed::ExprPtr CallLibrary(const ast::Expr& expr, const ast::CallExpr& node, std::vector<typed::ExprPtr> arguments);
  typed::ExprPtr CallRow(Span span, size_t row, std::vector<typed::ExprPtr> arguments);
  std::string NearFunction(const std::string& name) const;
  typed::ExprPtr TellUnknownFunction(const ast::Expr& expr, const ast::CallExpr& node);
  typed::ExprPtr TellArguments(const ast::Expr& expr, const ast::CallExpr& node,
                               const std::vector<typed::ExprPtr>& arguments);
  typed::ExprPtr TellAggregate(const ast::Expr& expr, const ast::CallExpr& node);
  typed::ExprPtr TellCount(const ast::Expr& expr, const ast::CallExpr& node, const std::string& takes);
  bool CheckPrepared(const ast::CallExpr& node, size_t row, const std::vector<typed::ExprPtr>& arguments);
  bool IsPattern(uint32_t kind, const typed::Expr& pattern, const typed::Value& value, std::string_view taker,
                 bool reads = false);
  bool RefuseNames(const ast::CallExpr& node);
  std::vector<typed::ExprPtr> Arguments(const ast::CallExpr& node);
  Checked CheckPresent(const ast::Expr& expr, const ast::CallExpr& node);

  // ---- check_records.cpp: record, map, conversions ----
  typed::ExprPtr CheckRecord(const ast::Expr& expr, const ast::CallExpr& node, const Type* expected);
  typed::ExprPtr CheckMapKey(const ast::Argument& argument, std::map<std::string, Span>* seen);
  typed::ExprPtr CheckMap(const ast::Expr& expr, const ast::CallExpr& node, const Type* expected);
  typed::ExprPtr CheckDecimal(const ast::Expr& expr, const ast::CallExpr& node, bool attempt);
  typed::ExprPtr AsLong(Span span, bool attempt, typed::ExprPtr value);
  static bool IsAttempt(std::string_view name);
  typed::ExprPtr AttemptThatSucceeds(Span span, std::string_view name, typed::ExprPtr& value);
  typed::ExprPtr CheckConversion(const ast::Expr& expr, std::string_view name, typed::ExprPtr& value);
  typed::ExprPtr FitRecord(Span span, const Type& type, const std::vector<std::string>& names,
                           std::vector<typed::ExprPtr>* values);

  // ---- check_lists.cpp: functions of lists and maps of any element ----
  // Null if `name` is none of them for these arguments.
  typed::ExprPtr CheckListCall(const ast::Expr& expr, const ast::CallExpr& node,
                               std::vector<typed::ExprPtr>* arguments);
  typed::ExprPtr CheckLambdaCall(const ast::Expr& expr, const ast::CallExpr& node, typed::Intrinsic intrinsic);
  typed::ExprPtr CheckLeast(const ast::Expr& expr, const ast::CallExpr& node, typed::Intrinsic intrinsic);
  typed::ExprPtr MakeIntrinsic(Span span, const Type& type, typed::Intrinsic intrinsic,
                               std::vector<typed::ExprPtr> arguments);

  typed::ExprPtr WithoutNulls(typed::ExprPtr list);
  // Tells it and returns false if a parameter has the name of something else in scope.
  bool IsFreeLocal(const ast::Name& name);

  // ---- check_format.cpp ----
  bool AddPart(const ast::FormatPart& part, typed::Format* format);
  typed::ExprPtr AsText(Span span, typed::ExprPtr value, bool formatted);

  Context& context_;
  Scope& scope_;
  bool filters_null_ = false;  // the condition of the filter being checked rules null out
};

}  // namespace rulec::check
