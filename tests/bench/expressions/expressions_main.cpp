// Compiled expressions beside the same C++ written by hand, over the same columns:
//
//   expressions EXPRESSIONS.rule EVENTS.avro ROUNDS
//
// Decodes the file's first blocks to columns with the compiled decoder, then runs each rule's R and its peer over them
// in turns. Prints, for each rule, the medians in nanoseconds an event as JSON. Ends with 1 if they find other events.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "avro/container_reader.h"
#include "compiler/driver/front_end.h"
#include "compiler/emit/codegen.h"
#include "compiler/emit/plan_to_program.h"
#include "runtime/execute/params.h"
#include "runtime/execute/rule_instance.h"
#include "tests/bench/expressions/by_hand.h"

namespace {

constexpr size_t kBatches = 64;

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "expressions: %s\n", what.c_str());
  std::exit(1);
}

// The columns of one batch and what they point to.
struct Batch {
  rulert::BatchArena arena;
  rulert::ColumnPool pool;
  std::vector<rulert_column> columns;
  std::vector<uint32_t> row_offsets = std::vector<uint32_t>(RULERT_BATCH_ROWS);
  std::vector<uint8_t> bytes;
  uint32_t rows = 0;
};

void* Allocate(void* arena, uint64_t bytes) { return static_cast<rulert::BatchArena*>(arena)->Allocate(bytes); }
const rulert_host kHost = {RULERT_ABI_VERSION, sizeof(rulert_host), Allocate, nullptr};

const rulec::plan::Stream& StreamOf(const rulec::FrontEnd& program) { return program.plan->streams.front(); }

std::unique_ptr<Batch> Decode(const rulec::plan::Stream& stream, rulert_decode_fn decode,
                              std::span<const uint8_t> block, uint64_t records) {
  auto batch = std::make_unique<Batch>();
  batch->bytes.assign(block.begin(), block.end());
  batch->bytes.resize(block.size() + RULERT_SLACK);
  for (const rulert::SlotSpec& slot : stream.registry.slots()) {
    batch->columns.push_back(batch->pool.Get(batch->columns.size(), slot.column.nullable));
  }
  rulert_decode call{};
  call.bytes = batch->bytes.data();
  call.size = block.size();
  call.records = records;
  call.columns = batch->columns.data();
  call.row_offsets = batch->row_offsets.data();
  call.host = &kHost;
  call.arena = &batch->arena;
  decode(&call);
  if (call.error != RULERT_DECODE_OK) Fail("the events cannot be decoded");
  batch->rows = call.rows;
  return batch;
}

