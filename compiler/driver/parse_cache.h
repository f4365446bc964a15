// What `rulec check` parsed before: of a project of a thousand files only those that changed are parsed again.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"

namespace rulec {

// Trees of texts that the parser had nothing to say of, by the hash of the text: nothing but the text decides what its
// tree is, so there is nothing else to go stale. Types are checked anew each time, of all files; that takes a tenth of
// the time of parsing. Kept for a user and not in the project, where others could put trees that are not those of its
// rules; and for this build of rulec alone.
class ParseCache {
 public:
  // `project` is the folder of a rulec.toml. If it is empty, or there is no folder for such files ($XDG_CACHE_HOME,
  // else .cache in $HOME), trees are kept in memory only.
  explicit ParseCache(const std::string& project);

  // As ParseText.
  ast::File Parse(const SourceSet& sources, FileId file, Diagnostics& diagnostics);

  // Keeps the trees for the next check: those that were asked for and, unless these are all files of the project, those
  // that were there. What cannot be written is parsed again next time, without a word.
  void Save(bool whole_project);

 private:
  using Key = std::array<unsigned char, 16>;
  struct Tree {
    std::string_view bytes;
    bool used = false;
  };

  void Load();

  std::string path_;    // empty: in memory only
  std::string loaded_;  // content of the file, which trees point into
  std::deque<std::string> made_;
  std::map<Key, Tree> trees_;
};

}  // namespace rulec
