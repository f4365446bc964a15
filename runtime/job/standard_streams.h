// Standard input, output and error of a process that may have been started without them.
#pragma once

namespace rulert {

// Gives what is closed a descriptor whose use fails, so that no file that is opened later takes its number.
void HoldStandardStreams();

}  // namespace rulert
