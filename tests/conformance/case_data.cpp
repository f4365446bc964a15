#include "tests/conformance/case_data.h"

namespace conformance {

std::string SchemaText(const Json& item) {
  if (item.contains("text")) return item["text"];
  if (!item.contains("text_parts")) return item["schema"].dump();
  std::string text;
  for (const Json& part : item["text_parts"]) {
    for (int i = 0; i < part[1].get<int>(); ++i) text += part[0].get<std::string>();
  }
  return text;
}

std::vector<uint8_t> FromHex(const std::string& hex) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

std::vector<uint8_t> BytesOf(const Json& item) {
  if (item.contains("hex")) return FromHex(item["hex"]);
  std::vector<uint8_t> bytes;
  for (const Json& part : item["hex_parts"]) {
    const std::vector<uint8_t> once = FromHex(part[0]);
    for (int i = 0; i < part[1].get<int>(); ++i) bytes.insert(bytes.end(), once.begin(), once.end());
  }
  return bytes;
}

}  // namespace conformance
