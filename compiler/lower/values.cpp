#include "compiler/lower/values.h"

#include <algorithm>

#include <llvm/IR/Constants.h>

#include "runtime/abi/abi.h"

namespace rulec::lower {

using rulert::ColumnKind;

ColumnPointers LoadColumnPointers(FunctionBuilder& f, llvm::Value* columns, uint32_t index,
                                  const rulert::ColumnSpec& spec) {
  const size_t at = index * sizeof(rulert_column);
  ColumnPointers pointers{spec, f.Member(columns, at + offsetof(rulert_column, values), f.ptr), nullptr};
  if (spec.nullable) pointers.valid = f.Member(columns, at + offsetof(rulert_column, valid), f.ptr);
  return pointers;
}

bool IsTwoWords(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::String:
    case ColumnKind::Bytes:
    case ColumnKind::Uuid:
    case ColumnKind::List:
    case ColumnKind::Map:
    case ColumnKind::Union: return true;
    default: return false;
  }
}

namespace {

// Cells of 16 bytes stand at multiples of 8 in a record.
llvm::Align CellAlignment(ColumnKind kind) { return llvm::Align(std::min<uint64_t>(rulert::ColumnWidth(kind), 8)); }

}  // namespace

Value LoadValue(FunctionBuilder& f, ColumnKind kind, llvm::Value* address) {
  auto& ir = f.ir();
  if (IsTwoWords(kind)) {
    return {ir.CreateAlignedLoad(f.i64, address, llvm::Align(8)),
            ir.CreateAlignedLoad(f.i64, f.Address(address, 8), llvm::Align(8))};
  }
  llvm::Value* loaded = ir.CreateAlignedLoad(f.MemoryType(kind), address, CellAlignment(kind));
  return {kind == ColumnKind::Bool ? ir.CreateTrunc(loaded, f.i1) : loaded};
}

void StoreValue(FunctionBuilder& f, ColumnKind kind, const Value& value, llvm::Value* address) {
  auto& ir = f.ir();
  if (IsTwoWords(kind)) {
    ir.CreateAlignedStore(value.value, address, llvm::Align(8));
    ir.CreateAlignedStore(value.high, f.Address(address, 8), llvm::Align(8));
    return;
  }
  llvm::Value* stored = kind == ColumnKind::Bool ? ir.CreateZExt(value.value, f.i8) : value.value;
  ir.CreateAlignedStore(stored, address, CellAlignment(kind));
}

Value SelectValue(FunctionBuilder& f, llvm::Value* valid, const Value& value, const Value& if_not) {
  Value selected = value;
  selected.value = f.ir().CreateSelect(valid, value.value, if_not.value);
  if (value.high) selected.high = f.ir().CreateSelect(valid, value.high, if_not.high);
  return selected;
}

namespace {

llvm::Value* ElementAddress(FunctionBuilder& f, const ColumnPointers& column, llvm::Value* row) {
  return f.ir().CreateGEP(f.MemoryType(column.spec.kind), column.values, row);
}

llvm::Value* WordAddress(FunctionBuilder& f, const ColumnPointers& column, llvm::Value* row) {
  return f.ir().CreateGEP(f.i64, column.valid, f.ir().CreateLShr(row, f.Int64(6)));
}

}  // namespace

Value LoadColumn(FunctionBuilder& f, const ColumnPointers& column, llvm::Value* row) {
  Value value = LoadValue(f, column.spec.kind, ElementAddress(f, column, row));
  if (column.valid) {
    llvm::Value* word = f.ir().CreateLoad(f.i64, WordAddress(f, column, row));
    value.valid = f.ir().CreateTrunc(f.ir().CreateLShr(word, f.ir().CreateAnd(row, f.Int64(63))), f.i1);
  }
  return value;
}

Value LoadColumnLanes(FunctionBuilder& f, const ColumnPointers& column, llvm::Value* first_row, unsigned lanes) {
  auto& ir = f.ir();
  auto* type = llvm::FixedVectorType::get(f.MemoryType(column.spec.kind), lanes);
  Value value{ir.CreateAlignedLoad(type, ElementAddress(f, column, first_row), llvm::Align(8))};
  if (column.spec.kind == ColumnKind::Bool) {
    value.value = ir.CreateICmpNE(value.value, llvm::Constant::getNullValue(type));
  }
  if (column.valid) {
    llvm::Value* word = ir.CreateLoad(f.i64, WordAddress(f, column, first_row));
    llvm::Value* bits = ir.CreateLShr(word, ir.CreateAnd(first_row, f.Int64(63)));
    bits = ir.CreateTrunc(bits, ir.getIntNTy(lanes));
    value.valid = ir.CreateBitCast(bits, llvm::FixedVectorType::get(f.i1, lanes));
  }
  return value;
}

