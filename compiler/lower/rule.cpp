#include <numeric>

#include <llvm/IR/Intrinsics.h>

#include "compiler/lower/lower.h"
#include "compiler/lower/module_descriptor.h"
#include "compiler/lower/row_emitter.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

// Rows that are compared at once by the leading conditions.
constexpr unsigned kLanes = 16;

// Fields from the columns of a batch: of one row, or of kLanes rows from `row` on.
class BatchRows : public RowSource {
 public:
  BatchRows(FunctionBuilder& f, const plan::Stream& stream, llvm::Value* batch, unsigned lanes)
      : f_(f), stream_(stream), batch_(batch), lanes_(lanes) {}

  void set_row(llvm::Value* row) { row_ = row; }

  Value Slot(plan::SlotId slot) override {
    auto [known, is_new] = columns_.try_emplace(slot);
    if (is_new) {
      known->second = f_.InEntry([&] {
        llvm::Value* columns = f_.Member(batch_, offsetof(rulert_batch, columns), f_.ptr, "columns");
        return LoadColumnPointers(f_, columns, slot, stream_.registry.slots()[slot].column);
      });
    }
    return lanes_ == 0 ? LoadColumn(f_, known->second, row_) : LoadColumnLanes(f_, known->second, row_, lanes_);
  }

  llvm::Value* EventTime() override {
    if (stream_.output) return OfRow(times_, offsetof(rulert_batch, times), f_.Int64(0));
    if (!stream_.time) return Spread(f_.Int64(0));
    return Slot(*stream_.time).value;
  }

  llvm::Value* Present(plan::SlotId slot) override {
    llvm::Value* present = f_.InEntry([&] {
      auto& ir = f_.ir();
      llvm::Value* bits = f_.Member(batch_, offsetof(rulert_batch, present), f_.ptr, "present");
      llvm::Value* none = ir.CreateICmpEQ(bits, llvm::ConstantPointerNull::get(f_.ptr));
      // Without bits every field is there; what is read then does not matter.
      llvm::Value* readable = ir.CreateSelect(none, batch_, f_.Address(bits, slot / 64 * sizeof(uint64_t)));
      llvm::Value* word = f_.LoadUnaligned(f_.i64, readable);
      return ir.CreateOr(none, ir.CreateTrunc(ir.CreateLShr(word, f_.Int64(slot % 64)), f_.i1));
    });
    return Spread(present);
  }

  llvm::Value* OfBatch(plan::Op op) override {
    if (op == plan::Op::Partition) {
      return f_.InEntry([&] { return f_.Member(batch_, offsetof(rulert_batch, partition), f_.i32, "partition"); });
    }
    if (op == plan::Op::SchemaVersion) {
      return f_.InEntry([&] { return f_.Member(batch_, offsetof(rulert_batch, schema_version), f_.i64, "version"); });
    }
    llvm::Value* first =
        f_.InEntry([&] { return f_.Member(batch_, offsetof(rulert_batch, first_offset), f_.i64, "first_offset"); });
    return OfRow(offsets_, offsetof(rulert_batch, offsets), f_.ir().CreateAdd(first, row_));
  }

 private:
  llvm::Value* Spread(llvm::Value* value) { return lanes_ == 0 ? value : f_.ir().CreateVectorSplat(lanes_, value); }

  // An array of i64 by row that may be missing. Not in lanes, apart from the times of a derived stream.
  llvm::Value* OfRow(llvm::Value*& array, size_t member, llvm::Value* without) {
    auto& ir = f_.ir();
    if (!array) array = f_.InEntry([&] { return f_.Member(batch_, member, f_.ptr, "by_row"); });
    llvm::Value* none = ir.CreateICmpEQ(array, llvm::ConstantPointerNull::get(f_.ptr));
    // A row of what is always there is read instead.
    llvm::Value* readable = ir.CreateSelect(none, batch_, ir.CreateGEP(f_.i64, array, row_));
    if (lanes_ != 0) return LanesOfRow(array, none, without);
    return ir.CreateSelect(none, without, f_.LoadUnaligned(f_.i64, readable));
  }

  llvm::Value* LanesOfRow(llvm::Value* array, llvm::Value* none, llvm::Value* without) {
    auto& ir = f_.ir();
    auto* type = llvm::FixedVectorType::get(f_.i64, lanes_);
    llvm::AllocaInst* zeros = f_.Local(type, "without");
    f_.Store(zeros, Spread(without));
    llvm::Value* at = ir.CreateSelect(none, zeros, ir.CreateGEP(f_.i64, array, row_));
    return f_.LoadUnaligned(type, at);
  }

