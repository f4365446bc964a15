// Cryptographic hashes. Small and our own: a library of them would cost each job more start-up time than all its
// hashing.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace rulelib {

using Md5Digest = std::array<uint8_t, 16>;
using Sha1Digest = std::array<uint8_t, 20>;
using Sha256Digest = std::array<uint8_t, 32>;

Md5Digest Md5(std::string_view text);                                  // RFC 1321
Sha1Digest Sha1(std::string_view text);                                // RFC 3174
Sha256Digest Sha256(std::string_view text);                            // FIPS 180-4
Sha256Digest HmacSha256(std::string_view key, std::string_view text);  // RFC 2104
// As Ethereum uses it: the padding of the submission to NIST, not that of SHA-3.
Sha256Digest Keccak256(std::string_view text);

}  // namespace rulelib
