// SIGINT and SIGTERM as a request that the job loop sees between batches.
#pragma once

namespace rulert {

// Installs the handlers; a second signal of the same kind ends the process at once. SIGPIPE and SIGXFSZ are
// ignored, so that a closed output and a file beyond the limit of its size are errors of write.
void InstallStopSignals();
// The signal that asked to stop, or 0.
int StopSignal();
// For tests.
void RequestStop(int signal);

}  // namespace rulert
