// Generated decoders against the table-driven one, on random schemas and data.
#include <sys/mman.h>
#include <unistd.h>

#include "avro/random_schema.h"
#include "compiler/emit/codegen_fixture.h"

namespace rulec {
namespace {

using rulert::ColumnKind;

std::optional<ColumnKind> SlotKind(const avro::Schema& type) {
  switch (type.kind) {
    case avro::Kind::Bool: return ColumnKind::Bool;
    case avro::Kind::Int: return type.logical == avro::Logical::None ? std::optional(ColumnKind::Int) : std::nullopt;
    case avro::Kind::Double: return ColumnKind::Double;
    case avro::Kind::String: return ColumnKind::String;
    case avro::Kind::Enum: return ColumnKind::Enum;
    case avro::Kind::Long:
      if (type.logical == avro::Logical::TimestampMicros || type.logical == avro::Logical::TimestampMillis ||
          type.logical == avro::Logical::TimestampNanos) {
        return ColumnKind::Timestamp;
      }
      return type.logical == avro::Logical::None ? std::optional(ColumnKind::Long) : std::nullopt;
    default: return std::nullopt;
  }
}

// A slot for every second field that can have one; nested records give paths.
void AddSlots(const avro::Schema& record, const std::string& prefix, std::mt19937_64& random, plan::Stream* stream,
              int depth = 0) {
  for (const avro::Field& field : record.fields) {
    const avro::Schema* type = field.type;
    if (type->kind == avro::Kind::Record && depth < 4) {
      AddSlots(*type, prefix + field.name + ".", random, stream, depth + 1);
      continue;
    }
    bool nullable = false;
    if (type->kind == avro::Kind::Union) {
      const int null_branch = type->NullBranch();
      if (type->branches.size() != 2 || null_branch < 0) continue;
      nullable = true;
      type = type->branches[null_branch == 0 ? 1 : 0];
    }
    const auto kind = SlotKind(*type);
    if (kind && random() % 2 == 0) stream->registry.Find(prefix + field.name, {*kind, nullable, type->symbols});
  }
}

const avro::Datum& FieldOf(const avro::Schema& record, const avro::Datum& datum, const std::string& path,
                           const avro::Schema** type) {
  const size_t dot = path.find('.');
  const int index = record.FieldIndex(path.substr(0, dot));
  *type = record.fields[index].type;
  const avro::Datum& field = datum.items[index];
  return dot == std::string::npos ? field : FieldOf(**type, field, path.substr(dot + 1), type);
}

int64_t FloorThousandth(int64_t value) { return value / 1000 - (value % 1000 < 0 ? 1 : 0); }

// The oracle's value of a slot, as the column should show it; false if its time is beyond 64 bits of microseconds.
bool TimeOf(const avro::Schema& type, int64_t value, int64_t* micros) {
  *micros = value;
  if (type.logical == avro::Logical::TimestampMillis) return !__builtin_mul_overflow(value, int64_t{1000}, micros);
  if (type.logical == avro::Logical::TimestampNanos) *micros = FloorThousandth(value);
  return true;
}

void ExpectSlot(TestColumns& columns, size_t slot, uint32_t row, const avro::Schema& type, const avro::Datum& datum) {
  if (datum.kind == avro::Kind::Null) {
    EXPECT_FALSE(columns.IsValid(slot, row));
    return;
  }
  ASSERT_TRUE(columns.IsValid(slot, row));
  const avro::Schema& plain = type.kind == avro::Kind::Union ? *type.branches[datum.branch] : type;
  switch (columns.spec(slot).kind) {
    case ColumnKind::Bool: EXPECT_EQ(columns.At<uint8_t>(slot, row), datum.boolean ? 1 : 0); break;
    case ColumnKind::Int:
    case ColumnKind::Enum: EXPECT_EQ(columns.At<int32_t>(slot, row), datum.integer); break;
    case ColumnKind::Double: {
      uint64_t expected;
      std::memcpy(&expected, &datum.number, 8);
      EXPECT_EQ(columns.At<uint64_t>(slot, row), expected);
      break;
    }
    case ColumnKind::String: EXPECT_EQ(columns.Text(slot, row), datum.text); break;
    default: {
      int64_t expected = 0;
      ASSERT_TRUE(TimeOf(plain, datum.integer, &expected));
      EXPECT_EQ(columns.At<int64_t>(slot, row), expected);
    }
  }
}

struct Case {
  plan::Program program;
  std::vector<rulert::ColumnSpec> specs;
  const avro::Schema& root() const { return program.streams[0].schema->root(); }
};

Case MakeCase(uint64_t seed, std::mt19937_64& random) {
  Case made;
  avro::RandomSchemaOptions options;
  options.max_fields = 10;
  plan::Stream stream;
  stream.name = "s";
  stream.schema = avro::RandomSchema(seed, options);
  AddSlots(stream.schema->root(), "", random, &stream);
  for (const rulert::SlotSpec& slot : stream.registry.slots()) made.specs.push_back(slot.column);
  made.program.streams.push_back(std::move(stream));
  return made;
}

bool TimesFit(const Case& tried, const avro::Datum& datum) {
  for (const rulert::SlotSpec& slot : tried.program.streams[0].registry.slots()) {
    const avro::Schema* type = nullptr;
    const avro::Datum& field = FieldOf(tried.root(), datum, slot.path, &type);
    int64_t ignored;
    if (slot.column.kind != ColumnKind::Timestamp || field.kind == avro::Kind::Null) continue;
    const avro::Schema& plain = type->kind == avro::Kind::Union ? *type->branches[field.branch] : *type;
    if (!TimeOf(plain, field.integer, &ignored)) return false;
  }
  return true;
}

// A block whose slack ends where memory does: a read behind it faults.
class GuardedBlock {
 public:
  explicit GuardedBlock(const std::vector<uint8_t>& bytes) {
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t readable = (bytes.size() + page - 1) / page * page;
    size_ = readable + page;
    void* region = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (region == MAP_FAILED || mprotect(static_cast<char*>(region) + readable, page, PROT_NONE) != 0) std::abort();
    region_ = static_cast<uint8_t*>(region);
    bytes_ = region_ + readable - bytes.size();
    std::memcpy(bytes_, bytes.data(), bytes.size());
  }
  ~GuardedBlock() { munmap(region_, size_); }
  GuardedBlock(const GuardedBlock&) = delete;
  GuardedBlock& operator=(const GuardedBlock&) = delete;
  const uint8_t* bytes() const { return bytes_; }