  FunctionBuilder& f_;
  const plan::Stream& stream_;
  llvm::Value* batch_;
  unsigned lanes_;
  llvm::Value* row_ = nullptr;
  llvm::Value* times_ = nullptr;
  llvm::Value* offsets_ = nullptr;
  std::map<plan::SlotId, ColumnPointers> columns_;
};

// Rows that may pass, in rising order: i16 numbers at `list`, `count` (i64) of them.
struct Candidates {
  llvm::Value* list;
  llvm::Value* count;
};

class RuleWriter {
 public:
  RuleWriter(llvm::Function* function, ModuleState& state, const plan::Program& program, const plan::Rule& rule)
      : f_(function, state),
        rule_(rule),
        stream_(program.streams[rule.stream]),
        facts_(rule),
        call_(function->getArg(0)),
        batch_(f_.InEntry([&] { return f_.Member(call_, offsetof(rulert_rule_call, batch), f_.ptr, "batch"); })),
        emitter_(f_, program, rule, call_) {
    // What stands before the first condition that can fail, and needs no branch, is tested for many rows at once.
    bool may_move = true;
    for (plan::ExprId condition : rule.filter.conditions) {
      if (may_move && facts_.in_lanes[condition]) {
        leading_.push_back(condition);
      } else {
        rest_.push_back(condition);
      }
      may_move = may_move && !facts_.can_fail[condition];
    }
  }

  void Write() {
    auto& ir = f_.ir();
    list_ = f_.Local(llvm::ArrayType::get(f_.i16, RULERT_BATCH_ROWS), "candidates");
    llvm::Value* selection = f_.Member(call_, offsetof(rulert_rule_call, selection), f_.ptr, "selection");
    llvm::BasicBlock* all = f_.NewBlock("all_rows");
    llvm::BasicBlock* selected = f_.NewBlock("selected_rows");
    llvm::BasicBlock* chosen = f_.NewBlock("candidates");
    f_.Branch(ir.CreateICmpEQ(selection, llvm::ConstantPointerNull::get(f_.ptr)), all, selected);

    f_.Enter(all);
    const Candidates of_all = leading_.empty() ? EveryRow() : TestInLanes();
    llvm::BasicBlock* from_all = ir.GetInsertBlock();
    f_.Jump(chosen);

    f_.Enter(selected);
    llvm::Value* next = ZExt(f_.Member(call_, offsetof(rulert_rule_call, next), f_.i32));
    llvm::Value* many = ZExt(f_.Member(call_, offsetof(rulert_rule_call, selected), f_.i32));
    Candidates of_selected{ir.CreateGEP(f_.i16, selection, next), ir.CreateSub(many, next)};
    if (!leading_.empty()) of_selected = TestOneByOne(of_selected);
    llvm::BasicBlock* from_selected = ir.GetInsertBlock();
    f_.Jump(chosen);

    f_.Enter(chosen);
    llvm::PHINode* list = ir.CreatePHI(f_.ptr, 2, "list");
    list->addIncoming(of_all.list, from_all);
    list->addIncoming(of_selected.list, from_selected);
    llvm::PHINode* count = ir.CreatePHI(f_.i64, 2, "count");
    count->addIncoming(of_all.count, from_all);
    count->addIncoming(of_selected.count, from_selected);
    EmitCandidates({list, count}, selection);
    emitter_.Finish();
    ir.CreateRetVoid();
  }

 private:
  llvm::Value* ZExt(llvm::Value* value) { return f_.ir().CreateZExt(value, f_.i64); }

  // `body` gets the index; the loop ends when it reaches `count`.
  void Loop(llvm::Value* count, uint64_t step, const std::function<void(llvm::Value*, llvm::BasicBlock*)>& body) {
    auto& ir = f_.ir();
    llvm::BasicBlock* from = ir.GetInsertBlock();
    llvm::BasicBlock* head = f_.NewBlock("loop");
    llvm::BasicBlock* inside = f_.NewBlock("inside");
    llvm::BasicBlock* next = f_.NewBlock("next");
    llvm::BasicBlock* done = f_.NewBlock("done");
    f_.Jump(head);
    f_.Enter(head);
    llvm::PHINode* index = ir.CreatePHI(f_.i64, 2, "index");
    index->addIncoming(f_.Int64(0), from);
    f_.Branch(ir.CreateICmpULT(index, count), inside, done);
    f_.Enter(inside);
    body(index, next);
    f_.Enter(next);
    index->addIncoming(ir.CreateAdd(index, f_.Int64(step)), next);
    f_.Jump(head);
    f_.Enter(done);
  }

