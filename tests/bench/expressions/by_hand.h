// The rules of expressions.rule, by hand: each writes the ids of the rows that pass and how many there are.
#pragma once

#include <cstdint>

#include "runtime/abi/abi.h"

namespace by_hand {

// The columns of one batch, by field.
struct Events {
  uint32_t rows;
  const int64_t *id, *at, *size;
  const double *price, *fee;
  const rulert_decimal *amount, *rate;
  const rulert_string *account, *text;
};

struct Found {
  int64_t ids[RULERT_BATCH_ROWS];
  uint32_t rows[RULERT_BATCH_ROWS];
  int64_t times[RULERT_BATCH_ROWS];
  uint32_t count;
};

using Rule = void (*)(const Events&, Found*);
void Arithmetic(const Events& events, Found* found);
void Decimals(const Events& events, Found* found);
void Strings(const Events& events, Found* found);
void Regexes(const Events& events, Found* found);
void Times(const Events& events, Found* found);

}  // namespace by_hand
