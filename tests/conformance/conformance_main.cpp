// Runs files of conformance cases through the product: one line a case, exit 1 if a `must` fails.
//
// Each case runs in a process of its own, with bounds on time and memory, so that a crash or a hang is a failed case.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "tests/conformance/cases.h"

namespace conformance {
namespace {

constexpr unsigned kSeconds = 60;
constexpr rlim_t kMemory = rlim_t{4} << 30;

void RunInChild(const Case& item, int to) {
  alarm(kSeconds);
  const rlimit memory{kMemory, kMemory};
  setrlimit(RLIMIT_AS, &memory);
  const Failure failure = item.run();
  size_t written = 0;
  while (written < failure.size()) {
    const ssize_t n = write(to, failure.data() + written, failure.size() - written);
    if (n <= 0) break;
    written += static_cast<size_t>(n);
  }
  std::fflush(nullptr);
  _exit(failure.empty() ? 0 : 1);
}

Failure RunApart(const Case& item) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe to its process";
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return "no process for it";
  if (child == 0) {
    close(ends[0]);
    RunInChild(item, ends[1]);
  }
  close(ends[1]);
  Failure failure;
  char buffer[4096];
  for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;) failure.append(buffer, static_cast<size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return "ended by signal " + std::to_string(WTERMSIG(status));
  if (WEXITSTATUS(status) > 1) return "ended with " + std::to_string(WEXITSTATUS(status));
  return failure;
}

struct Count {
  int passed = 0;
  int failed = 0;  // of level must
  int apart = 0;   // failed, of another level
};

bool RunFile(const char* path, Count* count) {
  std::ifstream input(path);
  const Json file = Json::parse(input, nullptr, /*allow_exceptions=*/false);
  std::string error = file.is_discarded() ? "is not JSON, or cannot be read" : "";
  const std::vector<Case> cases = error.empty() ? CasesOf(file, &error) : std::vector<Case>();
  if (!error.empty()) {
    std::fprintf(stderr, "conformance: %s: %s\n", path, error.c_str());
    return false;
  }
  for (const Case& item : cases) {
    Failure failure = RunApart(item);
    const bool crashed = failure.starts_with("ended ");
    if (item.level == "limit" && !crashed) failure.clear();
    const bool must = item.level == "must" || crashed;
    ++(failure.empty() ? count->passed : must ? count->failed : count->apart);
    std::printf("%s %s%s%s\n",
                failure.empty() ? "pass"
                : must          ? "FAIL"
                                : "fail (should)",
                item.name.c_str(), failure.empty() ? "" : ": ", failure.c_str());
  }
  return true;
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: conformance FILE...\n", stderr);
    return 3;
  }
  Count count;
  bool all_read = true;
  for (int i = 1; i < argc; ++i) all_read = RunFile(argv[i], &count) && all_read;
  std::printf("%d passed, %d failed, %d of level should failed\n", count.passed, count.failed, count.apart);
  if (!all_read) return 3;
  return count.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace conformance

int main(int argc, char** argv) { return conformance::Main(argc, argv); }
