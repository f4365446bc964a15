#include "avro/compatibility.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "avro/names.h"
#include "avro/number_text.h"
#include "avro/schema_match.h"

namespace avro {
namespace {

using FindingKind = IncompatibilityKind;
using PairId = uint32_t;

constexpr size_t kMaxPairs = 200'000;
constexpr size_t kMaxWork = 20'000'000;  // fields, symbols and branches compared
constexpr int kMaxNesting = 1000;
constexpr size_t kMaxMessage = 400;

// Pairs are judged once and remembered; one that is met again while it is judged counts as compatible. What is wrong
// stays with its pair and is collected at the end, so that shared types do not multiply it.
class CompatibilityChecker {
 public:
  std::vector<Incompatibility> Check(const Schema& reader, const Schema& writer) {
    const PairId root = Judge(reader, writer);
    if (too_large_)
      return {{FindingKind::TooLarge, "/", "the two schemas are too large or nested too deep to compare"}};
    Collect(root, "");
    return std::move(found_);
  }

 private:
  struct Local {
    FindingKind kind;
    std::string step;  // "/size"
    std::string message;
  };
  struct Blame {
    std::string step;  // "/fields/3/type"
    PairId pair;
  };
  struct Verdict {
    bool compatible = true;  // also while the pair is judged
    std::vector<Local> locals;
    std::vector<Blame> blames;
  };
  struct PairHash {
    size_t operator()(const std::pair<const Schema*, const Schema*>& pair) const {
      const std::hash<const Schema*> hash;
      return hash(pair.first) * 31 + hash(pair.second);
    }
  };

  PairId Judge(const Schema& reader, const Schema& writer) {
    const auto [found, fresh] = ids_.emplace(std::pair(&reader, &writer), static_cast<PairId>(verdicts_.size()));
    const PairId id = found->second;
    if (!fresh) return id;
    verdicts_.emplace_back();
    too_large_ = too_large_ || verdicts_.size() > kMaxPairs || work_ > kMaxWork || nesting_ >= kMaxNesting;
    if (too_large_) return id;
    ++nesting_;
    JudgeFresh(id, reader, writer);
    --nesting_;
    return id;
  }

  void Wrong(PairId id, FindingKind kind, std::string step, std::string message) {
    work_ += message.size() / kMaxMessage;
    if (message.size() > kMaxMessage) message = message.substr(0, kMaxMessage) + "...";
    verdicts_[id].compatible = false;
    verdicts_[id].locals.push_back({kind, std::move(step), std::move(message)});
  }

  void Need(PairId id, std::string step, const Schema& reader, const Schema& writer) {
    const PairId need = Judge(reader, writer);
    if (verdicts_[need].compatible) return;
    verdicts_[id].compatible = false;
    verdicts_[id].blames.push_back({std::move(step), need});
  }

  void JudgeFresh(PairId id, const Schema& reader, const Schema& writer) {
    if (reader.kind == Kind::Union && writer.kind == Kind::Union) return JudgeUnions(id, reader, writer);
    if (writer.kind == Kind::Union) {
      for (const Schema* branch : writer.branches) Need(id, "", reader, *branch);
      return;
    }
    if (reader.kind == Kind::Union) return JudgeReaderUnion(id, reader, writer);
    if (reader.kind != writer.kind) {
      if (!Promotes(writer.kind, reader.kind)) {
        Wrong(id, FindingKind::TypeMismatch, "", Describe(writer) + " is not read as " + Describe(reader));
      }
      return;
    }
    switch (reader.kind) {
      case Kind::Array: return Need(id, "/items", *reader.items, *writer.items);
      case Kind::Map: return Need(id, "/values", *reader.items, *writer.items);
      case Kind::Fixed: JudgeNames(id, reader, writer); return JudgeSizes(id, reader, writer);
      case Kind::Enum: JudgeNames(id, reader, writer); return JudgeSymbols(id, reader, writer);
      case Kind::Record: JudgeNames(id, reader, writer); return JudgeFields(id, reader, writer);
      default: return;
    }
  }

  void JudgeUnions(PairId id, const Schema& reader, const Schema& writer) {
    for (size_t i = 0; i < writer.branches.size(); ++i) {
      const PairId branch = Judge(reader, *writer.branches[i]);
      if (!verdicts_[branch].compatible) LackBranch(id, "/" + std::to_string(i), reader, *writer.branches[i]);
    }
  }

  void JudgeReaderUnion(PairId id, const Schema& reader, const Schema& writer) {
    work_ += reader.branches.size();
    for (const Schema* branch : reader.branches) {
      if (verdicts_[Judge(*branch, writer)].compatible) return;
    }
    LackBranch(id, "", reader, writer);
  }

  // Says why the branch that was meant cannot take it, if there is such a branch.
  void LackBranch(PairId id, std::string step, const Schema& reader, const Schema& writer) {
    std::string message = "the reader's union has no branch for " + Describe(writer);
    const std::vector<uint32_t> branches = MatchingBranches(writer, reader);
    if (!branches.empty()) {
      PairId inner = Judge(*reader.branches[branches.front()], writer);
      std::string path;
      const size_t limit = 20;
      for (size_t steps = 0; steps < limit && verdicts_[inner].locals.empty() && !verdicts_[inner].blames.empty();
           ++steps) {
        path += verdicts_[inner].blames.front().step;
        inner = verdicts_[inner].blames.front().pair;
      }
      if (!verdicts_[inner].locals.empty()) {
        const Local& local = verdicts_[inner].locals.front();
        path += local.step;
        message += ": " + local.message + (path.empty() ? "" : " (" + path + " in the branch)");
      }
    }
    Wrong(id, FindingKind::MissingUnionBranch, std::move(step), std::move(message));
  }

