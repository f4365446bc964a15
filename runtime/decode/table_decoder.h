// Reads Avro data of any version by interpreting a resolution: for versions that no decoder was compiled for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "avro/resolution.h"
#include "runtime/decode/read_plan.h"
#include "runtime/decode/record_decoder.h"
#include "runtime/record/cell_builder.h"

namespace rulert {

// Straight from bytes to cells. What no slot needs is stepped over and not looked into: lengths, branches and numbers
// that are too long are noticed there, other values are not. A wanted field that the data lack has its default, else
// null.
class TableDecoder final : public RecordDecoder {
 public:
  // `resolution` reads the version that is to be decoded as the schema of the stream (its paths at least).
  static Result<std::unique_ptr<TableDecoder>> Make(std::shared_ptr<const avro::Resolution> resolution,
                                                    const std::vector<SlotSpec>& slots,
                                                    const std::vector<int32_t>& wanted);
  ~TableDecoder() override;

  const std::vector<int32_t>& slots() const override { return plan_->slots(); }
  void Decode(rulert_decode* call) override;
  uint64_t Skip(uint64_t count, rulert_decode* call) override;
  DecodeProblem Problem(const rulert_decode& call) const override;

 private:
  class Walk;
  TableDecoder() = default;

  // Constant after Make.
  std::shared_ptr<const avro::Resolution> resolution_;
  std::unique_ptr<ReadPlan> plan_;
  // Changed by Decode.
  ItemStack items_;
  std::string error_message_;
  std::string error_path_;
};

}  // namespace rulert
