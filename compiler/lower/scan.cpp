#include <set>

#include "compiler/lower/decode_loop.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/module_descriptor.h"
#include "compiler/lower/row_emitter.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

void CollectSlots(const plan::Rule& rule, plan::ExprId id, const plan::Stream& stream, std::set<plan::SlotId>& slots) {
  const plan::Expr& expr = rule.exprs[id];
  if (expr.op == plan::Op::Slot) slots.insert(expr.index);
  if (expr.op == plan::Op::EventTime && stream.time) slots.insert(*stream.time);
  for (plan::ExprId operand : expr.operands) CollectSlots(rule, operand, stream, slots);
}

// Can a value be left where it stands until it is needed? Only what stepping over it has checked already: else a
// malformed record would be told or not by whether the rule looks at it.
bool CanWait(const avro::Schema& type) {
  if (type.kind == avro::Kind::Union) {
    for (const avro::Schema* branch : type.branches) {
      if (branch->kind != avro::Kind::Null && !CanWait(*branch)) return false;
    }
    return true;
  }
  const bool exact = type.logical != avro::Logical::TimestampMillis && type.logical != avro::Logical::TimestampNanos;
  return (type.kind == avro::Kind::Long && exact) || type.kind == avro::Kind::Double || type.kind == avro::Kind::String;
}

// The record at hand: fields that conditions test are read on the way, of the others only the place is kept.
class RecordFields : public LeafHandler, public RowSource {
 public:
  RecordFields(FunctionBuilder& f, DecodeLoop& loop, const plan::Stream& stream, std::set<plan::SlotId> tested)
      : f_(f), loop_(loop), stream_(stream), tested_(std::move(tested)) {}

  void OnLeaf(plan::SlotId slot, const avro::Schema& type) override {
    Field& field = fields_[slot];
    field.type = &type;
    const rulert::ColumnSpec& column = stream_.registry.slots()[slot].column;
    if (!tested_.contains(slot) && CanWait(type)) {
      field.place = f_.Local(f_.ptr, "place");
      f_.Store(field.place, loop_.reader().Cursor());
      loop_.reader().Skip(type);
    } else {
      field.value = ReadLeaf(f_, loop_.reader(), type, column, loop_.fail());
    }
  }

  Value Slot(plan::SlotId slot) override {
    Field& field = fields_.at(slot);
    if (!field.place) return field.value;
    llvm::AllocaInst* cursor = f_.Local(f_.ptr, "at");
    f_.Store(cursor, f_.Load(field.place));
    WireReader reader(f_, cursor, loop_.end(), loop_.fail(), WireReader::Use::Single);
    return ReadLeaf(f_, reader, *field.type, stream_.registry.slots()[slot].column, loop_.fail());
  }

  llvm::Value* EventTime() override { return stream_.time ? Slot(*stream_.time).value : f_.Int64(0); }

 private:
  struct Field {
    const avro::Schema* type = nullptr;
    Value value;
    llvm::AllocaInst* place = nullptr;
  };
  FunctionBuilder& f_;
  DecodeLoop& loop_;
  const plan::Stream& stream_;
  std::set<plan::SlotId> tested_;
  std::map<plan::SlotId, Field> fields_;
};

}  // namespace

std::vector<std::string> LowerScan(llvm::Module& module, ModuleState& state, const plan::Program& program,
                                   const plan::Rule& rule, const avro::Schema& writer) {
  llvm::Function* function = NewEntryPoint(module, "scan", 2);
  WriteDescriptor(module, RULERT_MODULE_SCAN, function);
  FunctionBuilder f(function, state);
  const plan::Stream& stream = program.streams[rule.stream];

  std::set<plan::SlotId> tested;
  for (plan::ExprId condition : rule.filter.conditions) CollectSlots(rule, condition, stream, tested);
  DecodeLoop loop(f, function->getArg(0));
  RecordFields fields(f, loop, stream, std::move(tested));
  RowEmitter emitter(f, program, rule, function->getArg(1));
  const ExprFacts facts(rule);

  // All slots of the stream are checked, not only the rule's: a malformed field is told as D would tell it.
  SlotPaths slots;
  for (size_t i = 0; i < stream.registry.slots().size(); ++i) {
    slots[stream.registry.slots()[i].path] = static_cast<plan::SlotId>(i);
  }
  RecordWalker walker(loop.reader(), slots, fields);
  loop.Run(
      writer, walker,
      [&] {
        emitter.EmitRow(facts, fields, rule.filter.conditions, loop.row(), loop.next_row());
        // EmitRow has ended its last block; the loop's own jump goes into one that nothing reaches.
        f.Enter(f.NewBlock("unreached"));
      },
      [&] { emitter.Finish(); });
  return walker.field_paths();
}

}  // namespace rulec::lower
