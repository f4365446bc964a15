// `rulec`. A failed check of our own ends with 4 and says how to report it.
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

#include <unistd.h>

#include "compiler/driver/command.h"
#include "compiler/driver/standard_streams.h"

namespace {

constexpr char kBug[] = "rulec: this is a bug in rulec " RULEC_VERSION
                        "\nhelp: please report it with the rules and the command that led to it, and the lines above\n";

// Only what is safe in a signal handler.
void OnAbort(int) {
  [[maybe_unused]] const ssize_t wrote = write(STDERR_FILENO, kBug, sizeof(kBug) - 1);
  _exit(static_cast<int>(rulec::ExitCode::Bug));
}

}  // namespace

int main(int argc, char** argv) {
  rulec::HoldStandardStreams();
  std::signal(SIGABRT, OnAbort);
  rulec::ExitCode code = rulec::ExitCode::Bug;
  try {
    code = rulec::RunCommandLine(argc, argv);
  } catch (const std::bad_alloc&) {
    code = rulec::UsageError("out of memory");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rulec: %s\n%s", error.what(), kBug);
  }
  if (std::fflush(stdout) != 0 && code == rulec::ExitCode::Done) {
    code = rulec::UsageError("standard output cannot be written");
  }
  return static_cast<int>(code);
}
