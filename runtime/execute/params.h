// The block of bytes in which a rule finds its literals and params.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/abi/program.h"
#include "runtime/base/error.h"

namespace rulert {

// `--param name=value`, as given.
using ParamOverrides = std::vector<std::pair<std::string, std::string>>;

// Reads a value as the language spells it: `5%`, `1h30m`, `BUY`, `true`, `-12.50`, `2024-05-01`, `09:30`, a time as
// integer microseconds or `2024-05-01T12:00:00Z`; `null` for a param that may be null and is no text.
Error ParseParam(std::string_view text, ParamSpec* param);

// Overrides that no rule has are refused, with the names that there are.
Error CheckOverrides(const std::vector<RuleSpec>& rules, const ParamOverrides& overrides);

// 16-byte aligned, with the strings and prepared literals that it points to. Does not move.
class ParamsBlock {
 public:
  static Result<ParamsBlock> Build(const RuleSpec& rule, const ParamOverrides& overrides);
  const uint8_t* data() const { return reinterpret_cast<const uint8_t*>(units_.data()); }

 private:
  struct alignas(16) Unit {
    uint8_t bytes[16];
  };
  Error Put(const ParamSpec& param);
  Error PutPrepared(const ParamSpec& param, uint8_t* to);

  std::vector<Unit> units_;
  std::vector<ParamSpec> params_;                      // owns the texts
  std::vector<std::shared_ptr<const void>> prepared_;  // owns what the prepared ones were made into
};

}  // namespace rulert
