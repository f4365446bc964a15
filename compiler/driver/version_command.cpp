#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "compiler/driver/command.h"
#include "runtime/abi/abi.h"

namespace rulec {

Action AddVersion(CLI::App& app) {
  auto format = std::make_shared<std::string>("text");  // shared with the action, which outlives this call
  app.add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  return [format] {
    if (*format == "json") {
      std::printf("{\"type\":\"version\",\"rulec\":\"%s\",\"format\":1,\"abi\":%u}\n", RULEC_VERSION,
                  RULERT_ABI_VERSION);
    } else {
      std::printf("rulec %s\n", RULEC_VERSION);
    }
    return ExitCode::Done;
  };
}

}  // namespace rulec
