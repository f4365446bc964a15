#include "runtime/base/tell_bugs.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "runtime/base/unfinished_files.h"

namespace rulert {
namespace {

constexpr int kExitBug = 4;

const char* bug_text = "";

// Only what is safe in a signal handler. Runs on a stack of its own, so that an overflow of the other one is told too.
void OnBug(int) {
  [[maybe_unused]] const ssize_t wrote = write(STDERR_FILENO, bug_text, std::strlen(bug_text));
  RemoveUnfinishedFiles();
  _exit(kExitBug);
}

}  // namespace

void TellBugs(const char* text) {
  static std::array<char, 16384> stack;
  bug_text = text;
  stack_t place{};
  place.ss_sp = stack.data();
  place.ss_size = stack.size();
  sigaltstack(&place, nullptr);
  struct sigaction action{};
  action.sa_handler = OnBug;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGABRT, &action, nullptr);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which tell more than we can
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigaction(signal, &action, nullptr);
#endif
}

}  // namespace rulert
