// Columns of an output to a sink's bytes. The format belongs to the job, never to the rule.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"
#include "runtime/record/cell_type.h"
#include "runtime/sink/sink.h"

namespace rulert {

class RowWriter {
 public:
  virtual ~RowWriter() = default;
  // What stands before the first row, if anything does: called once, before Write.
  virtual Error Begin(Sink& sink) {
    (void)sink;
    return {};
  }
  // `columns` are those of `_meta`, if the output has it, and then the fields.
  virtual Error Write(const rulert_column* columns, uint32_t rows, Sink& sink) = 0;
};

// Drives a generated encoder.
class AvroRows final : public RowWriter {
 public:
  explicit AvroRows(rulert_encode_fn encode);
  Error Write(const rulert_column* columns, uint32_t rows, Sink& sink) override;

 private:
  rulert_encode_fn encode_;
  std::vector<uint8_t> buffer_;  // grows when one row does not fit
};

// The types of an output's columns, `_meta` first, with the units of time that its schema counts in.
std::vector<CellType> OutputTypes(const OutputSpec& output);

// JSON lines (docs/formats/json.md). One object a line: `{"_meta":{…},"symbol":…}`, or under the output's name:
// `{"alerts":{…}}`.
class JsonRows final : public RowWriter {
 public:
  enum class Shape : uint8_t { Bare, Named };
  JsonRows(const OutputSpec& output, Shape shape);
  Error Write(const rulert_column* columns, uint32_t rows, Sink& sink) override;

 private:
  struct Item {
    std::string before;  // `{"_meta":{"id":`, `,"rule":`
    CellType type;
  };
  std::vector<Item> items_;
  std::string after_;
  std::string buffer_;
};

}  // namespace rulert
