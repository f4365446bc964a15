// `rulec`. A failed check of our own ends with 4 and says how to report it.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#include <unistd.h>

#include "compiler/driver/command.h"
#include "compiler/driver/standard_streams.h"
#include "compiler/source/text_limit.h"
#include "runtime/base/stop_signal.h"

namespace {

constexpr char kBug[] = "rulec: this is a bug in rulec " RULEC_VERSION
                        "\nhelp: please report it with the rules and the command that led to it, and the lines above\n";

// Only what is safe in a signal handler. Runs on a stack of its own, so that an overflow of the other one is told too.
void OnBug(int) {
  [[maybe_unused]] const ssize_t wrote = write(STDERR_FILENO, kBug, sizeof(kBug) - 1);
  _exit(static_cast<int>(rulec::ExitCode::Bug));
}

void TellBugs() {
  static std::array<char, 16384> stack;
  stack_t place = {};
  place.ss_sp = stack.data();
  place.ss_size = stack.size();
  sigaltstack(&place, nullptr);
  struct sigaction action = {};
  action.sa_handler = OnBug;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGABRT, &action, nullptr);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which tell more than we can
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigaction(signal, &action, nullptr);
#endif
}

// Settings that are not flags.
bool IsEnvironmentSound() {
  const char* limit = std::getenv("RULEC_RULE_FILE_LIMIT");
  return limit == nullptr || rulec::ParseTextLimit(limit);
}

}  // namespace

int main(int argc, char** argv) {
  rulec::HoldStandardStreams();
  TellBugs();
  rulert::EndOnSignals();
  std::signal(SIGXFSZ, SIG_IGN);  // writing fails then, and what was written is taken away
  std::signal(SIGPIPE, SIG_IGN);  // that nobody reads any more is no failure
  rulec::ExitCode code = rulec::ExitCode::Bug;
  try {
    code = IsEnvironmentSound() ? rulec::RunCommandLine(argc, argv)
                                : rulec::UsageError("RULEC_RULE_FILE_LIMIT is not a size, as `32MiB`: 1 byte to 1 GiB");
  } catch (const std::bad_alloc&) {
    code = rulec::UsageError("out of memory");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rulec: %s\n%s", error.what(), kBug);
  }
  if (std::fflush(stdout) != 0 && errno != EPIPE && code == rulec::ExitCode::Done) {
    code = rulec::UsageError("standard output cannot be written");
  }
  return static_cast<int>(code);
}
