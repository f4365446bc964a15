#include "compiler/driver/command.h"
#include "compiler/driver/output_stream.h"

namespace rulec {

bool WriteWholeFile(const std::string& path, std::string_view content, bool executable) {
  OutputStream out(path);
  const bool written = out.Write(content) && out.Finish(executable);
  if (!written && !out.error().empty()) Complain(out.error());
  return written || out.error().empty();
}

}  // namespace rulec
