// Files that are being written under a passing name.
#pragma once

#include <string>

namespace rulert {

// Until the process says otherwise, a signal that ends it takes the file `path` away. Best effort: beyond 256 files at
// a time, and of a path of 4 KiB and more, nothing is noted.
void NoteUnfinishedFile(const std::string& path);
void ForgetUnfinishedFile(const std::string& path);
// Removes what is noted. May be called by a signal handler.
void RemoveUnfinishedFiles();

}  // namespace rulert
