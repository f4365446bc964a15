// The code generator behind codegen.h: lowers, optimizes, names and caches modules.
#include <unordered_map>

#include <llvm/IR/LLVMContext.h>

#include "avro/resolution.h"
#include "compiler/emit/codegen.h"
#include "compiler/emit/elf_section.h"
#include "compiler/emit/module_compiler.h"
#include "compiler/emit/module_loader.h"
#include "compiler/emit/module_name.h"
#include "compiler/emit/module_table.h"
#include "compiler/emit/shared_object.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/slot_tree.h"

namespace rulec {

namespace {

// Modules kept for rules of a shape that was compiled before.
constexpr size_t kCacheEntries = 256;

class LlvmCodegen : public Codegen {
 public:
  LlvmCodegen(std::unique_ptr<ModuleCompiler> compiler, std::vector<HostSymbol> symbols)
      : compiler_(std::move(compiler)), symbols_(std::move(symbols)) {}

  CompiledModule CompileDecoder(const plan::Program& program, uint32_t stream, const avro::SchemaPtr& writer,
                                rulert::DecoderSpec* spec) override {
    const plan::Stream& from = program.streams[stream];
    const Entry& entry = Decode(from, writer, DecoderName(from, *writer, compiler_->cpu()),
                                [&](llvm::Module& module, const avro::Resolution& resolution) {
                                  return lower::LowerDecoder(module, state_, from, resolution);
                                });
    spec->stream = static_cast<int32_t>(stream);
    spec->writer_schema_json = writer->text();
    spec->field_paths = entry.field_paths;
    for (size_t slot = 0; slot < from.registry.slots().size(); ++slot) {
      spec->slots.push_back(static_cast<int32_t>(slot));
    }
    spec->absent = entry.absent;
    spec->module = entry.module.name;
    return {entry.module, entry.error, entry.too_large};
  }

  std::string RuleModuleName(const plan::Program& program, const plan::Rule& rule) override {
    return RuleName(program, rule, compiler_->cpu());
  }

  ObjectModule CompileRule(const plan::Program& program, const plan::Rule& rule) override {
    return Find(RuleName(program, rule, compiler_->cpu()),
                [&](llvm::Module& module, Entry&) { lower::LowerRule(module, state_, program, rule); })
        .module;
  }

  CompiledModule CompileScan(const plan::Program& program, uint32_t rule, const avro::SchemaPtr& writer,
                             rulert::ScanSpec* spec) override {
    const plan::Rule& only = program.rules[rule];
    const plan::Stream& from = program.streams[only.stream];
    const Entry& entry = Decode(from, writer, ScanName(program, only, *writer, compiler_->cpu()),
                                [&](llvm::Module& module, const avro::Resolution& resolution) {
                                  return lower::LowerScan(module, state_, program, only, resolution);
                                });
    spec->stream = static_cast<int32_t>(only.stream);
    spec->rule = static_cast<int32_t>(rule);
    spec->writer_schema_json = writer->text();
    spec->field_paths = entry.field_paths;
    spec->absent = entry.absent;
    spec->module = entry.module.name;
    return {entry.module, entry.error};
  }

  ObjectModule CompileEncoder(const plan::Output& output) override {
    return Find(EncoderName(output, compiler_->cpu()),
                [&](llvm::Module& module, Entry&) {
                  const avro::ParsedSchema schema = avro::ParseSchema(output.schema_json);
                  lower::LowerEncoder(module, state_, output, schema.document->root());
                })
        .module;
  }

  std::unique_ptr<LoadedCode> Load(const ObjectModule& module) override {
    if (!loader_) loader_ = std::make_unique<ModuleLoader>(symbols_);
    return loader_->Load(module);
  }

  std::string LinkSharedObject(const ObjectModule& module, std::string* error) override {
    return rulec::LinkSharedObject(module, error);
  }

  std::string LinkModules(const std::vector<ObjectModule>& modules, const std::string& manifest, bool shared,
                          std::string* error) override {
    std::vector<std::string> objects = ObjectsOfTable(*compiler_, modules, manifest, error);
    return objects.empty() ? "" : LinkObjects(objects, shared, error);
  }

  std::string AddSection(const std::string& elf, const std::string& section, const std::string& image,
                         std::string* error) override {
    return AddElfSection(elf, section, image, error);
  }

  std::string Level() const override { return compiler_->level(); }

  void PrintTo(CodeStage stage, std::string* text) override {
    print_stage_ = stage;
    print_to_ = text;
  }

 private:
  struct Entry {
    ObjectModule module;
    std::vector<std::string> field_paths;
    std::vector<int32_t> absent;
    std::string error;
    bool too_large = false;
  };

  // A module that reads the slots of a stream.
  template <typename Lower>
  const Entry& Decode(const plan::Stream& stream, const avro::SchemaPtr& writer, const std::string& name, Lower lower) {
    return Find(name, [&](llvm::Module& module, Entry& made) {
      const auto& slots = stream.registry.slots();
      const avro::ResolvedSchemas resolved =
          avro::ResolvePaths(writer, stream.schema, lower::PathsOfSlots(stream.registry));
      if (!resolved.resolution) {
        made.error = (resolved.error.path.empty() ? "" : "`" + resolved.error.path + "`: ") + resolved.error.message;
        return;
      }
      lower::LoweredDecoder lowered = lower(module, *resolved.resolution);
      made.error = std::move(lowered.problem);
      made.too_large = lowered.too_large;
      made.field_paths = std::move(lowered.field_paths);
      for (size_t slot = 0; slot < slots.size(); ++slot) {
        if (!avro::IsWritten(*resolved.resolution, slots[slot].path)) made.absent.push_back(static_cast<int32_t>(slot));
      }
    });
  }

  template <typename Lower>
  const Entry& Find(const std::string& name, Lower lower) {
    if (const auto known = cache_.find(name); known != cache_.end() && !print_to_) return known->second;
    if (cache_.size() >= kCacheEntries) cache_.clear();
    Entry& entry = cache_[name];
    entry.module.name = name;
    llvm::LLVMContext context;
    llvm::Module module(name, context);
    compiler_->Prepare(module);
    state_ = {compiler_->has_bmi2(), {}};
    lower(module, entry);
    if (!entry.error.empty()) return entry;
    if (print_to_) print_to_->append("; " + name + "\n");
    entry.module.object = compiler_->Compile(module, print_stage_, print_to_);
    return entry;
  }

  std::unique_ptr<ModuleCompiler> compiler_;
  std::vector<HostSymbol> symbols_;
  std::unique_ptr<ModuleLoader> loader_;  // made when code is first loaded
  lower::ModuleState state_;
  std::unordered_map<std::string, Entry> cache_;
  CodeStage print_stage_ = CodeStage::Llvm;
  std::string* print_to_ = nullptr;
};

}  // namespace

}  // namespace rulec

// The library's one symbol. Null, and *error, if the processor is not known.
extern "C" __attribute__((visibility("default"))) rulec::Codegen* rulec_create_codegen(
    const rulec::CodegenOptions* options, std::string* error) {
  avro::SetLimits(options->limits);  // this library has an avro/ of its own
  auto compiler = rulec::ModuleCompiler::Create(options->cpu, error);
  return compiler ? new rulec::LlvmCodegen(std::move(compiler), options->symbols) : nullptr;
}
