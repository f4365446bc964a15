#include "runtime/base/stop_signal.h"

#include <signal.h>

#include <atomic>

namespace rulert {
namespace {

std::atomic<int> stop_signal{0};

void OnStop(int signal) { stop_signal.store(signal, std::memory_order_relaxed); }

}  // namespace

void InstallStopSignals() {
  struct sigaction action{};
  action.sa_handler = OnStop;
  // No SA_RESTART: a blocked read returns, and the loop looks at StopSignal.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  sigaction(SIGXFSZ, &ignore, nullptr);
}

int StopSignal() { return stop_signal.load(std::memory_order_relaxed); }

void RequestStop(int signal) { stop_signal.store(signal, std::memory_order_relaxed); }

}  // namespace rulert
