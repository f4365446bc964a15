#include "tests/bench/expressions/by_hand.h"

#include <re2/re2.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace by_hand {
namespace {

__extension__ using Int128 = __int128;

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "by_hand: %s\n", what);
  std::abort();
}

std::string_view View(const rulert_string& string) {
  return {string.length <= RULERT_STRING_INLINE ? string.u.inlined : string.u.outlined.data, string.length};
}

Int128 Whole(const rulert_decimal& decimal) { return (static_cast<Int128>(decimal.high) << 64) | decimal.low; }

template <typename Keep>
void Select(const Events& events, Found* found, Keep keep) {
  uint32_t count = 0;
  for (uint32_t row = 0; row < events.rows; ++row) {
    if (!keep(row)) continue;
    found->ids[count] = events.id[row];
    found->rows[count] = row;
    found->times[count] = events.at[row];
    ++count;
  }
  found->count = count;
}

}  // namespace

// What the language promises is kept: overflows and divisions by zero are noticed.
void Arithmetic(const Events& events, Found* found) {
  Select(events, found, [&](uint32_t row) {
    const double divisor = events.price[row] + 1.0;
    if (divisor == 0) Fail("division by zero");
    if (!((events.price[row] * 3.5 - events.fee[row]) / divisor > 3.4)) return false;
    int64_t product, sum;
    if (__builtin_mul_overflow(events.size[row], int64_t{7}, &product)) Fail("overflow");
    if (__builtin_add_overflow(product, int64_t{1000}, &sum)) Fail("overflow");
    return sum > 6900;
  });
}

void Decimals(const Events& events, Found* found) {
  Select(events, found, [&](uint32_t row) {
    // decimal(18, 2) * decimal(8, 4) has at most 26 digits, six of them behind the point.
    const Int128 product = Whole(events.amount[row]) * Whole(events.rate[row]);
    return product + 12'500'000 > Int128{90'000} * 1'000'000;
  });
}

void Strings(const Events& events, Found* found) {
  Select(events, found, [&](uint32_t row) {
    const std::string_view account = View(events.account[row]);
    return account.starts_with("ACC-001") && !account.ends_with('7') &&
           View(events.text[row]).find("wire") != std::string_view::npos;
  });
}

void Regexes(const Events& events, Found* found) {
  static const re2::RE2 pattern("wire +transfer|urgent [0-9]{3}");
  Select(events, found, [&](uint32_t row) {
    const std::string_view text = View(events.text[row]);
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
  });
}

void Times(const Events& events, Found* found) {
  constexpr int64_t kMinute = 60'000'000, kHour = 60 * kMinute, kDay = 24 * kHour;
  Select(events, found, [&](uint32_t row) {
    int64_t day = events.at[row] / kDay;
    int64_t rest = events.at[row] % kDay;
    if (rest < 0) {
      rest += kDay;
      --day;
    }
    if (rest / kHour < 22) return false;
    int64_t weekday = (day + 3) % 7;  // 1970-01-01 was a Thursday; Monday is 0 here
    if (weekday < 0) weekday += 7;
    return weekday + 1 >= 6 && rest % kHour / kMinute < 30;
  });
}

}  // namespace by_hand
