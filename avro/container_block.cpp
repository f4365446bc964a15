#include "avro/container.h"
#include "avro/cursor.h"
#include "avro/number_text.h"

namespace avro {
namespace {

using ErrorKind = ContainerError::Kind;

// A record of at least one byte each, so this many fill the largest block; more could only be records of no bytes.
constexpr int64_t kMaxBlockRecords = kMaxBlockBytes;

}  // namespace

ContainerError ParseBlockHead(std::span<const uint8_t> bytes, uint64_t at, BlockHead* head) {
  const uint8_t* p = bytes.data();
  const uint8_t* end = p + bytes.size();
  for (int64_t* number : {&head->records, &head->size}) {
    const VarintResult result = ReadVarint(&p, end, number);
    if (result == VarintResult::Cut) {
      const uint64_t cut = at + bytes.size();
      return {ErrorKind::Cut, "the file ends inside the head of a block (byte " + WithCommas(cut) + ")", cut};
    }
    if (result == VarintResult::TooLong) {
      return {ErrorKind::BadBlock, "the block at byte " + WithCommas(at) + " begins with a number of more than 64 bits",
              at};
    }
  }
  head->head_size = static_cast<size_t>(p - bytes.data());
  if (head->records < 0 || head->size < 0) {
    return {ErrorKind::BadBlock,
            "the block at byte " + WithCommas(at) + " says that it has " + WithCommas(head->records) + " records in " +
                WithCommas(head->size) + " bytes",
            at};
  }
  if (head->size > kMaxBlockBytes) {
    return {ErrorKind::TooLarge,
            "the block at byte " + WithCommas(at) + " says that it has " + WithCommas(head->size) + " bytes; at most " +
                WithCommas(kMaxBlockBytes) + " are read",
            at};
  }
  if (head->records > kMaxBlockRecords) {
    return {ErrorKind::TooLarge,
            "the block at byte " + WithCommas(at) + " says that it has " + WithCommas(head->records) +
                " records; at most " + WithCommas(kMaxBlockRecords) + " are read",
            at};
  }
  return {};
}

ContainerError CutBlock(uint64_t block, uint64_t at, uint64_t have, uint64_t want) {
  return {ErrorKind::Cut,
          "the file ends inside block " + WithCommas(block) + " (byte " + WithCommas(at) + "): " + WithCommas(have) +
              " of " + WithCommas(want) + " bytes are there",
          at + have};
}

ContainerError WrongSync(uint64_t block, uint64_t at) {
  return {ErrorKind::BadSync,
          "block " + WithCommas(block) + " is not followed by the file's sync marker (byte " + WithCommas(at) +
              "): the block's size is wrong or its bytes are damaged",
          at};
}

}  // namespace avro
