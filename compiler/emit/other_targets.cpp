// lld registers every processor that LLVM knows before it links, for link-time optimization that we never ask of it.
// Empty registrations stand in for all but ours, so that code generators of twenty processors stay out of the library.

// Ours are real and come from LLVM: the names that the list below would give them lead elsewhere.
#define LLVMInitializeX86TargetInfo rulec_unused_target_info
#define LLVMInitializeX86Target rulec_unused_target
#define LLVMInitializeX86TargetMC rulec_unused_target_mc
#define LLVMInitializeX86AsmPrinter rulec_unused_asm_printer
#define LLVMInitializeX86AsmParser rulec_unused_asm_parser

extern "C" {

#define LLVM_TARGET(name)                    \
  void LLVMInitialize##name##TargetInfo();   \
  void LLVMInitialize##name##Target();       \
  void LLVMInitialize##name##TargetMC();     \
  void LLVMInitialize##name##TargetInfo() {} \
  void LLVMInitialize##name##Target() {}     \
  void LLVMInitialize##name##TargetMC() {}
#include <llvm/Config/Targets.def>

#define LLVM_ASM_PRINTER(name)             \
  void LLVMInitialize##name##AsmPrinter(); \
  void LLVMInitialize##name##AsmPrinter() {}
#include <llvm/Config/AsmPrinters.def>

#define LLVM_ASM_PARSER(name)             \
  void LLVMInitialize##name##AsmParser(); \
  void LLVMInitialize##name##AsmParser() {}
#include <llvm/Config/AsmParsers.def>

}  // extern "C"
