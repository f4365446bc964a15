#include "runtime/base/unfinished_files.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <mutex>

namespace rulert {
namespace {

// Fixed memory: a signal handler may come at any instruction.
struct Place {
  std::atomic<bool> used{false};  // set last, cleared first
  std::array<char, 4096> path;
};

std::mutex mutex;  // of who notes and forgets; a handler reads without
std::array<Place, 256> places;

}  // namespace

void NoteUnfinishedFile(const std::string& path) {
  const std::lock_guard lock(mutex);
  if (path.empty() || path.size() >= places[0].path.size()) return;
  for (Place& place : places) {
    if (place.used.load()) continue;
    std::memcpy(place.path.data(), path.c_str(), path.size() + 1);
    place.used.store(true);
    return;
  }
}

void ForgetUnfinishedFile(const std::string& path) {
  const std::lock_guard lock(mutex);
  for (Place& place : places) {
    if (place.used.load() && path == place.path.data()) place.used.store(false);
  }
}

void RemoveUnfinishedFiles() {
  for (const Place& place : places) {
    if (place.used.load()) unlink(place.path.data());
  }
}

}  // namespace rulert
