#include "runtime/base/stop_signal.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "runtime/base/unfinished_files.h"

namespace rulert {
namespace {

std::atomic<int> stop_signal{0};

void OnEnd(int signal) {
  RemoveUnfinishedFiles();
  _exit(128 + signal);
}

// A request that was heard already is one to end at once.
void OnStop(int signal) {
  if (stop_signal.exchange(signal, std::memory_order_relaxed) == signal) OnEnd(signal);
}

// No SA_RESTART: a blocked read returns, and the loop looks at StopSignal.
void Handle(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void EndOnSignals() {
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction before{};
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) Handle(signal, OnEnd);
  }
}

void InstallStopSignals() {
  Handle(SIGINT, OnStop);
  Handle(SIGTERM, OnStop);
  Handle(SIGPIPE, SIG_IGN);
  Handle(SIGXFSZ, SIG_IGN);
}

int StopSignal() { return stop_signal.load(std::memory_order_relaxed); }

void RequestStop(int signal) { stop_signal.store(signal, std::memory_order_relaxed); }

}  // namespace rulert
