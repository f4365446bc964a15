#include "compiler/ast/tree_bytes.h"

#include <tuple>
#include <type_traits>
#include <utility>

namespace rulec::ast {
namespace {

// As deep as a tree may be to be kept: far deeper than people write, and what hostile bytes may make of the stack.
constexpr size_t kMostDepth = 2000;

// How many fields each struct has: one with a field more or less does not compile.
template <typename T>
constexpr size_t kFields = 0;
#define RULEC_FIELDS(type, count) \
  template <>                     \
  constexpr size_t kFields<type> = count;
RULEC_FIELDS(Name, 2)
RULEC_FIELDS(TypeRef, 5)
RULEC_FIELDS(BoolLiteral, 1)
RULEC_FIELDS(IntLiteral, 1)
RULEC_FIELDS(FloatLiteral, 1)
RULEC_FIELDS(PercentLiteral, 1)
RULEC_FIELDS(StringLiteral, 1)
RULEC_FIELDS(DurationLiteral, 1)
RULEC_FIELDS(NameExpr, 1)
RULEC_FIELDS(MetaExpr, 2)
RULEC_FIELDS(MemberExpr, 3)
RULEC_FIELDS(UnaryExpr, 2)
RULEC_FIELDS(BinaryExpr, 4)
RULEC_FIELDS(IsNullExpr, 2)
RULEC_FIELDS(IsTypeExpr, 3)
RULEC_FIELDS(RelationExpr, 5)
RULEC_FIELDS(BetweenExpr, 5)
RULEC_FIELDS(Argument, 3)
RULEC_FIELDS(CallExpr, 2)
RULEC_FIELDS(ListExpr, 1)
RULEC_FIELDS(IndexExpr, 2)
RULEC_FIELDS(SliceExpr, 3)
RULEC_FIELDS(LambdaExpr, 2)
RULEC_FIELDS(IfExpr, 3)
RULEC_FIELDS(CaseBranch, 2)
RULEC_FIELDS(CaseExpr, 2)
RULEC_FIELDS(FormatPart, 4)
RULEC_FIELDS(FormatExpr, 1)
RULEC_FIELDS(Expr, 2)
RULEC_FIELDS(Annotation, 3)
RULEC_FIELDS(VersionRange, 4)
RULEC_FIELDS(SchemaDecl, 4)
RULEC_FIELDS(StreamDuration, 3)
RULEC_FIELDS(StreamDecl, 6)
RULEC_FIELDS(OutputDecl, 2)
RULEC_FIELDS(ConstDecl, 2)
RULEC_FIELDS(ParamDecl, 3)
RULEC_FIELDS(LetBinding, 2)
RULEC_FIELDS(EmitField, 2)
RULEC_FIELDS(EmitClause, 4)
RULEC_FIELDS(KeyExpr, 2)
RULEC_FIELDS(FromClause, 4)
RULEC_FIELDS(ExpandClause, 4)
RULEC_FIELDS(WhereClause, 1)
RULEC_FIELDS(LetClause, 1)
RULEC_FIELDS(RuleDecl, 7)
RULEC_FIELDS(FnParameter, 2)
RULEC_FIELDS(FnDecl, 3)
RULEC_FIELDS(TableColumn, 3)
RULEC_FIELDS(TableCell, 4)
RULEC_FIELDS(TableRow, 3)
RULEC_FIELDS(Table, 2)
RULEC_FIELDS(GivenStep, 5)
RULEC_FIELDS(WatermarkStep, 2)
RULEC_FIELDS(ExpectStep, 4)
RULEC_FIELDS(TestDecl, 5)
RULEC_FIELDS(Decl, 2)
RULEC_FIELDS(Import, 2)
#undef RULEC_FIELDS

// The last of each enum.
template <typename T>
constexpr T kLast = T{};
template <>
constexpr UnaryOp kLast<UnaryOp> = UnaryOp::Not;
template <>
constexpr BinaryOp kLast<BinaryOp> = BinaryOp::Or;
template <>
constexpr RelationOp kLast<RelationOp> = RelationOp::Matches;
template <>
constexpr ExpectKind kLast<ExpectKind> = ExpectKind::None;

template <typename T>
auto Tie(T& value) {
  constexpr size_t count = kFields<std::remove_const_t<T>>;
  static_assert(count > 0, "a struct of ast.h that is not listed above");
  if constexpr (count == 1) {
    auto& [a] = value;
    return std::tie(a);
  } else if constexpr (count == 2) {
    auto& [a, b] = value;
    return std::tie(a, b);
  } else if constexpr (count == 3) {
    auto& [a, b, c] = value;
    return std::tie(a, b, c);
  } else if constexpr (count == 4) {
    auto& [a, b, c, d] = value;
    return std::tie(a, b, c, d);
  } else if constexpr (count == 5) {
    auto& [a, b, c, d, e] = value;
    return std::tie(a, b, c, d, e);
  } else if constexpr (count == 6) {
    auto& [a, b, c, d, e, f] = value;
    return std::tie(a, b, c, d, e, f);
  } else {
    auto& [a, b, c, d, e, f, g] = value;
    return std::tie(a, b, c, d, e, f, g);
  }
}

// Numbers are varints, seven bits a byte, the lowest first; texts and lists have their length before them; what may be
// missing has a byte that tells; a variant has the number of its kind.
class Writer {
 public:
  std::string Take() { return too_deep_ ? std::string() : std::move(out_); }

