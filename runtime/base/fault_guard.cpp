#include "runtime/base/fault_guard.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <mutex>

namespace rulert {
namespace {

// `begin` is 0 for a free slot, kReserved while one is filled; the handler reads without locks.
struct Region {
  std::atomic<uintptr_t> begin{0};
  std::atomic<uintptr_t> end{0};
  std::atomic<bool> faulted{false};
};
constexpr uintptr_t kReserved = 1;

Region regions[FaultGuard::kLimit];
struct sigaction previous;
uintptr_t page_size = 4096;

Region* RegionOf(uintptr_t address) {
  for (Region& region : regions) {
    const uintptr_t begin = region.begin.load(std::memory_order_acquire);
    if (begin > kReserved && address >= begin && address < region.end.load(std::memory_order_acquire)) return &region;
  }
  return nullptr;
}

void OnBusError(int signal, siginfo_t* info, void* context) {
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  if (Region* region = RegionOf(address)) {
    void* page = reinterpret_cast<void*>(address & ~(page_size - 1));
    if (mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
      region->faulted.store(true, std::memory_order_release);
      return;
    }
  }
  if (previous.sa_flags & SA_SIGINFO) {
    if (previous.sa_sigaction != nullptr) return previous.sa_sigaction(signal, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN && previous.sa_handler != nullptr) {
    return previous.sa_handler(signal);
  }
  // Not ours: the access is repeated on return and ends the process as it would have.
  struct sigaction fallback{};
  fallback.sa_handler = SIG_DFL;
  sigaction(SIGBUS, &fallback, nullptr);
}

void InstallOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    page_size = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    struct sigaction action{};
    action.sa_sigaction = OnBusError;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &previous);
  });
}

}  // namespace

FaultGuard::FaultGuard(const void* begin, size_t size) {
  InstallOnce();
  for (size_t i = 0; i < kLimit; ++i) {
    uintptr_t expected = 0;
    if (!regions[i].begin.compare_exchange_strong(expected, kReserved)) continue;
    const auto address = reinterpret_cast<uintptr_t>(begin);
    regions[i].faulted.store(false);
    regions[i].end.store(address + size, std::memory_order_release);
    regions[i].begin.store(address, std::memory_order_release);
    slot_ = static_cast<int>(i);
    return;
  }
}

FaultGuard::~FaultGuard() {
  if (slot_ >= 0) regions[slot_].begin.store(0, std::memory_order_release);
}

bool FaultGuard::faulted() const { return slot_ >= 0 && regions[slot_].faulted.load(std::memory_order_acquire); }

}  // namespace rulert
