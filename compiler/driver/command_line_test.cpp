#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/driver/command.h"
#include "compiler/driver/program_paths.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

struct Ended {
  ExitCode code;
  std::string out;
  std::string error;
};

Ended Call(std::vector<const char*> words) {
  words.insert(words.begin(), "rulec");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const ExitCode code = RunCommandLine(static_cast<int>(words.size()), words.data());
  return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

// A folder that is gone when the test ends.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("rulec_driver_" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  std::string Put(const std::string& name, const std::string& text) {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Commands, EachHasThreeExamplesThatBeginWithRulec) {
  for (const Command& command : Commands()) {
    EXPECT_EQ(command.examples.size(), 3u) << command.name;
    for (const Example& example : command.examples)
      EXPECT_TRUE(example.command.starts_with("rulec ")) << example.command;
    EXPECT_NE(HelpText({std::string(command.name)}).find(command.examples[2].command), std::string::npos)
        << command.name;
  }
}

TEST(Commands, HelpListsAllOfThem) {
  const Ended ended = Call({"help"});
  EXPECT_EQ(ended.code, ExitCode::Done);
  for (const Command& command : Commands()) EXPECT_NE(ended.out.find(command.name), std::string::npos);
}

TEST(CommandLine, HelpOfACommandIsTheSameByFlagAndByCommand) {
  const Ended by_flag = Call({"check", "--help"});
  const Ended by_command = Call({"help", "check"});
  EXPECT_EQ(by_flag.code, ExitCode::Done);
  EXPECT_EQ(by_flag.out, by_command.out);
  EXPECT_NE(by_flag.out.find("--fail-level"), std::string::npos);
}

TEST(CommandLine, BadUsageIsOneLineAndAHint) {
  for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{{"frobnicate"},
                                                                                     {"check"},
                                                                                     {"check", "--colour", "x", "a"},
                                                                                     {"check", "--format", "xml", "a"},
                                                                                     {"run"},
                                                                                     {"build", "a.rule"},
                                                                                     {"help", "frobnicate"},
                                                                                     {"explain", "R9999"},
                                                                                     {"gen", "a"}}) {
    const Ended ended = Call(words);
    EXPECT_EQ(ended.code, ExitCode::Usage) << words[0];
    EXPECT_EQ(ended.out, "") << words[0];
    EXPECT_TRUE(ended.error.starts_with("error: ")) << ended.error;
    EXPECT_NE(ended.error.find("\nhelp: "), std::string::npos) << ended.error;
    EXPECT_EQ(std::count(ended.error.begin(), ended.error.end(), '\n'), 2) << ended.error;
  }
}

TEST(CommandLine, AMisspeltCommandIsSuggested) {
  EXPECT_NE(Call({"chekc"}).error.find("did you mean `rulec check`?"), std::string::npos);
}

TEST(CommandLine, WithoutACommandTheListGoesToStandardError) {
  const Ended ended = Call({});
  EXPECT_EQ(ended.code, ExitCode::Usage);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.error.find("Subcommands"), std::string::npos);
}

TEST(Version, TextAndJson) {
  EXPECT_EQ(Call({"version"}).out, "rulec " RULEC_VERSION "\n");
  EXPECT_EQ(Call({"--version"}).out, Call({"version"}).out);
  EXPECT_TRUE(
      Call({"version", "--format", "json"}).out.starts_with("{\"type\":\"version\",\"rulec\":\"" RULEC_VERSION "\""));
}

TEST(Explain, ACodeInAnyCase) {
  const Ended ended = Call({"explain", "r0201"});
  EXPECT_EQ(ended.code, ExitCode::Done);
  EXPECT_TRUE(ended.out.starts_with("# R0201")) << ended.out.substr(0, 40);
}

TEST(Explain, SeveralCodesOneAfterTheOther) {
  const Ended ended = Call({"explain", "R0201", "R0202"});
  EXPECT_EQ(ended.code, ExitCode::Done);
  EXPECT_TRUE(ended.out.starts_with("# R0201")) << ended.out.substr(0, 40);
  EXPECT_NE(ended.out.find("\n# R0202"), std::string::npos);
  EXPECT_EQ(Call({"explain", "R0201", "R9999"}).out, "");
}

TEST(Check, MissingFilesAndFoldersWithoutRulesAreUsage) {
  Folder folder;
  folder.Put("notes.txt", "nothing");
  const Ended missing = Call({"check", (folder / "no.rule").c_str()});
  EXPECT_EQ(missing.code, ExitCode::Usage);
  EXPECT_NE(missing.error.find("no.rule: no such file"), std::string::npos);
  const std::string path = folder.path();
  const Ended empty = Call({"check", path.c_str()});
  EXPECT_EQ(empty.code, ExitCode::Usage);
  EXPECT_NE(empty.error.find("there is no rule file in this folder"), std::string::npos);
}

