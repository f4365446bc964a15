// Names that belong to the package which declares them.
#pragma once

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

  // What `name` means in a file of `package`: its own, else the one of another package.
  Found Find(const std::string& name, const std::string& package) {
    const auto at = names_.find(name);
    if (at == names_.end()) return {};
    for (Entry& entry : at->second) {
      if (entry.package == package) return {&entry.value, false};
    }
    return {&at->second.front().value, at->second.size() > 1};
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
