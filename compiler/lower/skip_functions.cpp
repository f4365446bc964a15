#include "compiler/lower/skip_functions.h"

#include "compiler/lower/blocks_reader.h"
#include "compiler/lower/cursor_function.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

// Code grows with a record's width, and the time to compile a function faster than its code.
constexpr uint32_t kPieceWeight = 64;
// A function is entered anew for each value: a length seen in the one before is lost, but for items of a loop.
constexpr uint32_t kGuessesInLoop = 4;

void SkipBranches(DecodeUnit& unit, CursorFunction& in, const avro::Schema& type) {
  FunctionBuilder& f = in.f();
  auto& ir = f.ir();
  WireReader& reader = in.reader();
  llvm::Value* branch = reader.ReadIndex(static_cast<uint32_t>(type.branches.size()), RULERT_DECODE_BRANCH);
  llvm::BasicBlock* on = f.NewBlock("union");
  llvm::SwitchInst* choice = ir.CreateSwitch(branch, on, static_cast<unsigned>(type.branches.size()));
  const uint32_t before = reader.pending();
  for (size_t i = 0; i < type.branches.size(); ++i) {
    const avro::Schema& part = *type.branches[i];
    if (part.kind == avro::Kind::Null) continue;
    llvm::BasicBlock* block = f.NewBlock("branch");
    choice->addCase(f.Int32(static_cast<uint32_t>(i)), block);
    f.Enter(block);
    reader.set_pending(before);
    // The branches of a large union are functions, whatever their own size.
    if (unit.shape(part).cost() > 1) {
      reader.Call(unit.SkipFunction(part), in.call(), reader.Depth(), in.out());
    } else {
      reader.Skip(part);
    }
    reader.CheckBounds();
    f.Jump(on);
  }
  f.Enter(on);
  reader.set_pending(0);
}

}  // namespace

std::vector<size_t> FieldPieces(const DecodeUnit& unit, const avro::Schema& record, size_t first, size_t last) {
  std::vector<size_t> pieces = {first};
  uint32_t weight = 0;
  for (size_t i = first; i < last; ++i) {
    const uint32_t cost = unit.shape(*record.fields[i].type).cost();
    if (weight != 0 && weight + cost > kPieceWeight) {
      pieces.push_back(i);
      weight = 0;
    }
    weight += cost;
  }
  pieces.push_back(last);
  return pieces;
}

void WriteSkipFunction(DecodeUnit& unit, llvm::Function* function, const avro::Schema& type) {
  CursorFunction in(unit, function);
  WireReader& reader = in.reader();
  if (type.kind == avro::Kind::Record) {
    reader.set_guesses(0);
    reader.EnterLevel();
    const std::vector<size_t> pieces = FieldPieces(unit, type, 0, type.fields.size());
    if (pieces.size() == 2) {
      for (const avro::Field& field : type.fields) reader.Skip(*field.type);
    } else {
      for (size_t i = 0; i + 1 < pieces.size(); ++i) {
        reader.Call(unit.SkipFieldsFunction(type, pieces[i], pieces[i + 1]), in.call(), reader.Depth(), in.out());
      }
    }
  } else if (type.kind == avro::Kind::Union) {
    reader.set_guesses(0);
    SkipBranches(unit, in, type);
  } else {
    reader.set_guesses(kGuessesInLoop);
    reader.EnterLevel();
    SkipBlocks(unit, in, type);
  }
  in.Return();
}

void WriteSkipFieldsFunction(DecodeUnit& unit, llvm::Function* function, const avro::Schema& record, size_t first,
                             size_t last) {
  CursorFunction in(unit, function);
  in.reader().set_guesses(0);
  size_t i = first;
  in.set_field([&] { return static_cast<uint32_t>(i - first); });
  for (; i < last; ++i) {
    in.reader().Skip(*record.fields[i].type);
  }
  in.Return();
}

}  // namespace rulec::lower
