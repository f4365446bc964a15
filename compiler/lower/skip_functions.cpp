#include "compiler/lower/skip_functions.h"

#include <set>

#include "compiler/lower/wire_reader.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

constexpr uint32_t kDepthLimit = 1000;

bool Reaches(const avro::Schema& from, const avro::Schema& target, std::set<const avro::Schema*>& seen) {
  auto step = [&](const avro::Schema* next) {
    if (next == &target) return true;
    return seen.insert(next).second && Reaches(*next, target, seen);
  };
  for (const avro::Field& field : from.fields) {
    if (step(field.type)) return true;
  }
  for (const avro::Schema* branch : from.branches) {
    if (step(branch)) return true;
  }
  return from.items != nullptr && step(from.items);
}

bool ContainsItself(const avro::Schema& type) {
  std::set<const avro::Schema*> seen;
  return type.kind == avro::Kind::Record && Reaches(type, type, seen);
}

// Does a value of `type` take no bytes at all? Then any number of them is stepped over at once.
bool TakesNoBytes(const avro::Schema& type, unsigned depth = 0) {
  if (type.kind == avro::Kind::Null) return true;
  if (type.kind == avro::Kind::Fixed) return type.size == 0;
  if (type.kind != avro::Kind::Record || depth > 256) return false;
  for (const avro::Field& field : type.fields) {
    if (!TakesNoBytes(*field.type, depth + 1)) return false;
  }
  return true;
}

class SkipWriter {
 public:
  SkipWriter(llvm::Function* function, ModuleState& state, const avro::Schema& type)
      : f_(function, state),
        type_(type),
        cursor_(f_.Local(f_.ptr, "cursor")),
        reader_(f_, cursor_, function->getArg(1), [this](llvm::Value* code) { GiveError(code); }) {}

  void Write() {
    f_.Store(cursor_, f_.function()->getArg(0));
    llvm::BasicBlock* deep = f_.NewBlock("too_deep");
    f_.Require(f_.ir().CreateICmpULT(f_.function()->getArg(2), f_.Int32(kDepthLimit)), deep, "deep_enough");
    {
      llvm::IRBuilder<>::InsertPointGuard guard(f_.ir());
      f_.Enter(deep);
      GiveError(f_.Int32(RULERT_DECODE_DEPTH));
    }
    if (type_.kind == avro::Kind::Record) {
      for (const avro::Field& field : type_.fields) SkipNested(*field.type);
    } else {
      WriteBlocks();
    }
    reader_.CheckBounds();
    Give(reader_.Cursor(), f_.Int32(RULERT_DECODE_OK));
  }

 private:
  void Give(llvm::Value* next, llvm::Value* code) {
    auto& ir = f_.ir();
    llvm::Value* result = llvm::PoisonValue::get(f_.function()->getReturnType());
    result = ir.CreateInsertValue(result, next, 0);
    ir.CreateRet(ir.CreateInsertValue(result, code, 1));
  }
  void GiveError(llvm::Value* code) { Give(llvm::ConstantPointerNull::get(f_.ptr), code); }

  // A part of this value: one level deeper if it has a function of its own.
  void SkipNested(const avro::Schema& type) {
    if (!NeedsSkipFunction(type)) {
      if (type.kind == avro::Kind::Record) {
        for (const avro::Field& field : type.fields) SkipNested(*field.type);
      } else if (type.kind == avro::Kind::Union) {
        SkipNestedUnion(type);
      } else {
        reader_.Skip(type);
      }
      return;
    }
    auto& ir = f_.ir();
    reader_.CheckBounds();
    llvm::Value* depth = ir.CreateAdd(f_.function()->getArg(2), f_.Int32(1));
    llvm::Value* result = ir.CreateCall(SkipFunction(f_, type), {reader_.Cursor(), f_.function()->getArg(1), depth});
    llvm::Value* next = ir.CreateExtractValue(result, 0);
    llvm::BasicBlock* failed = f_.NewBlock("failed");
    f_.Require(ir.CreateICmpNE(next, llvm::ConstantPointerNull::get(f_.ptr)), failed, "skipped");
    {
      llvm::IRBuilder<>::InsertPointGuard guard(ir);
      f_.Enter(failed);
      ir.CreateRet(result);
    }
    reader_.SetCursor(next);
  }

