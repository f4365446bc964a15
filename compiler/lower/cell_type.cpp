#include "compiler/lower/cell_type.h"

#include <cstring>

#include <llvm/IR/Constants.h>
#include <llvm/IR/GlobalVariable.h>

#include "compiler/lower/values.h"
#include "runtime/abi/abi.h"
#include "stdlib/cells.h"

namespace rulec::lower {

namespace {

void AddNodes(const rulert::ColumnSpec& column, std::vector<RuleCellType>& nodes) {
  const size_t at = nodes.size();
  nodes.push_back({static_cast<uint8_t>(column.kind), column.nullable, column.precision, column.scale,
                   static_cast<uint32_t>(column.children.size()), 0});
  for (const rulert::ColumnSpec& child : column.children) AddNodes(child, nodes);
  nodes[at].nodes = static_cast<uint32_t>(nodes.size() - at);
}

// Constants are unique, so a global of the same initializer is the same description.
llvm::GlobalVariable* Global(FunctionBuilder& f, llvm::Constant* value, uint64_t alignment) {
  for (llvm::GlobalVariable& known : f.module().globals()) {
    if (known.hasInitializer() && known.isConstant() && known.getInitializer() == value) return &known;
  }
  auto* global = new llvm::GlobalVariable(f.module(), value->getType(), true, llvm::GlobalValue::PrivateLinkage, value,
                                          "constant");
  global->setAlignment(llvm::Align(alignment));
  return global;
}

}  // namespace

llvm::Constant* CellTypeConstant(FunctionBuilder& f, const rulert::ColumnSpec& column) {
  std::vector<RuleCellType> nodes;
  AddNodes(column, nodes);
  const llvm::StringRef bytes(reinterpret_cast<const char*>(nodes.data()), nodes.size() * sizeof(RuleCellType));
  return Global(f, llvm::ConstantDataArray::getString(f.module().getContext(), bytes, false), alignof(RuleCellType));
}

llvm::Constant* NamesConstant(FunctionBuilder& f, const std::vector<std::string>& names) {
  auto& context = f.module().getContext();
  auto* cell = llvm::StructType::get(context, {f.i64, f.i64});
  std::vector<llvm::Constant*> cells;
  for (const std::string& name : names) {
    unsigned char bytes[12] = {};
    std::memcpy(bytes, name.data(), std::min<size_t>(name.size(), sizeof(bytes)));
    uint32_t prefix;
    uint64_t rest;
    std::memcpy(&prefix, bytes, 4);
    std::memcpy(&rest, bytes + 4, 8);
    llvm::Constant* high = f.Int64(rest);
    if (name.size() > RULERT_STRING_INLINE) {
      high = llvm::ConstantExpr::getPtrToInt(Global(f, llvm::ConstantDataArray::getString(context, name, false), 1),
                                             f.i64);
    }
    cells.push_back(llvm::ConstantStruct::get(cell, {f.Int64(uint64_t{prefix} << 32 | name.size()), high}));
  }
  return Global(f, llvm::ConstantArray::get(llvm::ArrayType::get(cell, cells.size()), cells), 8);
}

}  // namespace rulec::lower
