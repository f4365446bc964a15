#include "runtime/decode/csv_decoder.h"

#include <gtest/gtest.h>

#include "avro/utf8.h"
#include "runtime/base/text.h"
#include "runtime/decode/decode_fixture.h"
#include "runtime/decode/slow_csv_fixture.h"

namespace rulert {
namespace {

// Rows, and errors where they came, in one list.
std::vector<std::string> InOrder(const TestBatch::Outcome& outcome) {
  std::vector<std::string> events = outcome.rows;
  for (size_t i = outcome.errors.size(); i-- > 0;) {
    events.insert(events.begin() + static_cast<ptrdiff_t>(outcome.errors[i].row),
                  "error " + std::to_string(outcome.errors[i].error));
  }
  return events;
}

class Csv : public testing::Test {
 protected:
  void Read(std::string_view fields, CsvForm form = {}, std::vector<SlotSpec> slots = {}) {
    reader_ = ParseOrDie(R"({"type":"record","name":"shop.Event","fields":[)" + std::string(fields) + "]}");
    slots_ = slots.empty() ? SlotChooser().Choose(reader_->root()) : std::move(slots);
    auto made = CsvDecoder::Make(reader_, slots_, AllOf(slots_), std::move(form));
    ASSERT_TRUE(made.ok()) << made.error().message();
    decoder_ = std::move(*made);
    batch_ = std::make_unique<TestBatch>(reader_->root(), slots_);
  }
  TestBatch::Outcome Run(const std::string& header, const std::string& text) {
    header_ = header;
    return batch_->RunText(*decoder_, text, &header_);
  }
  std::string One(const std::string& header, const std::string& text) {
    const auto outcome = Run(header, text);
    if (outcome.rows.size() == 1 && outcome.errors.empty()) return outcome.rows[0];
    if (outcome.errors.size() != 1) return std::to_string(outcome.rows.size()) + " rows";
    const auto& failed = outcome.errors[0];
    return "error " + std::to_string(failed.error) + " " + failed.problem.path + "@" + std::to_string(failed.byte) +
           (failed.problem.loss == Loss::Input ? " " + failed.problem.message : "");
  }

  avro::SchemaPtr reader_;
  std::vector<SlotSpec> slots_;
  std::unique_ptr<CsvDecoder> decoder_;
  std::unique_ptr<TestBatch> batch_;
  std::string header_;
};

constexpr std::string_view kThree = R"({"name":"a","type":["null","string"],"default":null},
  {"name":"b","type":["null","string"],"default":null},{"name":"c","type":["null","string"],"default":null})";

// Random text of few letters, read by the index, at block ends, and letter by letter.
class RandomCsv : public Csv, public testing::WithParamInterface<uint64_t> {
 protected:
  std::vector<std::string> Slow(const std::string& text, char delimiter) {
    std::vector<std::string> events;
    SlowCsv slow(text, delimiter);
    for (SlowCsvRecord record; slow.Next(&record);) {
      if (record.kind != SlowCsvRecord::Kind::Cells) {
        events.push_back("error 14");
      } else if (record.cells.size() == 1 && record.cells[0].text.empty() && !record.cells[0].quoted) {
        continue;
      } else if (record.cells.size() != 3) {
        events.push_back("error 14");
      } else if (!avro::IsUtf8(std::string_view(text).substr(record.begin, record.end - record.begin))) {
        events.push_back("error 9");
      } else {
        events.push_back(RowOf(record));
      }
    }
    return events;
  }

  static std::string RowOf(const SlowCsvRecord& record) {
    std::string row = "{";
    for (size_t i = 0; i < 3; ++i) {
      row += (i == 0 ? "\"" : ",\"") + std::string(1, static_cast<char>('a' + i)) + "\":";
      const auto& cell = record.cells[i];
      if (cell.text.empty() && !cell.quoted) {
        row += "null";
      } else {
        AppendJsonString(cell.text, &row);
      }
    }
    return row + "}";
  }