  llvm::Value* BatchRowCount() { return ZExt(f_.Member(batch_, offsetof(rulert_batch, rows), f_.i32)); }

  Candidates EveryRow() {
    std::vector<uint16_t> numbers(RULERT_BATCH_ROWS);
    std::iota(numbers.begin(), numbers.end(), uint16_t{0});
    auto* values = llvm::ConstantDataArray::get(f_.module().getContext(), numbers);
    auto* table = new llvm::GlobalVariable(f_.module(), values->getType(), true, llvm::GlobalValue::PrivateLinkage,
                                           values, "every_row");
    return {table, BatchRowCount()};
  }

  void Append(llvm::AllocaInst* count, llvm::Value* row) {
    auto& ir = f_.ir();
    llvm::Value* at = f_.Load(count);
    ir.CreateStore(ir.CreateTrunc(row, f_.i16), ir.CreateGEP(f_.i16, list_, at));
    f_.Store(count, ir.CreateAdd(at, f_.Int64(1)));
  }

  Candidates TestInLanes() {
    auto& ir = f_.ir();
    llvm::AllocaInst* count = f_.Local(f_.i64, "candidate_count");
    f_.Store(count, f_.Int64(0));
    llvm::Value* rows = BatchRowCount();
    BatchRows source(f_, stream_, batch_, kLanes);
    ParamValues params(
        f_, rule_, f_.InEntry([&] { return f_.Member(call_, offsetof(rulert_rule_call, params), f_.ptr, "params"); }),
        kLanes);
    Loop(rows, kLanes, [&](llvm::Value* first, llvm::BasicBlock* next) {
      source.set_row(first);
      ExprLowering lowering(f_, rule_, facts_, source, params, nullptr, nullptr, kLanes);
      llvm::Value* pass = lowering.LowerCondition(leading_[0]);
      for (size_t i = 1; i < leading_.size(); ++i) pass = ir.CreateAnd(pass, lowering.LowerCondition(leading_[i]));
      llvm::Type* mask_type = ir.getIntNTy(kLanes);
      llvm::Value* mask = ZExt(ir.CreateBitCast(pass, mask_type));
      // Lanes behind the last row hold nothing.
      llvm::Value* left = ir.CreateSub(rows, first);
      llvm::Value* behind = ir.CreateShl(f_.Int64(~0ull), left);
      llvm::Value* full = ir.CreateICmpUGE(left, f_.Int64(kLanes));
      mask = ir.CreateSelect(full, mask, ir.CreateAnd(mask, ir.CreateNot(ir.CreateFreeze(behind))));
      AppendBits(mask, first, count, next);
    });
    return {list_, f_.Load(count)};
  }

  void AppendBits(llvm::Value* mask, llvm::Value* first, llvm::AllocaInst* count, llvm::BasicBlock* next) {
    auto& ir = f_.ir();
    llvm::BasicBlock* from = ir.GetInsertBlock();
    llvm::BasicBlock* bit = f_.NewBlock("bit");
    f_.Branch(ir.CreateICmpEQ(mask, f_.Int64(0)), next, bit);
    f_.Enter(bit);
    llvm::PHINode* left = ir.CreatePHI(f_.i64, 2);
    left->addIncoming(mask, from);
    Append(count, ir.CreateAdd(first, ir.CreateIntrinsic(llvm::Intrinsic::cttz, {f_.i64}, {left, ir.getTrue()})));
    llvm::Value* rest = ir.CreateAnd(left, ir.CreateSub(left, f_.Int64(1)));
    left->addIncoming(rest, ir.GetInsertBlock());
    f_.Branch(ir.CreateICmpEQ(rest, f_.Int64(0)), next, bit);
  }

  Candidates TestOneByOne(const Candidates& given) {
    auto& ir = f_.ir();
    llvm::AllocaInst* count = f_.Local(f_.i64, "candidate_count");
    f_.Store(count, f_.Int64(0));
    BatchRows source(f_, stream_, batch_, 0);
    Loop(given.count, 1, [&](llvm::Value* index, llvm::BasicBlock* next) {
      llvm::Value* row = ZExt(ir.CreateLoad(f_.i16, ir.CreateGEP(f_.i16, given.list, index)));
      source.set_row(row);
      ExprLowering lowering(f_, rule_, facts_, source, emitter_.params(), &emitter_.memory(), nullptr);
      for (plan::ExprId condition : leading_) {
        llvm::BasicBlock* pass = f_.NewBlock("pass");
        f_.Branch(lowering.LowerCondition(condition), pass, next);
        f_.Enter(pass);
      }
      Append(count, row);
      f_.Jump(next);
    });
    return {list_, f_.Load(count)};
  }

