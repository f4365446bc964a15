// Reads a whole container that lies in memory, block by block.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "avro/container.h"
#include "avro/decompressor.h"

namespace avro {

class ContainerReader {
 public:
  // `file` must outlive the reader and the blocks it gives.
  explicit ContainerReader(std::span<const uint8_t> file) : file_(file) {}

  ContainerError Open();
  const ContainerHeader& header() const { return header_; }

  struct Block {
    uint64_t number = 0;  // counted from 1
    uint64_t at = 0;      // file offset of its head
    uint64_t records = 0;
    std::span<const uint8_t> bytes;  // of the records, unpacked; valid until the next call
  };
  // At the end of the file `*end` becomes true and there is no block.
  ContainerError Next(Block* block, bool* end);

 private:
  std::span<const uint8_t> file_;
  ContainerHeader header_;
  size_t at_ = 0;
  uint64_t blocks_ = 0;
  Decompressor decompressor_;
  std::vector<uint8_t> unpacked_;
};

}  // namespace avro
