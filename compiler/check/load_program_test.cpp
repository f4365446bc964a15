#include "compiler/check/load_program.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "compiler/check/schema_store.h"
#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;
using List = std::vector<std::string>;

class LoadProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / ("rulec_load_" + std::to_string(getpid()) + "_" + info->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& path, const std::string& text) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << text;
  }
  std::string At(const std::string& path) const { return (folder_ / path).string(); }

  // Paths of the files loaded, relative to the folder, in their order.
  List Load(const List& roots) {
    List paths;
    for (const std::string& root : roots) paths.push_back(At(root));
    loaded_ = LoadProgram(paths, ParseText, sources_, diagnostics_);
    List files;
    for (const ast::File& file : loaded_.files) {
      files.push_back(fs::path(sources_.file(file.id).path()).lexically_relative(folder_).string());
    }
    return files;
  }
  List Told() const {
    List told;
    for (const Diagnostic& diagnostic : diagnostics_.all()) {
      told.push_back(std::string(diagnostic.kind->code) + " " + diagnostic.message);
    }
    return told;
  }

  fs::path folder_;
  SourceSet sources_;
  Diagnostics diagnostics_;
  LoadedProgram loaded_;
};

TEST_F(LoadProgramTest, ImportsComeFirstAndOnce) {
  Write("a.rule", "import \"lib/b.rule\"\nimport \"lib/c.rule\"\n");
  Write("lib/b.rule", "import \"c.rule\"\n");
  Write("lib/c.rule", "const c = 1\n");
  EXPECT_EQ(Load({"a.rule", "lib/b.rule", "a.rule"}), (List{"lib/c.rule", "lib/b.rule", "a.rule"}));
  EXPECT_EQ(Told(), List{});
}

TEST_F(LoadProgramTest, ImportsAreFoundFromTheProject) {
  Write("rulec.toml", "");
  Write("lib/b.rule", "const b = 1\n");
  Write("rules/deep/a.rule", "import \"lib/b.rule\"\n");
  EXPECT_EQ(Load({"rules/deep/a.rule"}), (List{"lib/b.rule", "rules/deep/a.rule"}));
  EXPECT_EQ(Told(), List{});
}

TEST_F(LoadProgramTest, CyclesAreTold) {
  Write("a.rule", "import \"b.rule\"\nconst a = 1\n");
  Write("b.rule", "import \"./a.rule\"\nconst b = 1\n");
  EXPECT_EQ(Load({"a.rule"}), (List{"b.rule", "a.rule"}));
  EXPECT_EQ(Told(), List{"R0215 `./a.rule` imports itself"});
}

TEST_F(LoadProgramTest, AFileThatImportsItself) {
  Write("a.rule", "import \"a.rule\"\n");
  EXPECT_EQ(Load({"a.rule"}), List{"a.rule"});
  EXPECT_EQ(Told(), List{"R0215 `a.rule` imports itself"});
}

TEST_F(LoadProgramTest, WhatCannotBeImportedIsTold) {
  Write("a.rule", "import \"none.rule\"\nimport \"folder\"\nimport \"/dev/zero\"\n");
  fs::create_directories(folder_ / "folder");
  EXPECT_EQ(Load({"a.rule"}), List{"a.rule"});
  EXPECT_EQ(Told(),
            (List{"R0214 cannot import `none.rule`: no such file", "R0214 cannot import `folder`: it is a folder",
                  "R0214 cannot import `/dev/zero`: the path is not relative"}));
}

TEST_F(LoadProgramTest, LongChainsAreRefused) {
  for (int i = 0; i < 150; ++i) {
    Write("f" + std::to_string(i) + ".rule", "import \"f" + std::to_string(i + 1) + ".rule\"\n");
  }
  Write("f150.rule", "const c = 1\n");
  EXPECT_EQ(Load({"f0.rule"}).size(), 100u);
  EXPECT_EQ(Told(), List{"R0214 cannot import `f100.rule`: imports nest more than 100 deep"});
}

TEST_F(LoadProgramTest, RootsThatCannotBeReadAreReturned) {
  EXPECT_EQ(Load({"none.rule"}), List{});
  EXPECT_EQ(loaded_.unreadable, List{At("none.rule") + ": no such file"});
  EXPECT_EQ(Told(), List{});
}

TEST_F(LoadProgramTest, SchemasAreFoundBesideRulesAndProject) {
  Write("rulec.toml", "");
  Write("schemas/a.B/1.avsc", "\"long\"");
  Write("schemas/a.B/10.avsc", "{");
  Write("schemas/a.B/2.avsc.bak", "\"long\"");
  Write("schemas/a.B/x.avsc", "\"long\"");
  Write("schemas/ids.json", "{}");
  Write("rules/schemas/a.C/1.avsc", "\"long\"");
  Write("rules/r.rule", "");
  EXPECT_EQ(SchemaFolders("given", {At("rules/r.rule")}), List{"given"});
  SchemaStore store(SchemaFolders("", {At("rules/r.rule")}));
  EXPECT_EQ(store.Names(), (List{"a.B", "a.C"}));
  EXPECT_EQ(store.Versions("a.B"), (std::vector<int64_t>{1, 10}));
  EXPECT_EQ(store.Versions("a.D"), std::vector<int64_t>{});
  EXPECT_TRUE(store.Load("a.B", 1, sources_).document);
  EXPECT_FALSE(store.Load("a.B", 10, sources_).document);
  EXPECT_TRUE(store.Load("a.B", 10, sources_).readable);
}

TEST_F(LoadProgramTest, SchemasThatCannotBeRead) {
  fs::create_directories(folder_ / "schemas/a.B/1.avsc");
  SchemaStore store({At("schemas")});
  const LoadedSchema& loaded = store.Load("a.B", 1, sources_);
  EXPECT_FALSE(loaded.readable);
  EXPECT_EQ(loaded.error.message, "it is a folder");
}

}  // namespace
}  // namespace rulec
