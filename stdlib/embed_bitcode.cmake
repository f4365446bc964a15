# Makes bitcode of LLVM text, and a C++ file that holds it with a table of the functions in it.
#   cmake -DINPUTS="a.ll;b.ll" -DLLVM_AS=... -DOUT=bitcode_data.cpp -P embed_bitcode.cmake
# Names of processors and their features are left out, so that the functions fit into code for any processor; what a
# function calls must be another one of the library, or mem*.
set(sections "")
set(rows "")
set(declarations "")
set(number 0)
foreach(input ${INPUTS})
  file(READ ${input} text)
  string(REGEX REPLACE
    "\"(target-cpu|target-features|tune-cpu|min-legal-vector-width|stack-protector-buffer-size|frame-pointer|no-trapping-math)\"=\"[^\"]*\"" ""
    text "${text}")
  string(REGEX MATCHALL "declare [^\n]*@[A-Za-z0-9_.]+" calls "${text}")
  foreach(call ${calls})
    string(REGEX REPLACE ".*@" "" callee "${call}")
    if(NOT callee MATCHES "^(rule_[a-z0-9_]+|llvm\\..*|memcpy|memmove|memset|memcmp|bcmp)$")
      message(FATAL_ERROR "${input} calls ${callee}, which modules do not have: move the function out of stdlib/inlined")
    endif()
  endforeach()
  string(REGEX REPLACE "\\.ll$" ".stripped.ll" stripped ${input})
  string(REGEX REPLACE "\\.ll$" ".bc" bitcode ${input})
  file(WRITE ${stripped} "${text}")
  execute_process(COMMAND ${LLVM_AS} ${stripped} -o ${bitcode} RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${LLVM_AS} ${stripped} failed")
  endif()
  string(APPEND sections
    "asm(\".section .rodata\\n.balign 16\\n.hidden rulelib_bitcode_${number}\\n.globl rulelib_bitcode_${number}\\n\"\n"
    "    \"rulelib_bitcode_${number}: .incbin \\\"${bitcode}\\\"\\n.hidden rulelib_bitcode_${number}_end\\n\"\n"
    "    \".globl rulelib_bitcode_${number}_end\\nrulelib_bitcode_${number}_end: .byte 0\\n.previous\");\n")
  string(APPEND declarations
    "extern const char rulelib_bitcode_${number}[] __attribute__((visibility(\"hidden\")));\n"
    "extern const char rulelib_bitcode_${number}_end[] __attribute__((visibility(\"hidden\")));\n")
  string(REGEX MATCHALL "define [^\n]*@rule_[a-z0-9_]+" definitions "${text}")
  foreach(definition ${definitions})
    string(REGEX REPLACE ".*@" "" symbol "${definition}")
    list(APPEND rows "    {\"${symbol}\", rulelib_bitcode_${number}, rulelib_bitcode_${number}_end},\n")
  endforeach()
  math(EXPR number "${number} + 1")
endforeach()
list(SORT rows)
list(JOIN rows "" rows)
file(WRITE ${OUT} "// Made by stdlib/embed_bitcode.cmake.
#include \"stdlib/bitcode_table.h\"

${sections}
extern \"C\" {
${declarations}}

namespace rulelib {

const InlinedFunction kInlinedFunctions[] = {
${rows}};
const size_t kInlinedFunctionCount = sizeof kInlinedFunctions / sizeof kInlinedFunctions[0];

}  // namespace rulelib
")
