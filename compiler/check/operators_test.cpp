// The tables of docs/language.md: what each operator takes, what it converts, what it refuses.

#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"

namespace rulec::check {
namespace {

struct Case {
  const char* expr;
  const char* want;
};

void ExpectAll(std::initializer_list<Case> cases) {
  for (const Case& c : cases) EXPECT_EQ(CheckExpr(c.expr), c.want) << c.expr;
}

TEST(Operators, LiteralsTakeTheTypeBesideThem) {
  ExpectAll({
      {"7", "7:long"},
      {"size + 1", "add(size:int, 1:int):int"},
      {"1 + size", "add(1:int, size:int):int"},
      {"size + 2147483647", "add(size:int, 2147483647:int):int"},
      {"size + 2147483648", "add(int_to_long(size:int):long, 2147483648:long):long"},
      {"size + -2147483648", "add(size:int, -2147483648:int):int"},
      {"trade_id * 2", "multiply(trade_id:long, 2:long):long"},
      {"price > 5", "greater(price:double, 5.0:double):bool"},
      {"price > 5%", "greater(price:double, 0.05:double):bool"},
      {"price > 0.1%", "greater(price:double, 0.001:double):bool"},
      {"price == 9007199254740993", "equal(price:double, 9.007199254740992e+15:double):bool"},
      {"-9223372036854775808", "-9223372036854775808:long"},
      {"20_000", "20000:long"},
      {"lot == 5", "equal(lot:int?, 5:int):bool"},
  });
}

TEST(Operators, NumbersWiden) {
  ExpectAll({
      {"size + trade_id", "add(int_to_long(size:int):long, trade_id:long):long"},
      {"size * price", "multiply(int_to_double(size:int):double, price:double):double"},
      {"trade_id - price", "subtract(long_to_double(trade_id:long):double, price:double):double"},
      {"size / 2", "divide(int_to_double(size:int):double, 2.0:double):double"},
      {"trade_id / size", "divide(long_to_double(trade_id:long):double, int_to_double(size:int):double):double"},
      {"size < trade_id", "less(int_to_long(size:int):long, trade_id:long):bool"},
      {"fee == size", "equal(fee:double?, int_to_double(size:int):double):bool"},
      {"lot == price", "equal(int_to_double(lot:int?):double?, price:double):bool"},
      {"-size", "negate(size:int):int"},
      {"- (price)", "negate(price:double):double"},
  });
}

TEST(Operators, TimesAndDurations) {
  ExpectAll({
      {"@time - executed_at", "subtract(@time:timestamp, executed_at:timestamp):duration"},
      {"executed_at + 5s", "add(executed_at:timestamp, 5s:duration):timestamp"},
      {"5s + executed_at", "add(5s:duration, executed_at:timestamp):timestamp"},
      {"executed_at - 1h30m", "subtract(executed_at:timestamp, 1h30m:duration):timestamp"},
      {"5s + 500ms", "5s500ms:duration"},
      {"5s * size", "multiply(5s:duration, int_to_long(size:int):long):duration"},
      {"trade_id * 5s", "multiply(5s:duration, trade_id:long):duration"},
      {"1m / 30s", "2.0:double"},
      {"(@time - executed_at) / 1s",
       "divide(long_to_double(subtract(@time:timestamp, executed_at:timestamp):duration):double, "
       "1000000.0:double):double"},
      {"@time > executed_at", "greater(@time:timestamp, executed_at:timestamp):bool"},
      {"@time - executed_at < 5s", "less(subtract(@time:timestamp, executed_at:timestamp):duration, 5s:duration):bool"},
      {"-(5s)", "-5s:duration"},
      {"executed_at + executed_at", "R0301 `+`"},
      {"5s - executed_at", "R0301 `-`"},
      {"5s * price", "multiply(5s:duration, price:double):duration"},
      {"5s / 2", "R0301 `/`"},
      {"5s > 5", "R0301 `>`"},
      {"-executed_at", "R0302 `executed_at`"},
  });
}

TEST(Operators, TimestampsAndNumbersDoNotMix) {
  ExpectAll({
      {"executed_at > received", "R0309 `received`"},
      {"received == executed_at", "R0309 `received`"},
      {"executed_at - 5", "R0309 `5`"},
      {"executed_at + size", "R0309 `size`"},
  });
}

TEST(Operators, Enums) {
  ExpectAll({
      {"side == SELL", "equal(side:enum `market.Side`, SELL:enum `market.Side`):bool"},
      {"SELL == side", "equal(SELL:enum `market.Side`, side:enum `market.Side`):bool"},
      {"side != Side.BUY", "not_equal(side:enum `market.Side`, BUY:enum `market.Side`):bool"},
      {"side == market.Side.BUY", "equal(side:enum `market.Side`, BUY:enum `market.Side`):bool"},
      {"kind == DARK", "equal(kind:enum `market.Kind`?, DARK:enum `market.Kind`):bool"},
      {"kind ?? LIT", "coalesce(kind:enum `market.Kind`?, LIT:enum `market.Kind`):enum `market.Kind`"},
      {"Side.SELL", "SELL:enum `market.Side`"},
      {"side == SELLS", "R0213 `SELLS`"},
      {"side == Side.SELLS", "R0213 `SELLS`"},
      {"side == DARK", "R0213 `DARK`"},
      {"side == Kind.DARK", "R0301 `==`"},
      {"side == \"SELL\"", "R0310 `\"SELL\"`"},
      {"side < SELL", "R0301 `<`"},
      {"side == 1", "R0301 `==`"},
      {"SELL", "R0201 `SELL`"},
  });
}

TEST(Operators, Nulls) {
  ExpectAll({
      {"fee ?? 0", "coalesce(fee:double?, 0.0:double):double"},
      {"lot ?? 1.5", "coalesce(int_to_double(lot:int?):double?, 1.5:double):double"},
      {"lot ?? volume", "coalesce(int_to_long(lot:int?):long?, volume:long?):long?"},
      {"lot ?? volume ?? 0", "coalesce(coalesce(int_to_long(lot:int?):long?, volume:long?):long?, 0:long):long"},
      {"venue == \"X\"", "equal(venue:string?, \"X\":string):bool"},
      {"venue == null", "is_null(venue:string?):bool"},
      {"null != venue", "is_not_null(venue:string?):bool"},
      {"venue is null", "is_null(venue:string?):bool"},
      {"venue is not null", "is_not_null(venue:string?):bool"},
      {"fee > 1", "R0303 `fee`"},
      {"1 - fee", "R0303 `fee`"},
      {"-fee", "R0303 `fee`"},
      {"not checked", "R0303 `checked`"},
      {"suspicious and checked", "R0303 `checked`"},
      {"settled_at - @time", "R0303 `settled_at`"},
      {"null", "R0311 `null`"},
      {"null ?? 5", "R0302 `null`"},
      {"price + null", "R0301 `+`"},
      {"venue ?? 5", "R0301 `??`"},
  });
}

TEST(Operators, Logic) {
  ExpectAll({
      {"suspicious or not suspicious", "or(suspicious:bool, not(suspicious:bool):bool):bool"},
      {"suspicious and size", "R0302 `size`"},
      {"not size", "R0302 `size`"},
      {"suspicious == true", "equal(suspicious:bool, true:bool):bool"},
      {"suspicious < true", "R0301 `<`"},
      {"symbol < \"M\"", "less(symbol:string, \"M\":string):bool"},
      {"symbol + \"M\"", "R0301 `+`"},
      {"symbol == 5", "R0301 `==`"},
  });
}

TEST(Operators, ConstantsAreComputed) {
  ExpectAll({
      {"2 + 3 * 4", "14:long"},
      {"1 / 4", "0.25:double"},
      {"\"a\" < \"b\"", "true:bool"},
      {"not (1 > 2)", "true:bool"},
      {"size > 2 * 10", "greater(int_to_long(size:int):long, 20:long):bool"},
      {"1 / 0", "R0308 `1 / 0`"},
      {"9223372036854775807 + 1", "R0308 `9223372036854775807 + 1`"},
      {"9223372036854775807 / 3", "3.0744573456182584e+18:double"},
      {"9223372036854775808", "R0307 `9223372036854775808`"},
      {"123456789012345678901234567890", "R0307 `123456789012345678901234567890`"},
      {"1.5 / 0.0", "R0308 `1.5 / 0.0`"},
      {"-(-9223372036854775808)", "R0308 `-(-9223372036854775808)`"},
      {"price > (9007199254740992 + 1)", "R0308 `(9007199254740992 + 1)`"},
  });
}

TEST(Operators, OneMistakeGivesOneMessage) {
  ExpectAll({
      {"prize * 2 + size > 5 and not prize2", "R0201 `prize`; R0201 `prize2`"},
      {"-(symbol * 2) > 5", "R0301 `*`"},
      {"prize > 1 and prize < 2", "R0201 `prize`"},
      {"(fee + 1) * 2 > 0 or fee is null", "R0303 `fee`"},
  });
}

TEST(Operators, MembersAndRecords) {
  ExpectAll({
      {"buyer.country", "buyer.country:string"},
      {"buyer.home.city", "buyer.home.city:string"},
      {"buyer.tier ?? 0", "coalesce(buyer.tier:int?, 0:int):int"},
      {"buyer.county", "R0203 `county`"},
      {"buyer", "buyer:record `market.Party`"},
      {"buyer.home", "buyer.home:record `market.Address`"},
      {"price.amount", "R0316 `price`"},
      {"(price + 1).amount", "R0316 `(price + 1)`"},
      {"raw", "raw:bytes"},
      {"ratio > 1", "greater(ratio:float, 1.0:float):bool"},
      {"1.5 < ratio", "less(1.5:float, ratio:float):bool"},
      {"day", "day:date"},
      {"broker.country", "R0303 `broker`"},
      {"broker?.country", "broker.country:string?"},
      {"broker?.home?.city", "broker.home.city:string?"},
      {"broker?.home.city", "R0303 `broker?.home`"},
      {"if broker is null then \"\" else broker.home.city",
       "choice(is_null(broker:record `market.Party`?):bool -> \"\":string, "
       "not_null(broker.home.city:string?):string):string"},
      {"trades.price", "R0224 `trades`"},
      {"nothing.price", "R0201 `nothing`"},
  });
}

TEST(Operators, Meta) {
  ExpectAll({
      {"@time", "@time:timestamp"},
      {"@tiem", "R0220 `@tiem`"},
      {"@offset", "@offset:long"},
      {"@window.start", "R0102 `@window`"},
  });
}

// As deep as the parser lets them be.
TEST(Operators, DeepExpressionsAreChecked) {
  std::string text = "size == 0";
  for (int i = 0; i < 990; ++i) text += " or size == trade_id";
  EXPECT_EQ(CheckBody("where " + text + "\nemit out { size }")->Rendered(), "");
}

}  // namespace
}  // namespace rulec::check
