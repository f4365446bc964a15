// Variable-length zigzag numbers of Avro, without a loop for up to eight bytes.
#pragma once

#include "compiler/lower/function_builder.h"

namespace rulec::lower {

// Bit 7 of each byte of a word: clear in a number's last byte.
inline constexpr uint64_t kVarintStops = 0x8080808080808080;
inline constexpr uint64_t kVarintBits = 0x7f7f7f7f7f7f7f7f;

// The bits of the number that begins in the lowest byte of `word`; `stops` is ~word & kVarintStops, not zero.
llvm::Value* GatherVarintBits(FunctionBuilder& f, llvm::Value* word, llvm::Value* stops);
llvm::Value* ZigzagDecode(FunctionBuilder& f, llvm::Value* bits);

// {ptr, i64} (ptr at): any number of up to ten bytes, and the byte behind it; {null, 0} if it is longer or beyond 64
// bits.
llvm::Function* SlowVarintFunction(FunctionBuilder& f);

// {ptr, i64} (ptr at, ptr end): a length of any size, and the bytes behind it: {first byte, length}, which end at `end`
// or before; else {null, RULERT_DECODE_*}.
llvm::Function* SlowBytesFunction(FunctionBuilder& f);

// Writes `value` (i64) as zigzag at `at`, where ten bytes are writable; returns the address behind it.
llvm::Value* WriteLong(FunctionBuilder& f, llvm::Value* at, llvm::Value* value);

}  // namespace rulec::lower
