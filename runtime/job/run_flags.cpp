#include "runtime/job/run_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>

#include "runtime/base/text.h"
#include "runtime/job/job_config.h"

namespace rulert {
namespace {

// "64MiB", "1KiB", "1000": nothing if it is no size.
std::optional<uint64_t> ParseSize(std::string_view text) {
  uint64_t unit = 1;
  const auto take = [&](std::string_view ending, uint64_t bytes) {
    if (!text.ends_with(ending)) return;
    text.remove_suffix(ending.size());
    unit = bytes;
  };
  take("KiB", uint64_t{1} << 10);
  take("MiB", uint64_t{1} << 20);
  take("GiB", uint64_t{1} << 30);
  const auto number = ParseInteger(text);
  if (!number || *number < 1 || static_cast<uint64_t>(*number) > (uint64_t{1} << 40) / unit) return std::nullopt;
  return static_cast<uint64_t>(*number) * unit;
}

// What is wrong with `name=value`, or "".
std::string SetLimit(const std::string& given, JobOptions* options) {
  struct Limit {
    std::string_view name;
    bool is_size;
    uint64_t most;
    std::function<void(uint64_t)> set;
    uint64_t least = 1;
  };
  const avro::Limits most;
  const Limit limits[] = {
      {"block-bytes", true, kMostInputBytes, [&](uint64_t value) { options->limits.block_bytes = value; }},
      {"line-bytes", true, kMostInputBytes, [&](uint64_t value) { options->limits.line_bytes = value; }},
      {"string-bytes", true, static_cast<uint64_t>(most.text_bytes),
       [&](uint64_t value) { options->data_limits.text_bytes = static_cast<int64_t>(value); },
       64},  // generated decoders do not look at shorter ones
      {"datum-depth", false, static_cast<uint64_t>(most.datum_depth),
       [&](uint64_t value) { options->data_limits.datum_depth = static_cast<int>(value); }},
      {"schema-nesting", false, most.schema_nesting,
       [&](uint64_t value) { options->data_limits.schema_nesting = static_cast<size_t>(value); }},
  };
  const size_t equals = given.find('=');
  const std::string name = given.substr(0, equals);
  std::string names;
  for (const Limit& limit : limits) {
    names += (names.empty() ? "" : ", ") + std::string(limit.name);
    if (limit.name != name) continue;
    const auto value = ParseSize(equals == std::string::npos ? "" : std::string_view(given).substr(equals + 1));
    if (!value) return limit.is_size ? "a size is expected, as in " + name + "=1MiB" : "a number from 1 on is expected";
    if (*value > limit.most) {
      return "it can be " + (limit.is_size ? std::string("256MiB") : std::to_string(limit.most)) + " at most";
    }
    if (*value < limit.least) return "it can be " + std::to_string(limit.least) + " at least";
    limit.set(*value);
    return "";
  }
  return "there is no limit `" + name + "`; there are: " + names;
}

// The entries of a file that no flag takes the place of, and behind them the flags. One without a name is of the only
// stream or output there is, and takes the place of all.
std::vector<std::string> Merged(const std::vector<JobConfig::Entry>& entries, const std::vector<std::string>& flags) {
  std::vector<std::string> merged;
  for (const auto& [name, uri] : entries) {
    const bool replaced = std::any_of(flags.begin(), flags.end(), [&](const std::string& flag) {
      const size_t equals = flag.find('=');
      const bool named = equals != std::string::npos && flag.find_first_of("/.?-") > equals;
      return !named || flag.compare(0, equals, name) == 0;
    });
    if (!replaced) merged.push_back(name + "=" + uri);
  }
  merged.insert(merged.end(), flags.begin(), flags.end());
  return merged;
}

// `name=value` of the file, those of the flags behind them: the last one counts.
std::vector<std::string> Joined(const std::vector<JobConfig::Entry>& entries, const std::vector<std::string>& flags) {
  std::vector<std::string> joined;
  for (const auto& [name, value] : entries) joined.push_back(name + "=" + value);
  joined.insert(joined.end(), flags.begin(), flags.end());
  return joined;
}

Error TakeConfig(RunFlags* flags) {
  if (flags->config.empty()) return {};
  const auto config = ReadJobConfig(flags->config);
  if (!config.ok()) return config.error();
  flags->in = Merged(config->inputs, flags->in);
  flags->out = Merged(config->outputs, flags->out);
  flags->param = Joined(config->params, flags->param);
  flags->limit = Joined(config->limits, flags->limit);
  if (flags->progress.empty()) flags->progress = config->progress;
  if (flags->parallelism.empty()) flags->parallelism = config->parallelism;
  return {};
}

}  // namespace

void RefuseFlag(CLI::App& app, const std::string& name, const std::string& why) {
  const auto refuse = [name, why](const std::string&) -> void { throw CLI::ValidationError(name, why); };
  app.add_option_function<std::string>(name, refuse)->group("")->expected(0, 1);
}

void AddRunFlags(CLI::App& app, RunFlags* flags) {
  // Each flag takes one value, so that `--in a b` does not take b for an input.
  const auto list = [&app](const char* name, std::vector<std::string>& to, const char* help, const char* type) {
    app.add_option(name, to, help)->type_name(type)->type_size(1)->expected(1)->take_all()->allow_extra_args(false);
  };
  list("--in", flags->in,
       "input of a stream: a file (.avro, .jsonl, .csv, also with .gz or .zst behind), a glob, a directory, or - for "
       "JSON "
       "lines on standard input; repeat it for further partitions",
       "S=URI");
  list("--out", flags->out, "where an output goes: a file that ends in .avro, .jsonl or .csv, or - for standard output",
       "S=URI");
  list("--param", flags->param, "value of a param of the rules", "NAME=VALUE");
  list(
      "--limit", flags->limit,
      "refuse larger inputs: block-bytes, line-bytes, string-bytes, datum-depth, schema-nesting, as in line-bytes=1MiB",
      "NAME=SIZE");
  app.add_option("--progress", flags->progress, "progress line on standard error")
      ->type_name("auto|always|never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_option("--parallelism", flags->parallelism, "number of shards")->type_name("N");
  app.add_option("--config", flags->config, "a file of inputs, outputs, params and limits; flags take their place")
      ->type_name("FILE");
  for (const char* name : {"--state", "--checkpoint-interval", "--restore", "--memory"}) {
    RefuseFlag(app, name, "this version has no durable state yet");
  }
  RefuseFlag(app, "--metrics", "this version has no metrics yet");
}

Result<JobOptions> ToJobOptions(RunFlags flags) {
  if (Error error = TakeConfig(&flags)) return error;
  JobOptions options;
  options.inputs = flags.in;
  options.outputs = flags.out;
  for (const std::string& param : flags.param) {
    const size_t equals = param.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error::Environment("--param " + param + ": a name, `=` and a value are expected");
    }
    options.params.emplace_back(param.substr(0, equals), param.substr(equals + 1));
  }
  for (const std::string& limit : flags.limit) {
    if (const std::string wrong = SetLimit(limit, &options); !wrong.empty()) {
      return Error::Environment("--limit " + limit + ": " + wrong);
    }
  }
  if (flags.parallelism.empty()) flags.parallelism = "1";
  const auto shards = ParseInteger(flags.parallelism);
  if (!shards || *shards < 1) {
    return Error::Environment("--parallelism " + flags.parallelism + ": a number of shards from 1 on is expected");
  }
  if (*shards != 1) return Error::Environment("--parallelism: this build runs a job on one shard");
  if (!flags.progress.empty() && flags.progress != "auto" && flags.progress != "always" && flags.progress != "never") {
    return Error::Environment("progress " + flags.progress + ": auto, always or never is expected");
  }
  options.progress = flags.progress == "always"  ? ProgressMode::Always
                     : flags.progress == "never" ? ProgressMode::Never
                                                 : ProgressMode::Auto;
  return options;
}

}  // namespace rulert
