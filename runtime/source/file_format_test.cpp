#include "runtime/source/file_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "runtime/testing/trades.h"

namespace rulert {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class InputFilesOf : public testing::Test {
 protected:
  InputFilesOf() {
    for (const char* name : {"b.csv", "a.csv", ".hidden.csv", "c.txt", "q[1].csv", "q1.csv"})
      directory_.Write(name, "");
    std::filesystem::create_directories(directory_.Path("old.csv/older"));
  }
  std::vector<std::string> Names(const std::string& pattern, std::optional<FileFormat> given = std::nullopt) {
    auto files = FindInputFiles(directory_.Path(pattern), given);
    if (!files.ok()) return {files.error().message()};
    std::vector<std::string> names;
    for (const std::string& path : files->paths) names.push_back(std::filesystem::path(path).filename());
    return names;
  }

  TemporaryDirectory directory_;
};

TEST_F(InputFilesOf, DirectoriesAndGlobsAreTheirFilesInNameOrder) {
  EXPECT_THAT(Names(""), ElementsAre("a.csv", "b.csv", "q1.csv", "q[1].csv"));
  EXPECT_THAT(Names("*.csv"), ElementsAre("a.csv", "b.csv", "q1.csv", "q[1].csv"));
  EXPECT_THAT(Names("[ab].*"), ElementsAre("a.csv", "b.csv"));
}

TEST_F(InputFilesOf, AFileThatIsThereIsNoGlob) {
  EXPECT_THAT(Names("q[1].csv"), ElementsAre("q[1].csv"));
  EXPECT_THAT(Names("q[12].csv"), ElementsAre("q1.csv"));
}

TEST_F(InputFilesOf, WhatNamesNoFileIsToldOf) {
  EXPECT_THAT(Names("*.avro"), ElementsAre(HasSubstr("no file matches `")));
  EXPECT_THAT(Names("ol*"), ElementsAre(HasSubstr("ol*` matches directories only; their files are `")));
  EXPECT_THAT(Names("old.csv"), ElementsAre(HasSubstr("holds no file that ends in `.avro`")));
  EXPECT_THAT(Names("[c]*"), ElementsAre(HasSubstr("c.txt`: the ending tells no format")));
}

}  // namespace
}  // namespace rulert
