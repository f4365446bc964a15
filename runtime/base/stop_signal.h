// SIGINT and SIGTERM: the end of a command, or a request that a job's loop sees between batches.
#pragma once

namespace rulert {

// Until there is a job: a signal takes unfinished files away and ends the process with 130 or 143. One that was ignored
// when the process began stays ignored.
void EndOnSignals();
// Of a job: the first signal is a request, StopSignal(); one more of the same kind ends the process as above. SIGPIPE
// and SIGXFSZ are ignored, so that a closed output and a file beyond the limit of its size are errors of write.
void InstallStopSignals();
// The signal that asked to stop, or 0.
int StopSignal();
// For tests.
void RequestStop(int signal);

}  // namespace rulert
