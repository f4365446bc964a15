// Schemas and bytes as the cases write them down.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/conformance/cases.h"

namespace conformance {

// `schema` (JSON), `text`, or `text_parts`: [[text, times], …].
std::string SchemaText(const Json& item);
std::vector<uint8_t> FromHex(const std::string& hex);
// `hex`, or `hex_parts`: [[hex, times], …].
std::vector<uint8_t> BytesOf(const Json& item);

}  // namespace conformance