void StoreColumn(FunctionBuilder& f, const ColumnPointers& column, llvm::Value* row, const Value& value) {
  auto& ir = f.ir();
  Value stored = value;
  if (column.valid) {
    llvm::Value* valid = value.valid ? value.valid : static_cast<llvm::Value*>(ir.getTrue());
    llvm::Value* address = WordAddress(f, column, row);
    llvm::Value* bit = ir.CreateAnd(row, f.Int64(63));
    llvm::Value* word = ir.CreateAnd(ir.CreateLoad(f.i64, address), ir.CreateNot(ir.CreateShl(f.Int64(1), bit)));
    ir.CreateStore(ir.CreateOr(word, ir.CreateShl(ir.CreateZExt(valid, f.i64), bit)), address);
    if (value.valid) stored = SelectValue(f, valid, value, ZeroOf(f, column.spec));
  }
  StoreValue(f, column.spec.kind, stored, ElementAddress(f, column, row));
}

Value ZeroOf(FunctionBuilder& f, const rulert::ColumnSpec& spec) {
  Value zero;
  if (IsTwoWords(spec.kind)) {
    zero = {f.Int64(0), f.Int64(0)};
  } else {
    zero.value = llvm::Constant::getNullValue(f.RegisterType(spec.kind));
  }
  if (spec.nullable) zero.valid = f.ir().getFalse();
  return zero;
}

Value Merge(FunctionBuilder& f, const Value& a, llvm::BasicBlock* from_a, const Value& b, llvm::BasicBlock* from_b) {
  auto phi = [&](llvm::Value* x, llvm::Value* y) -> llvm::Value* {
    if (x == y) return x;
    llvm::PHINode* node = f.ir().CreatePHI(x->getType(), 2);
    node->addIncoming(x, from_a);
    node->addIncoming(y, from_b);
    return node;
  };
  Value merged{phi(a.value, b.value)};
  if (a.high) merged.high = phi(a.high, b.high);
  if (a.valid || b.valid) {
    llvm::Value* yes = f.ir().getTrue();
    merged.valid = phi(a.valid ? a.valid : yes, b.valid ? b.valid : yes);
  }
  return merged;
}

llvm::Value* StringLength(FunctionBuilder& f, const Value& string) {
  return f.ir().CreateAnd(string.value, f.Int64(0xffffffff));
}

Value MakeString(FunctionBuilder& f, llvm::Value* data, llvm::Value* length) {
  auto& ir = f.ir();
  // Masks that keep `length` bytes of the four and of the eight inlined ones, for lengths 0 to 12.
  auto table = [&](unsigned first, unsigned bytes, const char* name) -> llvm::Value* {
    if (auto* existing = f.module().getGlobalVariable(name, true)) return existing;
    std::vector<uint64_t> masks;
    for (unsigned n = 0; n <= RULERT_STRING_INLINE; ++n) {
      const unsigned kept = n <= first ? 0 : std::min(n - first, bytes);
      masks.push_back(kept == 8 ? ~0ull : (1ull << (8 * kept)) - 1);
    }
    auto* values = llvm::ConstantDataArray::get(f.module().getContext(), masks);
    auto* global =
        new llvm::GlobalVariable(f.module(), values->getType(), true, llvm::GlobalValue::PrivateLinkage, values, name);
    return global;
  };
  llvm::Value* is_short = ir.CreateICmpULE(length, f.Int64(RULERT_STRING_INLINE));
  llvm::Value* index = ir.CreateSelect(is_short, length, f.Int64(RULERT_STRING_INLINE));
  llvm::Value* low_mask = ir.CreateLoad(f.i64, ir.CreateGEP(f.i64, table(0, 4, "string.low_masks"), index));
  llvm::Value* high_mask = ir.CreateLoad(f.i64, ir.CreateGEP(f.i64, table(4, 8, "string.high_masks"), index));
  llvm::Value* first = ir.CreateZExt(f.LoadUnaligned(f.i32, data), f.i64);
  llvm::Value* next = f.LoadUnaligned(f.i64, f.Address(data, 4));
  Value string;
  string.value = ir.CreateOr(length, ir.CreateShl(ir.CreateAnd(first, low_mask), f.Int64(32)));
  string.high = ir.CreateSelect(is_short, ir.CreateAnd(next, high_mask), ir.CreatePtrToInt(data, f.i64));
  return string;
}

