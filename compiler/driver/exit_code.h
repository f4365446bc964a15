// What the process ends with: the same for every command.
#pragma once

namespace rulec {

enum class ExitCode : int {
  Done = 0,
  Findings = 1,     // ran well and found something at or above --fail-level; a file that is cut
  NotCompiled = 2,  // rules or schemas do not compile
  Usage = 3,        // a bad flag, a missing file, a machine that refuses
  Bug = 4           // of ours
};

}  // namespace rulec
