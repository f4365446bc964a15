#include <gtest/gtest.h>

#include "runtime/decode/decoder.h"

namespace rulert {
namespace {

std::string Difference(const std::string& writer, const std::string& reader) {
  const auto a = avro::ParseSchema(writer);
  const auto b = avro::ParseSchema(reader);
  EXPECT_TRUE(a.document && b.document) << a.error.message << b.error.message;
  return FirstDifference(a.document->root(), b.document->root());
}

std::string Record(const std::string& fields) { return R"({"type":"record","name":"R","fields":[)" + fields + "]}"; }

TEST(SchemaDifference, NamesFieldAndTypes) {
  const std::string x = R"({"name":"x","type":"long"})", y = R"({"name":"y","type":["null","string"]})";
  EXPECT_EQ(Difference(Record(x + "," + y), Record(x + "," + y)), "");
  EXPECT_EQ(Difference(Record(R"({"name":"x","type":"int"})"), Record(x)),
            "field `x`: the file has int, the stream reads long");
  EXPECT_NE(Difference(Record(x), Record(x + "," + y)).find("field `y`: the file lacks it"), std::string::npos);
  EXPECT_NE(Difference(Record(x + "," + y), Record(x)).find("field `y`: the file has it"), std::string::npos);
  EXPECT_NE(Difference(Record(y + "," + x), Record(x + "," + y)).find("at place 1, where the stream reads `x`"),
            std::string::npos);
  const std::string e = R"({"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}})";
  const std::string f = R"({"name":"e","type":{"type":"enum","name":"E","symbols":["A","C","B"]}})";
  EXPECT_NE(Difference(Record(e), Record(f)).find("the file has `B` where the stream reads `C`"), std::string::npos);
  const std::string inner = R"({"name":"o","type":{"type":"record","name":"I","fields":[)";
  EXPECT_NE(
      Difference(Record(inner + x + "]}}"), Record(inner + R"({"name":"x","type":"double"}]}})")).find("field `o.x`"),
      std::string::npos);
}

TEST(SchemaDifference, EndsOnRecursiveSchemas) {
  const std::string list = Record(R"({"name":"next","type":["null","R"]},{"name":"v","type":"int"})");
  const std::string other = Record(R"({"name":"next","type":["null","R"]},{"name":"v","type":"long"})");
  EXPECT_EQ(Difference(list, list), "");
  EXPECT_EQ(Difference(list, other), "field `v`: the file has int, the stream reads long");
}

}  // namespace
}  // namespace rulert
