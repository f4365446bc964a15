// Statistics, sorting and sets over lists of longs, doubles and strings, none of them null.
#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/scratch.h"
#include "stdlib/support.h"

namespace rulelib {
namespace {

// A sum kept as two doubles, so that the order of what is added does not show (Knuth's two-sum; Dekker).
class Sum {
 public:
  void Add(double value) {
    double total = high_ + value;
    double part = total - high_;
    low_ += (high_ - (total - part)) + (value - part);
    high_ = total;
  }
  // What is infinite has no rest.
  double value() const { return std::isfinite(high_) ? high_ + low_ : high_; }

 private:
  double high_ = 0, low_ = 0;
};

template <class T>
double Total(std::span<const T> items) {
  Sum sum;
  for (T item : items) sum.Add(static_cast<double>(item));
  return sum.value();
}

// Sums of longs are exact.
double Mean(std::span<const int64_t> items) {
  Int128 sum = 0;
  for (int64_t item : items) sum += item;
  return static_cast<double>(sum) / static_cast<double>(items.size());
}
double Mean(std::span<const double> items) {
  double count = static_cast<double>(items.size()), total = Total(items);
  if (std::isfinite(total)) return total / count;
  // The sum of numbers may be too great where their mean is not.
  Sum sum;
  for (double item : items) sum.Add(item / count);
  return sum.value();
}

template <class T>
double MeanOrNull(rulert_context* context, RuleList list) {
  if (Items<T>(list).empty()) return Null(context);
  return Mean(Items<T>(list));
}

// Exact, then rounded once.
double Difference(int64_t a, int64_t b) { return static_cast<double>(static_cast<Int128>(a) - b); }
double Difference(double a, double b) { return a - b; }

// Counted from the first item, so that great numbers that differ by little keep their digits; what the rounding of the
// mean adds to the squares is taken off (Chan, Golub and LeVeque, 1983).
template <class T>
double Variance(std::span<const T> items) {
  double count = static_cast<double>(items.size());
  Sum from_first;
  for (T item : items) from_first.Add(Difference(item, items[0]));
  double mean = from_first.value() / count;
  Sum squares, rest;
  for (T item : items) {
    double distance = Difference(item, items[0]) - mean;
    squares.Add(distance * distance);
    rest.Add(distance);
  }
  double sum = squares.value() - rest.value() * rest.value() / count;
  return (sum < 0 ? 0 : sum) / (count - 1);  // NaN stays
}

template <class T>
double VarianceOrNull(rulert_context* context, RuleList list) {
  if (Items<T>(list).size() < 2) return Null(context);
  return Variance(Items<T>(list));
}

bool NanLast(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }
bool Less(double a, double b) { return NanLast(a, b); }
bool Less(int64_t a, int64_t b) { return a < b; }
bool Less(const RuleString& a, const RuleString& b) { return View(a) < View(b); }

// One NaN makes the extreme NaN.
bool IsPoison(double value) { return std::isnan(value); }
template <class T>
bool IsPoison(const T&) {
  return false;
}

template <class T>
T Extreme(rulert_context* context, RuleList list, bool greatest) {
  std::span<const T> items = Items<T>(list);
  if (items.empty()) return Null(context);
  T best = items[0];
  for (const T& item : items) {
    if (IsPoison(item)) return item;
    if (greatest ? Less(best, item) : Less(item, best)) best = item;
  }
  return best;
}

// The value so far on the way from `low` to `high`.
double Between(double low, double high, double part) { return low == high ? low : low * (1 - part) + high * part; }
double Between(int64_t low, int64_t high, double part) {
  // The middle is rounded once; doubles would round both before.
  if (part == 0.5) return static_cast<double>(static_cast<Int128>(low) + high) / 2;
  return Between(static_cast<double>(low), static_cast<double>(high), part);
}

// Between the neighbours of q * (n - 1), counted from 0 (Hyndman and Fan's type 7).
template <class T>
double Quantile(std::span<const T> items, double q) {
  Scratch<T, 64> sorted(items.size());
  std::copy(items.begin(), items.end(), sorted.begin());
  double place = q * static_cast<double>(sorted.size() - 1);
  auto below = static_cast<size_t>(place);
  for (T item : sorted) {
    if (IsPoison(item)) return static_cast<double>(item);
  }
  T* at = sorted.begin() + below;
  std::nth_element(sorted.begin(), at, sorted.end());
  double part = place - static_cast<double>(below);
  if (part == 0) return static_cast<double>(*at);
  return Between(*at, *std::min_element(at + 1, sorted.end()), part);
}

template <class T>
double QuantileOrNull(rulert_context* context, RuleList list, double q) {
  if (!(q >= 0 && q <= 1)) return Fail(context, Cause::Fraction);
  if (Items<T>(list).empty()) return Null(context);
  return Quantile(Items<T>(list), q);
}

template <class T>
RuleList Sorted(rulert_context* context, RuleList list) {
  std::span<const T> items = Items<T>(list);
  if (items.empty()) return {};
  T* sorted = AllocateItems<T>(context, items.size());
  if (sorted == nullptr) return {};
  std::copy(items.begin(), items.end(), sorted);
  // Equal items can not be told apart, but for zeros of either sign, which stay in order.
  std::stable_sort(sorted, sorted + items.size(), [](const T& a, const T& b) { return Less(a, b); });
  return ListOfItems(sorted, items.size());
}

struct ByText {
  size_t operator()(const RuleString& text) const { return std::hash<std::string_view>{}(View(text)); }
  bool operator()(const RuleString& a, const RuleString& b) const { return rule_string_equal(a, b) != 0; }
};
using Texts = std::unordered_set<RuleString, ByText, ByText>;

// The first of equal items for which `keep` holds.
template <class T, class Seen, class Keep>
RuleList Distinct(rulert_context* context, RuleList list, Seen seen, Keep keep) {
  std::span<const T> items = Items<T>(list);
  if (items.empty()) return {};
  T* kept = AllocateItems<T>(context, items.size());
  if (kept == nullptr) return {};
  uint64_t count = 0;
  for (const T& item : items) {
    if (keep(item) && seen.insert(item).second) kept[count++] = item;
  }
  return ListOfItems(kept, count);
}

using Longs = std::unordered_set<int64_t>;

template <class T, class Set>
Set SetOf(RuleList list) {
  std::span<const T> items = Items<T>(list);
  return {items.begin(), items.end()};
}

// The distinct items of one list that another has (`wanted`) or lacks.
template <class T, class Set>
RuleList Compared(rulert_context* context, RuleList list, RuleList with, bool wanted) {
  Set other = SetOf<T, Set>(with);
  return Distinct<T>(context, list, Set(), [&](const T& item) { return other.contains(item) == wanted; });
}

template <class T, class Set>
uint8_t Overlap(RuleList a, RuleList b) {
  Set other = SetOf<T, Set>(b);
  std::span<const T> items = Items<T>(a);
  return std::any_of(items.begin(), items.end(), [&](const T& item) { return other.contains(item); }) ? 1 : 0;
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

RuleList rule_keys(rulert_context* context, RuleList map) {
  // The keys stand in front of the values.
  RuleList distinct = Distinct<RuleString>(context, map, Texts(), [](const RuleString&) { return true; });
  return context->outcome == RULERT_VALUE ? Sorted<RuleString>(context, distinct) : RuleList{};
}

int64_t rule_map_length(RuleList map) {
  const std::span<const RuleString> keys = Items<RuleString>(map);
  if (keys.size() < 2) return static_cast<int64_t>(keys.size());
  // Input may tell a key more than once.
  std::unordered_set<std::string_view> distinct;
  for (const RuleString& key : keys) distinct.insert(View(key));
  return static_cast<int64_t>(distinct.size());
}

int64_t rule_list_sum_long(rulert_context* context, RuleList list) {
  Int128 wide = 0;
  for (int64_t item : Items<int64_t>(list)) wide += item;  // 2^32 items at most
  if (wide < INT64_MIN || wide > INT64_MAX) return Fail(context, Cause::Overflow);
  return static_cast<int64_t>(wide);
}

double rule_list_sum_double(RuleList list) { return Total(Items<double>(list)); }
double rule_list_avg_long(rulert_context* context, RuleList list) { return MeanOrNull<int64_t>(context, list); }
double rule_list_avg_double(rulert_context* context, RuleList list) { return MeanOrNull<double>(context, list); }
int64_t rule_list_min_long(rulert_context* context, RuleList list) { return Extreme<int64_t>(context, list, false); }
double rule_list_min_double(rulert_context* context, RuleList list) { return Extreme<double>(context, list, false); }
RuleString rule_list_min_string(rulert_context* context, RuleList list) {
  return Extreme<RuleString>(context, list, false);
}
int64_t rule_list_max_long(rulert_context* context, RuleList list) { return Extreme<int64_t>(context, list, true); }
double rule_list_max_double(rulert_context* context, RuleList list) { return Extreme<double>(context, list, true); }
RuleString rule_list_max_string(rulert_context* context, RuleList list) {
  return Extreme<RuleString>(context, list, true);
}
double rule_list_median_long(rulert_context* context, RuleList list) {
  return QuantileOrNull<int64_t>(context, list, 0.5);
}
double rule_list_median_double(rulert_context* context, RuleList list) {
  return QuantileOrNull<double>(context, list, 0.5);
}
double rule_list_quantile_long(rulert_context* context, RuleList list, double q) {
  return QuantileOrNull<int64_t>(context, list, q);
}
double rule_list_quantile_double(rulert_context* context, RuleList list, double q) {
  return QuantileOrNull<double>(context, list, q);
}
double rule_list_variance_long(rulert_context* context, RuleList list) {
  return VarianceOrNull<int64_t>(context, list);
}
double rule_list_variance_double(rulert_context* context, RuleList list) {
  return VarianceOrNull<double>(context, list);
}
double rule_list_stddev_long(rulert_context* context, RuleList list) {
  return std::sqrt(VarianceOrNull<int64_t>(context, list));
}
double rule_list_stddev_double(rulert_context* context, RuleList list) {
  return std::sqrt(VarianceOrNull<double>(context, list));
}

double rule_list_correlation(rulert_context* context, RuleList a, RuleList b) {
  std::span<const double> x = Items<double>(a), y = Items<double>(b);
  if (x.size() != y.size()) return Fail(context, Cause::LengthsDiffer);
  if (x.size() < 2) return Null(context);
  // Counted from the first items, so that what does not vary is 0 apart from its mean, however that is rounded.
  Sum from_x, from_y, xx, yy, xy;
  for (size_t i = 0; i < x.size(); ++i) from_x.Add(x[i] - x[0]), from_y.Add(y[i] - y[0]);
  double count = static_cast<double>(x.size()), mean_x = from_x.value() / count, mean_y = from_y.value() / count;
  for (size_t i = 0; i < x.size(); ++i) {
    double dx = x[i] - x[0] - mean_x, dy = y[i] - y[0] - mean_y;
    xx.Add(dx * dx);
    yy.Add(dy * dy);
    xy.Add(dx * dy);
  }
  if (xx.value() == 0 || yy.value() == 0) return Null(context);
  // One root is nearer than two, if the product is a number that has all its digits.
  double product = xx.value() * yy.value();
  bool exact = product > 1e-290 && product < 1e300;
  double correlation = xy.value() / (exact ? std::sqrt(product) : std::sqrt(xx.value()) * std::sqrt(yy.value()));
  return correlation > 1 ? 1 : correlation < -1 ? -1 : correlation;  // NaN stays
}

double rule_list_slope(rulert_context* context, RuleList list) {
  std::span<const double> y = Items<double>(list);
  if (y.size() < 2) return Null(context);
  double n = static_cast<double>(y.size()), middle = (n - 1) / 2;
  Sum xy;
  for (size_t i = 0; i < y.size(); ++i) {
    // The places' distances from their middle add up to 0, so that the mean of the items need not be taken off.
    double place = static_cast<double>(i) - middle, product = place * y[i];
    xy.Add(product);
    xy.Add(std::fma(place, y[i], -product));
  }
  return xy.value() / (n * (n * n - 1) / 12);
}

RuleList rule_sort_long(rulert_context* context, RuleList list) { return Sorted<int64_t>(context, list); }
RuleList rule_sort_double(rulert_context* context, RuleList list) { return Sorted<double>(context, list); }
RuleList rule_sort_string(rulert_context* context, RuleList list) { return Sorted<RuleString>(context, list); }

RuleList rule_distinct_long(rulert_context* context, RuleList list) {
  return Distinct<int64_t>(context, list, std::unordered_set<int64_t>(), [](int64_t) { return true; });
}

RuleList rule_distinct_string(rulert_context* context, RuleList list) {
  return Distinct<RuleString>(context, list, Texts(), [](const RuleString&) { return true; });
}

RuleList rule_intersect_long(rulert_context* context, RuleList a, RuleList b) {
  return Compared<int64_t, Longs>(context, a, b, true);
}
RuleList rule_intersect_string(rulert_context* context, RuleList a, RuleList b) {
  return Compared<RuleString, Texts>(context, a, b, true);
}
RuleList rule_except_long(rulert_context* context, RuleList a, RuleList b) {
  return Compared<int64_t, Longs>(context, a, b, false);
}
RuleList rule_except_string(rulert_context* context, RuleList a, RuleList b) {
  return Compared<RuleString, Texts>(context, a, b, false);
}
uint8_t rule_overlaps_long(RuleList a, RuleList b) { return Overlap<int64_t, Longs>(a, b); }
uint8_t rule_overlaps_string(RuleList a, RuleList b) { return Overlap<RuleString, Texts>(a, b); }

}  // extern "C"
