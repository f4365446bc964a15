/* The one door between generated code and the runtime: plain C, versioned as a whole.
 *
 * A module (one compiled rule, decoder, encoder, or a fused scan) exports one symbol, `rulert_module`, of type
 * rulert_module. Its only undefined symbols are memcpy, memset, memmove, memcmp and the functions of the library
 * (`rule_*`, listed in stdlib/symbols.h). Generated code keeps no state of
 * its own: no statics that change, no thread-locals; nothing unwinds through it. Any thread may call a module's
 * function, several at once, as long as each brings its own call structure.
 *
 * docs/abi.md tells the layouts and life times with pictures; a change here raises RULERT_ABI_VERSION.
 */
#ifndef RULERT_ABI_ABI_H_
#define RULERT_ABI_ABI_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RULERT_ABI_VERSION 2u

/* Rows of a batch at most. Every column has room for this many, a multiple of 64, so that vector code may read and
 * write whole groups of 64 rows; what lies behind `rows` has no meaning. */
#define RULERT_BATCH_ROWS 1024u

/* Bytes that can be read behind the end of a block that a decoder is given (their value has no meaning): a decoder
 * checks bounds once for many fields. */
#define RULERT_SLACK 1024u

/* A string of UTF-8. Up to 12 bytes stand in `u.inlined`, zero-filled behind; longer ones have their first four bytes
 * in `u.outlined.prefix` and point to the whole text. Valid as long as the batch whose column holds it. */
typedef struct rulert_string {
  uint32_t length;
  union {
    char inlined[12];
#pragma pack(push, 4)
    struct {
      char prefix[4];
      const char* data;
    } outlined;
#pragma pack(pop)
  } u;
} rulert_string;
#define RULERT_STRING_INLINE 12u

/* A list: `length` cells one behind the other. A nullable element has a byte behind the cells: item i is null if
 * ((const uint8_t*)items)[length * width + i] is 0. A map is the same with its keys in front: `length` rulert_string,
 * then the cells of the values, then the bytes of nullable values. Entries stand as they were read; of equal keys the
 * last one counts. `items` is 16-byte aligned and lives as long as the batch. */
typedef struct rulert_list {
  uint32_t length;
  uint32_t reserved; /* 0 */
  const void* items; /* NULL if length is 0 */
} rulert_list;

/* A union of several types that are not null: the number of the branch among them, and its cell: cells of up to
 * 8 bytes stand in `u` (zero-filled), those of 16 are pointed to. */
typedef struct rulert_union {
  uint32_t branch;
  uint32_t reserved; /* 0 */
  union {
    unsigned char inlined[8];
    const void* cell;
  } u;
} rulert_union;

/* A decimal is its unscaled value as a 128-bit integer of two's complement, little-endian; precision and scale are
 * those of the type. A uuid is its 16 bytes in the order of its text. */
typedef struct rulert_decimal {
  uint64_t low;
  int64_t high;
} rulert_decimal;

/* One value of any type takes a cell of a fixed width, wherever it stands: in a column, in a list, in a record, among
 * params, as an operand of an error.
 *
 *   1   bool (0 or 1)
 *   4   int, float, enum (the symbol's number in the reader's schema), date (days since 1970)
 *   8   long, double, timeofday (microseconds since midnight), timestamp (microseconds since 1970, UTC), duration
 *       (microseconds); a record: a pointer to its fields
 *   16  string, bytes (as a string, not UTF-8), decimal, uuid, list, map, union
 *
 * The fields of a record stand in memory in their order, each at the next multiple of its width (16 bytes: of 8);
 * behind the last one a byte for each nullable field, in order: 0 if it is null (program.h, LayOutRecord). The cell of
 * what is null is zero. What cells point to lives as long as the batch. */
typedef struct rulert_column {
  void* values;
  uint64_t* valid; /* bit r % 64 of word r / 64 is 1 if row r is not null; NULL if the column can't be null */
} rulert_column;

/* ---- D: bytes to columns -------------------------------------------------------------------------------------- */

