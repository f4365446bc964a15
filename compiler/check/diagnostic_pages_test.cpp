// Every page in docs/diagnostics of what the checker tells: its example raises that code and no other, its fix nothing.

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "compiler/check/ast_to_typed.h"
#include "compiler/check/load_program.h"
#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

struct Section {
  std::map<std::string, std::string> files;  // by path; the rule itself is main.rule
};

struct Page {
  std::string title;
  Section example, fix;
};

// Code blocks under `## Example` and `## Fix`; a line `path:` before one names its file.
Page ReadPage(const fs::path& path) {
  Page page;
  Section ignored;
  Section* section = &ignored;
  std::ifstream stream(path);
  std::string line, name, text;
  bool inside = false;
  std::getline(stream, page.title);
  while (std::getline(stream, line)) {
    if (line.starts_with("```")) {
      if (inside) section->files[name.empty() ? "main.rule" : name] = text;
      if (inside) name.clear();
      inside = !inside;
      text.clear();
    } else if (inside) {
      text += line + "\n";
    } else if (line.starts_with("## ")) {
      section = line == "## Example" ? &page.example : line == "## Fix" ? &page.fix : &ignored;
    } else if (line.ends_with(":") && line.find(' ') == std::string::npos) {
      name = line.substr(0, line.size() - 1);
    }
  }
  return page;
}

std::vector<std::string> Told(const std::map<std::string, std::string>& files, std::string* rendered) {
  const fs::path folder = fs::temp_directory_path() / "rulec_diagnostic_pages";
  fs::remove_all(folder);
  for (const auto& [name, text] : files) {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << text;
  }
  SourceSet sources;
  Diagnostics diagnostics;
  const LoadedProgram loaded = LoadProgram({(folder / "main.rule").string()}, ParseText, sources, diagnostics);
  std::vector<std::string> told;
  SchemaStore store(SchemaFolders("", {(folder / "main.rule").string()}));
  if (!diagnostics.has_errors()) Check(sources, loaded.files, store, diagnostics, loaded.imports);
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    told.emplace_back(diagnostic.kind->code);
    *rendered += RenderText(sources, diagnostic, false);
  }
  fs::remove_all(folder);
  return told;
}

TEST(DiagnosticPages, ExamplesRaiseTheirCodeAndFixesNothing) {
  // R0212 needs a file that cannot be read: another test raises it.
  const std::vector<std::string> elsewhere{"R0212"};
  for (const DiagnosticKind* kind : AllDiagnosticKinds()) {
    const std::string code(kind->code);
    // Syntax has a test of its own; what other commands than check tell is tested by tests/language/pages.py.
    const bool elsewhere_told = code.starts_with("R01") || code.starts_with("R06") || code >= "R0720";
    if (elsewhere_told) continue;
    const fs::path path = fs::path(RULEC_SOURCE_DIR) / "docs/diagnostics" / (code + ".md");
    ASSERT_TRUE(fs::exists(path)) << "there is no page for " << code;
    const Page page = ReadPage(path);
    EXPECT_TRUE(page.title.starts_with("# " + code + ": ")) << code;
    ASSERT_TRUE(page.example.files.contains("main.rule") && page.fix.files.contains("main.rule")) << code;
    if (std::find(elsewhere.begin(), elsewhere.end(), code) != elsewhere.end()) continue;
    std::string rendered;
    EXPECT_EQ(Told(page.example.files, &rendered), std::vector<std::string>{code}) << rendered;
    // The fix keeps the files of the example that it does not bring itself.
    std::map<std::string, std::string> fixed = page.fix.files;
    fixed.insert(page.example.files.begin(), page.example.files.end());
    rendered.clear();
    EXPECT_EQ(Told(fixed, &rendered), std::vector<std::string>{}) << code << "\n" << rendered;
  }
}

}  // namespace
}  // namespace rulec
