#include "generate/key_source.h"

namespace rulec::generate {

void KeySource::Prepare() {
  bytes_.Clear();
  EventContext context;
  inner_->Put(context, random_, bytes_);
  hash_ = HashBytes(bytes_.view());
}

void KeySource::Put(EventContext&, Random&, EventBuffer& out) { out.PutRaw(bytes_.bytes().data(), bytes_.size()); }

void ByKeySource::Put(EventContext& context, Random& random, EventBuffer& out) {
  if (keep_ < 1 && !random.Chance(keep_)) {
    inner_->Put(context, random, out);
    return;
  }
  Random own(MixSeeds(seed_, key_->hash()));
  inner_->Put(context, own, out);
}

size_t KeyNumbers::Of(uint64_t hash, bool* fresh) {
  if (count_ * 2 >= slots_.size() && count_ < kLimit) Grow();
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.number != 0 && slot.hash == hash) {
      *fresh = false;
      return slot.number - 1;
    }
    if (slot.number != 0) continue;
    *fresh = count_ < kLimit;
    if (!*fresh) return hash % kLimit;
    slot = {hash, static_cast<uint32_t>(++count_)};
    return count_ - 1;
  }
}

void KeyNumbers::Grow() {
  constexpr size_t kFirst = 64;
  std::vector<Slot> old(slots_.empty() ? kFirst : slots_.size() * 2);
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number == 0) continue;
    size_t at = slot.hash & mask;
    while (slots_[at].number != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace rulec::generate
