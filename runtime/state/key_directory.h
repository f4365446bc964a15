// From keys to numbers: each distinct key gets the next entry id, and a rule's state is an array indexed by it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"
#include "runtime/base/error.h"

namespace rulert {

inline constexpr uint32_t kNoEntry = 0xFFFFFFFFu;

// Extendible hashing (Fagin et al., 1979) in segments of 32 KiB: growth splits one segment at a time and never moves
// the whole. A place in a segment holds 32 bits of the key's hash and the 32-bit entry id; the keys themselves stand in
// an arena by id. Entries are never removed. Owned by one shard.
class KeyDirectory {
 public:
  // `seed` is random for each job, so that no one can prepare keys that collide.
  explicit KeyDirectory(uint64_t seed);

  uint64_t Hash(std::string_view key) const;
  void Prefetch(uint64_t hash) const;
  // The entry of `key`, made if it is new; kNoEntry if the directory is full (2^32 - 1 entries, or a segment at the
  // greatest depth).
  uint32_t FindOrAdd(std::string_view key, uint64_t hash);
  // kNoEntry if it is not there.
  uint32_t Find(std::string_view key) const;

  uint32_t size() const { return static_cast<uint32_t>(keys_.size()); }
  std::string_view KeyOf(uint32_t entry) const { return keys_[entry]; }

 private:
  static constexpr uint32_t kPlaces = 4096;
  static constexpr uint32_t kMostUsed = kPlaces * 3 / 4;
  static constexpr uint32_t kMostDepth = 20;  // the other 12 bits of the hash choose the place

  struct Place {
    uint32_t hash;
    uint32_t entry;  // kNoEntry: free
  };
  struct Segment {
    explicit Segment(uint32_t segment_depth) : depth(segment_depth), places(new Place[kPlaces]) {
      for (uint32_t i = 0; i < kPlaces; ++i) places[i] = {0, kNoEntry};
    }
    uint32_t depth;
    uint32_t used = 0;
    std::unique_ptr<Place[]> places;
  };

  Segment* SegmentOf(uint32_t hash) const { return directory_[depth_ == 0 ? 0 : hash >> (32 - depth_)]; }
  Place* Probe(const Segment& segment, uint32_t hash, std::string_view key) const;
  bool Split(uint32_t hash);
  std::string_view Store(std::string_view key);

  // Constant after construction.
  uint64_t seed_;
  // Changed by FindOrAdd only.
  uint32_t depth_ = 0;
  std::vector<Segment*> directory_;
  std::vector<std::unique_ptr<Segment>> segments_;
  std::deque<std::string_view> keys_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  size_t chunk_left_ = 0;
  char* chunk_at_ = nullptr;
};

// Finds the entries of a batch's rows, for all rules with this key. Two keys are one if they are equal by promoted
// type: int and long by value, +0 and -0, any NaN with any other, enums by symbol. A row with a null in its key has no
// entry.
class Locator {
 public:
  Locator(std::vector<ColumnSpec> columns, std::vector<int32_t> slots, uint64_t seed);

  const std::vector<ColumnSpec>& columns() const { return columns_; }
  const std::vector<int32_t>& slots() const { return slots_; }
  const KeyDirectory& directory() const { return directory_; }

  // Entry ids by row, kNoEntry where there is none; valid until the next call. `batch_columns` are by slot.
  const uint32_t* Locate(const rulert_column* batch_columns, uint32_t rows);

 private:
  bool AppendKey(const rulert_column* batch_columns, uint32_t row);

  // Constant after construction.
  std::vector<ColumnSpec> columns_;
  std::vector<int32_t> slots_;
  // Changed by Locate.
  KeyDirectory directory_;
  std::string key_bytes_;
  std::vector<uint32_t> key_ends_;
  std::vector<uint64_t> hashes_;
  std::vector<uint32_t> entries_;
};

}  // namespace rulert
