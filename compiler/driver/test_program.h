// A program that tests are run against: compiled once, run for each of them.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "avro/datum.h"
#include "compiler/driver/front_end.h"
#include "compiler/emit/codegen.h"
#include "runtime/abi/program.h"
#include "runtime/module/module.h"

namespace rulec {

// What the rule under test and the derived streams that it reads from are run on, and what came out.
struct TestRun {
  std::map<std::string, std::vector<avro::Datum>> rows;  // given, by stream
  std::vector<std::string> files;                        // given: `trades=trades.csv`, as `--in` takes it
  std::map<std::string, std::vector<avro::Datum>> got;   // by output; also `errors`
  std::string error;                                     // the job failed
};

// An output of a rule: did a row go there in any run so far?
struct CoveredOutput {
  std::string rule;  // with its package
  std::string file;
  std::string output;
  bool covered = false;
};

class TestProgram {
 public:
  // `program` is planned and outlives this. An error if the code generator cannot be loaded.
  static std::unique_ptr<TestProgram> Compile(const FrontEnd& program, std::string* error);

  // The program as it is described: tests can be held against it, and not run.
  static std::unique_ptr<TestProgram> Describe(const FrontEnd& program);

  // By name, with or without its package; that of `package` comes first. Null if there is none.
  const rulert::RuleSpec* FindRule(const std::string& name, const std::string& package) const;
  std::vector<std::string> RuleNames() const;
  // A stream that the rule reads, directly or through derived streams, from a source; null if it reads none of that
  // name.
  const rulert::StreamSpec* FindStream(const rulert::RuleSpec& rule, const std::string& name) const;
  std::vector<std::string> StreamNames(const rulert::RuleSpec& rule) const;
  // Does it read a stream of that name which other rules make?
  bool ReadsMade(const rulert::RuleSpec& rule, const std::string& name) const;
  std::vector<std::string> OutputNames(const rulert::RuleSpec& rule) const;
  // Do the rules that feed `rule`, and itself, read this top-level field of the stream?
  bool ReadsField(const rulert::RuleSpec& rule, const rulert::StreamSpec& stream, const std::string& field) const;
  // Schema of a stream or output (also `errors`), parsed once.
  const avro::Schema& StreamSchema(const rulert::StreamSpec& stream);
  const avro::Schema& OutputSchema(const std::string& output);

  void Run(const rulert::RuleSpec& rule, TestRun* run);
  // By rule and output, in the program's order; without derived streams, which show in the rules that read them.
  std::vector<CoveredOutput> Coverage() const;

 private:
  TestProgram() = default;
  // The rule and those whose results it reads, as indices of rules.
  std::vector<size_t> Feeding(const rulert::RuleSpec& rule) const;
  const avro::Schema& Parsed(const std::string& json);

  std::unique_ptr<Codegen> codegen_;  // outlives the modules
  rulert::ProgramSpec spec_;
  rulert::ModuleSet modules_;
  std::map<std::string, avro::SchemaPtr> schemas_;  // by text
  std::set<std::pair<size_t, int32_t>> covered_;    // rule, output
};

}  // namespace rulec