  void SkipNestedUnion(const avro::Schema& type) {
    auto& ir = f_.ir();
    const auto count = static_cast<uint32_t>(type.branches.size());
    llvm::Value* branch = reader_.ReadIndex(count, RULERT_DECODE_BRANCH);
    reader_.CheckBounds();
    llvm::BasicBlock* on = f_.NewBlock("union");
    llvm::SwitchInst* choice = ir.CreateSwitch(branch, on, count);
    for (uint32_t i = 0; i < count; ++i) {
      llvm::BasicBlock* block = f_.NewBlock("branch");
      choice->addCase(f_.Int32(i), block);
      f_.Enter(block);
      SkipNested(*type.branches[i]);
      reader_.CheckBounds();
      f_.Jump(on);
    }
    f_.Enter(on);
  }

  // Arrays and maps: blocks of a count and items; a negative count is followed by the block's size in bytes.
  void WriteBlocks() {
    auto& ir = f_.ir();
    llvm::AllocaInst* left = f_.Local(f_.i64, "left");
    llvm::BasicBlock* next_block = f_.NewBlock("next_block");
    llvm::BasicBlock* sized = f_.NewBlock("sized");
    llvm::BasicBlock* counted = f_.NewBlock("counted");
    llvm::BasicBlock* items = f_.NewBlock("items");
    llvm::BasicBlock* item = f_.NewBlock("item");
    llvm::BasicBlock* done = f_.NewBlock("done");
    f_.Jump(next_block);

    f_.Enter(next_block);
    reader_.set_pending(0);
    llvm::Value* count = reader_.ReadLong();
    reader_.CheckBounds();
    f_.Branch(ir.CreateICmpSLT(count, f_.Int64(0)), sized, counted, Weight::Unlikely);

    f_.Enter(sized);
    WriteSizedBlock();
    f_.Jump(next_block);

    f_.Enter(counted);
    reader_.set_pending(0);
    f_.Store(left, count);
    llvm::BasicBlock* some = f_.NewBlock("some");
    f_.Branch(ir.CreateICmpEQ(count, f_.Int64(0)), done, some);
    f_.Enter(some);
    const bool is_map = type_.kind == avro::Kind::Map;
    if (!is_map && TakesNoBytes(*type_.items)) {
      f_.Jump(next_block);
      item->eraseFromParent();
      items->eraseFromParent();
    } else {
      f_.Jump(items);
      f_.Enter(items);
      f_.Branch(ir.CreateICmpEQ(f_.Load(left), f_.Int64(0)), next_block, item);
      f_.Enter(item);
      reader_.set_pending(0);
      f_.Store(left, ir.CreateSub(f_.Load(left), f_.Int64(1)));
      if (is_map) reader_.ReadBytes();
      SkipNested(*type_.items);
      reader_.CheckBounds();
      f_.Jump(items);
    }
    f_.Enter(done);
    reader_.set_pending(0);
  }

  void WriteSizedBlock() {
    auto& ir = f_.ir();
    llvm::Value* size = reader_.ReadLong();
    reader_.CheckBounds();
    llvm::Value* room = ir.CreatePtrDiff(f_.i8, f_.function()->getArg(1), reader_.Cursor());
    llvm::BasicBlock* bad = f_.NewBlock("bad_size");
    f_.Require(ir.CreateICmpULE(size, room), bad, "good_size");
    {
      llvm::IRBuilder<>::InsertPointGuard guard(ir);
      f_.Enter(bad);
      GiveError(f_.Int32(RULERT_DECODE_LENGTH));
    }
    reader_.SetCursor(f_.Address(reader_.Cursor(), size));
  }

  FunctionBuilder f_;
  const avro::Schema& type_;
  llvm::AllocaInst* cursor_;
  WireReader reader_;
};

}  // namespace

bool NeedsSkipFunction(const avro::Schema& type) {
  return type.kind == avro::Kind::Array || type.kind == avro::Kind::Map || ContainsItself(type);
}

llvm::Function* SkipFunction(FunctionBuilder& outer, const avro::Schema& type) {
  llvm::Function*& known = outer.state().skip_functions[&type];
  if (known) return known;
  auto* result = llvm::StructType::get(outer.ptr, outer.i32);
  auto* signature = llvm::FunctionType::get(result, {outer.ptr, outer.ptr, outer.i32}, false);
  auto* function = llvm::Function::Create(signature, llvm::Function::InternalLinkage, "skip", outer.module());
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::NoInline);
  known = function;  // before its body, which may call it
  SkipWriter(function, outer.state(), type).Write();
  return function;
}

}  // namespace rulec::lower
