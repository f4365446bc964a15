#include "compiler/driver/load_modules.h"

namespace rulec {

rulert::ModuleSet LoadModules(const std::vector<ObjectModule>& modules, Codegen& codegen) {
  rulert::ModuleSet loaded;
  for (const ObjectModule& module : modules) {
    std::shared_ptr<LoadedCode> code = codegen.Load(module);
    const rulert_module& descriptor = code->descriptor();
    loaded.Add(module.name, rulert::WrapModule(descriptor, std::move(code)));
  }
  return loaded;
}

}  // namespace rulec
