// Generated encoders of every type against the table-driven one. Their columns come from generated decoders.
#include "avro/random_schema.h"
#include "compiler/emit/decoder_run.h"

namespace rulec {
namespace {

using rulert::ColumnKind;
using rulert::ColumnSpec;

// Every field of the schema as a slot and as a field of the output; false if one of them has no column.
bool MakeOutput(const avro::SchemaPtr& schema, DecoderCase* made, plan::Output* output) {
  plan::Stream stream;
  stream.schema = schema;
  for (const avro::Field& field : schema->root().fields) {
    const auto column = ColumnFor(*field.type);
    if (!column) return false;
    stream.registry.Find(field.name, *column);
    output->fields.push_back({field.name, *column});
  }
  output->schema_json = schema->text();
  output->meta = false;
  made->writer = schema;
  made->program.streams.push_back(std::move(stream));
  return true;
}

class EncoderRun {
 public:
  explicit EncoderRun(const plan::Output& output) : code_(TestCodegen().Load(TestCodegen().CompileEncoder(output))) {}

  // All rows, with a buffer that is too small at first.
  rulert_encode Run(const rulert_column* columns, uint32_t rows, std::vector<uint8_t>* out) {
    rulert_encode call{};
    call.columns = columns;
    call.rows = rows;
    uint64_t capacity = 16;
    while (call.next < rows) {
      // What lies behind the buffer must stay as it is.
      std::vector<uint8_t> buffer(capacity + 64, 0xee);
      call.out = buffer.data();
      call.capacity = capacity;
      const uint32_t before = call.next;
      reinterpret_cast<rulert_encode_fn>(code_->descriptor().function)(&call);
      EXPECT_LE(call.size, capacity);
      for (uint64_t i = capacity; i < buffer.size(); ++i) EXPECT_EQ(buffer[i], 0xee) << "behind the buffer";
      out->insert(out->end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(call.size));
      if (call.error != 0) return call;
      if (call.next == before) capacity *= 2;
      if (capacity > (uint64_t{1} << 30)) {
        ADD_FAILURE() << "no progress";
        return call;
      }
    }
    return call;
  }

