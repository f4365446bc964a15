#include "compiler/lower/constant_cells.h"
#include "compiler/lower/decode_loop.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/module_descriptor.h"
#include "compiler/lower/record_walker.h"
#include "compiler/lower/skip_functions.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

// Of a stream with more slots each group of fields is read by a function of its own: registers hold no more columns,
// and the time to compile a function grows faster than its code.
constexpr size_t kMostSlotsInLoop = 64;

// Every field in use goes into its column.
class ColumnWriter : public LeafHandler {
 public:
  ColumnWriter(FunctionBuilder& f, DecodeUnit& unit, WireReader& reader, const plan::SlotRegistry& registry,
               llvm::Value* call)
      : f_(f), unit_(unit), values_(f, unit, reader, call), registry_(registry), call_(call) {}
  void set_row(llvm::Value* row) { row_ = row; }

  void OnLeaf(plan::SlotId slot, avro::ActionId action) override {
    const ColumnPointers column = Column(slot);
    StoreColumn(f_, column, row_, values_.Read(action, Spec(slot)));
  }

  void OnMissing(plan::SlotId slot, const avro::Datum& datum, const avro::Schema& type) override {
    const ColumnPointers column = Column(slot);
    StoreColumn(f_, column, row_, ConstantCell(f_, unit_, datum, type, Spec(slot)));
  }

 private:
  const rulert::ColumnSpec& Spec(plan::SlotId slot) const { return registry_.slots()[slot].column; }

  ColumnPointers& Column(plan::SlotId slot) {
    const auto [found, fresh] = columns_.try_emplace(slot);
    if (fresh) {
      found->second = f_.InEntry([&] {
        if (!base_) base_ = f_.Member(call_, offsetof(rulert_decode, columns), f_.ptr, "columns");
        return LoadColumnPointers(f_, base_, slot, Spec(slot));
      });
    }
    return found->second;
  }

  FunctionBuilder& f_;
  DecodeUnit& unit_;
  ValueReader values_;
  const plan::SlotRegistry& registry_;
  llvm::Value* call_;
  llvm::Value* base_ = nullptr;
  llvm::Value* row_ = nullptr;
  std::map<plan::SlotId, ColumnPointers> columns_;
};

class DecoderWriter {
 public:
  DecoderWriter(llvm::Function* function, DecodeUnit& unit, const plan::Stream& stream, std::vector<std::string>* paths)
      : unit_(unit),
        stream_(stream),
        slots_(TreeOfSlots(stream.registry)),
        f_(function, unit.state()),
        call_(function->getArg(0)),
        loop_(f_, unit, call_),
        columns_(f_, unit, loop_.reader(), stream.registry, call_),
        walker_(f_, unit, loop_.reader(), slots_, columns_, paths),
        paths_(paths) {}

  void Write() {
    llvm::Value* row_offsets = f_.Member(call_, offsetof(rulert_decode, row_offsets), f_.ptr, "row_offsets");
    const auto& resolution = unit_.resolution();
    const bool wide = stream_.registry.slots().size() > kMostSlotsInLoop &&
                      resolution.action(resolution.root()).kind == avro::Resolution::Kind::Record;
    if (!wide) loop_.set_field([this] { return walker_.current_field(); });
    loop_.Run(
        [&] {
          columns_.set_row(loop_.row());
          if (wide) return WalkInPieces();
          walker_.Walk();
        },
        [&] {
          llvm::Value* offset = f_.ir().CreatePtrDiff(f_.i8, loop_.record_start(), loop_.bytes());
          f_.ir().CreateStore(f_.ir().CreateTrunc(offset, f_.i32), f_.ir().CreateGEP(f_.i32, row_offsets, loop_.row()));
        },
        [] {});
  }

 private:
  void WalkInPieces() {
    const avro::Schema& writer = unit_.resolution().writer().root();
    const std::vector<size_t> pieces = FieldPieces(unit_, writer, 0, writer.fields.size());
    llvm::Value* row = f_.ir().CreateTrunc(loop_.row(), f_.i32);
    for (size_t i = 0; i + 1 < pieces.size(); ++i) {
      llvm::Function* piece = unit_.Declare("decode_fields");
      WritePiece(piece, pieces[i], pieces[i + 1]);
      loop_.reader().Call(piece, call_, row, llvm::ConstantPointerNull::get(f_.ptr), true);
    }
    walker_.GiveMissing();
  }

  // Some fields of one record; its number is the row.
  void WritePiece(llvm::Function* function, size_t first, size_t last) {
    CursorFunction in(unit_, function, CursorFunction::Number::Other);
    ColumnWriter columns(in.f(), unit_, in.reader(), stream_.registry, in.call());
    columns.set_row(in.f().ir().CreateZExt(in.number(), in.f().i64));
    in.reader().set_guesses(0);
    RecordWalker walker(in.f(), unit_, in.reader(), slots_, columns, paths_);
    in.set_field([&] { return walker.current_field(); });
    walker.WalkFields(first, last);
    in.Return();
  }

  DecodeUnit& unit_;
  const plan::Stream& stream_;
  const SlotTree slots_;
  FunctionBuilder f_;
  llvm::Value* call_;
  DecodeLoop loop_;
  ColumnWriter columns_;
  RecordWalker walker_;
  std::vector<std::string>* paths_;
};

}  // namespace

LoweredDecoder LowerDecoder(llvm::Module& module, ModuleState& state, const plan::Stream& stream,
                            const avro::Resolution& resolution) {
  DecodeUnit unit(module, state, resolution);
  LoweredDecoder lowered;
  if (unit.too_large()) {
    lowered.problem = "the schema of the data is too large to compile a decoder for";
    lowered.too_large = true;
    return lowered;
  }
  llvm::Function* function = NewEntryPoint(module, "decode", 1);
  WriteDescriptor(module, RULERT_MODULE_DECODER, function);
  DecoderWriter(function, unit, stream, &lowered.field_paths).Write();
  unit.Finish();
  lowered.problem = unit.problem();
  return lowered;
}

}  // namespace rulec::lower
