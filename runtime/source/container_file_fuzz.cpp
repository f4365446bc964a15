// Any bytes as a container file: reading ends, and what is handed out lies inside its block.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "avro/datum.h"
#include "runtime/source/avro_file_source.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const int fd = memfd_create("fuzz", 0);
  if (fd < 0 || write(fd, data, size) != static_cast<ssize_t>(size)) std::abort();
  auto source = rulert::AvroFileSource::Open({"/proc/self/fd/" + std::to_string(fd)});
  if (!source.ok()) std::abort();
  rulert::ReadResult read;
  // Each block or problem takes a byte of the file at least.
  for (size_t steps = 0;; ++steps) {
    if (steps > size + 2) std::abort();
    (*source)->Read(&read);
    if (read.kind == rulert::ReadKind::End || read.kind == rulert::ReadKind::Failed) break;
    if (read.kind != rulert::ReadKind::Block) continue;
    const std::span<const uint8_t> bytes(read.block.bytes, read.block.size);
    size_t at = 0;
    for (uint64_t i = 0; i < read.block.records && i < 1000; ++i) {
      size_t used = 0;
      if (avro::SkipDatum(read.block.writer->root(), bytes.subspan(at), &used)) break;
      at += used;
    }
  }
  close(fd);
  return 0;
}
