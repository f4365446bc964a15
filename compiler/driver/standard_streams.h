#pragma once

namespace rulec {

// A process that is started with standard input, output or error closed would get their numbers for the next files that
// it opens, and messages or results would end up in those. Takes the numbers, so that whoever uses the closed stream
// fails as if it were still closed. Call it before anything is opened.
void HoldStandardStreams();

}  // namespace rulec
