#include "runtime/state/key_directory.h"

#include <xxhash.h>
#include <cstring>

namespace rulert {
namespace {

constexpr size_t kChunk = size_t{64} << 10;

uint32_t Folded(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

}  // namespace

KeyDirectory::KeyDirectory(uint64_t seed) : seed_(seed) {
  segments_.push_back(std::make_unique<Segment>(0));
  directory_.push_back(segments_.back().get());
}

uint64_t KeyDirectory::Hash(std::string_view key) const { return XXH3_64bits_withSeed(key.data(), key.size(), seed_); }

void KeyDirectory::Prefetch(uint64_t hash) const {
  const uint32_t folded = Folded(hash);
  __builtin_prefetch(&SegmentOf(folded)->places[folded % kPlaces]);
}

// The place that holds the key, or the free one where it belongs.
KeyDirectory::Place* KeyDirectory::Probe(const Segment& segment, uint32_t hash, std::string_view key) const {
  for (uint32_t at = hash % kPlaces;; at = (at + 1) % kPlaces) {
    Place* place = &segment.places[at];
    if (place->entry == kNoEntry || (place->hash == hash && keys_[place->entry] == key)) return place;
  }
}

uint32_t KeyDirectory::Find(std::string_view key) const {
  const uint32_t hash = Folded(Hash(key));
  return Probe(*SegmentOf(hash), hash, key)->entry;
}

uint32_t KeyDirectory::FindOrAdd(std::string_view key, uint64_t full_hash) {
  const uint32_t hash = Folded(full_hash);
  while (true) {
    Segment* segment = SegmentOf(hash);
    Place* place = Probe(*segment, hash, key);
    if (place->entry != kNoEntry) return place->entry;
    if (segment->used >= kMostUsed) {
      if (Split(hash)) continue;
      // One place stays free, so that a probe ends.
      if (segment->used + 1 >= kPlaces) return kNoEntry;
    }
    if (keys_.size() >= kNoEntry) return kNoEntry;
    *place = {hash, static_cast<uint32_t>(keys_.size())};
    ++segment->used;
    keys_.push_back(Store(key));
    return place->entry;
  }
}

// Divides the segment of `hash` in two by the next bit of the hash. False at the greatest depth.
bool KeyDirectory::Split(uint32_t hash) {
  Segment* old = SegmentOf(hash);
  if (old->depth == kMostDepth) return false;
  if (old->depth == depth_) {
    std::vector<Segment*> doubled(directory_.size() * 2);
    for (size_t i = 0; i < doubled.size(); ++i) doubled[i] = directory_[i / 2];
    directory_ = std::move(doubled);
    ++depth_;
  }
  const uint32_t bit = 31 - old->depth;
  auto low = std::make_unique<Segment>(old->depth + 1);
  auto high = std::make_unique<Segment>(old->depth + 1);
  for (uint32_t i = 0; i < kPlaces; ++i) {
    const Place& place = old->places[i];
    if (place.entry == kNoEntry) continue;
    Segment& to = (place.hash >> bit) & 1 ? *high : *low;
    uint32_t at = place.hash % kPlaces;
    while (to.places[at].entry != kNoEntry) at = (at + 1) % kPlaces;
    to.places[at] = place;
    ++to.used;
  }
  // The directory's range of this segment: the entries that agree with `hash` in the segment's bits.
  const size_t range = size_t{1} << (depth_ - old->depth);
  const size_t begin = (hash >> (32 - depth_)) / range * range;
  for (size_t i = range / 2; i < range; ++i) directory_[begin + i] = high.get();
  old->places = std::move(low->places);
  old->used = low->used;
  ++old->depth;
  segments_.push_back(std::move(high));
  return true;
}

std::string_view KeyDirectory::Store(std::string_view key) {
  if (key.size() > kChunk / 4) {
    // Large keys stand alone, so that they waste nothing of a chunk.
    chunks_.push_back(std::make_unique<char[]>(key.size()));
    std::memcpy(chunks_.back().get(), key.data(), key.size());
    return {chunks_.back().get(), key.size()};
  }
  if (key.size() > chunk_left_) {
    chunks_.push_back(std::make_unique<char[]>(kChunk));
    chunk_at_ = chunks_.back().get();
    chunk_left_ = kChunk;
  }
  char* to = chunk_at_;
  if (!key.empty()) std::memcpy(to, key.data(), key.size());
  chunk_at_ += key.size();
  chunk_left_ -= key.size();
  return {to, key.size()};
}

}  // namespace rulert