  // As a source hands it out: what is left of an open block begins the next one, which is longer if nothing was read.
  std::vector<std::string> InBlocks(const std::string& text, std::mt19937_64& random) {
    std::vector<std::string> events;
    size_t least = 1;
    for (size_t at = 0; at < text.size();) {
      const size_t size = std::min(text.size() - at, least + random() % 200);
      const auto outcome =
          batch_->RunText(*decoder_, std::string_view(text).substr(at, size), &header_, at + size < text.size());
      const auto part = InOrder(outcome);
      events.insert(events.end(), part.begin(), part.end());
      at += outcome.cursor;
      least = outcome.cursor == 0 ? size * 2 : 1;
    }
    return events;
  }
};

TEST_P(RandomCsv, IsReadAsLetterByLetter) {
  std::mt19937_64 random(GetParam());
  const char delimiter = random() % 3 == 0 ? ';' : ',';
  Read(kThree, {delimiter, std::nullopt});
  header_ = std::string("a") + delimiter + "b" + delimiter + "c";
  // Mostly sound, so that the index has something to do; some rounds anything at all.
  const bool wild = random() % 3 == 0;
  const size_t records = random() % 20 == 0 ? 8000 : random() % 40;
  std::string text;
  const auto word = [&] {
    std::string letters;
    for (uint64_t i = random() % 12; i > 0; --i) letters += "ab1 "[random() % 4];
    return letters;
  };
  for (size_t i = 0; i < records; ++i) {
    if (wild && random() % 4 == 0) {
      for (uint64_t n = random() % 20; n > 0; --n) text += "a,;\"\"\n\r\xFF"[random() % 8];
      continue;
    }
    for (int cell = 0; cell < 3; ++cell) {
      if (cell > 0) text += delimiter;
      if (random() % 3 == 0) {
        text += '"' + word();
        if (random() % 4 == 0) text += "\"\"";
        if (random() % 4 == 0) text += std::string("\n") + delimiter;
        text += '"';
      } else {
        text += word();
      }
    }
    text += random() % 4 == 0 ? "\r\n" : "\n";
  }
  if (!text.empty() && random() % 2 == 0) text.pop_back();
  const auto expected = Slow(text, delimiter);
  EXPECT_EQ(InOrder(batch_->RunText(*decoder_, text, &header_)), expected);
  EXPECT_EQ(InBlocks(text, random), expected);
}

INSTANTIATE_TEST_SUITE_P(CsvDecoder, RandomCsv, testing::Range<uint64_t>(1, 400));

TEST_F(Csv, ColumnsAreFoundByName) {
  Read(R"({"name":"id","type":"long","aliases":["number"]},{"name":"note","type":"string","default":"none"})");
  EXPECT_EQ(One("note,id", "x,1\n"), R"({"id":1,"note":"x"})");
  EXPECT_EQ(One("other,number", "x,1\n"), R"({"id":1,"note":"none"})");
  EXPECT_EQ(One("\"id\"", "1\n"), R"({"id":1,"note":"none"})");
  EXPECT_EQ(One("other,other,id", "x,y,1\n"), R"({"id":1,"note":"none"})") << "names of no field may repeat";
  EXPECT_EQ(One("note", "x\n"), "error 16 id@0 the header has no column `id`, which can't be null and has no default");
  EXPECT_EQ(One("id,number", "1,2\n"), "error 16 id@0 two columns of the header are the field `id`");
  EXPECT_EQ(One("id,id", "1,2\n"), "error 16 id@0 two columns of the header are the field `id`");
  const auto outcome = batch_->RunText(*decoder_, "7,seven\n");
  ASSERT_EQ(outcome.rows.size(), 1u) << "without a header";
  EXPECT_EQ(outcome.rows[0], R"({"id":7,"note":"seven"})");
}

TEST_F(Csv, LinesAndCells) {
  Read(kThree);
  const auto rows = [&](const std::string& text) { return InOrder(Run("a,b,c", text)); };
  EXPECT_EQ(rows(""), std::vector<std::string>{});
  EXPECT_EQ(rows("\n\r\n\n"), std::vector<std::string>{});
  EXPECT_EQ(rows("1,2,3"), std::vector<std::string>{R"({"a":"1","b":"2","c":"3"})"});
  EXPECT_EQ(rows("1,2,3\r"), std::vector<std::string>{R"({"a":"1","b":"2","c":"3"})"});
  EXPECT_EQ(rows("1,\"2\",\"3\"\r\n"), std::vector<std::string>{R"({"a":"1","b":"2","c":"3"})"});
  EXPECT_EQ(rows(",,\n"), std::vector<std::string>{R"({"a":null,"b":null,"c":null})"});
  EXPECT_EQ(rows("\"\",\" \", \n"), std::vector<std::string>{R"({"a":"","b":" ","c":" "})"});
  EXPECT_EQ(rows("a\"b,\"c\"\"d\",e\n"), std::vector<std::string>{R"({"a":"a\"b","b":"c\"d","c":"e"})"});
  EXPECT_EQ(rows(std::string("a\0b,,\n", 6)), std::vector<std::string>{R"({"a":"a\u0000b","b":null,"c":null})"});
  EXPECT_EQ(rows("\"a\" ,b,c\n1,2\n1,2,3,4\n\xFF,,\nx,y,z\n"),
            (std::vector<std::string>{"error 14", "error 14", "error 14", "error 9", R"({"a":"x","b":"y","c":"z"})"}));
  EXPECT_EQ(rows("\"open\nx,y,z\n"), (std::vector<std::string>{"error 14", R"({"a":"x","b":"y","c":"z"})"}));
}

TEST_F(Csv, ErrorsSayWhere) {
  Read(R"({"name":"id","type":"long"},{"name":"at","type":"int"})");
  EXPECT_EQ(One("id,at", "1,2x\n"), "error 15 at@2");
  EXPECT_EQ(One("id,at", "1,\"2x\"\n"), "error 15 at@3");
  EXPECT_EQ(One("id,at", "1,\n"), "error 16 at@2");
  EXPECT_EQ(One("id,at", "1,\"2\"3\n"), "error 14 @5");
}

TEST_F(Csv, EmptyAndNull) {
  constexpr std::string_view kFields = R"({"name":"s","type":"string"},{"name":"t","type":["null","string"]},
    {"name":"n","type":["null","long"]},{"name":"d","type":"long","default":5})";
  Read(kFields);
  EXPECT_EQ(One("s,t,n,d", ",,,\n"), R"({"s":"","t":null,"n":null,"d":5})");
  EXPECT_EQ(One("s,t,n,d", "\"\",\"\",\"\",\"\"\n"), R"({"s":"","t":"","n":null,"d":5})");
  EXPECT_EQ(One("s,t,n,d", "NA,NA,1,1\n"), R"({"s":"NA","t":"NA","n":1,"d":1})");
  Read(kFields, {',', "NA"});
  EXPECT_EQ(One("s,t,n,d", ",NA,NA,1\n"), R"({"s":"","t":null,"n":null,"d":1})");
  EXPECT_EQ(One("s,t,n,d", "\"NA\",\"NA\",,\n"), R"({"s":"NA","t":"NA","n":null,"d":5})");
  EXPECT_EQ(One("s,t,n,d", "x,,1,NA\n"), R"({"s":"x","t":"","n":1,"d":5})");
  EXPECT_EQ(One("s,t,n,d", "NA,,,\n"), "error 16 s@0");
}