 private:
  uint8_t* region_;
  uint8_t* bytes_;
  size_t size_;
};

class Decoder {
 public:
  Decoder(Codegen& codegen, const Case& made) : columns_(made.specs), offsets_(RULERT_BATCH_ROWS) {
    const CompiledModule compiled = codegen.CompileDecoder(made.program, 0, made.program.streams[0].schema, &spec_);
    EXPECT_EQ(compiled.error, "");
    code_ = codegen.Load(compiled.module);
  }
  // The columns' strings live until the next run.
  rulert_decode Run(const std::vector<uint8_t>& with_slack, uint64_t records) {
    block_ = std::make_unique<GuardedBlock>(with_slack);
    rulert_decode call{};
    call.bytes = block_->bytes();
    call.size = with_slack.size() - RULERT_SLACK;
    call.records = records;
    call.columns = columns_.columns();
    call.row_offsets = offsets_.data();
    reinterpret_cast<rulert_decode_fn>(code_->descriptor().function)(&call);
    return call;
  }
  TestColumns& columns() { return columns_; }
  uint32_t offset(uint32_t row) const { return offsets_[row]; }
  const rulert::DecoderSpec& spec() const { return spec_; }

 private:
  TestColumns columns_;
  std::vector<uint32_t> offsets_;
  rulert::DecoderSpec spec_;
  std::unique_ptr<LoadedCode> code_;
  std::unique_ptr<GuardedBlock> block_;
};

void CompareOn(Codegen& codegen, uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const Case made = MakeCase(seed, random);
  SCOPED_TRACE(made.program.streams[0].schema->text());
  Decoder decoder(codegen, made);
  std::vector<avro::Datum> data;
  std::vector<uint8_t> bytes;
  std::vector<size_t> starts;
  while (data.size() < 70) {
    avro::Datum datum = avro::RandomDatum(made.root(), random);
    if (!TimesFit(made, datum)) datum = avro::RandomDatum(made.root(), random);
    if (!TimesFit(made, datum)) break;
    starts.push_back(bytes.size());
    avro::EncodeDatum(made.root(), datum, &bytes);
    data.push_back(std::move(datum));
  }
  const size_t size = bytes.size();
  const auto block = WithSlack(std::move(bytes));
  const rulert_decode call = decoder.Run(block, data.size());
  ASSERT_EQ(call.error, uint32_t{RULERT_DECODE_OK}) << "at byte " << call.error_byte << " of " << size;
  ASSERT_EQ(call.rows, data.size());
  EXPECT_EQ(call.cursor, size);
  EXPECT_EQ(call.records, 0u);
  for (uint32_t row = 0; row < data.size(); ++row) {
    EXPECT_EQ(decoder.offset(row), starts[row]);
    size_t index = 0;
    for (const rulert::SlotSpec& slot : made.program.streams[0].registry.slots()) {
      const avro::Schema* type = nullptr;
      const avro::Datum& datum = FieldOf(made.root(), data[row], slot.path, &type);
      SCOPED_TRACE(slot.path + " of row " + std::to_string(row));
      ExpectSlot(decoder.columns(), index++, row, *type, datum);
    }
  }
}

TEST(DecoderTest, AgreesWithTheTableOnRandomSchemas) {
  for (uint64_t seed = 1; seed <= Rounds(70) && !HasFailure(); ++seed) CompareOn(TestCodegen(), seed);
}

TEST(DecoderTest, AgreesWithoutBmi2) {
  for (uint64_t seed = 1; seed <= Rounds(12) && !HasFailure(); ++seed) CompareOn(TestCodegen("x86-64-v2"), seed);
}

// A block cut or changed anywhere: never beyond the slack, never another value than the table's.
TEST(DecoderTest, RefusesOrAgreesOnDamagedBytes) {
  for (uint64_t seed = 1; seed <= Rounds(20) && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed * 7919);
    const Case made = MakeCase(seed, random);
    Decoder decoder(TestCodegen(), made);
    std::vector<uint8_t> good;
    avro::EncodeDatum(made.root(), avro::RandomDatum(made.root(), random), &good);
    for (int round = 0; round < 200; ++round) {
      std::vector<uint8_t> bytes = good;
      if (round < 100 && !bytes.empty()) {
        bytes[random() % bytes.size()] ^= static_cast<uint8_t>(1u << random() % 8);
      } else {
        bytes.resize(random() % (good.size() + 1));
      }
      avro::Datum datum;
      size_t used = 0;
      const avro::DecodeError refused = avro::DecodeDatum(made.root(), bytes, &datum, &used);
      const rulert_decode call = decoder.Run(WithSlack(bytes), 1);
      if (call.error != RULERT_DECODE_OK) {
        EXPECT_EQ(call.rows, 0u);
        EXPECT_EQ(call.cursor, 0u);
        EXPECT_LT(call.error_field, decoder.spec().field_paths.size());
        // What the table takes, D takes as well, times beyond the range apart.
        EXPECT_TRUE(refused || !TimesFit(made, datum)) << "error " << call.error << " at " << call.error_byte;
      } else {
        EXPECT_LE(call.cursor, bytes.size());
        EXPECT_TRUE(refused || call.cursor == used);
      }
    }
  }
}

// Records much wider than the slack, so that bounds are checked at places in the middle of them, and blocks cut
// anywhere before bytes that go on as if they belonged to the record.
Case MakeWideCase(std::mt19937_64& random) {
  static constexpr const char* kTypes[] = {"\"double\"",
                                           "\"double\"",
                                           "[\"null\",\"string\"]",
                                           "[\"string\",\"null\"]",
                                           "\"long\"",
                                           "[\"null\",\"double\"]",
                                           "\"string\"",
                                           R"(["null","long","string"])",
                                           R"({"type":"array","items":"long"})"};
  // Mostly one type, which is what it takes to come far.
  const size_t favourite = random() % std::size(kTypes);
  std::string schema = R"({"type":"record","name":"R","fields":[)";
  const size_t fields = 150 + random() % 150;
  for (size_t i = 0; i < fields; ++i) {
    const size_t type = random() % 16 == 0 ? random() % std::size(kTypes) : favourite;
    schema +=
        std::string(i == 0 ? "" : ",") + R"({"name":"f)" + std::to_string(i) + R"(","type":)" + kTypes[type] + "}";
  }
  Case made;
  plan::Stream stream;
  stream.name = "s";
  stream.schema = avro::ParseSchema(schema + "]}").document;
  AddSlots(stream.schema->root(), "", random, &stream);
  for (const rulert::SlotSpec& slot : stream.registry.slots()) made.specs.push_back(slot.column);
  made.program.streams.push_back(std::move(stream));
  return made;
}

TEST(DecoderTest, NeverReadsBehindTheSlackOfACutBlock) {
  for (uint64_t seed = 1; seed <= Rounds(2) && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed * 104729);
    const Case made = MakeWideCase(random);
    Decoder decoder(TestCodegen(), made);
    std::vector<uint8_t> good;
    avro::EncodeDatum(made.root(), avro::RandomDatum(made.root(), random), &good);
    for (int round = 0; round < 40; ++round) {
      // What stands in the slack reads as nulls, empty texts, small numbers, as itself, or as the rest of the record.
      static constexpr uint8_t kFill[] = {0x00, 0x02, 0x7e, 0xff};
      const size_t cut = round < 4 ? 0 : random() % good.size();
      std::vector<uint8_t> bytes(good.begin(), good.begin() + static_cast<ptrdiff_t>(cut));
      bytes.resize(cut + RULERT_SLACK, kFill[round % 4]);
      if (round % 5 == 4) {
        for (size_t i = cut; i < std::min(bytes.size(), good.size()); ++i) bytes[i] = good[i];
      }
      const rulert_decode call = decoder.Run(bytes, 1);
      EXPECT_NE(call.error, uint32_t{RULERT_DECODE_OK});
      EXPECT_EQ(call.rows, 0u);
    }
  }
}

