#include "compiler/lower/decode_loop.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/module_descriptor.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

// Every field in use goes into its column.
class ColumnWriter : public LeafHandler {
 public:
  ColumnWriter(FunctionBuilder& f, DecodeLoop& loop, const plan::Stream& stream, llvm::Value* call)
      : f_(f), loop_(loop) {
    llvm::Value* columns = f.Member(call, offsetof(rulert_decode, columns), f.ptr, "columns");
    uint32_t slot = 0;
    for (const rulert::SlotSpec& spec : stream.registry.slots()) {
      columns_.push_back(LoadColumnPointers(f, columns, slot++, spec.column));
    }
  }

  void OnLeaf(plan::SlotId slot, const avro::Schema& type) override {
    const ColumnPointers& column = columns_[slot];
    StoreColumn(f_, column, loop_.row(), ReadLeaf(f_, loop_.reader(), type, column.spec, loop_.fail()));
  }

 private:
  FunctionBuilder& f_;
  DecodeLoop& loop_;
  std::vector<ColumnPointers> columns_;
};

}  // namespace

std::vector<std::string> LowerDecoder(llvm::Module& module, ModuleState& state, const plan::Stream& stream,
                                      const avro::Schema& writer) {
  llvm::Function* function = NewEntryPoint(module, "decode", 1);
  WriteDescriptor(module, RULERT_MODULE_DECODER, function);
  FunctionBuilder f(function, state);
  llvm::Value* call = function->getArg(0);
  DecodeLoop loop(f, call);
  ColumnWriter columns(f, loop, stream, call);
  llvm::Value* row_offsets = f.Member(call, offsetof(rulert_decode, row_offsets), f.ptr, "row_offsets");

  SlotPaths slots;
  for (size_t i = 0; i < stream.registry.slots().size(); ++i) {
    slots[stream.registry.slots()[i].path] = static_cast<plan::SlotId>(i);
  }
  RecordWalker walker(loop.reader(), slots, columns);
  auto store_offset = [&] {
    llvm::Value* offset = f.ir().CreatePtrDiff(f.i8, loop.record_start(), loop.bytes());
    f.ir().CreateStore(f.ir().CreateTrunc(offset, f.i32), f.ir().CreateGEP(f.i32, row_offsets, loop.row()));
  };
  loop.Run(writer, walker, store_offset, [] {});
  return walker.field_paths();
}

}  // namespace rulec::lower
