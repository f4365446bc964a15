// A field whose value others depend on (`by = "symbol"`). It is drawn before the rest of the event is written, so the
// order of fields in the schema does not matter.
#pragma once

#include <unordered_map>
#include <vector>

#include "generate/value_source.h"

namespace rulec::generate {

class KeySource : public ValueSource {
 public:
  explicit KeySource(uint64_t seed) : random_(seed) {}
  void set_inner(ValueSource* inner) { inner_ = inner; }
  bool is_set() const { return inner_ != nullptr; }

  // Draws this event's value. Once an event, after the keys that this one depends on.
  void Prepare();
  // Of this event's value.
  uint64_t hash() const { return hash_; }
  void Put(EventContext& context, Random& random, EventBuffer& out) override;

 private:
  ValueSource* inner_ = nullptr;
  Random random_;
  EventBuffer bytes_;
  uint64_t hash_ = 0;
};

// Draws the same value whenever the key is the same; with probability 1 - keep a fresh one.
class ByKeySource : public ValueSource {
 public:
  ByKeySource(const KeySource* key, uint64_t seed, double keep, ValueSource* inner)
      : key_(key), seed_(seed), keep_(keep), inner_(inner) {}
  void Put(EventContext& context, Random& random, EventBuffer& out) override;

 private:
  const KeySource* key_;
  uint64_t seed_;
  double keep_;
  ValueSource* inner_;
};

// Number of each key met so far, in order of appearance. Beyond the limit keys share the numbers of earlier ones.
class KeyNumbers {
 public:
  static constexpr size_t kLimit = size_t{1} << 20;
  // `*fresh`: the key was not met before.
  size_t Of(uint64_t hash, bool* fresh);

 private:
  struct Slot {
    uint64_t hash = 0;
    uint32_t number = 0;  // plus one; 0: free
  };
  void Grow();
  std::vector<Slot> slots_;
  size_t count_ = 0;
};

}  // namespace rulec::generate
