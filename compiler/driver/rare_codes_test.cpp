// Codes that no page can show by an example: texts of many megabytes, bytes that are no text, files that cannot be
// read.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "compiler/driver/command.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

class RareCodes : public testing::Test {
 protected:
  RareCodes() : folder_(fs::temp_directory_path() / ("rulec_rare_codes_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~RareCodes() override { fs::remove_all(folder_); }

  std::string Put(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }

  // Standard output of the command, which must end with `code`.
  static std::string Call(std::vector<std::string> words, ExitCode code) {
    std::vector<const char*> argv = {"rulec"};
    for (const std::string& word : words) argv.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const ExitCode ended = RunCommandLine(static_cast<int>(argv.size()), argv.data());
    const std::string error = testing::internal::GetCapturedStderr();
    EXPECT_EQ(ended, code) << error;
    return testing::internal::GetCapturedStdout();
  }

  void Raises(const std::string& text, const std::string& code) {
    const std::string out = Call({"check", Put("a.rule", text), "--format", "text"}, ExitCode::NotCompiled);
    EXPECT_NE(out.find("error[" + code + "]"), std::string::npos) << out.substr(0, 500);
    EXPECT_LT(out.size(), 100'000u);
  }

  fs::path folder_;
};

TEST_F(RareCodes, TextTooLargeIsR0103) { Raises(std::string((16u << 20) + 1, ' '), "R0103"); }

TEST_F(RareCodes, InvalidUtf8IsR0104) { Raises("const a = \"\xFF\"\n", "R0104"); }

TEST_F(RareCodes, NulByteIsR0105) { Raises(std::string("const a = 1\0 \n", 14), "R0105"); }

TEST_F(RareCodes, TooManySyntaxErrorsIsR0120) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += ")\n";
  Raises(text, "R0120");
}

TEST_F(RareCodes, TooManyTokensIsR0121) {
  std::string text;
  for (int i = 0; i < 4'100'000; ++i) text += "a ";
  Raises(text, "R0121");
}

TEST_F(RareCodes, ExpressionTooLongIsR0123) {
  std::string text = "const a = 1";
  for (int i = 0; i < 50'000; ++i) text += " + 1";
  Raises(text + "\n", "R0123");
}

// Root reads everything, so a folder stands where the file should be.
TEST_F(RareCodes, SchemaFileUnreadableIsR0212) {
  fs::create_directories(folder_ / "schemas" / "t.E" / "1.avsc");
  Raises("schema E = avro \"t.E\"\nstream s : E {}\n", "R0212");
}

// A chain of records nested 5,000 deep that is entered from its end, as in the test of avro/compatibility.
TEST_F(RareCodes, SchemaTooLargeIsR0608) {
  const auto record = [](const std::string& name, const std::string& field) {
    return R"({"type":"record","name":")" + name + R"(","fields":[)" + field + "]}";
  };
  std::string chain = "[" + record("C0", "");
  for (int i = 1; i < 5000; ++i) {
    chain += "," + record("C" + std::to_string(i), R"({"name":"f","type":"C)" + std::to_string(i - 1) + "\"}");
  }
  chain += "]";
  const std::string last = R"({"name":"f","type":"C4999"})";
  const std::string deep = record("Top", R"({"name":"all","type":)" + chain + "}");
  const std::string newer =
      Put("2.avsc", record("A", R"({"name":"void","type":["null",)" + deep + R"(],"default":null},)" + last));
  const std::string older = Put("1.avsc", record("A", R"({"name":"chain","type":["null",)" + deep + "]}," + last));
  const std::string out = Call({"schema", "check", newer, "--against", older, "--format", "text"}, ExitCode::Findings);
  EXPECT_NE(out.find("error[R0608]"), std::string::npos) << out.substr(0, 500);
}

}  // namespace
}  // namespace rulec