TEST(Check, ErrorsEndWith2AndWarningsByFailLevel) {
  Folder folder;
  folder.Put("schemas/t.E/1.avsc",
             R"({"type":"record","name":"E","namespace":"t","fields":[{"name":"x","type":"long"}]})");
  const std::string head = "schema E = avro \"t.E\"\nstream s : E {}\n";
  const std::string wrong = folder.Put("wrong.rule", head + "rule r { from s where y > 1 emit o { x } }\n");
  const std::string doubtful = folder.Put("doubtful.rule", head + "rule r { from s where x ?? 1 > 1 emit o { x } }\n");
  EXPECT_EQ(Call({"check", wrong.c_str()}).code, ExitCode::NotCompiled);
  EXPECT_EQ(Call({"check", doubtful.c_str()}).code, ExitCode::Done);
  EXPECT_EQ(Call({"check", "--fail-level", "warning", doubtful.c_str()}).code, ExitCode::Findings);
}

TEST(Check, AReportGoesToTheFileNamed) {
  Folder folder;
  const std::string rule = folder.Put("wrong.rule", "rule {");
  const std::string report = folder / "report.txt";
  const Ended ended = Call({"check", rule.c_str(), "--output", report.c_str()});
  EXPECT_EQ(ended.code, ExitCode::NotCompiled);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ReadFile(report).find("error[R01"), std::string::npos);
}

TEST(Programs, AFolderWithProjectFileIsOneProgramElseEachFileIs) {
  Folder folder;
  folder.Put("a/rulec.toml", "");
  folder.Put("a/y.rule", "");
  folder.Put("a/x/x.rule", "");
  folder.Put("a/other/rulec.toml", "");
  folder.Put("a/other/o.rule", "");
  folder.Put("b/1.rule", "");
  folder.Put("b/2.rule", "");
  folder.Put("b/.hidden/3.rule", "");
  const ProgramPaths project = FindPrograms({folder / "a"});
  ASSERT_EQ(project.programs.size(), 1u) << project.error;
  EXPECT_EQ(project.programs[0].files, (std::vector<std::string>{folder / "a/x/x.rule", folder / "a/y.rule"}));
  EXPECT_EQ(FindPrograms({folder / "b"}).programs.size(), 2u);
  EXPECT_EQ(FindProgram({folder / "a", folder / "b"}).programs[0].files.size(), 4u);
}

TEST(CommandLine, NumbersOfEventsAreWholeAndNotNegative) {
  for (const char* const count : {"-1", "1e6", "18446744073709551616", "", " 5"}) {
    const Ended ended = Call({"gen", "a.rule", "s", "--count", count});
    EXPECT_EQ(ended.code, ExitCode::Usage) << count;
    EXPECT_NE(ended.error.find("--count"), std::string::npos) << ended.error;
    EXPECT_EQ(ended.out, "") << count;
  }
  EXPECT_EQ(Call({"gen", "a.rule", "s", "--seed", "-1"}).error,
            "error: --seed: `-1` is not a whole number from 0 on\nhelp: `rulec help gen` tells its flags, with "
            "examples\n");
}

TEST(CommandLine, AFolderOfSchemasThatIsNotThereIsNoMistakeOfTheRules) {
  Folder folder;
  const std::string rule = folder.Put("a.rule", "schema T = avro \"a.T\"\n");
  for (const std::string& schemas : {folder / "none", rule}) {
    const Ended ended = Call({"check", rule.c_str(), "--schemas", schemas.c_str()});
    EXPECT_EQ(ended.code, ExitCode::Usage);
    EXPECT_EQ(ended.error, "error: --schemas " + schemas + ": there is no such folder\n");
  }
}

TEST(WriteWholeFile, ReplacesAFileAndLeavesNoPartBehind) {
  Folder folder;
  const std::string path = folder.Put("job", "old");
  ASSERT_TRUE(WriteWholeFile(path, "new", true));
  EXPECT_EQ(ReadFile(path), "new");
  struct stat status;
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0755u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(WriteWholeFile, RefusesAFolderAndAMissingFolder) {
  Folder folder;
  testing::internal::CaptureStderr();
  EXPECT_FALSE(WriteWholeFile(folder.path(), "x", false));
  EXPECT_FALSE(WriteWholeFile(folder / "no/file", "x", false));
  const std::string error = testing::internal::GetCapturedStderr();
  EXPECT_NE(error.find("this is a folder"), std::string::npos) << error;
  EXPECT_NE(error.find("No such file or directory"), std::string::npos) << error;
}

TEST(WriteWholeFile, WritesToWhatIsNoRegularFile) { EXPECT_TRUE(WriteWholeFile("/dev/null", "x", false)); }

}  // namespace
}  // namespace rulec
