#include "generate/nested_sources.h"

#include <string>

#include "generate/leaf_sources.h"

namespace rulec::generate {

void RecordValue::Put(EventContext& context, Random&, EventBuffer& out) {
  ++context.depth;
  for (Field& field : fields_) {
    ++context.values;
    if (context.failed() || out.size() > EventContext::kMaxBytes) {
      context.values = EventContext::kMaxValues + 1;
      break;
    }
    field.source->Put(context, field.random, out);
  }
  --context.depth;
}

void ListValue::Put(EventContext& context, Random& random, EventBuffer& out) {
  ++context.depth;
  const int64_t length = items_ == nullptr || context.must_end() ? 0 : DrawLength(*lengths_, random);
  if (length > 0) out.PutVarint(length);
  for (int64_t i = 0; i < length; ++i) {
    ++context.values;
    // The count is out already; a failed event is thrown away whole.
    if (context.failed() || out.size() > EventContext::kMaxBytes) {
      context.values = EventContext::kMaxValues + 1;
      break;
    }
    if (is_map_) out.PutText("k" + std::to_string(i));
    items_->Put(context, random, out);
  }
  out.PutByte(0);
  --context.depth;
}

void UnionValue::Put(EventContext& context, Random& random, EventBuffer& out) {
  const size_t branch = context.must_end() ? flattest_ : table_.Next(random);
  out.PutVarint(static_cast<int64_t>(branch));
  branches_[branch]->Put(context, random, out);
}

}  // namespace rulec::generate
