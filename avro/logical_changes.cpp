#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "avro/compatibility.h"
#include "avro/schema_match.h"

namespace avro {
namespace {

constexpr size_t kMaxPairs = 200'000;
constexpr uint32_t kMaxNesting = 1000;

// What a logical type measures: types of one family differ in the unit alone.
enum class Family : uint8_t { None, Day, TimeOfDay, Instant, LocalTime, Decimal, Uuid, Duration };

Family FamilyOf(Logical type) {
  switch (type) {
    case Logical::None: return Family::None;
    case Logical::Date: return Family::Day;
    case Logical::TimeMillis:
    case Logical::TimeMicros: return Family::TimeOfDay;
    case Logical::TimestampMillis:
    case Logical::TimestampMicros:
    case Logical::TimestampNanos: return Family::Instant;
    case Logical::LocalTimestampMillis:
    case Logical::LocalTimestampMicros:
    case Logical::LocalTimestampNanos: return Family::LocalTime;
    case Logical::Decimal: return Family::Decimal;
    case Logical::Uuid: return Family::Uuid;
    case Logical::Duration: return Family::Duration;
  }
  return Family::None;
}

LogicalChangeKind ChangeOf(const Schema& reader, const Schema& writer) {
  if (writer.logical == Logical::None) return LogicalChangeKind::Added;
  if (reader.logical == Logical::None) return LogicalChangeKind::Removed;
  if (FamilyOf(reader.logical) != FamilyOf(writer.logical)) return LogicalChangeKind::Changed;
  return reader.logical == Logical::Decimal ? LogicalChangeKind::DecimalChanged : LogicalChangeKind::UnitChanged;
}

// Walks the pairs that meet when data are read. Steps point back to the one that led there, so that paths are made only
// for what is found.
class LogicalWalk {
 public:
  std::vector<LogicalChange> Walk(const Schema& reader, const Schema& writer) {
    Meet(reader, writer, "", 0);
    for (size_t i = 0; i < open_.size() && found_.size() < kMaxFindings; ++i) Visit(i);
    return std::move(found_);
  }

 private:
  struct Step {
    const Schema* reader;
    const Schema* writer;
    std::string step;
    size_t from;
    uint32_t nesting;
  };

  void Meet(const Schema& reader, const Schema& writer, std::string step, size_t from) {
    const uint32_t nesting = open_.empty() ? 0 : open_[from].nesting + 1;
    if (open_.size() >= kMaxPairs || nesting > kMaxNesting || !met_.insert({&reader, &writer}).second) return;
    open_.push_back({&reader, &writer, std::move(step), from, nesting});
  }

  void Visit(size_t at) {
    const Schema& reader = *open_[at].reader;
    const Schema& writer = *open_[at].writer;
    if (writer.kind == Kind::Union) {
      for (size_t i = 0; i < writer.branches.size(); ++i) {
        Meet(reader, *writer.branches[i], reader.kind == Kind::Union ? "/" + std::to_string(i) : "", at);
      }
    } else if (reader.kind == Kind::Union) {
      const std::vector<uint32_t> branches = MatchingBranches(writer, reader);
      if (!branches.empty()) Meet(*reader.branches[branches.front()], writer, "", at);
    } else if (reader.kind == writer.kind || Promotes(writer.kind, reader.kind)) {
      Compare(at);
      if (reader.kind == Kind::Record) VisitFields(at);
      if (reader.items != nullptr) {
        Meet(*reader.items, *writer.items, reader.kind == Kind::Array ? "/items" : "/values", at);
      }
    }
  }

  void VisitFields(size_t at) {
    const Schema& reader = *open_[at].reader;
    const Schema& writer = *open_[at].writer;
    const std::vector<int32_t> fields = MatchingFields(writer, reader);
    for (size_t i = 0; i < fields.size(); ++i) {
      if (fields[i] < 0) continue;
      Meet(*reader.fields[i].type, *writer.fields[static_cast<size_t>(fields[i])].type,
           "/fields/" + std::to_string(i) + "/type", at);
    }
  }

  void Compare(size_t at) {
    const Schema& reader = *open_[at].reader;
    const Schema& writer = *open_[at].writer;
    if (reader.logical == writer.logical && reader.precision == writer.precision && reader.scale == writer.scale) {
      return;
    }
    constexpr size_t kMaxMessage = 400;
    std::string message = "written as " + Describe(writer) + ", read as " + Describe(reader);
    if (message.size() > kMaxMessage) message = message.substr(0, kMaxMessage) + "...";
    found_.push_back({ChangeOf(reader, writer), PathTo(at), std::move(message)});
  }

  std::string PathTo(size_t at) const {
    std::vector<std::string_view> steps;
    for (; at != 0; at = open_[at].from) steps.push_back(open_[at].step);
    std::string path;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) path += *step;
    return path.empty() ? "/" : path;
  }

  std::vector<Step> open_;
  std::set<std::pair<const Schema*, const Schema*>> met_;
  std::vector<LogicalChange> found_;
};

}  // namespace

std::string_view LogicalChangeName(LogicalChangeKind kind) {
  switch (kind) {
    case LogicalChangeKind::UnitChanged: return "UNIT_CHANGED";
    case LogicalChangeKind::DecimalChanged: return "DECIMAL_CHANGED";
    case LogicalChangeKind::Added: return "LOGICAL_TYPE_ADDED";
    case LogicalChangeKind::Removed: return "LOGICAL_TYPE_REMOVED";
    case LogicalChangeKind::Changed: return "LOGICAL_TYPE_CHANGED";
  }
  return "";
}

std::vector<LogicalChange> CompareLogicalTypes(const Schema& reader, const Schema& writer) {
  return LogicalWalk().Walk(reader, writer);
}

}  // namespace avro
