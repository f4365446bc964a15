// Schemas that are larger than they look, or very wide: code and the time to make it stay within the schema's size.
#include <chrono>
#include <ctime>

#include "avro/random_schema.h"
#include "compiler/emit/decoder_run.h"

namespace rulec {
namespace {

using rulert::ColumnKind;

struct Compiled {
  CompiledModule module;
  double seconds = 0;
};

Compiled Compile(const std::string& schema, const std::vector<std::string>& slots, const rulert::ColumnSpec& column) {
  plan::Program program;
  plan::Stream stream;
  stream.schema = avro::ParseSchema(schema).document;
  EXPECT_TRUE(stream.schema);
  for (const std::string& slot : slots) stream.registry.Find(slot, column);
  program.streams.push_back(std::move(stream));
  rulert::DecoderSpec spec;
  const auto start = std::chrono::steady_clock::now();
  Compiled compiled{TestCodegen().CompileDecoder(program, 0, program.streams[0].schema, &spec)};
  compiled.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_EQ(compiled.module.error, "");
  return compiled;
}

// Each record has two fields of the one before: 2^levels leaves.
std::string Doubling(int levels) {
  std::string schema =
      R"({"type":"record","name":"R","fields":[{"name":"t0","type":{"type":"record","name":"T0","fields":[)"
      R"({"name":"a","type":"long"}]}})";
  for (int i = 1; i <= levels; ++i) {
    const std::string below = "T" + std::to_string(i - 1);
    schema += R"(,{"name":"t)" + std::to_string(i) + R"(","type":{"type":"record","name":"T)" + std::to_string(i) +
              R"(","fields":[{"name":"a","type":")" + below + R"("},{"name":"b","type":")" + below + R"("}]}})";
  }
  return schema + R"(,{"name":"g","type":"long"}]})";
}

TEST(HostileSchemaTest, TypesThatDoubleAtEachLevel) {
  const size_t small = Compile(Doubling(10), {"g"}, {ColumnKind::Long, false, {}}).module.module.object.size();
  const size_t large = Compile(Doubling(40), {"g"}, {ColumnKind::Long, false, {}}).module.module.object.size();
  EXPECT_LT(large, 8 * small);
}

// A chain of names far longer than the nesting of any text.
std::string Chain(int length) {
  std::string schema =
      R"({"type":"record","name":"R","fields":[{"name":"t0","type":{"type":"record","name":"T0","fields":[)"
      R"({"name":"a","type":"long"}]}})";
  for (int i = 1; i <= length; ++i) {
    const std::string below = "T" + std::to_string(i - 1);
    schema += R"(,{"name":"t)" + std::to_string(i) + R"(","type":["null",{"type":"record","name":"T)" +
              std::to_string(i) + R"(","fields":[{"name":"a","type":["null",")" + below +
              R"("]},{"name":"b","type":{"type":"array","items":")" + below + R"("}}]}]})";
  }
  return schema + R"(,{"name":"g","type":"long"}]})";
}

TEST(HostileSchemaTest, ChainsOfNames) { Compile(Chain(60), {"g"}, {ColumnKind::Long, false, {}}); }

// What would take minutes to compile is left to the table-driven decoder at once.
TEST(HostileSchemaTest, WhatIsTooLargeToCompileIsSaidToBe) {
  plan::Program program;
  plan::Stream stream;
  stream.schema = avro::ParseSchema(Chain(3000)).document;
  ASSERT_TRUE(stream.schema);
  stream.registry.Find("g", {ColumnKind::Long, false, {}});
  program.streams.push_back(std::move(stream));
  rulert::DecoderSpec spec;
  const std::clock_t start = std::clock();
  const CompiledModule compiled = TestCodegen().CompileDecoder(program, 0, program.streams[0].schema, &spec);
  EXPECT_LT(std::clock() - start, 5 * CLOCKS_PER_SEC);
  EXPECT_TRUE(compiled.too_large);
  EXPECT_EQ(compiled.error, "the schema of the data is too large to compile a decoder for");
  EXPECT_EQ(compiled.module.object, "");
}

// It has no values, but it is a schema.
TEST(HostileSchemaTest, ARecordThatIsAFieldOfItself) {
  const std::string schema = R"({"type":"record","name":"R","fields":[
      {"name":"g","type":"long"},{"name":"a","type":{"type":"record","name":"A","fields":[{"name":"a","type":"A"}]}}]})";
  Compile(schema, {"g"}, {ColumnKind::Long, false, {}});
}

