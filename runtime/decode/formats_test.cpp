// Every example of docs/formats/ json.md, csv.md, avro.md and messages.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "avro/container.h"
#include "runtime/decode/csv_decoder.h"
#include "runtime/decode/document_fixture.h"
#include "runtime/decode/json_decoder.h"
#include "runtime/decode/text_fixture.h"
#include "runtime/encode/error_rows.h"
#include "runtime/source/message_source.h"
#include "runtime/testing/trades.h"

namespace rulert {
namespace {

std::string OneField(const std::string& type) {
  return R"({"type":"record","name":"Row","fields":[{"name":"f","type":)" + type + "}]}";
}

class JsonForms {
 public:
  explicit JsonForms(const std::string& type) : rows_(OneField(type)), decoder_(rows_.Json()) {}
  // What a value is written as after it was read; empty if it is refused.
  std::string Again(const std::string& value) {
    const TextRows::Outcome outcome = rows_.Read(*decoder_, "{\"f\":" + value + "}\n");
    if (outcome.rows != 1 || !outcome.errors.empty()) return "";
    const std::string line = rows_.WriteJson();
    return line.substr(5, line.size() - 7);
  }

 private:
  TextRows rows_;
  RecordDecoderPtr decoder_;
};

class CsvForms {
 public:
  explicit CsvForms(const std::string& type)
      : rows_(R"({"type":"record","name":"Row","fields":[{"name":"x","type":"int"},{"name":"f","type":)" + type +
              "}]}"),
        decoder_(rows_.Csv({})) {}
  std::string Again(const std::string& cell) {
    const std::string header = "x,f";
    const TextRows::Outcome outcome = rows_.Read(*decoder_, "1," + cell + "\n", &header);
    if (outcome.rows != 1 || !outcome.errors.empty()) return "";
    const std::string line = rows_.WriteCsv({',', false, std::nullopt});
    return line.substr(2, line.size() - 3);
  }

