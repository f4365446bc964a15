#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>

#include "compiler/emit/codegen.h"
#include "compiler/plan/plan.h"
#include "compiler/types/avro_type.h"
#include "runtime/record/batch_arena.h"
#include "runtime/record/column_buffer.h"
#include "tests/conformance/decoders.h"

namespace conformance {
namespace {

constexpr const char* kField = "value";

// A record whose only field is of the schema. Its name meets no other.
avro::SchemaPtr Wrapped(const avro::SchemaDocument& schema) {
  return avro::ParseSchema(R"({"type":"record","name":"conformance_case","fields":[{"name":"value","type":)" +
                           schema.text() + "}]}")
      .document;
}

struct Leaf {
  std::string path;
  const avro::Schema* schema;
};

// What rules can read of a value: the whole, or else those fields of a record that they can read.
void FindLeaves(const avro::Schema& schema, const std::string& path, std::set<const avro::Schema*>* above,
                std::vector<Leaf>* leaves) {
  const rulec::Type type = rulec::TypeOf(schema);
  if (type.kind != rulec::TypeKind::Error && rulec::TypeNodes(type) <= rulec::kMaxTypeNodes) {
    leaves->push_back({path, &schema});
    return;
  }
  if (schema.kind != avro::Kind::Record || !above->insert(&schema).second) return;
  for (const avro::Field& field : schema.fields) FindLeaves(*field.type, path + "." + field.name, above, leaves);
  above->erase(&schema);
}

void* Allocate(void* arena, uint64_t bytes) { return static_cast<rulert::BatchArena*>(arena)->Allocate(bytes); }
const rulert_host kHost = {RULERT_ABI_VERSION, sizeof(rulert_host), Allocate, nullptr};

// One datum, decoded into columns of one row.
class Run {
 public:
  explicit Run(const rulec::plan::Stream& stream) {
    for (const rulert::SlotSpec& slot : stream.registry.slots()) {
      columns_.push_back(pool_.Get(columns_.size(), slot.column.nullable));
    }
  }

  std::string Decode(rulert_decode_fn decode, std::span<const uint8_t> datum, size_t* used) {
    bytes_.assign(datum.begin(), datum.end());
    bytes_.resize(datum.size() + RULERT_SLACK, 0xff);
    rulert_decode call{};
    call.bytes = bytes_.data();
    call.size = datum.size();
    call.records = 1;
    call.columns = columns_.data();
    call.row_offsets = row_offsets_.data();
    call.host = &kHost;
    call.arena = &arena_;
    decode(&call);
    *used = call.cursor;
    return call.error == RULERT_DECODE_OK ? "" : "decoder's error " + std::to_string(call.error);
  }

  PlainJson Value(size_t slot, const avro::Schema& schema, const rulert::ColumnSpec& column) const {
    return ToAvroJson(schema, column, rulert::IsValid(columns_[slot], 0) ? columns_[slot].values : nullptr);
  }

 private:
  rulert::BatchArena arena_;
  rulert::ColumnPool pool_;
  std::vector<rulert_column> columns_;
  std::vector<uint32_t> row_offsets_ = std::vector<uint32_t>(RULERT_BATCH_ROWS);
  std::vector<uint8_t> bytes_;
};

// Puts `value` where `path` (`value.a.b`) leads.
void Put(const std::string& path, PlainJson value, PlainJson* whole) {
  const size_t dot = path.find('.');
  if (dot == std::string::npos) {
    *whole = std::move(value);
    return;
  }
  const size_t next = path.find('.', dot + 1);
  const std::string member = path.substr(dot + 1, next == std::string::npos ? next : next - dot - 1);
  Put(path.substr(dot + 1), std::move(value), &(*whole)[member]);
}

class Generated final : public Decoder {
 public:
  std::string name() const override { return "generated"; }

  Decoded Decode(const avro::SchemaPtr& writer, const avro::SchemaPtr& reader,
                 std::span<const uint8_t> bytes) override {
    rulec::plan::Program program;
    rulec::plan::Stream stream;
    stream.name = "s";
    stream.schema = Wrapped(*reader);
    std::vector<Leaf> leaves;
    std::set<const avro::Schema*> above;
    FindLeaves(*stream.schema->root().fields[0].type, kField, &above, &leaves);
    for (const Leaf& leaf : leaves) stream.registry.Find(leaf.path, rulec::plan::ColumnOf(rulec::TypeOf(*leaf.schema)));
    program.streams.push_back(std::move(stream));

    rulert::DecoderSpec spec;
    rulec::Codegen& codegen = LoadOnce();
    const rulec::CompiledModule compiled = codegen.CompileDecoder(program, 0, Wrapped(*writer), &spec);
    if (!compiled.error.empty()) return {.error = compiled.error};
    const std::unique_ptr<rulec::LoadedCode> code = codegen.Load(compiled.module);
    Run run(program.streams[0]);
    Decoded decoded;
    decoded.error = run.Decode(reinterpret_cast<rulert_decode_fn>(code->descriptor().function), bytes, &decoded.used);
    if (!decoded.error.empty()) return decoded;
    const auto& slots = program.streams[0].registry.slots();
    decoded.part = leaves.size() != 1 || leaves[0].path != kField;
    for (size_t i = 0; i < leaves.size(); ++i) {
      Put(leaves[i].path, run.Value(i, *leaves[i].schema, slots[i].column), &decoded.value);
    }
    return decoded;
  }

 private:
  static rulec::Codegen& LoadOnce() {
    static const rulec::LoadedCodegen loaded = rulec::LoadCodegen({});
    if (!loaded.codegen) {
      std::fprintf(stderr, "conformance: %s\n", loaded.error.c_str());
      std::abort();
    }
    return *loaded.codegen;
  }
};

}  // namespace

std::unique_ptr<Decoder> GeneratedDecoder() { return std::make_unique<Generated>(); }

}  // namespace conformance
