// The bodies of functions that write lists, maps, records and unions.
#include <algorithm>

#include "compiler/lower/value_writer.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

using rulert::ColumnKind;
using rulert::ColumnSpec;

WriteFunctionFrame::WriteFunctionFrame(EncodeUnit& unit, llvm::Function* function)
    : f_(function, unit.state()),
      at_(f_.Local(f_.ptr, "at")),
      writer_(f_, unit, at_, function->getArg(1), ValueWriter::Checks::EachValue, [this](llvm::Value* code) {
        // No room is nobody's fault.
        auto& ir = f_.ir();
        llvm::Value* unfit = ir.CreateICmpNE(code, f_.Int32(0));
        llvm::Value* told = ir.CreateAdd(code, f_.Int32(leaf_ << 8));
        Give(llvm::ConstantPointerNull::get(f_.ptr), ir.CreateSelect(unfit, told, f_.Int32(0)));
      }) {
  f_.Store(at_, function->getArg(0));
}

void WriteFunctionFrame::Return() { Give(f_.Load(at_), f_.Int32(0)); }

void WriteFunctionFrame::Give(llvm::Value* at, llvm::Value* code) {
  auto& ir = f_.ir();
  llvm::Value* result = ir.CreateInsertValue(llvm::PoisonValue::get(f_.function()->getReturnType()), at, 0);
  ir.CreateRet(ir.CreateInsertValue(result, code, 1));
}

namespace {

Value LoadCell(FunctionBuilder& f, const ColumnSpec& column, llvm::Value* address, llvm::Value* null_byte) {
  Value value = LoadValue(f, column.kind, address);
  if (column.nullable) {
    value.valid = f.ir().CreateICmpNE(f.ir().CreateLoad(f.i8, null_byte), f.ir().getInt8(0));
  }
  return value;
}

void WriteItems(WriteFunctionFrame& in, const avro::Schema& type, const ColumnSpec& column) {
  FunctionBuilder& f = in.f();
  auto& ir = f.ir();
  const ColumnSpec& element = column.children[0];
  const bool is_map = column.kind == ColumnKind::Map;
  const uint64_t width = rulert::ColumnWidth(element.kind);
  llvm::Value* length = ir.CreateZExt(ir.CreateLoad(f.i32, f.Address(in.from(), offsetof(rulert_list, length))), f.i64);
  llvm::Value* keys = ir.CreateLoad(f.ptr, f.Address(in.from(), offsetof(rulert_list, items)));
  llvm::Value* cells = is_map ? f.Address(keys, ir.CreateShl(length, f.Int64(4))) : keys;
  llvm::Value* null_bytes = f.Address(cells, ir.CreateMul(length, f.Int64(width)));
  llvm::BasicBlock* some = f.NewBlock("some");
  llvm::BasicBlock* loop = f.NewBlock("items");
  llvm::BasicBlock* item = f.NewBlock("item");
  llvm::BasicBlock* end = f.NewBlock("end");
  in.writer().RequireRoom(f.Int64(ValueWriter::kLeafMax));
  llvm::AllocaInst* next = f.Local(f.i64, "next");
  f.Store(next, f.Int64(0));
  f.Branch(ir.CreateICmpEQ(length, f.Int64(0)), end, some);
  f.Enter(some);
  in.writer().WriteLongNumber(length);
  f.Jump(loop);
  f.Enter(loop);
  llvm::Value* i = f.Load(next);
  f.Branch(ir.CreateICmpULT(i, length), item, end);
  f.Enter(item);
  if (is_map) {
    static const ColumnSpec key_column = {ColumnKind::String, false, {}};
    static const avro::Schema key_type = [] {
      avro::Schema string;
      string.kind = avro::Kind::String;
      return string;
    }();
    const Value key = LoadValue(f, ColumnKind::String, f.Address(keys, ir.CreateShl(i, f.Int64(4))));
    in.writer().Write(key_type, key_column, key);
  }
  in.writer().Write(*type.items, element,
                    LoadCell(f, element, f.Address(cells, ir.CreateMul(i, f.Int64(width))), f.Address(null_bytes, i)));
  f.Store(next, ir.CreateAdd(i, f.Int64(1)));
  f.Jump(loop);
  f.Enter(end);
  in.writer().RequireRoom(f.Int64(ValueWriter::kLeafMax));
  in.writer().WriteLongNumber(f.Int64(0));
}

void WriteRecord(WriteFunctionFrame& in, const avro::Schema& type, const ColumnSpec& column) {
  FunctionBuilder& f = in.f();
  llvm::Value* memory = f.ir().CreateLoad(f.ptr, in.from());
  const rulert::RecordLayout layout = rulert::LayOutRecord(column);
  for (const avro::Field& field : type.fields) {
    const auto found = std::find(column.names.begin(), column.names.end(), field.name);
    if (found == column.names.end()) {
      // The checker lets a value lack what may be null alone.
      if (field.type->kind == avro::Kind::Null || field.type->NullBranch() >= 0) {
        in.writer().WriteNull(*field.type);
      } else {
        in.writer().Require(f.ir().getFalse(), RULERT_DECODE_MISSING);
      }
      continue;
    }
    const auto i = static_cast<size_t>(found - column.names.begin());
    const int32_t null_byte = layout.null_bytes[i];
    in.writer().Write(
        *field.type, column.children[i],
        LoadCell(f, column.children[i], f.Address(memory, layout.offsets[i]),
                 null_byte == rulert::kNone ? nullptr : f.Address(memory, static_cast<uint64_t>(null_byte))));
  }
}

void WriteBranches(WriteFunctionFrame& in, const avro::Schema& type, const ColumnSpec& column) {
  FunctionBuilder& f = in.f();
  auto& ir = f.ir();
  llvm::Value* branch = ir.CreateLoad(f.i32, f.Address(in.from(), offsetof(rulert_union, branch)));
  llvm::Value* content = f.Address(in.from(), offsetof(rulert_union, u));
  llvm::BasicBlock* none = f.NewBlock("no_branch");
  llvm::BasicBlock* on = f.NewBlock("union");
  llvm::SwitchInst* choice = ir.CreateSwitch(branch, none, static_cast<unsigned>(column.children.size()));
  f.Enter(none);
  in.writer().Require(ir.getFalse(), RULERT_DECODE_BRANCH);
  f.Jump(on);
  for (size_t i = 0; i < column.children.size(); ++i) {
    const ColumnSpec& child = column.children[i];
    llvm::BasicBlock* block = f.NewBlock("branch");
    choice->addCase(f.Int32(static_cast<uint32_t>(i)), block);
    f.Enter(block);
    llvm::Value* cell = rulert::ColumnWidth(child.kind) == 16 ? ir.CreateLoad(f.ptr, content) : content;
    in.writer().Write(type, child, LoadValue(f, child.kind, cell));
    f.Jump(on);
  }
  f.Enter(on);
}

}  // namespace

void WriteWriteFunction(EncodeUnit& unit, llvm::Function* function, const avro::Schema& type,
                        const ColumnSpec& column) {
  WriteFunctionFrame in(unit, function);
  switch (column.kind) {
    case ColumnKind::Record: WriteRecord(in, type, column); break;
    case ColumnKind::Union: WriteBranches(in, type, column); break;
    default: WriteItems(in, type, column); break;
  }
  in.Return();
}

}  // namespace rulec::lower