enum {
  RULERT_DECODE_OK = 0,
  RULERT_DECODE_CUT = 1,      /* the record ends behind the end of its block */
  RULERT_DECODE_VARINT = 2,   /* a number of more than 10 bytes, or beyond its type */
  RULERT_DECODE_LENGTH = 3,   /* a negative or impossible length */
  RULERT_DECODE_BRANCH = 4,   /* a union branch that the schema lacks */
  RULERT_DECODE_SYMBOL = 5,   /* an enum symbol that the schema lacks */
  RULERT_DECODE_BOOL = 6,     /* a boolean that is neither 0 nor 1 */
  RULERT_DECODE_DEPTH = 7,    /* nested deeper than 1,000 */
  RULERT_DECODE_TIME = 8,     /* a time that does not fit microseconds in 64 bits */
  RULERT_DECODE_UTF8 = 9,     /* a string that is not UTF-8 */
  RULERT_DECODE_DECIMAL = 10, /* a decimal that does not fit its precision */
  RULERT_DECODE_UUID = 11,    /* a text that is no uuid */
  RULERT_DECODE_RESOLVE = 12, /* a union branch or an enum symbol that the reader's schema lacks */
  RULERT_DECODE_MEMORY = 13,  /* more memory than a batch may take */
  RULERT_DECODE_FORM = 14,    /* a text that is no JSON or CSV */
  RULERT_DECODE_TYPE = 15,    /* a JSON value or CSV cell that is not of its field's type */
  RULERT_DECODE_MISSING = 16  /* a field without value and without default */
};

/* One run of a decoder over (part of) a block: up to RULERT_BATCH_ROWS records, from `cursor` on. */
typedef struct rulert_decode {
  const uint8_t* bytes;         /* in: the block; readable to bytes + size + RULERT_SLACK */
  uint64_t size;                /* in */
  uint64_t cursor;              /* in, out: byte at which the next record begins */
  uint64_t records;             /* in, out: how many records the block still holds */
  const rulert_column* columns; /* in: where to write, by slot; null values pointers for slots not decoded */
  uint32_t* row_offsets;        /* in: where to write each row's first byte, RULERT_BATCH_ROWS entries */
  uint32_t rows;                /* out: rows written (rows before a malformed record count) */
  uint32_t error;               /* out: RULERT_DECODE_*; `cursor` then stands at the malformed record's first byte */
  uint64_t error_byte;          /* out: about where in the block it went wrong */
  uint32_t error_field;         /* out: index into the decoder's list of field paths (program.h) */
  uint32_t reserved;
  const struct rulert_host* host; /* in */
  void* arena;                    /* in: handed to host->allocate; lists, records and long values live there */
  int64_t latest_time; /* in, out: of a scan over a stream with a time: the greatest one of its rows so far */
} rulert_decode;

typedef void (*rulert_decode_fn)(rulert_decode* call);

/* ---- R: rows to rows ------------------------------------------------------------------------------------------ */

/* Rows that came from one partition of one stream, in its order. */
typedef struct rulert_batch {
  uint32_t rows;
  uint32_t partition;
  int64_t first_offset;         /* offset of row 0 in the partition */
  const int64_t* offsets;       /* offset of each row, or NULL: row r has first_offset + r */
  const rulert_column* columns; /* by slot */
  const int64_t* times;         /* event time of each row, microseconds; NULL if the stream has none */
  const int64_t* watermarks;    /* the partition's own watermark before each row, or NULL if no rule asks for it */
  const uint32_t* row_offsets;  /* first byte of each row in `bytes` */
  const uint8_t* bytes;         /* the block the rows were decoded from; strings point into it */
  const uint64_t* present;      /* a bit a slot: does the writer's schema have the field? NULL: all */
  const uint32_t* items;        /* of a derived stream: with the offset the identity of a row; NULL: all 0 */
  int64_t schema_version;       /* of the writer's schema; 0 if it is not known */
} rulert_batch;

/* Rows that a rule emits to one output. Field columns come first, in the output's order, then the rule's key columns.
 */
typedef struct rulert_rows {
  uint32_t rows;                /* in, out: written behind the rows that are there */
  uint32_t capacity;            /* in: without `expand` there is room for each selected row */
  const rulert_column* columns; /* in: where to write */
  uint32_t* source_rows;        /* in: where to write the number of the row that each came from */
  int64_t* times;               /* in: where to write the time of each result */
  uint32_t* source_items;       /* in: where to write which item of `expand` each came from; NULL for rules without */
} rulert_rows;

/* A rule error in one row: neither state nor output of the row remains. */
typedef struct rulert_error {
  uint32_t row;
  uint32_t site;                 /* index into the rule's error sites (program.h) */
  uint32_t cause;                /* RULERT_CAUSE_*, or 0: the one that the site names */
  uint32_t item;                 /* of `expand`: which one of the row's */
  unsigned char operands[2][16]; /* cells, by the types that the site names */
} rulert_error;

