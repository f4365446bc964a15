// The end of a process that found a mistake of our own in itself.
#pragma once

namespace rulert {

// From now on a failed check and a fault of memory or arithmetic end the process with 4, after `text` on standard
// error, which is to say what happened, the version, and how to report it. `text` must live for ever.
void TellBugs(const char* text);

}  // namespace rulert
