// Names that belong to the package which declares them.
#pragma once

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rulec::check {

template <typename T>
class PackagedNames {
 public:
  struct Found {
    T* value = nullptr;      // null: there is none
    bool ambiguous = false;  // several other packages have one; `value` is the first
  };

  // The value that this package has by that name already, or null if it was added.
  T* Add(const std::string& name, const std::string& package, T value) {
    std::vector<Entry>& entries = names_[name];
    for (Entry& entry : entries) {
      if (entry.package == package) return &entry.value;
    }
    entries.push_back({package, std::move(value)});
    return nullptr;
  }

  // What `name` means in a file of `package`: its own, else the one of another package; `a.b.name` is that of `a.b`.
  Found Find(const std::string& name, const std::string& package) {
    const auto at = names_.find(name);
    if (at == names_.end()) return {OfPackage(name), false};
    for (Entry& entry : at->second) {
      if (entry.package == package) return {&entry.value, false};
    }
    return {&at->second.front().value, at->second.size() > 1};
  }

  // What `a.b.name` means, or null.
  T* OfPackage(const std::string& path) {
    const size_t dot = path.rfind('.');
    const auto at = dot == std::string::npos ? names_.end() : names_.find(path.substr(dot + 1));
    if (at == names_.end()) return nullptr;
    for (Entry& entry : at->second) {
      if (entry.package == path.substr(0, dot)) return &entry.value;
    }
    return nullptr;
  }

  // What `package` itself has by that name, or null.
  const T* Own(const std::string& name, const std::string& package) const {
    const auto at = names_.find(name);
    if (at == names_.end()) return nullptr;
    for (const Entry& entry : at->second) {
      if (entry.package == package) return &entry.value;
    }
    return nullptr;
  }

  bool contains(const std::string& name) const { return names_.contains(name); }

  // All that `package` has, sorted.
  std::vector<std::string> NamesOf(const std::string& package) const {
    std::vector<std::string> names;
    for (const auto& [name, entries] : names_) {
      for (const Entry& entry : entries) {
        if (entry.package == package) names.push_back(name);
      }
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& [name, entries] : names_) names.push_back(name);
    return names;
  }

 private:
  struct Entry {
    std::string package;
    T value;
  };
  std::unordered_map<std::string, std::vector<Entry>> names_;
};

}  // namespace rulec::check
