#include "generate/generator.h"

#include "avro/datum.h"
#include "generate/source_compiler.h"

namespace rulec::generate {
namespace {

constexpr size_t kWriteTarget = size_t{1} << 20;

avro::Sync SyncOf(uint64_t seed) {
  uint64_t state = MixSeeds(seed, HashBytes("sync"));
  avro::Sync sync;
  for (uint8_t& byte : sync) byte = static_cast<uint8_t>(SplitMix(&state) >> 56);
  return sync;
}

}  // namespace

struct EventGenerator::State {
  avro::SchemaPtr schema;  // the sources point into it
  uint64_t left = 0;
  SourceTree tree;
  Random random{0};
  EventBuffer buffer;
  GenerateError error;

  // False if the event got too large.
  bool PutEvent() {
    EventContext context;
    for (KeySource* key : tree.keys) key->Prepare();
    tree.root->Put(context, random, buffer);
    return !context.failed();
  }
};

EventGenerator::EventGenerator(std::unique_ptr<State> state) : state_(std::move(state)) {}
EventGenerator::~EventGenerator() = default;

std::unique_ptr<EventGenerator> EventGenerator::Make(const GenerateOptions& options, GenerateError* error) {
  Shape shape;
  *error = ParseShape(options.shape_toml, options.shape_path, &shape);
  if (*error) return nullptr;
  auto state = std::make_unique<State>();
  state->schema = options.schema;
  state->left = options.count;
  state->random = Random(MixSeeds(options.seed, 0));
  ShapeErrors errors(options.shape_path);
  state->tree = SourceCompiler(options.schema->root(), shape, options.seed, options.time_field, &errors).Compile();
  *error = errors.first();
  if (*error) return nullptr;
  return std::unique_ptr<EventGenerator>(new EventGenerator(std::move(state)));
}

const GenerateError& EventGenerator::error() const { return state_->error; }

EventGenerator::Batch EventGenerator::Next(size_t target_bytes) {
  // Events of no bytes must not make a batch endless.
  constexpr uint64_t kMaxEvents = 65'536;
  State& state = *state_;
  state.buffer.Clear();
  uint64_t events = 0;
  while (state.left > 0 && events < kMaxEvents && (events == 0 || state.buffer.size() < target_bytes)) {
    if (!state.PutEvent()) {
      state.error.message =
          "an event of " + Describe(state.schema->root()) + " gets more than 1,000,000 parts or 64 MiB";
      state.left = 0;
      return {};
    }
    ++events;
    --state.left;
  }
  return {state.buffer.bytes(), events};
}

GenerateError WriteContainer(const GenerateOptions& options, const WriteBytes& write) {
  GenerateError error;
  const std::unique_ptr<EventGenerator> generator = EventGenerator::Make(options, &error);
  if (generator == nullptr) return error;
  avro::ContainerWriter writer(options.schema->text(), options.codec, SyncOf(options.seed));
  while (true) {
    const EventGenerator::Batch batch = generator->Next(avro::ContainerWriter::kBlockTarget);
    if (batch.events == 0) break;
    writer.Append(batch.bytes, batch.events);
    if (writer.bytes().size() < kWriteTarget) continue;
    if (!write(writer.bytes())) return {};
    writer.bytes().clear();
  }
  if (generator->error()) return generator->error();
  writer.Flush();
  write(writer.bytes());
  return {};
}

GenerateError WriteJsonLines(const GenerateOptions& options, const WriteBytes& write) {
  GenerateError error;
  const std::unique_ptr<EventGenerator> generator = EventGenerator::Make(options, &error);
  if (generator == nullptr) return error;
  const avro::Schema& schema = options.schema->root();
  avro::Datum datum;
  std::string lines;
  while (true) {
    EventGenerator::Batch batch = generator->Next(avro::ContainerWriter::kBlockTarget);
    if (batch.events == 0) break;
    for (uint64_t i = 0; i < batch.events; ++i) {
      size_t used = 0;
      if (const avro::DecodeError wrong = avro::DecodeDatum(schema, batch.bytes, &datum, &used)) {
        return {"an event cannot be read back: " + wrong.message + " (" + wrong.path + ")", "", 0, 0};
      }
      lines += DatumToJson(schema, datum) + "\n";
      batch.bytes = batch.bytes.subspan(used);
    }
    if (lines.size() < kWriteTarget) continue;
    if (!write(lines)) return {};
    lines.clear();
  }
  if (generator->error()) return generator->error();
  if (!lines.empty()) write(lines);
  return {};
}

}  // namespace rulec::generate
