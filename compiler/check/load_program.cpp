#include "compiler/check/load_program.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "compiler/check/project_root.h"
#include "compiler/check/read_text.h"
#include "compiler/source/text_limit.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxImportDepth = 100;

class Loader {
 public:
  Loader(const ParseFunction& parse, SourceSet& sources, Diagnostics& diagnostics)
      : parse_(parse), sources_(sources), diagnostics_(diagnostics) {}

  void Root(const std::string& path) {
    if (seen_.contains(Identity(path))) return;
    std::string why;
    std::optional<std::string> text = ReadBeginning(path, MaxTextBytes() + 1, &why);
    if (!text) {
      program_.unreadable.push_back(path + ": " + why);
      return;
    }
    Parse(path, std::move(*text));
  }

  LoadedProgram Take() { return std::move(program_); }

 private:
  enum class State : uint8_t { Open, Done };
  struct Seen {
    State state = State::Open;
    FileId file = 0;
  };

  // The same for every path that leads to one file.
  const std::string& Identity(const std::string& path) {
    const auto [known, is_new] = identities_.try_emplace(path, path);
    if (is_new) {
      std::error_code code;
      const fs::path canonical = fs::weakly_canonical(path, code);
      if (!code) known->second = canonical.string();
    }
    return known->second;
  }

  void Parse(const std::string& path, std::string text) {
    const std::string& identity = Identity(path);
    const FileId id = sources_.Add(path, std::move(text));
    seen_[identity] = {State::Open, id};
    open_.push_back(path);
    ast::File file = parse_(sources_, id, diagnostics_);
    for (const ast::Import& import : file.imports) {
      if (const std::optional<FileId> imported = Import(path, import)) {
        program_.imports.push_back({id, import.span, *imported});
      }
    }
    program_.files.push_back(std::move(file));
    open_.pop_back();
    seen_[identity].state = State::Done;
  }

  // The file that is imported, if it could be.
  std::optional<FileId> Import(const std::string& from, const ast::Import& import) {
    const std::string path = Resolve(from, import.path);
    const auto seen = seen_.find(Identity(path));
    if (seen != seen_.end()) {
      if (seen->second.state != State::Open) return seen->second.file;
      TellCycle(import, seen->first);
      return std::nullopt;
    }
    if (open_.size() >= kMaxImportDepth) return Fail(import, "imports nest more than 100 deep");
    if (fs::path(import.path).is_absolute()) return Fail(import, "the path is not relative");
    std::string why;
    std::optional<std::string> text = ReadBeginning(path, MaxTextBytes() + 1, &why);
    if (!text) return Fail(import, why);
    Parse(path, std::move(*text));
    return seen_.at(Identity(path)).file;
  }

  static std::string Resolve(const std::string& from, const std::string& import) {
    const std::string beside = (fs::path(from).parent_path() / import).lexically_normal().string();
    std::error_code code;
    if (fs::exists(beside, code)) return beside;
    if (const std::optional<std::string> root = ProjectRoot(from)) {
      const fs::path in_project = (fs::path(*root) / import).lexically_normal();
      if (fs::exists(in_project, code)) return in_project.string();
    }
    return beside;
  }

  std::optional<FileId> Fail(const ast::Import& import, const std::string& why) {
    diagnostics_.Build(import.span, ImportFailed, {import.path, why})
        .Help("an import is looked for beside the file that imports it, then in the folder of `rulec.toml`")
        .Emit();
    return std::nullopt;
  }

  void TellCycle(const ast::Import& import, const std::string& identity) {
    std::string way;
    const auto first = std::find_if(open_.begin(), open_.end(), [&](const auto& p) { return Identity(p) == identity; });
    for (auto path = first; path != open_.end(); ++path) way += "`" + *path + "` imports ";
    diagnostics_.Build(import.span, ImportCycle, {import.path}).Note(way + "`" + import.path + "`").Emit();
  }

  const ParseFunction& parse_;
  SourceSet& sources_;
  Diagnostics& diagnostics_;
  LoadedProgram program_;
  std::map<std::string, Seen> seen_;               // by identity
  std::map<std::string, std::string> identities_;  // by path
  std::vector<std::string> open_;
};

}  // namespace

LoadedProgram LoadProgram(const std::vector<std::string>& paths, const ParseFunction& parse, SourceSet& sources,
                          Diagnostics& diagnostics) {
  Loader loader(parse, sources, diagnostics);
  for (const std::string& path : paths) loader.Root(path);
  return loader.Take();
}

}  // namespace rulec
