#include "runtime/job/job_info.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "avro/schema.h"
#include "runtime/abi/abi.h"

namespace rulert {
namespace {

// CRC-64-AVRO of the canonical form, in hex; "unknown" for a schema that does not parse.
std::string FingerprintOf(const std::string& schema_json) {
  const auto parsed = avro::ParseSchema(schema_json);
  if (!parsed.document) return "unknown";
  char text[24];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(avro::Fingerprint(parsed.document->root())));
  return text;
}

std::string NameOf(const RuleSpec& rule) { return rule.package.empty() ? rule.name : rule.package + "." + rule.name; }

const std::string& StreamOf(const ProgramSpec& program, const RuleSpec& rule) {
  return program.streams[static_cast<size_t>(rule.stream)].name;
}

}  // namespace

std::string JobInfoText(const ProgramSpec& program) {
  std::string text = "compiler   rulec " + program.compiler + "\n";
  text += "target     " + program.target_cpu + "\n";
  text += "interface  " + std::to_string(RULERT_ABI_VERSION) + "\n";
  for (const StreamSpec& stream : program.streams) {
    text += "stream     " + stream.name + " : " + stream.schema_name + ", fingerprint " +
            FingerprintOf(stream.schema_json) + "\n";
    for (const VersionSpec& version : stream.versions) {
      text += "  version  " + std::to_string(version.version) + ", fingerprint " + FingerprintOf(version.schema_json) +
              "\n";
    }
    if (stream.versions_open) text += "  version  later ones are accepted too\n";
  }
  for (const RuleSpec& rule : program.rules) {
    text += "rule       " + NameOf(rule) + " version " + std::to_string(rule.version);
    if (rule.severity) text += ", severity " + *rule.severity;
    text += ", on " + StreamOf(program, rule) + ", from " + rule.file + "\n";
  }
  for (const OutputSpec& output : program.outputs) {
    text += "output     " + output.name + ", fingerprint " + FingerprintOf(output.schema_json) + "\n";
  }
  return text;
}

std::string JobInfoJson(const ProgramSpec& program) {
  using Json = nlohmann::ordered_json;
  Json streams = Json::array();
  for (const StreamSpec& stream : program.streams) {
    Json versions = Json::array();
    for (const VersionSpec& version : stream.versions) {
      versions.push_back({{"version", version.version}, {"fingerprint", FingerprintOf(version.schema_json)}});
    }
    streams.push_back({{"name", stream.name},
                       {"schema", stream.schema_name},
                       {"fingerprint", FingerprintOf(stream.schema_json)},
                       {"versions", versions},
                       {"later_versions", stream.versions_open}});
  }
  Json rules = Json::array();
  for (const RuleSpec& rule : program.rules) {
    Json one = {{"name", NameOf(rule)}, {"version", rule.version}};
    if (rule.severity) one["severity"] = *rule.severity;
    one["stream"] = StreamOf(program, rule);
    one["file"] = rule.file;
    rules.push_back(std::move(one));
  }
  Json outputs = Json::array();
  for (const OutputSpec& output : program.outputs) {
    outputs.push_back({{"name", output.name}, {"fingerprint", FingerprintOf(output.schema_json)}});
  }
  const Json version = {{"type", "version"}, {"rulec", program.compiler}, {"format", 1}};
  const Json info = {{"type", "job"},
                     {"target_cpu", program.target_cpu},
                     {"abi_version", RULERT_ABI_VERSION},
                     {"streams", streams},
                     {"rules", rules},
                     {"outputs", outputs}};
  const auto replace = Json::error_handler_t::replace;
  return version.dump(-1, ' ', false, replace) + "\n" + info.dump(-1, ' ', false, replace) + "\n";
}

Error CheckCpu(const std::string& target_cpu) {
  __builtin_cpu_init();
  // "x86-64-v3", or "znver4 (x86-64-v4)".
  const auto needs = [&](const char* level) { return target_cpu.find(level) != std::string::npos; };
  const bool missing = (needs("x86-64-v2") && !__builtin_cpu_supports("x86-64-v2")) ||
                       (needs("x86-64-v3") && !__builtin_cpu_supports("x86-64-v3")) ||
                       (needs("x86-64-v4") && !__builtin_cpu_supports("x86-64-v4"));
  if (!missing) return {};
  return Error::Environment("this job was built for " + target_cpu +
                            ", which this machine's CPU is not: build it again with `--target-cpu x86-64`");
}

}  // namespace rulert
