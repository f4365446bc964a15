// What decoding a record takes by generated code and by tables, and what making a decoder of a wide schema takes, as
// JSON on standard output:
//
//   decoders PROGRAM.rule SCHEMAS RECORDS.avro ROUNDS
//
// Nanoseconds are medians over ROUNDS of the whole file, which lies in memory, for each record: generated_ns by D;
// table_ns by the decoder of versions that no D was compiled for; datum_ns into a tree of values by avro/. All read
// the slots of the program's first stream (the last one the whole record). Milliseconds are CPU time of compiling D
// for 1,000 fields: wide_all_ms with all of them in use, wide_three_ms with three.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include "avro/container_reader.h"
#include "compiler/driver/front_end.h"
#include "compiler/emit/codegen.h"
#include "runtime/decode/decoder.h"
#include "runtime/decode/table_decoder.h"
#include "runtime/record/batch_arena.h"

namespace {

constexpr int kWideFields = 1000;

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "decoders: %s\n", what.c_str());
  std::exit(1);
}

// The blocks of a file, each with readable bytes behind it.
struct Records {
  struct Block {
    std::vector<uint8_t> bytes;
    uint64_t records = 0;
  };
  avro::SchemaPtr schema;
  std::vector<Block> blocks;
  uint64_t count = 0;
};

