#include "runtime/job/run_flags.h"

#include <CLI/CLI.hpp>

#include "runtime/base/text.h"

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

// What is wrong with `name=size`, or "".
std::string SetLimit(const std::string& given, InputLimits* limits) {
  const size_t equals = given.find('=');
  const std::string name = given.substr(0, equals);
  uint64_t* limit = name == "block-bytes" ? &limits->block_bytes : name == "line-bytes" ? &limits->line_bytes : nullptr;
  if (limit == nullptr) return "there is no limit `" + name + "`; there are: block-bytes, line-bytes";
  const auto size = ParseSize(equals == std::string::npos ? "" : std::string_view(given).substr(equals + 1));
  if (!size) return "a size is expected, as in " + name + "=1MiB";
  if (*size > kMostInputBytes) return "it can be 256MiB at most";
  *limit = *size;
  return "";
}

}  // namespace

void AddRunFlags(CLI::App& app, RunFlags* flags) {
  // Each flag takes one value, so that `--in a b` does not take b for an input.
  const auto list = [&app](const char* name, std::vector<std::string>& to, const char* help, const char* type) {
    app.add_option(name, to, help)->type_name(type)->type_size(1)->expected(1)->take_all()->allow_extra_args(false);
  };
  list("--in", flags->in,
       "input of a stream: a file (.avro, .jsonl, .csv, of text also .gz and .zst), a glob, a directory, or - for JSON "
       "lines on standard input; repeat it for further partitions",
       "S=URI");
  list("--out", flags->out, "where an output goes: a file that ends in .avro, .jsonl or .csv, or - for standard output",
       "S=URI");
  list("--param", flags->param, "value of a param of the rules", "NAME=VALUE");
  list("--limit", flags->limit, "refuse larger inputs: block-bytes or line-bytes, as in line-bytes=1MiB", "NAME=SIZE");
  app.add_option("--progress", flags->progress, "progress line on standard error")
      ->type_name("auto|always|never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_option("--parallelism", flags->parallelism, "number of shards")->type_name("N");
}

Result<JobOptions> ToJobOptions(const RunFlags& flags) {
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
    if (const std::string wrong = SetLimit(limit, &options.limits); !wrong.empty()) {
      return Error::Environment("--limit " + limit + ": " + wrong);
    }
  }
  const auto shards = ParseInteger(flags.parallelism);
  if (!shards || *shards < 1) {
    return Error::Environment("--parallelism " + flags.parallelism + ": a number of shards from 1 on is expected");
  }
  if (*shards != 1) return Error::Environment("--parallelism: this build runs a job on one shard");
  options.progress = flags.progress == "always"  ? ProgressMode::Always
                     : flags.progress == "never" ? ProgressMode::Never
                                                 : ProgressMode::Auto;
  return options;
}

}  // namespace rulert
