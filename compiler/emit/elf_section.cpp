#include "compiler/emit/elf_section.h"

#include <llvm/ObjCopy/ConfigManager.h>
#include <llvm/ObjCopy/ObjCopy.h>
#include <llvm/Object/ObjectFile.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

namespace rulec {

std::string AddElfSection(const std::string& elf, const std::string& section, const std::string& content,
                          std::string* error) {
  auto object = llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(elf, "job"));
  if (!object) {
    *error = llvm::toString(object.takeError());
    return "";
  }
  llvm::objcopy::ConfigManager config;
  config.Common.InputFilename = "job";
  config.Common.OutputFilename = "job";
  config.Common.AddSection.emplace_back(section, llvm::MemoryBuffer::getMemBuffer(content, section, false));
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  if (llvm::Error failed = llvm::objcopy::executeObjcopyOnBinary(config, **object, out)) {
    *error = llvm::toString(std::move(failed));
    return "";
  }
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace rulec
