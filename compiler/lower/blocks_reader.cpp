#include "compiler/lower/blocks_reader.h"

#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

// The frame of both: `sized` makes the code for a block whose size is given (i64, within the bytes that are left) and
// returns whether its items are read; `counted` that for the items of any block.
class Blocks {
 public:
  explicit Blocks(CursorFunction& in) : in_(in), f_(in.f()), reader_(in.reader()) {
    left_ = f_.Local(f_.i64, "left");
    block_end_ = f_.Local(f_.ptr, "block_end");
  }

  void Write(bool skip_sized, const std::function<void(llvm::Value*)>& begin_block, const std::function<void()>* item) {
    auto& ir = f_.ir();
    llvm::BasicBlock* next_block = f_.NewBlock("next_block");
    llvm::BasicBlock* sized = f_.NewBlock("sized");
    llvm::BasicBlock* plain = f_.NewBlock("plain");
    llvm::BasicBlock* begin = f_.NewBlock("begin");
    llvm::BasicBlock* done = f_.NewBlock("done");
    auto* none = llvm::ConstantPointerNull::get(f_.ptr);
    f_.Jump(next_block);
    f_.Enter(next_block);
    reader_.set_pending(0);
    llvm::Value* count = reader_.ReadLong();
    reader_.CheckBounds();
    f_.Store(left_, count);
    f_.Branch(ir.CreateICmpSLT(count, f_.Int64(0)), sized, plain, Weight::Unlikely);

    f_.Enter(sized);
    llvm::Value* size = reader_.ReadLong();
    reader_.CheckBounds();
    reader_.Require(ir.CreateICmpULE(size, BytesLeft()), RULERT_DECODE_LENGTH);
    llvm::Value* behind = f_.Address(reader_.Cursor(), size);
    if (skip_sized) {
      reader_.SetCursor(behind);
      f_.Jump(next_block);
    } else {
      f_.Store(left_, ir.CreateNeg(count));
      f_.Store(block_end_, behind);
      f_.Jump(begin);
    }

    f_.Enter(plain);
    f_.Store(block_end_, none);
    f_.Branch(ir.CreateICmpEQ(count, f_.Int64(0)), done, begin);

    f_.Enter(begin);
    if (begin_block) begin_block(f_.Load(left_));
    if (item) {
      Items(skip_sized, *item, next_block);
    } else {
      f_.Jump(next_block);
    }
    f_.Enter(done);
    reader_.set_pending(0);
  }

 private:
  llvm::Value* BytesLeft() { return f_.ir().CreatePtrDiff(f_.i8, in_.end(), reader_.Cursor()); }

  void Items(bool skip_sized, const std::function<void()>& item, llvm::BasicBlock* next_block) {
    auto& ir = f_.ir();
    llvm::BasicBlock* items = f_.NewBlock("items");
    llvm::BasicBlock* one = f_.NewBlock("item");
    llvm::BasicBlock* behind = f_.NewBlock("items_end");
    f_.Jump(items);
    f_.Enter(items);
    f_.Branch(ir.CreateICmpEQ(f_.Load(left_), f_.Int64(0)), behind, one);
    f_.Enter(one);
    reader_.set_pending(0);
    item();
    reader_.CheckBounds();
    f_.Store(left_, ir.CreateSub(f_.Load(left_), f_.Int64(1)));
    f_.Jump(items);
    f_.Enter(behind);
    if (!skip_sized) {
      llvm::Value* end = f_.Load(block_end_);
      llvm::Value* unknown = ir.CreateICmpEQ(end, llvm::ConstantPointerNull::get(f_.ptr));
      reader_.Require(ir.CreateOr(unknown, ir.CreateICmpEQ(end, reader_.Cursor())), RULERT_DECODE_LENGTH);
    }
    f_.Jump(next_block);
  }

  CursorFunction& in_;
  FunctionBuilder& f_;
  WireReader& reader_;
  llvm::AllocaInst* left_;
  llvm::AllocaInst* block_end_;
};

}  // namespace

void ReadBlocks(CursorFunction& in, const std::function<void(llvm::Value* count)>& begin_block,
                const std::function<void()>& item) {
  Blocks(in).Write(false, begin_block, &item);
}

void SkipBlocks(DecodeUnit& unit, CursorFunction& in, const avro::Schema& type) {
  const bool is_map = type.kind == avro::Kind::Map;
  // Values that take no bytes are stepped over at once; more than this are no data of anyone.
  constexpr uint64_t kMostNothings = uint64_t{1} << 28;
  const auto few = [&](llvm::Value* count) {
    in.reader().Require(in.f().ir().CreateICmpULE(count, in.f().Int64(kMostNothings)), RULERT_DECODE_MEMORY);
  };
  if (!is_map && unit.shape(*type.items).no_bytes) return Blocks(in).Write(true, few, nullptr);
  const std::function<void()> item = [&] {
    if (is_map) in.reader().ReadBytes();
    in.reader().Skip(*type.items);
  };
  Blocks(in).Write(true, {}, &item);
}

}  // namespace rulec::lower
