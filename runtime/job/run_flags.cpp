#include "runtime/job/run_flags.h"

#include <CLI/CLI.hpp>

namespace rulert {

void AddRunFlags(CLI::App& app, RunFlags* flags) {
  // Each flag takes one value, so that `--in a b` does not take b for an input.
  const auto list = [&app](const char* name, std::vector<std::string>& to, const char* help, const char* type) {
    app.add_option(name, to, help)->type_name(type)->type_size(1)->expected(1)->take_all()->allow_extra_args(false);
  };
  list("--in", flags->in, "input of a stream: an Avro file, a glob or a directory; repeat it for further partitions",
       "S=URI");
  list("--out", flags->out, "where an output goes: a file that ends in .avro or .jsonl, or - for standard output",
       "S=URI");
  list("--param", flags->param, "value of a param of the rules", "NAME=VALUE");
  app.add_option("--progress", flags->progress, "progress line on standard error")
      ->type_name("auto|always|never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_option("--parallelism", flags->parallelism, "number of shards")->type_name("N")->check(CLI::PositiveNumber);
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
  if (flags.parallelism != 1) return Error::Environment("--parallelism: this build runs a job on one shard");
  options.progress = flags.progress == "always"  ? ProgressMode::Always
                     : flags.progress == "never" ? ProgressMode::Never
                                                 : ProgressMode::Auto;
  return options;
}

}  // namespace rulert