std::vector<std::unique_ptr<Batch>> ReadBatches(const rulec::plan::Stream& stream, rulert_decode_fn decode,
                                                const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  avro::ContainerReader reader({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  if (reader.Open()) Fail(std::string(path) + " cannot be read");
  std::vector<std::unique_ptr<Batch>> batches;
  for (bool end = false; !end && batches.size() < kBatches;) {
    avro::ContainerReader::Block block;
    if (reader.Next(&block, &end)) Fail(std::string(path) + " is damaged");
    if (block.records > 0) batches.push_back(Decode(stream, decode, block.bytes, block.records));
  }
  return batches;
}

by_hand::Events EventsOf(const rulec::plan::Stream& stream, const Batch& batch) {
  const auto values = [&](const char* path) -> const void* {
    const auto& slots = stream.registry.slots();
    for (size_t i = 0; i < slots.size(); ++i) {
      if (slots[i].path == path) return batch.columns[i].values;
    }
    Fail(std::string("no slot ") + path);
  };
  const auto as = [&]<typename T>(const T*& to, const char* path) { to = static_cast<const T*>(values(path)); };
  by_hand::Events events{};
  events.rows = batch.rows;
  as(events.id, "id");
  as(events.at, "at");
  as(events.size, "size");
  as(events.price, "price");
  as(events.fee, "fee");
  as(events.amount, "amount");
  as(events.rate, "rate");
  as(events.account, "account");
  as(events.text, "text");
  return events;
}

// A rule's R with what it writes to.
class Compiled {
 public:
  Compiled(const rulert::RuleSpec& spec, rulert_process_fn process)
      : params_(rulert::ParamsBlock::Build(spec, {})), process_(process) {
    if (!params_.ok()) Fail(params_.error().message());
    column_ = pool_.Get(0, false);
    rows_ = {0, RULERT_BATCH_ROWS, &column_, found_rows_.data(), times_.data(), nullptr};
    errors_ = {0, RULERT_BATCH_ROWS, items_.data()};
  }

  // How many rows it finds; their ids are then in ids().
  uint32_t Run(const rulec::plan::Stream& stream, Batch& batch) {
    rulert_batch in{};
    in.rows = batch.rows;
    in.columns = batch.columns.data();
    in.times = static_cast<const int64_t*>(batch.columns[*stream.time].values);
    in.row_offsets = batch.row_offsets.data();
    in.bytes = batch.bytes.data();
    rulert_rule_call call{};
    call.batch = &in;
    call.selected = batch.rows;
    call.params = params_->data();
    call.outputs = &rows_;
    call.errors = &errors_;
    call.host = &kHost;
    call.arena = &arena_;
    rows_.rows = 0;
    errors_.count = 0;
    process_(&call);
    if (errors_.count != 0) Fail("a rule error");
    return rows_.rows;
  }
  const int64_t* ids() const { return static_cast<const int64_t*>(column_.values); }
  void Reset() { arena_.Reset(); }

 private:
  rulert::Result<rulert::ParamsBlock> params_;
  rulert_process_fn process_;
  rulert::ColumnPool pool_;
  rulert::BatchArena arena_;
  rulert_column column_{};
  std::vector<uint32_t> found_rows_ = std::vector<uint32_t>(RULERT_BATCH_ROWS);
  std::vector<int64_t> times_ = std::vector<int64_t>(RULERT_BATCH_ROWS);
  std::vector<rulert_error> items_ = std::vector<rulert_error>(RULERT_BATCH_ROWS);
  rulert_rows rows_{};
  rulert_errors errors_{};
};

double NanosecondsPerEvent(const std::function<void()>& run, uint64_t events) {
  const auto start = std::chrono::steady_clock::now();
  run();
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  return spent.count() / static_cast<double>(events);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) Fail("usage: expressions EXPRESSIONS.rule EVENTS.avro ROUNDS");
  rulec::FrontEnd program;
  rulec::CompileFiles({argv[1]}, "", rulec::LastPhase::Plan, &program);
  if (!program.plan) Fail(std::string(argv[1]) + " does not compile");
  rulec::CodegenOptions options;
  options.cpu = "native";
  const rulec::LoadedCodegen loaded = rulec::LoadCodegen(options);
  if (!loaded.codegen) Fail(loaded.error);
  const rulec::EmittedProgram emitted = rulec::EmitProgram(*program.plan, *loaded.codegen, {});
  std::vector<std::unique_ptr<rulec::LoadedCode>> code;
  const auto function = [&](const std::string& name) -> void* {
    for (const rulec::ObjectModule& module : emitted.modules) {
      if (module.name != name) continue;
      code.push_back(loaded.codegen->Load(module));
      return code.back()->descriptor().function;
    }
    Fail("no module " + name);
  };
  const auto decode = reinterpret_cast<rulert_decode_fn>(function(emitted.spec.decoders.front().module));
  const auto batches = ReadBatches(StreamOf(program), decode, argv[2]);
  uint64_t events = 0;
  for (const auto& batch : batches) events += batch->rows;

  const std::vector<by_hand::Rule> peers = {by_hand::Arithmetic, by_hand::Decimals, by_hand::Strings, by_hand::Regexes,
                                            by_hand::Times};
  std::printf("{");
  for (size_t i = 0; i < peers.size(); ++i) {
    const rulert::RuleSpec& spec = emitted.spec.rules[i];
    Compiled compiled(spec, reinterpret_cast<rulert_process_fn>(function(spec.module)));
    auto found = std::make_unique<by_hand::Found>();
    uint64_t matches = 0;
    for (const auto& batch : batches) {
      const uint32_t count = compiled.Run(StreamOf(program), *batch);
      peers[i](EventsOf(StreamOf(program), *batch), found.get());
      if (count != found->count || !std::equal(found->ids, found->ids + count, compiled.ids())) {
        Fail(spec.name + ": the compiled rule and the one by hand find other events");
      }
      matches += count;
    }
    std::vector<double> ours, theirs;
    for (int round = 0; round < std::atoi(argv[3]); ++round) {
      ours.push_back(NanosecondsPerEvent(
          [&] {
            for (const auto& batch : batches) compiled.Run(StreamOf(program), *batch);
            compiled.Reset();
          },
          events));
      theirs.push_back(NanosecondsPerEvent(
          [&] {
            for (const auto& batch : batches) peers[i](EventsOf(StreamOf(program), *batch), found.get());
          },
          events));
    }
    std::printf("%s\"%s\": {\"compiled_ns\": %.3f, \"by_hand_ns\": %.3f, \"share\": %.4f}", i == 0 ? "" : ", ",
                spec.name.c_str(), Median(ours), Median(theirs),
                static_cast<double>(matches) / static_cast<double>(events));
  }
  std::printf("}\n");
  return 0;
}
