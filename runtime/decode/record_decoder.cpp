#include "runtime/decode/record_decoder.h"

#include <algorithm>

namespace rulert {

bool RecordDecoder::Fills(int32_t slot) const { return std::binary_search(slots().begin(), slots().end(), slot); }

std::string_view DecodeErrorText(uint32_t error) {
  switch (error) {
    case RULERT_DECODE_CUT: return "the record ends behind the end of its block";
    case RULERT_DECODE_VARINT: return "a number has more than 10 bytes or does not fit its type";
    case RULERT_DECODE_LENGTH: return "a length is negative or impossible";
    case RULERT_DECODE_BRANCH: return "a union branch that the schema lacks";
    case RULERT_DECODE_SYMBOL: return "an enum symbol that the schema lacks";
    case RULERT_DECODE_BOOL: return "a boolean that is neither 0 nor 1";
    case RULERT_DECODE_DEPTH: return "nested deeper than 1,000";
    case RULERT_DECODE_TIME: return "a time that does not fit microseconds in 64 bits";
    case RULERT_DECODE_UTF8: return "a string that is not UTF-8";
    case RULERT_DECODE_DECIMAL: return "a decimal that does not fit its precision";
    case RULERT_DECODE_UUID: return "a text that is no uuid";
    case RULERT_DECODE_RESOLVE: return "a union branch or an enum symbol that the schema read lacks";
    case RULERT_DECODE_MEMORY: return "more memory than a batch may take";
    case RULERT_DECODE_FORM: return "a text that is not well-formed";
    case RULERT_DECODE_TYPE: return "a value that is not of its field's type";
    case RULERT_DECODE_MISSING: return "a field without a value and without a default";
    default: return "unknown reason";
  }
}

std::string_view DecodeErrorCause(uint32_t error) {
  return error == RULERT_DECODE_UTF8 ? "invalid UTF-8" : "malformed record";
}

}  // namespace rulert
