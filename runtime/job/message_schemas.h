// The schemas that the messages of a stream may have been written with.
#pragma once

#include <string>

#include "runtime/abi/program.h"
#include "runtime/base/error.h"
#include "runtime/job/stream_uri.h"
#include "runtime/source/message_framing.h"

namespace rulert {

// As the framing asks for: the version that the URI names (else the stream's own schema), the accepted versions by
// fingerprint, or those that the file of registry ids names: `ids=` of the URI, else `ids.json` in `folder`.
// docs/formats/messages.md tells what stands in it.
Result<MessageSchemas> FindMessageSchemas(const FileUri& uri, const StreamSpec& stream, const std::string& folder);

}  // namespace rulert
