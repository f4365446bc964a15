#include "runtime/module/module.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "runtime/module/job_image.h"

namespace rulert {
namespace {

using testing::HasSubstr;

std::vector<uint8_t> Load(const std::string& name) {
  std::ifstream file(RULEC_BINARY_DIR "/bin/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(SharedObjects, TwoModulesInMemoryAreTwoModules) {
  const auto rule_bytes = Load("large_trades.so");
  const auto decoder_bytes = Load("trade_decoder.so");
  ASSERT_FALSE(rule_bytes.empty());
  auto rule = LoadSharedObject(rule_bytes, "rule");
  auto decoder = LoadSharedObject(decoder_bytes, "decoder");
  ASSERT_TRUE(rule.ok()) << rule.error().message();
  ASSERT_TRUE(decoder.ok()) << decoder.error().message();
  EXPECT_EQ((*rule)->descriptor().kind, static_cast<uint32_t>(RULERT_MODULE_RULE));
  EXPECT_EQ((*decoder)->descriptor().kind, static_cast<uint32_t>(RULERT_MODULE_DECODER));
  auto again = LoadSharedObject(rule_bytes, "rule");
  ASSERT_TRUE(again.ok());
  *rule = nullptr;
  EXPECT_EQ((*again)->descriptor().kind, static_cast<uint32_t>(RULERT_MODULE_RULE)) << "survives its twin";
}

TEST(SharedObjects, WhatCannotBeLoadedIsExplained) {
  const auto wrong = Load("wrong_version.so");
  EXPECT_THAT(LoadSharedObject(wrong, "m").error().message(),
              HasSubstr("compiled for version " + std::to_string(RULERT_ABI_VERSION + 1)));
  const std::vector<uint8_t> text = {'h', 'i'};
  EXPECT_THAT(LoadSharedObject(text, "m").error().message(), HasSubstr("cannot load module `m`: "));
  auto cut = Load("large_trades.so");
  cut.resize(1000);
  EXPECT_FALSE(LoadSharedObject(cut, "m").ok());
}

TEST(ModuleSet, ChecksKindAndPresence) {
  ModuleSet modules;
  modules.Add("a", WrapModule({RULERT_ABI_VERSION, RULERT_MODULE_ENCODER, 0, 0, &modules}, nullptr));
  modules.Add("empty", WrapModule({RULERT_ABI_VERSION, RULERT_MODULE_ENCODER, 0, 0, nullptr}, nullptr));
  modules.Add("odd", WrapModule({RULERT_ABI_VERSION, 17, 0, 0, &modules}, nullptr));
  EXPECT_TRUE(modules.Find("a", RULERT_MODULE_ENCODER).ok());
  EXPECT_EQ(modules.Find("a", RULERT_MODULE_RULE).error().message(),
            "module `a` holds code of another kind: encoder, expected: rule");
  EXPECT_EQ(modules.Find("b", RULERT_MODULE_RULE).error().message(), "module `b` is missing");
  EXPECT_THAT(modules.Find("empty", RULERT_MODULE_ENCODER).error().message(), HasSubstr("has no function"));
  EXPECT_THAT(modules.Find("odd", 17).error().message(), HasSubstr("unknown kind"));
}

JobImage Example() {
  return {RULERT_ABI_VERSION,
          "{\"rules\":[]}",
          {{"rule", std::string("\x7F"
                                "ELF\0",
                                5)},
           {"d", ""}}};
}

std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

TEST(JobImage, ComesBackAsItWas) {
  const std::string bytes = WriteJobImage(Example());
  const auto read = ReadJobImage(Bytes(bytes));
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(read->manifest, Example().manifest);
  EXPECT_EQ(read->modules, Example().modules);
  EXPECT_EQ(WriteJobImage(*read), bytes);
}

// The worked example of docs/formats/job_image.md.
TEST(JobImage, TheDocumentedExampleIsRight) {
  const std::string bytes = WriteJobImage({1, "{}", {{"r", "AB"}}});
  std::string hex;
  for (const char c : bytes) {
    char text[4];
    std::snprintf(text, sizeof text, "%02x ", static_cast<unsigned>(static_cast<unsigned char>(c)));
    hex += text;
  }
  std::ifstream file(RULEC_SOURCE_DIR "/docs/formats/job_image.md");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::string flat;
  for (size_t at = text.find("52 55 4c"); at < text.size() && text.compare(at, 3, "```") != 0; ++at) {
    const char c = text[at];
    if (c == '|') {
      at = text.find('\n', at);
    } else if (c != '\n' && !(c == ' ' && (flat.empty() || flat.back() == ' '))) {
      flat += c;
    }
    if (!flat.empty() && flat.back() != ' ' && text[at] == '\n') flat += ' ';
  }
  EXPECT_EQ(flat, hex);
}

TEST(JobImage, EveryChangedOrMissingByteIsRefused) {
  const std::string good = WriteJobImage(Example());
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ReadJobImage(Bytes(good.substr(0, size))).ok()) << size;
  }
  for (size_t at = 0; at < good.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      EXPECT_FALSE(ReadJobImage(Bytes(bad)).ok()) << at;
    }
  }
  EXPECT_THAT(ReadJobImage(Bytes(WriteJobImage({RULERT_ABI_VERSION + 1, "{}", {}}))).error().message(),
              HasSubstr("build the job again"));
}

TEST(ElfSection, DamagedFilesAreRefused) {
  EXPECT_THAT(ReadElfSection("/proc/self/exe", ".no_such").error().message(), HasSubstr("has no section"));
  EXPECT_TRUE(ReadElfSection("/proc/self/exe", ".interp").ok());
  EXPECT_FALSE(ReadElfSection("/no/such/file", ".text").ok());
  const auto whole = Load("large_trades.so");
  const std::string path = testing::TempDir() + "rulec_elf_section";
  std::mt19937 random(5);
  for (int i = 0; i < 300; ++i) {
    auto bytes = whole;
    for (int n = 0; n < 4; ++n) bytes[random() % 64] = static_cast<uint8_t>(random());
    if (i % 3 == 0) bytes.resize(random() % bytes.size());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<long>(bytes.size()));
    (void)ReadElfSection(path, ".no_such").ok();
    EXPECT_FALSE(ReadElfSection(path, ".no_such").ok());
  }
  std::remove(path.c_str());
}

}  // namespace
}  // namespace rulert
