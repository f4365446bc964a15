#include "generate/random.h"

#include "generate/exact_math.h"

namespace rulec::generate {
namespace {

__extension__ typedef unsigned __int128 Wide;

}  // namespace

uint64_t SplitMix(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

uint64_t HashBytes(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return SplitMix(&hash);
}

uint64_t MixSeeds(uint64_t a, uint64_t b) {
  uint64_t state = a ^ (b * 0xd6e8feb86659fd93);
  return SplitMix(&state);
}

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) word = SplitMix(&seed);
}

uint64_t Random::Below(uint64_t bound) {
  Wide product = Wide{Next()} * bound;
  auto low = static_cast<uint64_t>(product);
  if (low < bound) {
    const uint64_t least = (~bound + 1) % bound;
    while (low < least) {
      product = Wide{Next()} * bound;
      low = static_cast<uint64_t>(product);
    }
  }
  return static_cast<uint64_t>(product >> 64);
}

double Random::Normal() { return NormalQuantile(OpenUnit()); }
double Random::Exponential() { return -Log(OpenUnit()); }

}  // namespace rulec::generate