typedef struct rulert_errors {
  uint32_t count;    /* in, out */
  uint32_t capacity; /* in: at least RULERT_BATCH_ROWS: a row (an item of an expanded one) gives one error at most */
  rulert_error* items;
} rulert_errors;

/* How a function of the library went: it sets `outcome` if it is not RULERT_VALUE, and the caller puts it back. */
enum { RULERT_VALUE = 0, RULERT_NULL = 1, RULERT_ERROR = 2 };

/* Causes of rule errors that a function of the library tells; their texts are in stdlib/causes.def. */
typedef struct rulert_context {
  const struct rulert_host* host;
  void* arena;
  uint32_t outcome;
  uint32_t cause; /* if outcome is RULERT_ERROR */
} rulert_context;

/* What generated code may ask of the runtime. New members are added at the end, with a new ABI version. */
typedef struct rulert_host {
  uint32_t abi_version;
  uint32_t size; /* sizeof(rulert_host) */
  /* Memory that lives as long as the batch, 16-byte aligned; NULL if there is none left: raise a rule error. */
  void* (*allocate)(void* arena, uint64_t bytes);
  /* Marks an entry of keyed state dirty for the next checkpoint; called before the first write to it. */
  void (*touch)(void* state, uint32_t entry_id);
} rulert_host;

/* One run of a rule over a batch. */
typedef struct rulert_rule_call {
  const rulert_batch* batch;
  const uint16_t* selection; /* row numbers in rising order, or NULL: all rows */
  uint32_t selected;         /* length of selection, or batch->rows */
  uint32_t next;      /* in, out: index into the selection at which to begin; R stops early when an output is full */
  uint32_t next_item; /* in, out: with `expand`, the item of that row at which to begin */
  const uint32_t* entry_ids; /* by row: the entry of the row's key; NULL if the module does not ask for entries */
  void* state;               /* the rule's keyed state; NULL for rules without */
  const uint8_t* params;     /* the rule's literals and params, laid out as program.h tells, 16-byte aligned */
  rulert_rows* outputs;      /* one for each emit */
  rulert_errors* errors;
  const rulert_host* host;
  void* arena; /* handed to host->allocate */
} rulert_rule_call;

typedef void (*rulert_process_fn)(rulert_rule_call* call);

/* D and R fused: decodes up to RULERT_BATCH_ROWS records and runs the only rule of the stream over them. The rows have
 * no columns; call->batch is read for nothing, rows are numbered from 0 as a batch would number them.
 * In decode: columns and row_offsets are not used. */
typedef void (*rulert_scan_fn)(rulert_decode* decode, rulert_rule_call* call);

/* ---- E: rows to bytes ----------------------------------------------------------------------------------------- */

typedef struct rulert_encode {
  const rulert_column* columns; /* in: one for each leaf of the output's schema, in the order of encoding */
  uint32_t rows;                /* in */
  uint32_t next;         /* in, out: the row to begin with; less than `rows` afterwards if `out` is full or on error */
  uint8_t* out;          /* in */
  uint64_t capacity;     /* in */
  uint64_t size;         /* out: bytes written */
  uint32_t error;        /* out: RULERT_DECODE_*: row `next` has a value that the schema cannot hold; else 0 */
  uint32_t error_column; /* out: index into `columns` of that value */
} rulert_encode;

typedef void (*rulert_encode_fn)(rulert_encode* call);

/* ---- The module ----------------------------------------------------------------------------------------------- */

enum { RULERT_MODULE_DECODER = 1, RULERT_MODULE_RULE = 2, RULERT_MODULE_SCAN = 3, RULERT_MODULE_ENCODER = 4 };

enum {
  RULERT_RULE_NEEDS_ENTRIES = 1u /* entry_ids must be given */
};

typedef struct rulert_module {
  uint32_t abi_version; /* RULERT_ABI_VERSION it was compiled against */
  uint32_t kind;        /* RULERT_MODULE_* */
  uint32_t flags;       /* RULERT_RULE_* */
  uint32_t reserved;
  void* function; /* rulert_decode_fn, rulert_process_fn, rulert_scan_fn or rulert_encode_fn, by kind */
} rulert_module;

#define RULERT_MODULE_SYMBOL "rulert_module"

#ifdef __cplusplus
}
#endif

#endif /* RULERT_ABI_ABI_H_ */
