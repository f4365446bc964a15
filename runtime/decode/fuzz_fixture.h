// What fuzz targets of text share: a schema with every type, rows as text, no test framework.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/decode/text_fixture.h"

namespace rulert {

inline constexpr std::string_view kEveryType = R"({"type":"record","name":"fuzz.Event","fields":[
  {"name":"flag","type":["null","boolean"],"default":null},
  {"name":"small","type":"int","default":1},
  {"name":"large","type":["null","long"],"default":null},
  {"name":"narrow","type":"float","default":0.5},
  {"name":"wide","type":"double","default":0.5},
  {"name":"text","type":["null","string"],"default":null},
  {"name":"raw","type":"bytes","default":""},
  {"name":"two","type":["null",{"type":"fixed","name":"Two","size":2}],"default":null},
  {"name":"side","type":{"type":"enum","name":"Side","symbols":["BUY","SELL","NaN"],"default":"SELL"},"default":"BUY"},
  {"name":"price","type":["null",{"type":"bytes","logicalType":"decimal","precision":12,"scale":3}],"default":null},
  {"name":"day","type":{"type":"int","logicalType":"date"},"default":0},
  {"name":"clock","type":{"type":"int","logicalType":"time-millis"},"default":0},
  {"name":"at","type":{"type":"long","logicalType":"timestamp-nanos"},"default":0},
  {"name":"when","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null},
  {"name":"id","type":["null",{"type":"string","logicalType":"uuid"}],"default":null},
  {"name":"list","type":{"type":"array","items":["null","long"]},"default":[]},
  {"name":"map","type":{"type":"map","values":["null","double","string"]},"default":{}},
  {"name":"either","type":["null","long","string",{"type":"array","items":"Side"}],"default":null},
  {"name":"home","type":["null",{"type":"record","name":"Home","fields":[
    {"name":"zip","type":"string","aliases":["code"]},{"name":"rooms","type":{"type":"array","items":"string"},"default":[]}]}],
   "default":null}]})";

class FuzzRows {
 public:
  FuzzRows() : schema_(avro::ParseSchema(kEveryType).document), rows_(schema_), batch_(schema_->root(), rows_.slots()) {
    // What the fixtures expect holds here too.
    GTEST_FLAG_SET(break_on_failure, true);
  }

  RecordDecoderPtr Json() const { return rows_.Json(); }
  RecordDecoderPtr Csv(CsvForm form) const { return rows_.Csv(std::move(form)); }
  const std::vector<SlotSpec>& slots() const { return rows_.slots(); }
  std::string CsvHeader(char delimiter) const {
    std::string header;
    for (const SlotSpec& slot : slots()) header += (header.empty() ? "" : std::string(1, delimiter)) + slot.path;
    return header;
  }

  struct Outcome {
    size_t rows = 0;
    size_t errors = 0;
    std::string json;  // a line for each row
  };
  Outcome Read(RecordDecoder& decoder, std::string_view text, const std::string* header) {
    TestBatch::Outcome read = batch_.RunText(decoder, text, header);
    Outcome outcome{read.rows.size(), read.errors.size(), ""};
    for (const std::string& row : read.rows) outcome.json += row + "\n";
    for (const TestBatch::Failed& failed : read.errors) {
      if (failed.problem.message.empty() || failed.byte > text.size()) std::abort();
    }
    return outcome;
  }
  // By the writers: the rows behind the last error, which must be no more than a batch.
  struct Written {
    std::string json;
    std::string csv;
  };
  Written Write(RecordDecoder& decoder, std::string_view text, const std::string* header, CsvStyle style) {
    rows_.Read(decoder, std::string(text), header);
    return {rows_.WriteJson(), rows_.WriteCsv(std::move(style))};
  }

 private:
  avro::SchemaPtr schema_;
  TextRows rows_;
  TestBatch batch_;
};

}  // namespace rulert
