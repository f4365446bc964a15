// Random numbers that are the same on every machine: xoshiro256** by Blackman and Vigna
// (https://prng.di.unimi.it/), seeded by SplitMix64.
#pragma once

#include <cstdint>
#include <string_view>

namespace rulec::generate {

uint64_t SplitMix(uint64_t* state);
// FNV-1a of the bytes, then mixed.
uint64_t HashBytes(std::string_view bytes);
// A seed of its own for each purpose.
uint64_t MixSeeds(uint64_t a, uint64_t b);

class Random {
 public:
  explicit Random(uint64_t seed);

  uint64_t Next() {
    const uint64_t result = Rotate(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = Rotate(state_[3], 45);
    return result;
  }

  // Uniform in [0, bound); bound > 0. Lemire's method, without bias.
  uint64_t Below(uint64_t bound);
  // Uniform in [0, 1), a multiple of 2^-53.
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
  // Uniform in (0, 1), symmetric.
  double OpenUnit() { return (static_cast<double>(Next() >> 12) + 0.5) * 0x1.0p-52; }
  bool Chance(double probability) { return Unit() < probability; }
  // Standard normal.
  double Normal();
  // With mean 1.
  double Exponential();

 private:
  static uint64_t Rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  uint64_t state_[4];
};

}  // namespace rulec::generate
