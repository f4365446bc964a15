// `rulec fmt`: rule files in their one layout.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "compiler/check/read_text.h"
#include "compiler/driver/command.h"
#include "compiler/driver/program_paths.h"
#include "compiler/driver/report.h"
#include "compiler/driver/standard_streams.h"
#include "compiler/driver/unified_diff.h"
#include "compiler/format/format_rules.h"
#include "compiler/source/text_limit.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStandardInput = "-";

struct FmtOptions {
  std::vector<std::string> paths;
  std::string color = "auto";
  bool check = false;
  bool diff = false;
};

// The rule files that the paths name, each once however it is named. An error in *error.
std::vector<std::string> FilesOf(const std::vector<std::string>& paths, std::string* error) {
  std::vector<std::string> files;
  std::set<std::string> seen;
  const auto add = [&](std::string file) {
    std::error_code code;
    const fs::path canonical = fs::weakly_canonical(file, code);
    if (seen.insert(code ? file : canonical.string()).second) files.push_back(std::move(file));
  };
  for (const std::string& path : paths) {
    std::error_code code;
    if (!fs::is_directory(path, code)) {
      add(path);
      continue;
    }
    std::vector<std::string> below = FilesBelow(path, ".rule", error, InnerProjects::Entered);
    if (below.empty() && error->empty()) *error = path + ": there is no rule file in this folder";
    for (std::string& file : below) add(std::move(file));
  }
  return files;
}

class Formatter {
 public:
  explicit Formatter(const FmtOptions& options) : options_(options) {}

  // A file that cannot be read or does not parse does not keep the others from being formatted.
  ExitCode Run(const std::vector<std::string>& files) {
    for (const std::string& file : files) {
      std::string why;
      auto text = ReadBeginning(file, MaxTextBytes() + 1, &why);
      if (!text) {
        Complain(file + ": " + why);
        unusable_ = true;
      } else if (!Format(file, *std::move(text))) {
        return ExitCode::Usage;
      }
    }
    const size_t all = files.size();
    Tell(fmt::format("{} {} of {} file{}{}\n", changes_nothing() ? "would format" : "formatted", changed_, all,
                     all == 1 ? "" : "s", broken_ > 0 ? fmt::format(", {} not valid", broken_) : ""));
    return Verdict();
  }

  ExitCode RunStandardInput() {
    std::string why;
    auto text = ReadStandardInput(MaxTextBytes() + 1, &why);
    if (!text) return UsageError("standard input: " + why);
    return Format("<stdin>", *std::move(text)) ? Verdict() : ExitCode::Usage;
  }

 private:
  bool changes_nothing() const { return options_.check || options_.diff; }

  ExitCode Verdict() const {
    if (unusable_) return ExitCode::Usage;
    if (broken_ > 0) return ExitCode::NotCompiled;
    return changes_nothing() && changed_ > 0 ? ExitCode::Findings : ExitCode::Done;
  }

  // False after a complaint that ends the command.
  bool Format(const std::string& path, std::string text) {
    SourceSet sources;
    Diagnostics diagnostics;
    const FileId file = sources.Add(path, std::move(text));
    const std::optional<std::string> after = FormatRules(sources, file, diagnostics);
    if (!after) {
      ++broken_;
      for (const Diagnostic& diagnostic : diagnostics.all()) {
        std::fputs((RenderText(sources, diagnostic, UseColor(options_.color, STDERR_FILENO)) + "\n").c_str(), stderr);
      }
      return true;
    }
    const std::string_view before = sources.file(file).text();
    const bool from_standard_input = path == "<stdin>";
    changed_ += *after != before;
    if (options_.diff) return WriteWholeFile("-", UnifiedDiff(path, before, *after), false);
    if (options_.check) return *after == before || WriteWholeFile("-", path + "\n", false);
    if (from_standard_input) return WriteWholeFile("-", *after, false);
    return *after == before || WriteWholeFile(path, *after, false);
  }

  const FmtOptions& options_;
  size_t changed_ = 0, broken_ = 0;
  bool unusable_ = false;
};

ExitCode FormatPaths(const FmtOptions& options) {
  const bool standard_input = std::ranges::find(options.paths, kStandardInput) != options.paths.end();
  if (standard_input && options.paths.size() > 1) return UsageError("`-` is standard input and stands alone");
  if (standard_input) return Formatter(options).RunStandardInput();
  std::string error;
  const std::vector<std::string> files = FilesOf(options.paths, &error);
  return error.empty() ? Formatter(options).Run(files) : UsageError(error);
}

}  // namespace

Action AddFmt(CLI::App& app) {
  auto options = std::make_shared<FmtOptions>();  // shared with the action, which outlives this call
  app.add_option("PATH", options->paths, "rule files, folders of them, or - for standard input to standard output")
      ->required();
  app.add_flag("--check", options->check, "change nothing, name the files that are not formatted and end with 1");
  app.add_flag("--diff", options->diff, "change nothing, show what would change and end with 1 if anything would");
  AddColorFlag(app, options->color);
  return [options] { return FormatPaths(*options); };
}

}  // namespace rulec