TEST_F(Csv, NestedRecords) {
  constexpr std::string_view kBuyer = R"({"name":"buyer","type":["null",{"type":"record","name":"Buyer","fields":[
    {"name":"name","type":"string"},{"name":"age","type":"int","default":18},
    {"name":"home","type":["null",{"type":"record","name":"Home","fields":[{"name":"zip","type":"string"}]}]}]}]})";
  Read(kBuyer);
  EXPECT_EQ(One("buyer.name,buyer.home.zip", "Ann,1\n"), R"({"buyer":{"name":"Ann","age":18,"home":{"zip":"1"}}})");
  EXPECT_EQ(One("buyer.name,buyer.home.zip", "Ann,\n"), R"({"buyer":{"name":"Ann","age":18,"home":null}})");
  EXPECT_EQ(One("buyer.name,buyer.home.zip", ",\n"), R"({"buyer":null})");
  EXPECT_EQ(One("buyer", "\"{\"\"name\"\":\"\"Ann\"\"}\"\n"), R"({"buyer":{"name":"Ann","age":18,"home":null}})");
  EXPECT_EQ(One("buyer", "\"{\"\"name\"\":5}\"\n"), "error 15 buyer.name@1");
  const ColumnSpec text{ColumnKind::String, true};
  Read(kBuyer, {}, {{"buyer.name", text}, {"buyer.home.zip", text}});
  EXPECT_EQ(One("buyer.name,buyer.home.zip", "Ann,1\n"), R"({"buyer.name":"Ann","buyer.home.zip":"1"})");
  EXPECT_EQ(One("buyer", "\"{\"\"name\"\":\"\"Ann\"\"}\"\n"), R"({"buyer.name":"Ann","buyer.home.zip":null})");
  EXPECT_EQ(One("buyer", "\n\"\"\n"), "2 rows");
}

TEST_F(Csv, SkipsRecords) {
  Read(kThree);
  const std::string text = "1,2,3\n\n\"4\n\",5,6\nbad\n7,8,9\n" + std::string(RULERT_SLACK, ' ');
  header_ = "a,b,c";
  Block block;
  block.header = &header_;
  decoder_->Begin(block);
  rulert_decode call{};
  call.bytes = reinterpret_cast<const uint8_t*>(text.data());
  call.size = text.size() - RULERT_SLACK;
  call.records = kUnknownRecords;
  EXPECT_EQ(decoder_->Skip(3, &call), 3u);
  EXPECT_EQ(call.cursor, 20u);
  EXPECT_EQ(decoder_->Skip(3, &call), 1u);
  EXPECT_EQ(call.records, 0u);
}

}  // namespace
}  // namespace rulert