// The check of bounds falls into what is read of a value that is there; where it is null, none is made.
TEST(DecoderTest, ANullDoesNotHideThatBoundsWereNotChecked) {
  for (const char* nullable : {R"(["null","string"])", R"(["string","null"])", R"(["null","double"])"}) {
    for (const int before : {117, 121, 124}) {
      std::string schema = R"({"type":"record","name":"R","fields":[)";
      plan::Stream stream;
      const auto add = [&](int i, const char* type, const rulert::ColumnSpec& column) {
        const std::string name = "f" + std::to_string(i);
        schema += std::string(i == 0 ? "" : ",") + R"({"name":")" + name + R"(","type":)" + type + "}";
        stream.registry.Find(name, column);
      };
      const bool text = std::string_view(nullable).find("string") != std::string_view::npos;
      for (int i = 0; i < 240; ++i) {
        if (i == before) {
          add(i, nullable, {text ? ColumnKind::String : ColumnKind::Double, true, {}});
        } else {
          add(i, "\"double\"", {ColumnKind::Double, false, {}});
        }
      }
      Case made;
      stream.schema = avro::ParseSchema(schema + "]}").document;
      for (const rulert::SlotSpec& slot : stream.registry.slots()) made.specs.push_back(slot.column);
      made.program.streams.push_back(std::move(stream));
      Decoder decoder(TestCodegen(), made);
      const uint8_t null_branch = std::string_view(nullable).starts_with("[\"null") ? 0x00 : 0x02;
      EXPECT_EQ(decoder.Run(std::vector<uint8_t>(RULERT_SLACK, null_branch), 1).error, uint32_t{RULERT_DECODE_CUT});
    }
  }
}

