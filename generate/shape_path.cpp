#include "generate/shape_path.h"

#include <algorithm>
#include <vector>

#include "avro/spelling.h"

namespace rulec::generate {
namespace {

using avro::Kind;
using avro::Schema;

std::string DidYouMean(std::string_view word, const std::vector<std::string>& known) {
  const std::string nearest = avro::NearestWord(word, known);
  return nearest.empty() ? "" : "; did you mean `" + nearest + "`?";
}

class PathWalk {
 public:
  PathWalk(const Schema& root, std::string_view path) : at_(&root), path_(path) {}

  ShapePlace Run() {
    while (next_ < path_.size() && place_.problem.empty()) Step();
    if (place_.problem.empty()) place_.schema = at_;
    return place_;
  }

 private:
  void Fail(std::string problem) { place_.problem = std::move(problem); }
  std::string Before() const { return next_ == 0 ? "the event" : "`" + std::string(path_.substr(0, next_)) + "`"; }

  void Step() {
    const std::string_view rest = path_.substr(next_);
    if (rest.front() == '<') return EnterBranch(rest);
    if (const Schema* only = OnlyBranch(*at_)) at_ = only;
    if (at_->kind == Kind::Union) {
      return Fail(Before() + " is a " + Describe(*at_) + "; say which branch, as in `<" +
                  (at_->branches.empty() ? "int" : BranchName(*at_->branches.back())) + ">`");
    }
    if (rest.substr(0, 2) == "[]") return EnterItems(Kind::Array);
    if (rest.substr(0, 2) == "{}") return EnterItems(Kind::Map);
    EnterField(rest);
  }

  void EnterItems(Kind kind) {
    if (at_->kind != kind) return Fail(Before() + " is no " + std::string(KindName(kind)) + " but " + Describe(*at_));
    at_ = at_->items;
    place_.once = false;
    next_ += 2;
  }

  void EnterBranch(std::string_view rest) {
    const size_t end = rest.find('>');
    if (end == std::string_view::npos) return Fail("a `<` has no `>`");
    if (at_->kind != Kind::Union) return Fail(Before() + " is no union but " + Describe(*at_));
    const std::string_view name = rest.substr(1, end - 1);
    std::vector<std::string> known;
    for (const Schema* branch : at_->branches) {
      known.push_back(BranchName(*branch));
      if (known.back() != name) continue;
      at_ = branch;
      next_ += end + 1;
      return;
    }
    Fail(Before() + " has no branch `" + std::string(name) + "`" + DidYouMean(name, known));
  }

  void EnterField(std::string_view rest) {
    const size_t begin = rest.front() == '.' ? 1 : 0;
    const size_t end = std::min(rest.find_first_of(".[{<", begin), rest.size());
    const std::string_view name = rest.substr(begin, end - begin);
    if (at_->kind != Kind::Record) {
      std::string hint;
      if (at_->kind == Kind::Array) hint = "; its items are written `[]`";
      if (at_->kind == Kind::Map) hint = "; its values are written `{}`";
      return Fail(Before() + " has no fields, it is " + Describe(*at_) + hint);
    }
    const int index = at_->FieldIndex(name);
    if (index < 0) {
      std::vector<std::string> known;
      for (const avro::Field& field : at_->fields) known.push_back(field.name);
      return Fail(Describe(*at_) + " has no field `" + std::string(name) + "`" + DidYouMean(name, known));
    }
    if (std::find(open_.begin(), open_.end(), at_) != open_.end()) {
      return Fail(Before() + " is a " + Describe(*at_) + " inside another one, and takes the shape of the outer one");
    }
    open_.push_back(at_);
    at_ = at_->fields[static_cast<size_t>(index)].type;
    next_ += end;
  }

  const Schema* at_;
  std::string_view path_;
  size_t next_ = 0;
  std::vector<const Schema*> open_;
  ShapePlace place_;
};

}  // namespace

const Schema* OnlyBranch(const Schema& schema) {
  const Schema* only = nullptr;
  for (const Schema* branch : schema.branches) {
    if (branch->kind == Kind::Null) continue;
    if (only != nullptr) return nullptr;
    only = branch;
  }
  return only;
}

std::string BranchName(const Schema& schema) {
  return schema.name.empty() ? std::string(KindName(schema.kind)) : schema.name;
}

ShapePlace FindPlace(const Schema& root, std::string_view path) { return PathWalk(root, path).Run(); }

}  // namespace rulec::generate
