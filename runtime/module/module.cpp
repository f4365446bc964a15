#include "runtime/module/module.h"

namespace rulert {
namespace {

class WrappedModule final : public Module {
 public:
  WrappedModule(const rulert_module& descriptor, std::shared_ptr<const void> owner)
      : descriptor_(descriptor), owner_(std::move(owner)) {}
  const rulert_module& descriptor() const override { return descriptor_; }

 private:
  rulert_module descriptor_;
  std::shared_ptr<const void> owner_;
};

}  // namespace

std::string_view ModuleKindName(uint32_t kind) {
  switch (kind) {
    case RULERT_MODULE_DECODER: return "decoder";
    case RULERT_MODULE_RULE: return "rule";
    case RULERT_MODULE_SCAN: return "scan";
    case RULERT_MODULE_ENCODER: return "encoder";
    default: return "module of an unknown kind";
  }
}

Error CheckDescriptor(const rulert_module& descriptor, const std::string& name) {
  if (descriptor.abi_version != RULERT_ABI_VERSION) {
    return Error::Environment("module `" + name + "` was compiled for version " +
                              std::to_string(descriptor.abi_version) + " of the runtime's interface, this is version " +
                              std::to_string(RULERT_ABI_VERSION) + ": build it again");
  }
  if (descriptor.kind < RULERT_MODULE_DECODER || descriptor.kind > RULERT_MODULE_ENCODER) {
    return Error::Environment("module `" + name + "` is of an unknown kind, " + std::to_string(descriptor.kind));
  }
  if (descriptor.function == nullptr) return Error::Environment("module `" + name + "` has no function");
  return {};
}

Result<ModulePtr> ModuleSet::Find(const std::string& name, uint32_t kind) const {
  const auto found = modules_.find(name);
  if (found == modules_.end() || !found->second) return Error::Environment("module `" + name + "` is missing");
  const rulert_module& descriptor = found->second->descriptor();
  if (Error error = CheckDescriptor(descriptor, name)) return error;
  if (descriptor.kind != kind) {
    return Error::Environment("module `" + name +
                              "` holds code of another kind: " + std::string(ModuleKindName(descriptor.kind)) +
                              ", expected: " + std::string(ModuleKindName(kind)));
  }
  return found->second;
}

ModulePtr WrapModule(const rulert_module& descriptor, std::shared_ptr<const void> owner) {
  return std::make_shared<WrappedModule>(descriptor, std::move(owner));
}

}  // namespace rulert
