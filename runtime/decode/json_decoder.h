// Reads JSON lines (docs/formats/json.md).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/decode/json_index.h"
#include "runtime/decode/json_reader.h"
#include "runtime/decode/record_decoder.h"

namespace rulert {

// One object a line. The index is built for many lines at once; if something is wrong in them, line by line, so that a
// bad line costs itself alone.
class JsonDecoder final : public RecordDecoder {
 public:
  static Result<std::unique_ptr<JsonDecoder>> Make(avro::SchemaPtr reader, const std::vector<SlotSpec>& slots,
                                                   const std::vector<int32_t>& wanted);

  const std::vector<int32_t>& slots() const override { return plan_->slots(); }
  void Begin(const Block& block) override;
  void Decode(rulert_decode* call) override;
  uint64_t Skip(uint64_t count, rulert_decode* call) override;
  DecodeProblem Problem(const rulert_decode& call) const override;

 private:
  JsonDecoder() = default;
  // Makes sure that the line at `cursor` is in the window.
  void FillWindow(const rulert_decode& call);
  bool IndexLine(const rulert_decode& call, uint64_t end);
  bool ReadUsualLine(rulert_decode* call, RowSink* sink);
  bool ReadLine(rulert_decode* call, uint64_t end, const RowSink& sink);
  bool FailLine(rulert_decode* call, uint32_t error, uint64_t byte, std::string message);
  // Of a line up to `end` that is no whole object: it may be one that was cut.
  bool FailForm(rulert_decode* call, uint64_t end, uint64_t byte, std::string message);

  // Constant after Make.
  std::unique_ptr<ReadPlan> plan_;
  std::unique_ptr<JsonReader> reader_;
  // Changed by Decode. The window is a part of the block whose tokens are known.
  JsonIndex index_;
  bool unended_ = false;  // the block's last line has no end
  const uint8_t* block_ = nullptr;
  uint64_t window_begin_ = 0;
  uint64_t window_end_ = 0;
  bool line_by_line_ = false;        // in this window
  const uint32_t* token_ = nullptr;  // the first one of the line at hand, or behind the blank space before it
  uint32_t unusual_lines_ = 0;       // to be read the long way
  JsonIndex::Outcome outcome_ = JsonIndex::Outcome::Ok;
  DecodeProblem problem_;
};

}  // namespace rulert