  void EmitCandidates(const Candidates& candidates, llvm::Value* selection) {
    auto& ir = f_.ir();
    BatchRows source(f_, stream_, batch_, 0);
    llvm::BasicBlock* full = rule_.expand ? f_.NewBlock("full") : nullptr;
    llvm::Value* first_row = nullptr;  // of a call that goes on with all rows
    if (rule_.expand) {
      llvm::Value* next = ZExt(f_.Member(call_, offsetof(rulert_rule_call, next), f_.i32));
      llvm::Value* all = ir.CreateICmpEQ(selection, llvm::ConstantPointerNull::get(f_.ptr));
      first_row = ir.CreateSelect(all, next, f_.Int64(0));
    }
    llvm::AllocaInst* at = f_.Local(f_.i64, "row");
    Loop(candidates.count, 1, [&](llvm::Value* index, llvm::BasicBlock* next) {
      llvm::Value* row = ZExt(ir.CreateLoad(f_.i16, ir.CreateGEP(f_.i16, candidates.list, index)));
      source.set_row(row);
      if (rule_.expand) {
        f_.Store(at, row);
        llvm::BasicBlock* wanted = f_.NewBlock("row_wanted");
        f_.Branch(ir.CreateICmpUGE(row, first_row), wanted, next, Weight::Likely);
        f_.Enter(wanted);
      }
      emitter_.EmitRow(facts_, source, rest_, row, next, full);
    });
    f_.SetMember(call_, offsetof(rulert_rule_call, next),
                 f_.Member(call_, offsetof(rulert_rule_call, selected), f_.i32));
    if (!rule_.expand) return;
    f_.SetMember(call_, offsetof(rulert_rule_call, next_item), f_.Int32(0));
    llvm::BasicBlock* done = f_.NewBlock("rows_done");
    f_.Jump(done);
    f_.Enter(full);
    f_.SetMember(call_, offsetof(rulert_rule_call, next), ir.CreateTrunc(IndexOfRow(selection, f_.Load(at)), f_.i32));
    f_.Jump(done);
    f_.Enter(done);
  }

  // Where in the selection, from rulert_rule_call::next on, a row stands; without selection the row itself.
  llvm::Value* IndexOfRow(llvm::Value* selection, llvm::Value* row) {
    auto& ir = f_.ir();
    llvm::Value* next = ZExt(f_.Member(call_, offsetof(rulert_rule_call, next), f_.i32));
    llvm::BasicBlock* from = ir.GetInsertBlock();
    llvm::BasicBlock* look = f_.NewBlock("look");
    llvm::BasicBlock* found = f_.NewBlock("found_row");
    f_.Branch(ir.CreateICmpEQ(selection, llvm::ConstantPointerNull::get(f_.ptr)), found, look);
    f_.Enter(look);
    llvm::PHINode* index = ir.CreatePHI(f_.i64, 2);
    index->addIncoming(next, from);
    llvm::Value* selected = ZExt(ir.CreateLoad(f_.i16, ir.CreateGEP(f_.i16, selection, index)));
    index->addIncoming(ir.CreateAdd(index, f_.Int64(1)), look);
    f_.Branch(ir.CreateICmpEQ(selected, row), found, look);
    f_.Enter(found);
    llvm::PHINode* result = ir.CreatePHI(f_.i64, 2);
    result->addIncoming(row, from);
    result->addIncoming(index, look);
    return result;
  }

  FunctionBuilder f_;
  const plan::Rule& rule_;
  const plan::Stream& stream_;
  ExprFacts facts_;
  llvm::Value* call_;
  llvm::Value* batch_;
  RowEmitter emitter_;
  llvm::AllocaInst* list_ = nullptr;
  std::vector<plan::ExprId> leading_;
  std::vector<plan::ExprId> rest_;
};

}  // namespace

void LowerRule(llvm::Module& module, ModuleState& state, const plan::Program& program, const plan::Rule& rule) {
  llvm::Function* function = NewEntryPoint(module, "process", 1);
  WriteDescriptor(module, RULERT_MODULE_RULE, function);
  RuleWriter(function, state, program, rule).Write();
}

}  // namespace rulec::lower