  void Put(uint64_t number) {
    for (; number >= 0x80; number >>= 7) out_ += static_cast<char>(number | 0x80);
    out_ += static_cast<char>(number);
  }
  void Put(int64_t number) { Put(static_cast<uint64_t>(number)); }
  void Put(bool value) { out_ += value ? '\1' : '\0'; }
  void Put(const std::string& text) {
    Put(uint64_t{text.size()});
    out_ += text;
  }
  void Put(const Span& span) {
    Put(uint64_t{span.begin});
    Put(uint64_t{span.end});
  }
  template <typename T>
  void Put(const std::optional<T>& value) {
    Put(value.has_value());
    if (value) Put(*value);
  }
  template <typename T>
  void Put(const std::unique_ptr<T>& value) {
    Put(value != nullptr);
    if (value) Put(*value);
  }
  template <typename T>
  void Put(const std::vector<T>& items) {
    Put(uint64_t{items.size()});
    for (const T& item : items) Put(item);
  }
  template <typename... T>
  void Put(const std::variant<T...>& value) {
    Put(uint64_t{value.index()});
    std::visit([&](const auto& kind) { Put(kind); }, value);
  }
  template <typename T>
    requires std::is_enum_v<T>
  void Put(T value) {
    Put(static_cast<uint64_t>(value));
  }
  template <typename T>
    requires std::is_class_v<T>
  void Put(const T& value) {
    if (depth_ == kMostDepth) too_deep_ = true;
    if (too_deep_) return;
    ++depth_;
    if constexpr (!std::is_empty_v<T>) {
      std::apply([&](const auto&... field) { (Put(field), ...); }, Tie(value));
    }
    --depth_;
  }

 private:
  std::string out_;
  size_t depth_ = 0;
  bool too_deep_ = false;
};

// After the first thing that is wrong everything is empty.
class Reader {
 public:
  Reader(std::string_view bytes, FileId file) : left_(bytes), file_(file) {}
  bool ok() const { return ok_ && left_.empty(); }

  void Get(uint64_t& number) {
    number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = Byte();
      number |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return;
    }
    ok_ = false;
  }
  void Get(int64_t& number) {
    uint64_t bits = 0;
    Get(bits);
    number = static_cast<int64_t>(bits);
  }
  void Get(uint32_t& number) {
    uint64_t wide = 0;
    Get(wide);
    number = static_cast<uint32_t>(wide);
    ok_ = ok_ && wide == number;
  }
  void Get(bool& value) { value = Byte() != 0; }
  void Get(std::string& text) {
    const size_t size = Length();
    text = left_.substr(0, size);
    left_.remove_prefix(size);
  }
  void Get(Span& span) {
    span.file = file_;
    Get(span.begin);
    Get(span.end);
  }
  template <typename T>
  void Get(std::optional<T>& value) {
    bool there = false;
    Get(there);
    if (there && ok_) Get(value.emplace());
  }
  template <typename T>
  void Get(std::unique_ptr<T>& value) {
    bool there = false;
    Get(there);
    if (!there || !ok_) return;
    value = std::make_unique<T>();
    Get(*value);
  }
  template <typename T>
  void Get(std::vector<T>& items) {
    // Each item has a byte at least, so a length that lies costs no memory.
    for (size_t left = Length(); left > 0 && ok_; --left) Get(items.emplace_back());
  }
  template <typename... T>
  void Get(std::variant<T...>& value) {
    uint64_t index = 0;
    Get(index);
    if (index >= sizeof...(T)) ok_ = false;
    if (ok_) GetKind(value, index, std::index_sequence_for<T...>());
  }
  template <typename T>
    requires std::is_enum_v<T>
  void Get(T& value) {
    const uint8_t byte = Byte();
    if (byte > static_cast<uint8_t>(kLast<T>)) ok_ = false;
    if (ok_) value = static_cast<T>(byte);
  }
  template <typename T>
    requires std::is_class_v<T>
  void Get(T& value) {
    if (depth_ == kMostDepth) ok_ = false;
    if (!ok_) return;
    ++depth_;
    if constexpr (!std::is_empty_v<T>) {
      std::apply([&](auto&... field) { (Get(field), ...); }, Tie(value));
    }
    --depth_;
  }

 private:
  template <typename Variant, size_t... kIndex>
  void GetKind(Variant& value, uint64_t index, std::index_sequence<kIndex...>) {
    ((kIndex == index ? Get(value.template emplace<kIndex>()) : void()), ...);
  }
  uint8_t Byte() {
    if (left_.empty()) ok_ = false;
    if (!ok_) return 0;
    const auto byte = static_cast<uint8_t>(left_.front());
    left_.remove_prefix(1);
    return byte;
  }
  // Of what follows; 0 if there is less.
  size_t Length() {
    uint64_t length = 0;
    Get(length);
    if (length > left_.size()) ok_ = false;
    return ok_ ? length : 0;
  }

  std::string_view left_;
  FileId file_;
  size_t depth_ = 0;
  bool ok_ = true;
};

}  // namespace

std::string ToBytes(const File& file) {
  [[maybe_unused]] const auto& [id, package, imports, decls, errors_in_rules] = file;
  Writer writer;
  writer.Put(package);
  writer.Put(imports);
  writer.Put(decls);
  writer.Put(uint64_t{errors_in_rules});
  return writer.Take();
}

std::optional<File> FromBytes(std::string_view bytes, FileId id) {
  Reader reader(bytes, id);
  File file;
  file.id = id;
  uint64_t errors_in_rules = 0;
  reader.Get(file.package);
  reader.Get(file.imports);
  reader.Get(file.decls);
  reader.Get(errors_in_rules);
  file.errors_in_rules = errors_in_rules;
  if (!reader.ok()) return std::nullopt;
  return file;
}

}  // namespace rulec::ast