 private:
  TextRows rows_;
  RecordDecoderPtr decoder_;
};

template <typename Forms>
void CheckTypes(const DocumentPage& page) {
  for (const auto& row : page.Table("type")) {
    ASSERT_EQ(row.size(), 4u) << row[0];
    const std::string type = DocumentPage::Code(row[0]).at(0);
    SCOPED_TRACE(type);
    Forms forms(type);
    for (const std::string& value : DocumentPage::Code(row[1])) EXPECT_EQ(forms.Again(value), value);
    const auto read = DocumentPage::Code(row[2]);
    for (size_t i = 0; i + 1 < read.size(); i += 2) EXPECT_EQ(forms.Again(read[i]), read[i + 1]) << read[i];
    for (const std::string& value : DocumentPage::Code(row[3])) EXPECT_EQ(forms.Again(value), "") << value;
  }
}

void CheckErrors(const DocumentPage& page, const std::string& column, TextRows& rows, RecordDecoder& decoder,
                 const std::string* header) {
  for (const auto& row : page.Table(column)) {
    const std::string line = DocumentPage::Code(row.at(0)).at(0);
    const auto path = DocumentPage::Code(row.at(1));
    const TextRows::Outcome outcome = rows.Read(decoder, line + "\n", header);
    ASSERT_EQ(outcome.errors.size(), 1u) << line;
    EXPECT_EQ(outcome.rows, 0u) << line;
    EXPECT_EQ(outcome.errors[0].message, row.at(2)) << line;
    EXPECT_EQ(outcome.errors[0].path, path.empty() ? "" : path[0]) << line;
    EXPECT_EQ(outcome.errors[0].loss, Loss::Record);
  }
}

TEST(JsonPage, Types) { CheckTypes<JsonForms>(DocumentPage("formats/json.md")); }

TEST(JsonPage, LinesThatAreWrong) {
  const DocumentPage page("formats/json.md");
  TextRows rows(page.Block("schema"));
  CheckErrors(page, "line", rows, *rows.Json(), nullptr);
}

TEST(JsonPage, StandardOutputAndFiles) {
  const DocumentPage page("formats/json.md");
  const std::vector<OutputField> fields = {{"symbol", {ColumnKind::String}}, {"price", {ColumnKind::Double}}};
  OutputSpec output{"alerts", OutputSchemaJson("market.alerts", "alerts", fields, true), true, fields};
  std::vector<SlotSpec> slots;
  for (const OutputField& field : MetaFields()) slots.push_back({"_meta." + field.name, field.column});
  for (const OutputField& field : fields) slots.push_back({field.name, field.column});
  TextRows rows(output.schema_json, slots);
  ASSERT_EQ(rows.Read(*rows.Json(), page.Block("file")).rows, 1u);
  TextSink bare;
  TextSink named;
  EXPECT_FALSE(JsonRows(output, JsonRows::Shape::Bare).Write(rows.columns(), 1, bare));
  EXPECT_FALSE(JsonRows(output, JsonRows::Shape::Named).Write(rows.columns(), 1, named));
  EXPECT_EQ(bare.text, page.Block("file"));
  EXPECT_EQ(named.text, page.Block("stdout"));
}

TEST(JsonPage, Errors) {
  ErrorEntry entry;
  entry.cause = "malformed record";
  entry.message = "`1.5` is not a long (a whole number of 64 bits)";
  entry.stream = "orders";
  entry.input = "orders.jsonl";
  entry.offset = 7;
  entry.byte = 310;
  entry.path = "id";
  TextSink sink;
  EXPECT_FALSE(ErrorRows(ErrorFormat::JsonBare).Write(entry, sink));
  EXPECT_EQ(sink.text, DocumentPage("formats/json.md").Block("errors"));
}

TEST(CsvPage, Types) { CheckTypes<CsvForms>(DocumentPage("formats/csv.md")); }

TEST(CsvPage, RecordsThatAreWrong) {
  const DocumentPage page("formats/csv.md");
  TextRows rows(page.Block("schema"));
  const std::string header = "id,note,tags";
  CheckErrors(page, "record", rows, *rows.Csv({}), &header);
}

TEST(CsvPage, TheExampleIsReadAndWritten) {
  const DocumentPage page("formats/csv.md");
  TextRows rows(page.Block("schema"));
  const std::string text = page.Block("csv");
  const std::string header = text.substr(0, text.find('\n'));
  const TextRows::Outcome outcome = rows.Read(*rows.Csv({}), text.substr(header.size() + 1), &header);
  ASSERT_TRUE(outcome.errors.empty()) << outcome.errors[0].path << ": " << outcome.errors[0].message;
  EXPECT_EQ(rows.WriteJson(), page.Block("jsonl"));
  EXPECT_EQ(rows.WriteCsv({}), page.Block("written"));
}

std::string BytesOf(std::string_view hex) {
  std::string bytes;
  int high = -1;
  for (const char c : hex) {
    const size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) continue;
    if (high >= 0) bytes += static_cast<char>(high * 16 + static_cast<int>(digit));
    high = high >= 0 ? -1 : static_cast<int>(digit);
  }
  return bytes;
}

TEST(AvroPage, TheContainerIsWhatIsWritten) {
  const DocumentPage page("formats/avro.md");
  std::string bytes;
  std::istringstream lines(page.Block("container"));
  for (std::string line; std::getline(lines, line);) bytes += BytesOf(line.substr(0, line.find('|')));
  avro::Sync sync;
  for (size_t i = 0; i < sync.size(); ++i) sync[i] = static_cast<uint8_t>(i);
  avro::ContainerWriter writer(R"({"type":"record","name":"R","fields":[{"name":"i","type":"int"}]})",
                               avro::Codec::Null, sync);
  const uint8_t one = 2;
  writer.Append({&one, 1}, 1);
  writer.Flush();
  EXPECT_EQ(writer.bytes(), bytes);
}

TEST(AvroPage, NamesEveryCodecAndReason) {
  const DocumentPage page("formats/avro.md");
  const auto codecs = page.Table("`avro.codec`");
  EXPECT_EQ(codecs.size(), static_cast<size_t>(avro::Codec::Xz) + 1);
  for (const auto& row : codecs) EXPECT_TRUE(avro::CodecByName(DocumentPage::Code(row[0]).at(0))) << row[0];
  const auto reasons = page.Table("reason");
  for (uint32_t error = RULERT_DECODE_CUT; error <= RULERT_DECODE_MEMORY; ++error) {
    EXPECT_TRUE(std::any_of(reasons.begin(), reasons.end(), [&](const auto& row) {
      return row[0] == DecodeErrorText(error);
    })) << DecodeErrorText(error);
  }
}

TEST(MessagesPage, EveryFramingGivesTheSame) {
  const DocumentPage page("formats/messages.md");
  const avro::SchemaPtr schema = ParseOrDie(page.Block("schema"));
  const uint64_t fingerprint = avro::Fingerprint(schema->root());
  std::string little_endian;
  for (int i = 0; i < 8; ++i) little_endian += static_cast<char>(fingerprint >> (8 * i));
  MessageSchemas schemas;
  schemas.only = schemas.by_fingerprint[fingerprint] = schemas.by_id[17] = schema;
  TemporaryDirectory directory;
  std::istringstream lines(page.Block("messages"));
  size_t framings = 0;
  for (std::string line; std::getline(lines, line); ++framings) {
    const std::string name = line.substr(0, line.find(' '));
    const auto framing = FramingNamed(name);
    ASSERT_TRUE(framing) << name;
    constexpr std::string_view kMark = "FF FF FF FF FF FF FF FF";
    std::string bytes;
    std::string_view rest = std::string_view(line).substr(name.size());
    for (size_t mark = 0; (mark = rest.find(kMark)) != std::string_view::npos;
         rest.remove_prefix(mark + kMark.size())) {
      bytes += BytesOf(rest.substr(0, mark)) + little_endian;
    }
    bytes += BytesOf(rest);
    auto source = MessageSource::Open({directory.Write("messages", bytes)}, std::nullopt, *framing, schemas, {});
    ASSERT_TRUE(source.ok());
    ReadResult read;
    (*source)->Read(&read);
    ASSERT_EQ(read.kind, ReadKind::Block) << name;
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(read.block.bytes), read.block.size),
              BytesOf("04 41 42 06 04 41 42 06"))
        << name;
    EXPECT_EQ(read.block.records, 2u) << name;
  }
  EXPECT_EQ(framings, 5u);
}

}  // namespace
}  // namespace rulert
