// The shared conformance cases, read where they are found. For tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace avro {

using Json = nlohmann::ordered_json;

inline std::filesystem::path SharedFolder() {
  const char* shared = std::getenv("RULEC_SHARED");
  if (shared != nullptr) return shared;
  return std::filesystem::path(RULEC_SOURCE_DIR) / ".." / "shared";
}

inline std::filesystem::path CasesFolder() { return SharedFolder() / "conformance" / "avro"; }

inline bool MustHold(const Json& item) { return item.value("level", "must") == "must"; }

inline std::string SchemaText(const Json& item) {
  if (item.contains("text")) return item["text"];
  if (!item.contains("text_parts")) return item["schema"].dump();
  std::string text;
  for (const Json& part : item["text_parts"]) {
    for (int i = 0; i < part[1].get<int>(); ++i) text += part[0].get<std::string>();
  }
  return text;
}

inline std::vector<uint8_t> FromHex(const std::string& hex) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

inline std::vector<uint8_t> BytesOf(const Json& item) {
  if (item.contains("hex")) return FromHex(item["hex"]);
  std::vector<uint8_t> bytes;
  for (const Json& part : item["hex_parts"]) {
    const std::vector<uint8_t> once = FromHex(part[0]);
    for (int i = 0; i < part[1].get<int>(); ++i) bytes.insert(bytes.end(), once.begin(), once.end());
  }
  return bytes;
}

inline Json Load(const char* name) {
  std::ifstream file(CasesFolder() / name);
  return Json::parse(file);
}

#define SKIP_WITHOUT_CASES()                                                             \
  if (!std::filesystem::exists(CasesFolder())) {                                         \
    GTEST_SKIP() << "no conformance cases in " << CasesFolder() << "; set RULEC_SHARED"; \
  }

}  // namespace avro
