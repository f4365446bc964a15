#include <set>

#include "compiler/lower/constant_cells.h"
#include "compiler/lower/decode_loop.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/module_descriptor.h"
#include "compiler/lower/record_walker.h"
#include "compiler/lower/row_emitter.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

using ActionKind = avro::Resolution::Kind;

namespace {

void CollectSlots(const plan::Rule& rule, plan::ExprId id, const plan::Stream& stream, std::set<plan::SlotId>& slots) {
  const plan::Expr& expr = rule.exprs[id];
  if (expr.op == plan::Op::Slot) slots.insert(expr.index);
  if (expr.op == plan::Op::EventTime && stream.time) slots.insert(*stream.time);
  for (plan::ExprId operand : expr.operands) CollectSlots(rule, operand, stream, slots);
}

// Can a value be left where it stands until it is needed? Only what stepping over it has checked already: else a
// malformed record would be told or not by whether the rule looks at it.
enum class Wait : uint8_t { No, Skipped, Read };

Wait Both(Wait a, Wait b) {
  if (a == Wait::No || b == Wait::No) return Wait::No;
  return a == Wait::Read ? a : b;
}

Wait CanWait(const avro::Resolution& resolution, avro::ActionId id) {
  const avro::Resolution::Action& action = resolution.action(id);
  switch (action.kind) {
    case ActionKind::WriterUnion: {
      Wait wait = Wait::Skipped;
      for (const avro::ActionId branch : action.branches) wait = Both(wait, CanWait(resolution, branch));
      return wait;
    }
    case ActionKind::ReaderUnion: return CanWait(resolution, action.inner);
    case ActionKind::Value: break;
    default: return Wait::No;
  }
  if (action.reader->logical != avro::Logical::None && action.reader->logical != avro::Logical::TimestampMicros) {
    return Wait::No;
  }
  // The UTF-8 of a text is looked at when it is met.
  if (action.reader->kind == avro::Kind::String || action.writer->kind == avro::Kind::String) return Wait::Read;
  return Wait::Skipped;
}

// The record at hand: fields that conditions test are read on the way, of the others only the place is kept.
class RecordFields : public LeafHandler, public RowSource {
 public:
  RecordFields(FunctionBuilder& f, DecodeUnit& unit, DecodeLoop& loop, const plan::Stream& stream, llvm::Value* call,
               std::set<plan::SlotId> tested)
      : f_(f),
        unit_(unit),
        loop_(loop),
        stream_(stream),
        call_(call),
        values_(f, unit, loop.reader(), call),
        tested_(std::move(tested)) {}
  void set_walker(const RecordWalker* walker) { walker_ = walker; }

  void OnLeaf(plan::SlotId slot, avro::ActionId action) override {
    const Wait wait = walker_->in_branch() || tested_.contains(slot) ? Wait::No : CanWait(unit_.resolution(), action);
    if (wait == Wait::No) return Keep(slot, values_.Read(action, Spec(slot)));
    Field& field = fields_[slot];
    field.action = action;
    field.place = f_.Local(f_.ptr, "place");
    f_.Store(field.place, loop_.reader().Cursor());
    if (wait == Wait::Skipped) {
      loop_.reader().Skip(*unit_.resolution().action(action).writer);
    } else {
      values_.Read(action, Spec(slot));  // for its checks; what the value alone needs falls away
    }
  }

  void OnMissing(plan::SlotId slot, const avro::Datum& datum, const avro::Schema& type) override {
    Keep(slot, ConstantCell(f_, unit_, datum, type, Spec(slot)));
  }

  Value Slot(plan::SlotId slot) override {
    Field& field = fields_.at(slot);
    if (field.value_local) return Load(field);
    if (!field.place) return field.value;
    llvm::AllocaInst* cursor = f_.Local(f_.ptr, "at");
    f_.Store(cursor, f_.Load(field.place));
    WireReader reader(f_, unit_, cursor, loop_.end(), loop_.fail(), WireReader::Use::Single);
    return ValueReader(f_, unit_, reader, call_).Read(field.action, Spec(slot));
  }

  llvm::Value* EventTime() override { return stream_.time ? Slot(*stream_.time).value : f_.Int64(0); }
  llvm::Value* Present(plan::SlotId slot) override {
    return f_.ir().getInt1(avro::IsWritten(unit_.resolution(), stream_.registry.slots()[slot].path));
  }
  llvm::Value* OfBatch(plan::Op) override { llvm_unreachable("plan::CanScan is false for such rules"); }