namespace {

// The address of a string's bytes. Short strings are put into `scratch` (16 bytes) first.
llvm::Value* StringData(FunctionBuilder& f, const Value& string, llvm::AllocaInst* scratch) {
  auto& ir = f.ir();
  ir.CreateStore(string.value, scratch);
  ir.CreateStore(string.high, f.Address(scratch, 8));
  llvm::Value* is_short = ir.CreateICmpULE(StringLength(f, string), f.Int64(RULERT_STRING_INLINE));
  return ir.CreateSelect(is_short, f.Address(scratch, offsetof(rulert_string, u)),
                         ir.CreateIntToPtr(string.high, f.ptr));
}

llvm::Value* CallMemcmp(FunctionBuilder& f, llvm::Value* a, llvm::Value* b, llvm::Value* length) {
  auto memcmp = f.module().getOrInsertFunction("memcmp", llvm::FunctionType::get(f.i32, {f.ptr, f.ptr, f.i64}, false));
  return f.ir().CreateCall(memcmp, {a, b, length});
}

// An internal function over two strings, made once a module: rare paths need not be inlined at every comparison.
llvm::Function* StringFunction(FunctionBuilder& f, const char* name, llvm::Type* result,
                               llvm::function_ref<void(FunctionBuilder&, const Value&, const Value&)> body) {
  if (auto* existing = f.module().getFunction(name)) return existing;
  auto* type = llvm::FunctionType::get(result, {f.i64, f.i64, f.i64, f.i64}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, f.module());
  function->addFnAttr(llvm::Attribute::NoInline);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  FunctionBuilder inner(function, f.state());
  body(inner, {function->getArg(0), function->getArg(1)}, {function->getArg(2), function->getArg(3)});
  return function;
}

}  // namespace

llvm::Value* StringsEqual(FunctionBuilder& f, const Value& a, const Value& b) {
  auto& ir = f.ir();
  llvm::Function* long_equal =
      StringFunction(f, "string.long_equal", f.i1, [](FunctionBuilder& g, const Value& x, const Value& y) {
        llvm::Value* order = CallMemcmp(g, g.ir().CreateIntToPtr(x.high, g.ptr), g.ir().CreateIntToPtr(y.high, g.ptr),
                                        StringLength(g, x));
        g.ir().CreateRet(g.ir().CreateICmpEQ(order, g.Int32(0)));
      });
  // Length and prefix decide first, then the inlined rest, and only long strings of equal prefix are compared in
  // memory.
  llvm::BasicBlock* same_start = f.NewBlock("same_start");
  llvm::BasicBlock* in_memory = f.NewBlock("in_memory");
  llvm::BasicBlock* done = f.NewBlock("compared");
  llvm::BasicBlock* from = ir.GetInsertBlock();
  f.Branch(ir.CreateICmpEQ(a.value, b.value), same_start, done);
  f.Enter(same_start);
  llvm::Value* same_high = ir.CreateICmpEQ(a.high, b.high);
  llvm::Value* is_long = ir.CreateICmpUGT(StringLength(f, a), f.Int64(RULERT_STRING_INLINE));
  f.Branch(is_long, in_memory, done);
  f.Enter(in_memory);
  llvm::Value* same_bytes = ir.CreateCall(long_equal, {a.value, a.high, b.value, b.high});
  f.Jump(done);
  f.Enter(done);
  llvm::PHINode* equal = ir.CreatePHI(f.i1, 3);
  equal->addIncoming(ir.getFalse(), from);
  equal->addIncoming(same_high, same_start);
  equal->addIncoming(same_bytes, in_memory);
  return equal;
}

llvm::Value* CompareStrings(FunctionBuilder& f, const Value& a, const Value& b) {
  llvm::Function* compare =
      StringFunction(f, "string.compare", f.i32, [](FunctionBuilder& g, const Value& x, const Value& y) {
        auto& ir = g.ir();
        llvm::AllocaInst* scratch_x = g.Local(llvm::FixedVectorType::get(g.i64, 2), "x");
        llvm::AllocaInst* scratch_y = g.Local(llvm::FixedVectorType::get(g.i64, 2), "y");
        llvm::Value* length_x = StringLength(g, x);
        llvm::Value* length_y = StringLength(g, y);
        llvm::Value* common = ir.CreateSelect(ir.CreateICmpULT(length_x, length_y), length_x, length_y);
        llvm::Value* order = CallMemcmp(g, StringData(g, x, scratch_x), StringData(g, y, scratch_y), common);
        llvm::Value* by_length = ir.CreateSub(ir.CreateZExt(ir.CreateICmpUGT(length_x, length_y), g.i32),
                                              ir.CreateZExt(ir.CreateICmpULT(length_x, length_y), g.i32));
        ir.CreateRet(ir.CreateSelect(ir.CreateICmpEQ(order, g.Int32(0)), by_length, order));
      });
  return f.ir().CreateCall(compare, {a.value, a.high, b.value, b.high});
}

}  // namespace rulec::lower