 private:
  std::unique_ptr<LoadedCode> code_;
};

bool CompareOn(uint64_t seed) {
  avro::RandomSchemaOptions options;
  options.recursion = false;
  options.logical_types = seed % 2 == 0;
  const avro::SchemaPtr schema = avro::RandomSchema(seed, options);
  SCOPED_TRACE("seed " + std::to_string(seed) + " " + schema->text());
  DecoderCase made;
  plan::Output output;
  if (!MakeOutput(schema, &made, &output)) return false;
  DecoderRun decoder(TestCodegen(), made);
  EncoderRun encoder(output);
  std::mt19937_64 random(seed);
  std::vector<uint8_t> bytes;
  std::vector<avro::Datum> data;
  for (int i = 0; i < 40; ++i) {
    avro::Datum datum = avro::RandomDatum(schema->root(), random);
    MakeRepresentable(schema->root(), &datum, random);
    if (!decoder.HasCells(datum)) continue;
    avro::EncodeDatum(schema->root(), datum, &bytes);
    data.push_back(std::move(datum));
  }
  const auto rows = static_cast<uint32_t>(data.size());
  EXPECT_EQ(decoder.Run(bytes, rows).error, uint32_t{RULERT_DECODE_OK});
  std::vector<uint8_t> written;
  const rulert_encode call = encoder.Run(decoder.columns(), rows, &written);
  if (options.logical_types) {
    if (call.error == RULERT_DECODE_TIME) return true;  // nanoseconds floored below 64 bits
    EXPECT_EQ(call.error, 0u);
    // Times are floored and decimals may have been longer than need be: the same values, not the same bytes.
    EXPECT_EQ(decoder.Run(written, rows).error, uint32_t{RULERT_DECODE_OK});
    for (uint32_t row = 0; row < rows; ++row) decoder.Compare(row, data[row]);
  } else {
    EXPECT_EQ(call.error, 0u);
    EXPECT_EQ(written, bytes);
  }
  return true;
}

TEST(ValueEncoderTest, AgreesWithTheTableOnEveryType) {
  int compared = 0;
  for (uint64_t seed = 1; seed <= Rounds(60) && !HasFailure(); ++seed) compared += CompareOn(seed) ? 1 : 0;
  EXPECT_GT(compared, 30);
}

TEST(ValueEncoderTest, WideOutputs) {
  std::string schema = R"({"type":"record","name":"R","fields":[)";
  for (int i = 0; i < 160; ++i) {
    static constexpr const char* kTypes[] = {"\"long\"", "\"string\"", R"(["null","double"])",
                                             R"({"type":"array","items":"int"})"};
    schema +=
        std::string(i == 0 ? "" : ",") + R"({"name":"f)" + std::to_string(i) + R"(","type":)" + kTypes[i % 4] + "}";
  }
  const avro::SchemaPtr parsed = avro::ParseSchema(schema + "]}").document;
  DecoderCase made;
  plan::Output output;
  ASSERT_TRUE(MakeOutput(parsed, &made, &output));
  DecoderRun decoder(TestCodegen(), made);
  EncoderRun encoder(output);
  std::mt19937_64 random(7);
  std::vector<uint8_t> bytes;
  for (int i = 0; i < 20; ++i) avro::EncodeDatum(parsed->root(), avro::RandomDatum(parsed->root(), random), &bytes);
  ASSERT_EQ(decoder.Run(bytes, 20).error, uint32_t{RULERT_DECODE_OK});
  std::vector<uint8_t> written;
  EXPECT_EQ(encoder.Run(decoder.columns(), 20, &written).error, 0u);
  EXPECT_EQ(written, bytes);
}

// One row of two fields: `first` as the schema says, then a long that is 1.
struct OneRow {
  OneRow(const char* type, ColumnSpec column) : columns({column, {ColumnKind::Long, false, {}}}) {
    output.meta = false;
    output.schema_json = std::string(R"({"type":"record","name":"R","fields":[{"name":"f","type":)") + type +
                         R"(},{"name":"g","type":"long"}]})";
    output.fields = {{"f", column}, {"g", {ColumnKind::Long, false, {}}}};
    columns.At<int64_t>(1, 0) = 1;
  }
  uint32_t Encode(std::vector<uint8_t>* bytes) {
    bytes->clear();
    return EncoderRun(output).Run(columns.columns(), 1, bytes).error;
  }
  plan::Output output;
  TestColumns columns;
};

using Bytes = std::vector<uint8_t>;

TEST(ValueEncoderTest, NullsStandWhereTheSchemaHasThem) {
  OneRow row(R"(["string","null","long"])", {ColumnKind::Long, true, {}});
  row.columns.At<int64_t>(0, 0) = -3;
  row.columns.SetValid(0, 0, true);
  Bytes bytes;
  EXPECT_EQ(row.Encode(&bytes), 0u);
  EXPECT_EQ(bytes, (Bytes{0x04, 0x05, 0x02}));
  row.columns.SetValid(0, 0, false);
  EXPECT_EQ(row.Encode(&bytes), 0u);
  EXPECT_EQ(bytes, (Bytes{0x02, 0x02}));
  OneRow never(R"("long")", {ColumnKind::Long, true, {}});
  never.columns.SetValid(0, 0, false);
  EXPECT_EQ(never.Encode(&bytes), uint32_t{RULERT_DECODE_MISSING});
  EXPECT_EQ(bytes, Bytes());
}

TEST(ValueEncoderTest, TimesTakeTheUnitOfTheSchemaOrAreRefused) {
  Bytes bytes;
  const auto encode = [&](const char* logical, int64_t micros, ColumnKind kind = ColumnKind::Timestamp) {
    const std::string type = std::string(R"({"type":"long","logicalType":")") + logical + "\"}";
    OneRow row(type.c_str(), {kind, false, {}});
    row.columns.At<int64_t>(0, 0) = micros;
    return row.Encode(&bytes);
  };
  EXPECT_EQ(encode("timestamp-millis", -1), 0u);
  EXPECT_EQ(bytes, (Bytes{0x01, 0x02}));
  EXPECT_EQ(encode("timestamp-nanos", 2), 0u);
  EXPECT_EQ(bytes, (Bytes{0xa0, 0x1f, 0x02}));
  EXPECT_EQ(encode("local-timestamp-nanos", INT64_MAX / 1000), 0u);
  EXPECT_EQ(encode("timestamp-nanos", INT64_MAX / 1000 + 1), uint32_t{RULERT_DECODE_TIME});
  EXPECT_EQ(encode("local-timestamp-nanos", INT64_MIN), uint32_t{RULERT_DECODE_TIME});
  OneRow time(R"({"type":"int","logicalType":"time-millis"})", {ColumnKind::TimeOfDay, false, {}});
  time.columns.At<int64_t>(0, 0) = 5'999;
  EXPECT_EQ(time.Encode(&bytes), 0u);
  EXPECT_EQ(bytes, (Bytes{0x0a, 0x02}));
  time.columns.At<int64_t>(0, 0) = INT64_MAX;
  EXPECT_EQ(time.Encode(&bytes), uint32_t{RULERT_DECODE_TIME});
}

TEST(ValueEncoderTest, DecimalsFillTheirFixedOrTakeWhatTheyNeed) {
  ColumnSpec column{ColumnKind::Decimal, false, {}};
  column.precision = 20;
  column.scale = 2;
  const auto encode = [&](const char* type, int64_t low, int64_t high, Bytes* bytes) {
    OneRow row(type, column);
    row.columns.At<rulert_decimal>(0, 0) = {static_cast<uint64_t>(low), high};
    return row.Encode(bytes);
  };
  Bytes bytes;
  constexpr const char* kBytes = R"({"type":"bytes","logicalType":"decimal","precision":20,"scale":2})";
  constexpr const char* kFixed =
      R"({"type":"fixed","name":"F","size":18,"logicalType":"decimal","precision":20,"scale":2})";
  constexpr const char* kSmall =
      R"({"type":"fixed","name":"F","size":2,"logicalType":"decimal","precision":4,"scale":2})";
  EXPECT_EQ(encode(kBytes, 0, 0, &bytes), 0u);
  EXPECT_EQ(bytes, (Bytes{0x02, 0x00, 0x02}));
  EXPECT_EQ(encode(kBytes, 128, 0, &bytes), 0u);
  EXPECT_EQ(bytes, (Bytes{0x04, 0x00, 0x80, 0x02}));
  EXPECT_EQ(encode(kBytes, -128, -1, &bytes), 0u);
  EXPECT_EQ(bytes, (Bytes{0x02, 0x80, 0x02}));
  EXPECT_EQ(encode(kFixed, -2, -1, &bytes), 0u);
  Bytes fixed(18, 0xff);
  fixed[17] = 0xfe;
  fixed.push_back(0x02);
  EXPECT_EQ(bytes, fixed);
  EXPECT_EQ(encode(kSmall, 9'999, 0, &bytes), 0u);
  EXPECT_EQ(bytes, (Bytes{0x27, 0x0f, 0x02}));
  EXPECT_EQ(encode(kSmall, 10'000, 0, &bytes), uint32_t{RULERT_DECODE_DECIMAL});
}

TEST(ValueEncoderTest, SymbolsAreFoundByName) {
  OneRow row(R"({"type":"enum","name":"E","symbols":["C","A"]})", {ColumnKind::Enum, false, {"A", "B", "C"}});
  Bytes bytes;
  row.columns.At<int32_t>(0, 0) = 2;
  EXPECT_EQ(row.Encode(&bytes), 0u);
  EXPECT_EQ(bytes, (Bytes{0x00, 0x02}));
  row.columns.At<int32_t>(0, 0) = 1;
  EXPECT_EQ(row.Encode(&bytes), uint32_t{RULERT_DECODE_SYMBOL});
}

}  // namespace
}  // namespace rulec