  void JudgeNames(PairId id, const Schema& reader, const Schema& writer) {
    work_ += reader.aliases.size();
    if (NamesMatch(writer, reader)) return;
    Wrong(id, FindingKind::NameMismatch, "/name",
          "the data are " + Describe(writer) + ", the reader's is " + Describe(reader) + " without that alias");
  }

  void JudgeSizes(PairId id, const Schema& reader, const Schema& writer) {
    if (reader.size == writer.size) return;
    Wrong(id, FindingKind::FixedSizeMismatch, "/size",
          "the data have " + WithCommas(uint64_t{writer.size}) + " bytes, the reader's " + Describe(reader) + " has " +
              WithCommas(uint64_t{reader.size}));
  }

  void JudgeSymbols(PairId id, const Schema& reader, const Schema& writer) {
    work_ += reader.symbols.size() + writer.symbols.size();
    if (reader.enum_default) return;
    const std::unordered_set<std::string_view> known(reader.symbols.begin(), reader.symbols.end());
    std::string missing;
    for (const std::string& symbol : writer.symbols) {
      if (known.count(symbol) > 0 || missing.size() > kMaxMessage) continue;
      missing += (missing.empty() ? "`" : ", `") + symbol + "`";
    }
    if (missing.empty()) return;
    Wrong(id, FindingKind::MissingEnumSymbols, "/symbols",
          "the reader's " + Describe(reader) + " has no default and lacks " + missing);
  }

  void JudgeFields(PairId id, const Schema& reader, const Schema& writer) {
    std::unordered_map<std::string_view, const Field*> written;
    for (const Field& field : writer.fields) written.emplace(field.name, &field);
    work_ += writer.fields.size();
    for (size_t i = 0; i < reader.fields.size() && !too_large_; ++i) {
      JudgeField(id, "/fields/" + std::to_string(i), reader.fields[i], writer, written);
    }
  }

  void JudgeField(PairId id, const std::string& step, const Field& field, const Schema& writer,
                  const std::unordered_map<std::string_view, const Field*>& written) {
    std::vector<const Field*> fitting;
    std::unordered_set<std::string_view> tried;
    work_ += 1 + field.aliases.size();
    if (const auto found = written.find(field.name); found != written.end()) fitting.push_back(found->second);
    for (const std::string& alias : field.aliases) {
      const auto found = written.find(alias);
      if (found != written.end() && tried.insert(alias).second) fitting.push_back(found->second);
    }
    if (fitting.size() > 1) {
      return Wrong(id, FindingKind::AmbiguousAlias, step,
                   "the field `" + field.name + "` and its aliases name more than one field of the data: `" +
                       fitting[0]->name + "` and `" + fitting[1]->name + "`");
    }
    if (fitting.size() == 1) return Need(id, step + "/type", *field.type, *fitting.front()->type);
    if (field.default_json) return;
    // The library compares the enum with the whole record here, so the same defect has another name.
    if (field.type->kind == Kind::Enum && field.type->enum_default) {
      return Need(id, step + "/type", *field.type, writer);
    }
    Wrong(id, FindingKind::ReaderFieldMissingDefaultValue, step,
          "the data lack the field `" + field.name + "`, which has no default");
  }

  // `path` is that of the pair; each pair tells its findings once.
  void Collect(PairId id, const std::string& path) {
    if (!collected_.insert(id).second) return;
    for (Local& local : verdicts_[id].locals) {
      if (found_.size() >= kMaxFindings) return;
      std::string whole = path + local.step;
      if (whole.empty()) whole = "/";
      found_.push_back({local.kind, std::move(whole), std::move(local.message)});
    }
    for (const Blame& blame : verdicts_[id].blames) {
      if (found_.size() >= kMaxFindings) return;
      Collect(blame.pair, path + blame.step);
    }
  }

  std::unordered_map<std::pair<const Schema*, const Schema*>, PairId, PairHash> ids_;
  std::vector<Verdict> verdicts_;
  std::unordered_set<PairId> collected_;
  std::vector<Incompatibility> found_;
  size_t work_ = 0;
  int nesting_ = 0;
  bool too_large_ = false;
};

}  // namespace

std::string_view IncompatibilityName(IncompatibilityKind kind) {
  switch (kind) {
    case FindingKind::NameMismatch: return "NAME_MISMATCH";
    case FindingKind::FixedSizeMismatch: return "FIXED_SIZE_MISMATCH";
    case FindingKind::MissingEnumSymbols: return "MISSING_ENUM_SYMBOLS";
    case FindingKind::ReaderFieldMissingDefaultValue: return "READER_FIELD_MISSING_DEFAULT_VALUE";
    case FindingKind::TypeMismatch: return "TYPE_MISMATCH";
    case FindingKind::MissingUnionBranch: return "MISSING_UNION_BRANCH";
    case FindingKind::AmbiguousAlias: return "AMBIGUOUS_ALIAS";
    case FindingKind::TooLarge: return "TOO_LARGE";
  }
  return "";
}

std::vector<Incompatibility> CheckCompatibility(const Schema& reader, const Schema& writer) {
  return CompatibilityChecker().Check(reader, writer);
}

}  // namespace avro