Records ReadRecords(const char* path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> file((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  avro::ContainerReader reader({reinterpret_cast<const uint8_t*>(file.data()), file.size()});
  if (const avro::ContainerError error = reader.Open()) Fail(std::string(path) + ": " + error.message);
  Records records;
  records.schema = reader.header().schema;
  for (bool end = false; !end;) {
    avro::ContainerReader::Block block;
    if (const avro::ContainerError error = reader.Next(&block, &end)) Fail(error.message);
    if (end) break;
    std::vector<uint8_t> bytes(block.bytes.begin(), block.bytes.end());
    bytes.resize(bytes.size() + RULERT_SLACK);
    records.blocks.push_back({std::move(bytes), block.records});
    records.count += block.records;
  }
  return records;
}

double Median(int rounds, const Records& records, const std::function<void()>& decode) {
  std::vector<double> times;
  for (int i = 0; i <= rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    decode();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    if (i > 0) times.push_back(took.count() / static_cast<double>(records.count));
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[static_cast<size_t>(rounds) / 2];
}

// Batch by batch, as a job does.
void DecodeAll(const Records& records, rulert::BatchColumns& columns, rulert::BatchArena& arena,
               const std::function<void(rulert_decode*)>& decode) {
  for (const Records::Block& block : records.blocks) {
    rulert_decode call{};
    call.bytes = block.bytes.data();
    call.size = block.bytes.size() - RULERT_SLACK;
    call.records = block.records;
    call.columns = columns.columns();
    call.row_offsets = columns.row_offsets();
    call.host = rulert::ArenaHost();
    call.arena = &arena;
    while (call.records > 0) {
      arena.Reset();
      decode(&call);
      if (call.error != RULERT_DECODE_OK) Fail("error " + std::to_string(call.error) + " in the records");
    }
  }
}

void DecodeTrees(const Records& records, const avro::Resolution& resolution) {
  avro::Datum datum;
  for (const Records::Block& block : records.blocks) {
    std::span<const uint8_t> bytes(block.bytes.data(), block.bytes.size() - RULERT_SLACK);
    for (uint64_t i = 0; i < block.records; ++i) {
      size_t used = 0;
      if (const avro::DecodeError error = avro::DecodeResolved(resolution, bytes, &datum, &used)) Fail(error.message);
      bytes = bytes.subspan(used);
    }
  }
}

double WideMilliseconds(rulec::Codegen& codegen, int step) {
  static constexpr const char* kTypes[] = {"\"long\"", "\"string\"", "\"double\"", "\"int\"", R"(["null","long"])"};
  static constexpr rulert::ColumnKind kKinds[] = {rulert::ColumnKind::Long, rulert::ColumnKind::String,
                                                  rulert::ColumnKind::Double, rulert::ColumnKind::Int,
                                                  rulert::ColumnKind::Long};
  std::string schema;
  rulec::plan::Stream stream;
  for (int i = 0; i < kWideFields; ++i) {
    const int type = i % 5;
    const std::string name = "f" + std::to_string(i);
    schema += std::string(i == 0 ? "" : ",") + R"({"name":")" + name + R"(","type":)" + kTypes[type] + "}";
    if (i % step == 0) stream.registry.Find(name, {kKinds[type], type == 4, {}});
  }
  stream.schema = avro::ParseSchema(R"({"type":"record","name":"W","fields":[)" + schema + "]}").document;
  rulec::plan::Program program;
  program.streams.push_back(std::move(stream));
  rulert::DecoderSpec spec;
  const std::clock_t start = std::clock();
  const rulec::CompiledModule made = codegen.CompileDecoder(program, 0, program.streams[0].schema, &spec);
  if (!made.error.empty()) Fail(made.error);
  return static_cast<double>(std::clock() - start) * 1e3 / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) Fail("usage: decoders PROGRAM.rule SCHEMAS RECORDS.avro ROUNDS");
  const int rounds = std::max(1, std::atoi(argv[4]));
  rulec::FrontEnd program;
  rulec::CompileFiles({argv[1]}, argv[2], rulec::LastPhase::Plan, &program);
  if (!program.plan) Fail(std::string(argv[1]) + " does not compile");
  rulec::CodegenOptions options;
  options.cpu = "native";
  rulec::LoadedCodegen loaded = rulec::LoadCodegen(options);
  if (!loaded.codegen) Fail(loaded.error);
  const Records records = ReadRecords(argv[3]);

  const rulec::plan::Stream& stream = program.plan->streams[0];
  const std::vector<rulert::SlotSpec>& slots = stream.registry.slots();
  rulert::DecoderSpec spec;
  const rulec::CompiledModule compiled = loaded.codegen->CompileDecoder(*program.plan, 0, records.schema, &spec);
  if (!compiled.error.empty()) Fail(compiled.error);
  const std::unique_ptr<rulec::LoadedCode> code = loaded.codegen->Load(compiled.module);
  const auto function = reinterpret_cast<rulert_decode_fn>(code->descriptor().function);

  std::vector<std::string> paths;
  for (const rulert::SlotSpec& slot : slots) paths.push_back(slot.path);
  std::vector<int32_t> wanted(slots.size());
  std::iota(wanted.begin(), wanted.end(), 0);
  auto table =
      rulert::TableDecoder::Make(avro::ResolvePaths(records.schema, stream.schema, paths).resolution, slots, wanted);
  if (!table.ok()) Fail(table.error().message());
  const auto whole = avro::ResolveSchemas(records.schema, stream.schema).resolution;
  if (!whole) Fail("the records are not read as the stream's schema");

  rulert::BatchColumns columns;
  columns.Resize(slots);
  rulert::BatchArena arena;
  const double generated = Median(rounds, records, [&] { DecodeAll(records, columns, arena, function); });
  const double by_table = Median(rounds, records, [&] {
    DecodeAll(records, columns, arena, [&](rulert_decode* call) { (*table)->Decode(call); });
  });
  const double datum = Median(std::min(rounds, 3), records, [&] { DecodeTrees(records, *whole); });
  std::printf(
      "{\"generated_ns\": %.3f, \"table_ns\": %.3f, \"datum_ns\": %.3f, \"wide_all_ms\": %.1f, \"wide_three_ms\": "
      "%.1f}\n",
      generated, by_table, datum, WideMilliseconds(*loaded.codegen, 1), WideMilliseconds(*loaded.codegen, 334));
  return 0;
}
