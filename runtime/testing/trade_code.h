// What the code generator would make of a small rule, written by hand: functions with the signatures of the ABI. They
// use nothing but abi.h and memcpy, so that they can stand in a shared object as well.
//
//   schema  Trade { symbol string, price double, size long, at timestamp-micros, side enum { BUY, SELL } }
//   slots   0 price, 1 at, 2 symbol, 3 size (nullable in no case), 4 side
//   rule    from trades partition by symbol where price >= $0 and 1000 div size >= 0 emit alerts { symbol, price }
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>

#include "runtime/abi/abi.h"

namespace rulert::trade {

enum Slot : uint32_t { kPrice, kAt, kSymbol, kSize, kSide };

struct Record {
  double price = 0;
  int64_t at = 0;
  rulert_string symbol{};
  int64_t size = 0;
  int32_t side = 0;
};

// Is it UTF-8, by the table of well-formed byte sequences of the Unicode standard (table 3-7)?
inline bool IsUtf8(const uint8_t* text, uint64_t size) {
  for (uint64_t at = 0; at < size;) {
    const uint8_t first = text[at++];
    if (first < 0x80) continue;
    if (first < 0xC2 || first > 0xF4) return false;
    uint8_t least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    uint8_t most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    for (int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3; more > 0; --more, least = 0x80, most = 0xBF) {
      if (at == size || text[at] < least || text[at] > most) return false;
      ++at;
    }
  }
  return true;
}

// Reads with bounds checked; the first thing that is wrong stays in `error`.
struct Reader {
  const uint8_t* bytes;
  uint64_t size;
  uint64_t at;
  uint32_t error = RULERT_DECODE_OK;

