#include "stdlib/digests.h"

#include <bit>
#include <cstring>
#include <string>

namespace rulelib {
namespace {

constexpr size_t kBlock = 64;

// Merkle and Damgard's construction over blocks of 64 bytes: the text, a 1 bit, zeros, its length in bits.
template <class Compress>
void EachBlock(std::string_view text, bool big_endian, Compress compress) {
  size_t at = 0;
  for (; text.size() - at >= kBlock; at += kBlock) compress(reinterpret_cast<const uint8_t*>(text.data()) + at);
  uint8_t last[2 * kBlock] = {};
  size_t rest = text.size() - at;
  if (rest > 0) std::memcpy(last, text.data() + at, rest);
  last[rest] = 0x80;
  size_t size = rest + 9 <= kBlock ? kBlock : 2 * kBlock;
  uint64_t bits = static_cast<uint64_t>(text.size()) * 8;
  for (size_t i = 0; i < 8; ++i) {
    size_t shift = big_endian ? 56 - 8 * i : 8 * i;
    last[size - 8 + i] = static_cast<uint8_t>(bits >> shift);
  }
  compress(last);
  if (size > kBlock) compress(last + kBlock);
}

uint32_t BigWord(const uint8_t* bytes) {
  return static_cast<uint32_t>(bytes[0]) << 24 | static_cast<uint32_t>(bytes[1]) << 16 |
         static_cast<uint32_t>(bytes[2]) << 8 | bytes[3];
}

uint32_t LittleWord(const uint8_t* bytes) {
  return static_cast<uint32_t>(bytes[3]) << 24 | static_cast<uint32_t>(bytes[2]) << 16 |
         static_cast<uint32_t>(bytes[1]) << 8 | bytes[0];
}

template <size_t kWords>
std::array<uint8_t, kWords * 4> BigBytes(const std::array<uint32_t, kWords>& words) {
  std::array<uint8_t, kWords * 4> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(words[i / 4] >> (24 - 8 * (i % 4)));
  return bytes;
}

// floor(2^32 * abs(sin(i + 1)))
constexpr uint32_t kMd5Sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr uint8_t kMd5Shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

void CompressMd5(const uint8_t* block, std::array<uint32_t, 4>* state) {
  auto [a, b, c, d] = *state;
  for (uint32_t i = 0; i < 64; ++i) {
    uint32_t mixed = 0, word = 0;
    switch (i / 16) {
      case 0: mixed = (b & c) | (~b & d), word = i; break;
      case 1: mixed = (d & b) | (~d & c), word = (5 * i + 1) % 16; break;
      case 2: mixed = b ^ c ^ d, word = (3 * i + 5) % 16; break;
      default: mixed = c ^ (b | ~d), word = 7 * i % 16;
    }
    uint32_t sum = a + mixed + kMd5Sines[i] + LittleWord(block + size_t{4} * word);
    a = d, d = c, c = b;
    b += std::rotl(sum, kMd5Shifts[i / 16][i % 4]);
  }
  (*state)[0] += a, (*state)[1] += b, (*state)[2] += c, (*state)[3] += d;
}

void CompressSha1(const uint8_t* block, std::array<uint32_t, 5>* state) {
  uint32_t words[80];
  for (size_t i = 0; i < 16; ++i) words[i] = BigWord(block + 4 * i);
  for (size_t i = 16; i < 80; ++i) {
    words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  }
  auto [a, b, c, d, e] = *state;
  for (size_t i = 0; i < 80; ++i) {
    uint32_t mixed = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
    uint32_t constant = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
    uint32_t sum = std::rotl(a, 5) + mixed + e + constant + words[i];
    e = d, d = c, c = std::rotl(b, 30), b = a, a = sum;
  }
  (*state)[0] += a, (*state)[1] += b, (*state)[2] += c, (*state)[3] += d, (*state)[4] += e;
}

// The first 32 bits of the fractions of the cube roots of the first 64 primes.
constexpr uint32_t kSha256Constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

void CompressSha256(const uint8_t* block, std::array<uint32_t, 8>* state) {
  uint32_t words[64];
  for (size_t i = 0; i < 16; ++i) words[i] = BigWord(block + 4 * i);
  for (size_t i = 16; i < 64; ++i) {
    uint32_t x = words[i - 15], y = words[i - 2];
    words[i] = words[i - 16] + (std::rotr(x, 7) ^ std::rotr(x, 18) ^ x >> 3) + words[i - 7] +
               (std::rotr(y, 17) ^ std::rotr(y, 19) ^ y >> 10);
  }
  auto [a, b, c, d, e, f, g, h] = *state;
  for (size_t i = 0; i < 64; ++i) {
    uint32_t t1 = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) +
                  kSha256Constants[i] + words[i];
    uint32_t t2 = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  const uint32_t added[8] = {a, b, c, d, e, f, g, h};
  for (size_t i = 0; i < 8; ++i) (*state)[i] += added[i];
}

constexpr uint64_t kKeccakRounds[24] = {0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
                                        0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
                                        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
                                        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
                                        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
                                        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

using KeccakState = std::array<uint64_t, 25>;

// The walk of rho and pi: which lane comes next, and how far it is turned.
struct Walk {
  size_t lane[24] = {};
  int turn[24] = {};
};
constexpr Walk kWalk = [] {
  Walk walk;
  size_t x = 1, y = 0;
  for (int t = 0; t < 24; ++t) {
    size_t next_y = (2 * x + 3 * y) % 5;
    x = y, y = next_y;
    walk.lane[t] = x + 5 * y;
    walk.turn[t] = (t + 1) * (t + 2) / 2 % 64;
  }
  return walk;
}();

// Keccak-f[1600]: theta, then rho and pi along one walk over the lanes, chi, iota.
void Permute(KeccakState* lanes) {
  KeccakState& a = *lanes;
  for (uint64_t round : kKeccakRounds) {
    uint64_t columns[5];
    for (size_t x = 0; x < 5; ++x) columns[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (size_t x = 0; x < 5; ++x) {
      uint64_t mixed = columns[(x + 4) % 5] ^ std::rotl(columns[(x + 1) % 5], 1);
      for (size_t i = x; i < 25; i += 5) a[i] ^= mixed;
    }
    uint64_t carried = a[1];
#pragma GCC unroll 24
    for (size_t t = 0; t < 24; ++t) {
      std::swap(carried, a[kWalk.lane[t]]);
      a[kWalk.lane[t]] = std::rotl(a[kWalk.lane[t]], kWalk.turn[t]);
    }
    for (size_t row = 0; row < 25; row += 5) {
      const uint64_t lane[7] = {a[row], a[row + 1], a[row + 2], a[row + 3], a[row + 4], a[row], a[row + 1]};
      for (size_t i = 0; i < 5; ++i) a[row + i] = lane[i] ^ (~lane[i + 1] & lane[i + 2]);
    }
    a[0] ^= round;
  }
}

}  // namespace

Md5Digest Md5(std::string_view text) {
  std::array<uint32_t, 4> state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  EachBlock(text, false, [&](const uint8_t* block) { CompressMd5(block, &state); });
  Md5Digest bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(state[i / 4] >> (8 * (i % 4)));
  return bytes;
}

Sha1Digest Sha1(std::string_view text) {
  std::array<uint32_t, 5> state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  EachBlock(text, true, [&](const uint8_t* block) { CompressSha1(block, &state); });
  return BigBytes(state);
}

Sha256Digest Sha256(std::string_view text) {
  std::array<uint32_t, 8> state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  EachBlock(text, true, [&](const uint8_t* block) { CompressSha256(block, &state); });
  return BigBytes(state);
}

Sha256Digest HmacSha256(std::string_view key, std::string_view text) {
  std::string block(kBlock, '\0');
  if (key.size() > kBlock) {
    Sha256Digest hashed = Sha256(key);
    block.replace(0, hashed.size(), reinterpret_cast<const char*>(hashed.data()), hashed.size());
  } else {
    block.replace(0, key.size(), key);
  }
  std::string inner = block, outer = block;
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer) c = static_cast<char>(c ^ 0x5C);
  Sha256Digest hashed = Sha256(inner.append(text));
  return Sha256(outer.append(reinterpret_cast<const char*>(hashed.data()), hashed.size()));
}

Sha256Digest Keccak256(std::string_view text) {
  constexpr size_t kRate = 136;
  KeccakState state{};
  auto absorb = [&](const char* block) {
    for (size_t i = 0; i < kRate / 8; ++i) {
      uint64_t lane;
      std::memcpy(&lane, block + 8 * i, 8);
      state[i] ^= lane;
    }
    Permute(&state);
  };
  for (; text.size() >= kRate; text.remove_prefix(kRate)) absorb(text.data());
  char last[kRate] = {};
  if (!text.empty()) std::memcpy(last, text.data(), text.size());
  last[text.size()] = static_cast<char>(last[text.size()] | 0x01);
  last[kRate - 1] = static_cast<char>(last[kRate - 1] | 0x80);
  absorb(last);
  Sha256Digest digest;
  std::memcpy(digest.data(), state.data(), digest.size());
  return digest;
}

}  // namespace rulelib