std::string Wide(int fields, std::vector<std::string>* names) {
  std::string schema = R"({"type":"record","name":"R","fields":[)";
  for (int i = 0; i < fields; ++i) {
    names->push_back("f" + std::to_string(i));
    schema += std::string(i == 0 ? "" : ",") + R"({"name":"f)" + std::to_string(i) + R"(","type":"long"})";
  }
  return schema + "]}";
}

// Eight times the fields take about eight times the code and the time; twice that is allowed for.
TEST(HostileSchemaTest, WideRecordsAreCompiledInTimeLinearInTheirWidth) {
  for (const bool all : {false, true}) {
    std::vector<std::string> narrow_names;
    std::vector<std::string> wide_names;
    const std::string narrow = Wide(125, &narrow_names);
    const std::string wide = Wide(1000, &wide_names);
    if (!all) {
      narrow_names = {"f3", "f100", "f124"};
      wide_names = {"f3", "f100", "f999"};
    }
    const rulert::ColumnSpec column{ColumnKind::Long, false, {}};
    const Compiled small = Compile(narrow, narrow_names, column);
    const Compiled large = Compile(wide, wide_names, column);
    EXPECT_LT(large.module.module.object.size(), 16 * small.module.module.object.size());
    EXPECT_LT(large.seconds, 16 * small.seconds + 0.5);
    RecordProperty(all ? "all_fields_ms" : "three_fields_ms", static_cast<int>(large.seconds * 1000));
    std::printf("1,000 fields, %s in use: %.0f ms, %zu bytes\n", all ? "all" : "3", large.seconds * 1000,
                large.module.module.object.size());
  }
}

TEST(HostileSchemaTest, WideRecordsAreReadAsTheTableReadsThem) {
  static constexpr const char* kTypes[] = {"\"long\"", "\"string\"",  R"(["null","double"])",
                                           "\"int\"",  "\"boolean\"", R"({"type":"array","items":"string"})"};
  for (const int keep : {1, 2, 40}) {
    std::string schema = R"({"type":"record","name":"R","fields":[)";
    for (int i = 0; i < 300; ++i) {
      schema +=
          std::string(i == 0 ? "" : ",") + R"({"name":"f)" + std::to_string(i) + R"(","type":)" + kTypes[i % 6] + "}";
    }
    DecoderCase made;
    made.writer = avro::ParseSchema(schema + "]}").document;
    plan::Stream stream;
    stream.schema = made.writer;
    for (size_t i = 0; i < 300; i += static_cast<size_t>(keep)) {
      const avro::Field& field = made.writer->root().fields[i];
      stream.registry.Find(field.name, *ColumnFor(*field.type));
    }
    made.resolution = avro::ResolvePaths(made.writer, stream.schema, Paths(stream.registry)).resolution;
    made.program.streams.push_back(std::move(stream));
    DecoderRun decoder(TestCodegen(), made);
    std::mt19937_64 random(static_cast<uint64_t>(keep));
    const avro::Datum datum = avro::RandomDatum(made.writer->root(), random);
    std::vector<uint8_t> bytes;
    avro::EncodeDatum(made.writer->root(), datum, &bytes);
    ASSERT_EQ(decoder.Run(bytes, 1).error, uint32_t{RULERT_DECODE_OK});
    decoder.Compare(0, datum);
    // Every error is told with the field where it is: what precedes it is at its place.
    for (int round = 0; round < 100; ++round) {
      std::vector<uint8_t> damaged(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(random() % bytes.size()));
      if (round % 2 == 0) {
        damaged = bytes;
        damaged[random() % damaged.size()] ^= static_cast<uint8_t>(1u << random() % 8);
      }
      avro::Datum expected;
      size_t used = 0;
      const avro::DecodeError refused = avro::DecodeResolved(*made.resolution, damaged, &expected, &used);
      const rulert_decode call = decoder.Run(damaged, 1);
      ASSERT_EQ(call.error != RULERT_DECODE_OK, static_cast<bool>(refused)) << refused.path << ": " << refused.message;
      if (!refused) continue;
      ASSERT_LT(call.error_field, decoder.spec().field_paths.size());
      const std::string field = refused.path.substr(0, refused.path.find('['));
      // The end of the block may be seen some fields later.
      if (call.error != RULERT_DECODE_CUT) {
        EXPECT_EQ(decoder.spec().field_paths[call.error_field], field);
      }
    }
  }
}

}  // namespace
}  // namespace rulec