plan::Program OneFieldProgram(const char* type_json, rulert::ColumnSpec column) {
  plan::Stream stream;
  stream.name = "s";
  const std::string schema = std::string(R"({"type":"record","name":"R","fields":[{"name":"f","type":)") + type_json +
                             R"(},{"name":"g","type":"long"}]})";
  stream.schema = avro::ParseSchema(schema).document;
  stream.registry.Find("f", column);
  plan::Program program;
  program.streams.push_back(std::move(stream));
  return program;
}

uint32_t ErrorOf(const char* type_json, rulert::ColumnSpec column, std::vector<uint8_t> bytes) {
  Case made{OneFieldProgram(type_json, column), {column}};
  Decoder decoder(TestCodegen(), made);
  return decoder.Run(WithSlack(std::move(bytes)), 1).error;
}

TEST(DecoderTest, NamesWhatIsWrong) {
  const rulert::ColumnSpec text{ColumnKind::String, false, {}};
  const rulert::ColumnSpec whole{ColumnKind::Int, false, {}};
  EXPECT_EQ(ErrorOf("\"string\"", text, {0x02, 'a', 0x00}), uint32_t{RULERT_DECODE_OK});
  EXPECT_EQ(ErrorOf("\"string\"", text, {0x01, 'a', 0x00}), uint32_t{RULERT_DECODE_LENGTH});
  EXPECT_EQ(ErrorOf("\"string\"", text, {0x04, 'a'}), uint32_t{RULERT_DECODE_CUT});
  EXPECT_EQ(ErrorOf("\"string\"", text, {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}),
            uint32_t{RULERT_DECODE_CUT});
  EXPECT_EQ(ErrorOf("\"int\"", whole, {0xff, 0xff, 0xff, 0xff, 0x0f, 0x00}), uint32_t{RULERT_DECODE_OK});
  EXPECT_EQ(ErrorOf("\"int\"", whole, {0xff, 0xff, 0xff, 0xff, 0x1f, 0x00}), uint32_t{RULERT_DECODE_VARINT});
  EXPECT_EQ(ErrorOf("\"int\"", whole, std::vector<uint8_t>(11, 0xff)), uint32_t{RULERT_DECODE_VARINT});
  EXPECT_EQ(ErrorOf("\"boolean\"", {ColumnKind::Bool, false, {}}, {0x02, 0x00}), uint32_t{RULERT_DECODE_BOOL});
  EXPECT_EQ(
      ErrorOf(R"({"type":"enum","name":"E","symbols":["A","B"]})", {ColumnKind::Enum, false, {"A", "B"}}, {0x04, 0x00}),
      uint32_t{RULERT_DECODE_SYMBOL});
  EXPECT_EQ(ErrorOf(R"(["null","long"])", {ColumnKind::Long, true, {}}, {0x04, 0x00}), uint32_t{RULERT_DECODE_BRANCH});
  EXPECT_EQ(ErrorOf(R"({"type":"long","logicalType":"timestamp-millis"})", {ColumnKind::Timestamp, false, {}},
                    {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x00}),
            uint32_t{RULERT_DECODE_TIME});
}

