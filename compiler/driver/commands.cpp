// The list of commands and what `help` says about them.
#include "compiler/driver/command.h"

namespace rulec {

const std::vector<Command>& Commands() {
  static const std::vector<Command> commands = {
      {"check",
       "parse, resolve and type-check rules",
       {{"rulec check examples/large_trades", "a folder with rulec.toml is one program"},
        {"rulec check rules/*.rule --schemas schemas", "each file with its imports, schemas from another folder"},
        {"rulec check --format json --fail-level warning rules", "one JSON object a line; warnings fail too"}},
       AddCheck},
      {"run",
       "compile rules in memory and run them over streams",
       {{"rulec run examples/large_trades --in trades=trades.avro",
         "results to standard output, one JSON object a line"},
        {"rulec run limits.rule --in readings=day.avro --out alerts=alerts.avro --out errors=errors.jsonl",
         "one file for each output"},
        {"rulec run examples/large_trades --in trades.avro --param least_size=10000", "another value for a param"}},
       AddRun},
      {"build",
       "compile rules to a native job binary",
       {{"rulec build examples/large_trades -o large_trades", "an executable that needs no compiler where it runs"},
        {"rulec build examples/large_trades --target-cpu native -o large_trades", "for the processor of this machine"},
        {"rulec build limits.rule --emit llvm -o limits.ll", "the generated code as LLVM IR"}},
       AddBuild},
      {"explain",
       "what a diagnostic code means, or what a rule becomes",
       {{"rulec explain R0201", "a code, with an example and its mending"},
        {"rulec explain examples/large_trades --stage plan", "the plan of a program"},
        {"rulec explain limits.rule --stage asm --target-cpu native", "the machine code of every module"}},
       AddExplain},
      {"gen",
       "make repeatable events for a stream's schema",
       {{"rulec gen examples/large_trades trades --count 1000 --seed 1 --out trades.avro", "a thousand events"},
        {"rulec gen examples/large_trades trades --count 10000000 --seed 1 --shape "
         "examples/large_trades/trades.shape.toml "
         "--out trades.avro",
         "with the distributions of a shape file"},
        {"rulec gen limits.rule readings --count 20 --seed 7 --out readings.avro", "the same seed, the same bytes"}},
       AddGen},
      {"version",
       "print the version",
       {{"rulec version", "name and version"},
        {"rulec version --format json", "the same for scripts"},
        {"rulec --version", "the same as `rulec version`"}},
       AddVersion},
      {"help",
       "print this list, or the help of a command",
       {{"rulec help", "the list of commands"},
        {"rulec help run", "flags and examples"},
        {"rulec run --help", "the same"}},
       AddHelp},
  };
  return commands;
}

}  // namespace rulec
