// A unit of generated code: one rule, decoder, encoder or fused scan, wherever its code came from.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "runtime/abi/abi.h"
#include "runtime/base/error.h"

namespace rulert {

// Immutable; its code may be run by any thread. Destroying it unloads the code.
class Module {
 public:
  virtual ~Module() = default;
  virtual const rulert_module& descriptor() const = 0;

  template <typename Function>
  Function function() const {
    return reinterpret_cast<Function>(descriptor().function);
  }
};

// Shared by every rule instance, decoder and encoder that runs the code, so that it is unloaded with the last of them.
using ModulePtr = std::shared_ptr<const Module>;

// Modules by name.
class ModuleSet {
 public:
  void Add(const std::string& name, ModulePtr module) { modules_[name] = std::move(module); }
  // The module, if it is there, speaks this ABI and is of `kind` (RULERT_MODULE_*).
  Result<ModulePtr> Find(const std::string& name, uint32_t kind) const;
  size_t size() const { return modules_.size(); }

 private:
  std::map<std::string, ModulePtr> modules_;
};

// Code that something else keeps in memory: `owner` lives as long as the module.
ModulePtr WrapModule(const rulert_module& descriptor, std::shared_ptr<const void> owner);

// Loads the bytes of a shared object. `name` is for messages.
Result<ModulePtr> LoadSharedObject(std::span<const uint8_t> bytes, const std::string& name);

// "decoder", for messages.
std::string_view ModuleKindName(uint32_t kind);
// Says why a descriptor cannot be used: another ABI version, an unknown kind, no function.
Error CheckDescriptor(const rulert_module& descriptor, const std::string& name);

}  // namespace rulert
