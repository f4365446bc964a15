// `rulec`. A failed check of our own ends with 4 and says how to report it.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "compiler/driver/command.h"
#include "compiler/driver/standard_streams.h"
#include "compiler/source/text_limit.h"
#include "runtime/base/stop_signal.h"
#include "runtime/base/tell_bugs.h"

namespace {

constexpr char kBug[] = "rulec: this is a bug in rulec " RULEC_VERSION
                        "\nhelp: please report it with the rules and the command that led to it, and the lines above\n";

// Settings that are not flags.
bool IsEnvironmentSound() {
  const char* limit = std::getenv("RULEC_RULE_FILE_LIMIT");
  return limit == nullptr || *limit == '\0' || rulec::ParseTextLimit(limit);
}

}  // namespace

int main(int argc, char** argv) {
  rulec::HoldStandardStreams();
  rulert::TellBugs(kBug);
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