TEST(DecoderTest, StepsOverManyNothingsButNoAbsurdNumber) {
  plan::Program program;
  plan::Stream stream;
  stream.schema = avro::ParseSchema(R"({"type":"record","name":"R","fields":[
      {"name":"n","type":{"type":"array","items":"null"}},{"name":"g","type":"long"}]})")
                      .document;
  stream.registry.Find("g", {ColumnKind::Long, false, {}});
  program.streams.push_back(std::move(stream));
  Decoder decoder(TestCodegen(), {std::move(program), {{ColumnKind::Long, false, {}}}});
  EXPECT_EQ(decoder.Run(WithSlack({0x80, 0x89, 0x7a, 0x00, 0x0e}), 1).error, uint32_t{RULERT_DECODE_OK});
  EXPECT_EQ(decoder.columns().At<int64_t>(0, 0), 7);
  const rulert_decode call =
      decoder.Run(WithSlack({0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x00, 0x0e}), 1);
  EXPECT_EQ(call.error, uint32_t{RULERT_DECODE_MEMORY});
}

TEST(DecoderTest, EndsARunAtABatch) {
  const rulert::ColumnSpec column{ColumnKind::Long, false, {}};
  Decoder decoder(TestCodegen(), {OneFieldProgram("\"long\"", column), {column}});
  const auto block = WithSlack(std::vector<uint8_t>(2 * (RULERT_BATCH_ROWS + 5), 0x02));
  const rulert_decode call = decoder.Run(block, RULERT_BATCH_ROWS + 5);
  EXPECT_EQ(call.rows, RULERT_BATCH_ROWS);
  EXPECT_EQ(call.records, 5u);
  EXPECT_EQ(call.cursor, 2 * RULERT_BATCH_ROWS);
}

}  // namespace
}  // namespace rulec