  int64_t Long() {
    uint64_t value = 0;
    for (uint32_t shift = 0; shift < 70; shift += 7) {
      if (at >= size) return Fail(RULERT_DECODE_CUT);
      const uint8_t byte = bytes[at++];
      value |= uint64_t{byte & 0x7Fu} << (shift & 63);
      if (byte < 0x80) return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
    }
    return Fail(RULERT_DECODE_VARINT);
  }
  double Double() {
    double value = 0;
    if (error != RULERT_DECODE_OK || size - at < sizeof value) {
      Fail(RULERT_DECODE_CUT);
      return 0;
    }
    memcpy(&value, bytes + at, sizeof value);
    at += sizeof value;
    return value;
  }
  rulert_string String() {
    rulert_string text{};
    const int64_t length = Long();
    if (length < 0) Fail(RULERT_DECODE_LENGTH);
    if (error == RULERT_DECODE_OK && static_cast<uint64_t>(length) > size - at) Fail(RULERT_DECODE_CUT);
    if (error == RULERT_DECODE_OK && !IsUtf8(bytes + at, static_cast<uint64_t>(length))) Fail(RULERT_DECODE_UTF8);
    if (error != RULERT_DECODE_OK) return text;
    text.length = static_cast<uint32_t>(length);
    if (text.length <= RULERT_STRING_INLINE) {
      memcpy(text.u.inlined, bytes + at, text.length);
    } else {
      memcpy(text.u.outlined.prefix, bytes + at, 4);
      text.u.outlined.data = reinterpret_cast<const char*>(bytes + at);
    }
    at += text.length;
    return text;
  }
  int64_t Fail(uint32_t what) {
    if (error == RULERT_DECODE_OK) error = what;
    return 0;
  }
};

inline bool ReadRecord(Reader* in, Record* out) {
  out->symbol = in->String();
  out->price = in->Double();
  out->size = in->Long();
  out->at = in->Long();
  out->side = static_cast<int32_t>(in->Long());
  if (in->error == RULERT_DECODE_OK && (out->side < 0 || out->side > 1)) in->error = RULERT_DECODE_SYMBOL;
  return in->error == RULERT_DECODE_OK;
}

template <typename T>
inline void Put(const rulert_column& column, uint32_t row, const T& value) {
  if (column.values != nullptr) static_cast<T*>(column.values)[row] = value;
}

// Calls `use(record, row, first byte)` for up to a batch of records.
template <typename Use>
inline void ForEachRecord(rulert_decode* call, Use use) {
  call->rows = 0;
  call->error = RULERT_DECODE_OK;
  while (call->records > 0 && call->rows < RULERT_BATCH_ROWS) {
    Reader in{call->bytes, call->size, call->cursor};
    Record record;
    if (!ReadRecord(&in, &record)) {
      call->error = in.error;
      call->error_byte = in.at;
      call->error_field = 0;
      return;
    }
    use(record, call->rows, call->cursor);
    call->cursor = in.at;
    --call->records;
    ++call->rows;
  }
}

// Fills slots 0 to `slots` - 1: a stream's slots grow while it runs.
template <uint32_t slots>
inline void Decode(rulert_decode* call) {
  const rulert_column* columns = call->columns;
  ForEachRecord(call, [&](const Record& record, uint32_t row, uint64_t first) {
    call->row_offsets[row] = static_cast<uint32_t>(first);
    if constexpr (slots > kPrice) Put(columns[kPrice], row, record.price);
    if constexpr (slots > kAt) Put(columns[kAt], row, record.at);
    if constexpr (slots > kSymbol) Put(columns[kSymbol], row, record.symbol);
    if constexpr (slots > kSize) Put(columns[kSize], row, record.size);
    if constexpr (slots > kSide) Put(columns[kSide], row, record.side);
  });
}

inline void EmitAlert(rulert_rows* out, uint32_t row, const rulert_string& symbol, double price, int64_t at) {
  const uint32_t to = out->rows++;
  Put(out->columns[0], to, symbol);
  Put(out->columns[1], to, price);
  Put(out->columns[2], to, symbol);  // the key
  out->source_rows[to] = row;
  out->times[to] = at;
}

inline void LargeRow(rulert_rule_call* call, uint32_t row, const Record& record) {
  double least = 0;
  memcpy(&least, call->params, sizeof least);
  if (!(record.price >= least)) return;
  if (record.size == 0) {
    rulert_error* error = &call->errors->items[call->errors->count++];
    error->row = row;
    error->site = 0;
    const int64_t operands[2] = {1000, 0};
    memcpy(error->operands[0], &operands[0], sizeof operands[0]);
    memcpy(error->operands[1], &operands[1], sizeof operands[1]);
    return;
  }
  if (1000 / record.size >= 0) EmitAlert(&call->outputs[0], row, record.symbol, record.price, record.at);
}

template <typename T>
inline const T& At(const rulert_batch* batch, Slot slot, uint32_t row) {
  return static_cast<const T*>(batch->columns[slot].values)[row];
}

inline void Large(rulert_rule_call* call) {
  const rulert_batch* batch = call->batch;
  for (; call->next < call->selected; ++call->next) {
    if (call->outputs[0].rows == call->outputs[0].capacity) return;
    const uint32_t row = call->selection != nullptr ? call->selection[call->next] : call->next;
    const Record record{At<double>(batch, kPrice, row), At<int64_t>(batch, kAt, row),
                        At<rulert_string>(batch, kSymbol, row), At<int64_t>(batch, kSize, row), 0};
    LargeRow(call, row, record);
  }
}

inline void LargeScan(rulert_decode* decode, rulert_rule_call* call) {
  ForEachRecord(decode, [&](const Record& record, uint32_t row, uint64_t) {
    if (record.at > decode->latest_time) decode->latest_time = record.at;
    LargeRow(call, row, record);
  });
}

// Two emits a row and outputs that fill up: alerts, and a second time.
inline void Twice(rulert_rule_call* call) {
  const rulert_batch* batch = call->batch;
  for (; call->next < call->selected; ++call->next) {
    if (call->outputs[0].rows == 300) return;
    const uint32_t row = call->selection != nullptr ? call->selection[call->next] : call->next;
    for (int i = 0; i < 2; ++i) {
      EmitAlert(&call->outputs[i], row, At<rulert_string>(batch, kSymbol, row), At<double>(batch, kPrice, row),
                At<int64_t>(batch, kAt, row));
    }
  }
}

// Keyed state: how many trades of this symbol there were so far. Emits { symbol, n } for each.
inline void Count(rulert_rule_call* call) {
  const rulert_batch* batch = call->batch;
  auto* counts = static_cast<int64_t*>(call->state);
  for (; call->next < call->selected; ++call->next) {
    const uint32_t row = call->selection != nullptr ? call->selection[call->next] : call->next;
    const uint32_t entry = call->entry_ids[row];
    call->host->touch(call->state, entry);
    rulert_rows* out = &call->outputs[0];
    const uint32_t to = out->rows++;
    Put(out->columns[0], to, At<rulert_string>(batch, kSymbol, row));
    Put(out->columns[1], to, ++counts[entry]);
    Put(out->columns[2], to, At<rulert_string>(batch, kSymbol, row));
    out->source_rows[to] = row;
    out->times[to] = At<int64_t>(batch, kAt, row);
  }
}

struct Writer {
  uint8_t* at;
  void Long(int64_t value) {
    uint64_t bits = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
    for (; bits >= 0x80; bits >>= 7) *at++ = static_cast<uint8_t>(bits | 0x80);
    *at++ = static_cast<uint8_t>(bits);
  }
  void String(const rulert_string& text) {
    Long(text.length);
    memcpy(at, text.length <= RULERT_STRING_INLINE ? text.u.inlined : text.u.outlined.data, text.length);
    at += text.length;
  }
  void Double(double value) {
    memcpy(at, &value, sizeof value);
    at += sizeof value;
  }
};

inline bool HasValue(const rulert_column& column, uint32_t row) {
  return column.valid == nullptr || ((column.valid[row / 64] >> (row % 64)) & 1) != 0;
}

// E of `alerts`: _meta { id, rule, version, severity?, key?, time? }, symbol, price.
inline void EncodeAlerts(rulert_encode* call) {
  const rulert_column* columns = call->columns;
  const auto text = [&](uint32_t column, uint32_t row) -> const rulert_string& {
    return static_cast<const rulert_string*>(columns[column].values)[row];
  };
  Writer out{call->out};
  for (; call->next < call->rows; ++call->next) {
    const uint32_t row = call->next;
    uint64_t most = 128;
    for (const uint32_t column : {0u, 1u, 3u, 4u, 6u}) most += text(column, row).length;
    if (call->capacity - static_cast<uint64_t>(out.at - call->out) < most) break;
    out.String(text(0, row));
    out.String(text(1, row));
    out.Long(static_cast<const int32_t*>(columns[2].values)[row]);
    for (const uint32_t column : {3u, 4u}) {
      const bool there = HasValue(columns[column], row);
      out.Long(there ? 1 : 0);
      if (there) out.String(text(column, row));
    }
    const bool timed = HasValue(columns[5], row);
    out.Long(timed ? 1 : 0);
    if (timed) out.Long(static_cast<const int64_t*>(columns[5].values)[row]);
    out.String(text(6, row));
    out.Double(static_cast<const double*>(columns[7].values)[row]);
  }
  call->size = static_cast<uint64_t>(out.at - call->out);
}

}  // namespace rulert::trade
