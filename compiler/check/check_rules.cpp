#include "compiler/check/check_rules.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "compiler/check/check_rule.h"

namespace rulec::check {
namespace {

using Indexes = std::vector<size_t>;

constexpr size_t kNamedOfCycle = 8;

// What a rule gives rows to.
std::vector<std::string> TargetsOf(const ast::RuleDecl& rule) {
  std::vector<std::string> targets;
  for (const ast::Stage& stage : rule.stages) {
    const auto* emit = std::get_if<ast::EmitClause>(&stage);
    if (emit && !emit->output.text.empty()) targets.push_back(emit->output.text);
  }
  if (rule.derived) targets.push_back(rule.name.text);
  return targets;
}

class RuleOrder {
 public:
  RuleOrder(Context& context, OutputTable& outputs, const std::vector<RuleInFile>& rules)
      : context_(context), outputs_(outputs), rules_(rules), state_(rules.size(), Progress::Waiting) {
    for (size_t i = 0; i < rules.size(); ++i) {
      for (std::string& target : TargetsOf(*rules[i].decl)) makers_[std::move(target)].push_back(i);
    }
  }

  void Check() {
    for (size_t i = 0; i < rules_.size(); ++i) Visit(i);
    Restore();
  }

 private:
  // With a list instead of recursion: chains of derives may be long.
  void Visit(size_t first) {
    Indexes open{first};
    while (!open.empty()) {
      const size_t at = open.back();
      if (state_[at] == Progress::Done) {
        open.pop_back();
      } else if (state_[at] == Progress::Checking) {
        open.pop_back();
        CheckOne(at);
      } else {
        state_[at] = Progress::Checking;
        for (const size_t maker : Makers(at)) {
          if (state_[maker] == Progress::Waiting) open.push_back(maker);
          if (state_[maker] == Progress::Checking) TellCycle(open, at, maker);
        }
      }
    }
  }

  // The rules that make what `rule` reads, if it reads no source.
  const Indexes& Makers(size_t rule) const {
    static const Indexes none;
    const ast::RuleDecl& decl = *rules_[rule].decl;
    if (!decl.from || IsSource(decl.from->stream.text)) return none;
    const auto found = makers_.find(decl.from->stream.text);
    return found == makers_.end() ? none : found->second;
  }

  bool IsSource(const std::string& name) const {
    const auto found = context_.streams.find(name);
    return found != context_.streams.end() && !context_.program.streams[found->second].output;
  }

  // `rule` reads what is made, by some way, from what it makes itself.
  void TellCycle(const Indexes& open, size_t rule, size_t maker) {
    const ast::Name& stream = rules_[rule].decl->from->stream;
    if (!context_.unreadable_streams.insert(stream.text).second) return;
    std::string way;
    size_t named = 0;
    // Those that are being checked stand in `open` each behind the one that reads what it makes.
    bool on_the_way = false;
    for (const size_t i : open) {
      on_the_way = on_the_way || i == maker;
      if (!on_the_way || state_[i] != Progress::Checking) continue;
      context_.unreadable_streams.insert(rules_[i].decl->from->stream.text);
      if (i == maker) continue;
      if (++named <= kNamedOfCycle) way += (way.empty() ? "`" : ", `") + rules_[i].decl->name.text + "`";
    }
    auto builder = context_.diagnostics.Build(stream.span, DerivationCycle, {stream.text});
    std::move(builder).Label(rules_[maker].decl->name.span, "made by this rule");
    if (named > kNamedOfCycle) way += " and " + std::to_string(named - kNamedOfCycle) + " more";
    if (!way.empty()) std::move(builder).Note("by way of " + way);
    std::move(builder).Emit();
  }

  void CheckOne(size_t index) {
    state_[index] = Progress::Done;
    const ast::RuleDecl& decl = *rules_[index].decl;
    if (decl.from && !IsSource(decl.from->stream.text) &&
        !context_.unreadable_streams.contains(decl.from->stream.text)) {
      ReadOutput(decl.from->stream, Makers(index));
    }
    if (CheckRule(context_, outputs_, decl, rules_[index].package)) order_.push_back(index);
  }

  // All that emit to it are checked; its fields are what they agreed on.
  void ReadOutput(const ast::Name& name, const Indexes& makers) {
    if (!outputs_.MakeStream(name)) return;
    typed::Stream& stream = context_.program.streams[context_.streams.at(name.text)];
    outputs_.Settle(*stream.output);
    stream.has_time = !makers.empty();
    for (const size_t maker : makers) {
      const auto& from = rules_[maker].decl->from;
      const auto found = from ? context_.streams.find(from->stream.text) : context_.streams.end();
      if (found == context_.streams.end()) {
        stream.time_told = true;
        continue;
      }
      const typed::Stream& source = context_.program.streams[found->second];
      stream.has_time = stream.has_time && source.has_time;
      stream.time_told = stream.time_told || source.time_told;
    }
  }

  // The emits are settled while their numbers still hold.
  void Restore() {
    outputs_.Finish();
    std::vector<size_t> by_text(order_.size());
    std::iota(by_text.begin(), by_text.end(), size_t{0});
    std::sort(by_text.begin(), by_text.end(), [&](size_t a, size_t b) { return order_[a] < order_[b]; });
    std::vector<typed::Rule> sorted;
    for (const size_t index : by_text) sorted.push_back(std::move(context_.program.rules[index]));
    context_.program.rules = std::move(sorted);
  }

  Context& context_;
  OutputTable& outputs_;
  const std::vector<RuleInFile>& rules_;
  std::vector<Progress> state_;
  std::unordered_map<std::string, Indexes> makers_;
  std::vector<size_t> order_;  // rules that have become one of the program's, as they were checked
};

}  // namespace

void CheckRules(Context& context, OutputTable& outputs, const std::vector<RuleInFile>& rules) {
  RuleOrder(context, outputs, rules).Check();
}

}  // namespace rulec::check