 private:
  struct Field {
    avro::ActionId action = 0;
    Value value;
    llvm::AllocaInst* place = nullptr;
    // Of what stands on one of several ways.
    llvm::AllocaInst* value_local = nullptr;
    llvm::AllocaInst* high_local = nullptr;
    llvm::AllocaInst* valid_local = nullptr;
  };

  const rulert::ColumnSpec& Spec(plan::SlotId slot) const { return stream_.registry.slots()[slot].column; }

  void Keep(plan::SlotId slot, const Value& value) {
    Field& field = fields_[slot];
    if (!walker_->in_branch()) {
      field.value = value;
      return;
    }
    if (!field.value_local) {
      field.value_local = f_.Local(value.value->getType(), "value");
      if (value.high) field.high_local = f_.Local(value.high->getType(), "high");
      if (value.valid) field.valid_local = f_.Local(f_.i1, "valid");
    }
    f_.Store(field.value_local, value.value);
    if (value.high) f_.Store(field.high_local, value.high);
    if (value.valid) f_.Store(field.valid_local, value.valid);
  }

  Value Load(const Field& field) {
    return {f_.Load(field.value_local), field.high_local ? f_.Load(field.high_local) : nullptr,
            field.valid_local ? f_.Load(field.valid_local) : nullptr};
  }

  FunctionBuilder& f_;
  DecodeUnit& unit_;
  DecodeLoop& loop_;
  const plan::Stream& stream_;
  llvm::Value* call_;
  ValueReader values_;
  const RecordWalker* walker_ = nullptr;
  std::set<plan::SlotId> tested_;
  std::map<plan::SlotId, Field> fields_;
};

// With more of them the loop holds too much at once.
constexpr size_t kMostSlots = 64;

}  // namespace

LoweredDecoder LowerScan(llvm::Module& module, ModuleState& state, const plan::Program& program, const plan::Rule& rule,
                         const avro::Resolution& resolution) {
  const plan::Stream& stream = program.streams[rule.stream];
  LoweredDecoder lowered;
  if (stream.registry.slots().size() > kMostSlots) {
    lowered.problem = "the stream has too many fields in use for one loop";
    return lowered;
  }
  DecodeUnit unit(module, state, resolution);
  if (unit.too_large()) {
    lowered.problem = "the schema of the data is too large to compile";
    return lowered;
  }
  llvm::Function* function = NewEntryPoint(module, "scan", 2);
  WriteDescriptor(module, RULERT_MODULE_SCAN, function);
  FunctionBuilder f(function, state);

  std::set<plan::SlotId> tested;
  for (plan::ExprId condition : rule.filter.conditions) CollectSlots(rule, condition, stream, tested);
  if (stream.time) tested.insert(*stream.time);  // every row's time counts
  DecodeLoop loop(f, unit, function->getArg(0));
  RecordFields fields(f, unit, loop, stream, function->getArg(0), std::move(tested));
  RowEmitter emitter(f, program, rule, function->getArg(1));
  const ExprFacts facts(rule);

  // All slots of the stream are checked, not only the rule's: a malformed field is told as D would tell it.
  const SlotTree slots = TreeOfSlots(stream.registry);
  RecordWalker walker(f, unit, loop.reader(), slots, fields, &lowered.field_paths);
  fields.set_walker(&walker);
  llvm::AllocaInst* latest = stream.time ? f.Local(f.i64, "latest") : nullptr;
  if (latest) f.Store(latest, f.Member(function->getArg(0), offsetof(rulert_decode, latest_time), f.i64));
  loop.set_field([&] { return walker.current_field(); });
  loop.Run([&] { walker.Walk(); },
           [&] {
             if (latest) {
               f.Store(latest, f.ir().CreateBinaryIntrinsic(llvm::Intrinsic::smax, f.Load(latest), fields.EventTime()));
             }
             emitter.EmitRow(facts, fields, rule.filter.conditions, loop.row(), loop.next_row());
             // EmitRow has ended its last block; the loop's own jump goes into one that nothing reaches.
             f.Enter(f.NewBlock("unreached"));
           },
           [&] {
             if (latest) f.SetMember(function->getArg(0), offsetof(rulert_decode, latest_time), f.Load(latest));
             emitter.Finish();
           });
  unit.Finish();
  lowered.problem = unit.problem();
  return lowered;
}

}  // namespace rulec::lower
