// A regular file, mapped window by window.
#pragma once

#include "runtime/source/byte_input.h"
#include "runtime/source/file_descriptor.h"

namespace rulert {

std::unique_ptr<ByteInput> MakeMappedInput(FileDescriptor fd, uint64_t size, std::string path);

}  // namespace rulert
