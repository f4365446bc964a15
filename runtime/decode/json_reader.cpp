#include "runtime/decode/json_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "runtime/decode/number_scan.h"
#include "runtime/decode/plain_text.h"
#include "runtime/decode/record_decoder.h"
#include "runtime/record/batch_arena.h"
#include "runtime/record/json_shape.h"
#include "stdlib/text_of_values.h"

namespace rulert {
namespace {

constexpr int kMaxDepth = 1000;         // of what is stepped over; what is read is no deeper than its type
constexpr size_t kMaxLearnedKey = 256;  // it is compared before the text's length is looked at
constexpr size_t kMaxLearnedKeys = 4096;
constexpr size_t kMaxPath = 200;

// The first quote or backslash at or behind `p`; there is one.
const uint8_t* FindSpecial(const uint8_t* p) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  while (true) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i special = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
    if (mask != 0) return p + std::countr_zero(mask);
    p += 16;
  }
#else
  while (*p != '"' && *p != '\\') ++p;
  return p;
#endif
}

constexpr std::array<bool, 256> ScalarBegins() {
  std::array<bool, 256> begins{};
  begins.fill(true);
  for (const char c : {'{', '[', '}', ']', ',', ':', '\0'}) begins[static_cast<uint8_t>(c)] = false;
  return begins;
}
constexpr std::array<bool, 256> kScalarBegins = ScalarBegins();

// At most 64.
uint64_t LowBits(size_t count) { return count == 0 ? 0 : ~uint64_t{0} >> (64 - count); }

std::string_view View(const uint8_t* begin, const uint8_t* end) {
  return {reinterpret_cast<const char*>(begin), static_cast<size_t>(end - begin)};
}

int HexDigit(uint8_t c) {
  if (IsDigit(c)) return c - '0';
  const int letter = (c | 0x20) - 'a';
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

// Four hexadecimal digits, or -1.
int32_t HexQuad(const uint8_t* p) {
  int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = HexDigit(p[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

char* PutUtf8(uint32_t code, char* out) {
  const auto put = [&out](uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
  return out;
}

// An escape at `p`, which stands behind the backslash; moves behind it and appends what it means. False if it is none.
bool TakeEscape(const uint8_t** p, char** out) {
  const uint8_t c = *(*p)++;
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  if (const size_t at = kNames.find(static_cast<char>(c)); at != std::string_view::npos) {
    *(*out)++ = kValues[at];
    return true;
  }
  if (c != 'u') return false;
  int32_t code = HexQuad(*p);
  if (code < 0) return false;
  *p += 4;
  if (code >= 0xDC00 && code < 0xE000) return false;
  if (code >= 0xD800 && code < 0xDC00) {
    const int32_t low = (*p)[0] == '\\' && (*p)[1] == 'u' ? HexQuad(*p + 2) : -1;
    if (low < 0xDC00 || low > 0xDFFF) return false;
    *p += 6;
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  *out = PutUtf8(static_cast<uint32_t>(code), *out);
  return true;
}

}  // namespace

class JsonReader::Seen {
 public:
  Seen(std::vector<uint64_t>* words, size_t children) : words_(*words), begin_(words->size()), children_(children) {
    if (children > kInline) words_.resize(begin_ + (children + 63) / 64);
  }
  ~Seen() {
    if (children_ > kInline) words_.resize(begin_);
  }
  void Add(size_t child) {
    uint64_t& word = WordOf(child);
    const uint64_t bit = uint64_t{1} << (child % 64);
    count_ += (word & bit) == 0 ? 1 : 0;
    word |= bit;
  }
  bool all() const { return count_ == children_; }
  bool Has(size_t child) const {
    return (((children_ > kInline ? words_[begin_ + child / 64] : word_) >> (child % 64)) & 1) != 0;
  }

 private:
  static constexpr size_t kInline = 64;
  uint64_t& WordOf(size_t child) { return children_ > kInline ? words_[begin_ + child / 64] : word_; }

  std::vector<uint64_t>& words_;
  size_t begin_;
  size_t children_;
  size_t count_ = 0;
  uint64_t word_ = 0;
};

JsonReader::JsonReader(const ReadPlan& plan) : objects_(plan.record_count()) { AddObjects(plan.root()); }

void JsonReader::AddObjects(const ReadNode& node) {
  const avro::Schema& schema = NotNull(*node.schema);
  const bool record = schema.kind == avro::Kind::Record;
  if (record) {
    Object& object = objects_[node.record_number];
    if (node.nullable) object.tag = schema.name;
    for (const avro::Field& field : schema.fields) {
      if (field.name == object.tag) object.tag.clear();
    }
    // Aliases first: a name counts more than another field's alias.
    for (size_t i = 0; i < node.children.size(); ++i) {
      for (size_t n = 1; n < node.children[i].names.size(); ++n) {
        object.children.try_emplace(node.children[i].names[n], static_cast<int32_t>(i));
      }
    }
    for (const avro::Field& field : schema.fields) object.children.erase(field.name);
    for (size_t i = 0; i < node.children.size(); ++i) {
      object.children.insert_or_assign(node.children[i].names.front(), static_cast<int32_t>(i));
    }
  }
  for (const ReadNode& child : node.children) AddObjects(child);
}

void JsonReader::Start(const Text& text, const CellMemory& memory) {
  text_ = text.bytes;
  at_ = text.begin;
  end_ = text.end;
  memory_ = memory;
  if (!items_.empty()) items_.Drop({});
  seen_.clear();
  error_ = RULERT_DECODE_OK;
}

bool JsonReader::ReadFlat(const Text& text, const ReadNode& node, const RowSink& sink, const CellMemory& memory) {
  Start(text, memory);
  sink_ = &sink;
  return Flat(node);
}

bool JsonReader::ReadWhole(const Text& text, const ReadNode& node, const CellMemory& memory, void* cell, bool* null) {
  Start(text, memory);
  return Value(node, cell, null);
}

bool JsonReader::Wanted(const ReadNode& node) {
  if (node.flat()) return Flat(node);
  bool null = false;
  if (!Value(node, sink_->Place(node), &null)) return false;
  sink_->Done(node, null);
  return true;
}

bool JsonReader::Flat(const ReadNode& node) {
  if (Char() == 'n' && node.nullable) {
    if (TokenText() != "null") return FailForm("null");
    ++at_;
    sink_->PutNull(node);
    return true;
  }
  const std::string& tag = objects_[node.record_number].tag;
  const bool tagged = !tag.empty() && EnterTag(tag);
  return FlatMembers(node) && (!tagged || LeaveTag());
}

inline bool JsonReader::Object::Key::Is(const uint8_t* quote) const {
  uint64_t there[2];
  std::memcpy(there, quote, sizeof there);
  if ((((there[0] ^ words[0]) & masks[0]) | ((there[1] ^ words[1]) & masks[1])) != 0 || text.empty()) return false;
  return text.size() <= sizeof words ||
         std::memcmp(quote + sizeof words, text.data() + sizeof words, text.size() - sizeof words) == 0;
}

// Most values: texts without escapes and plain numbers. Behind the value; null: the long way, from the same token on.
[[gnu::always_inline]] inline const uint8_t* JsonReader::Quick(const CellType& type, const uint8_t* p, void* cell) {
  switch (type.kind) {
    case ColumnKind::String: {
      if (*p != '"') return nullptr;
      const uint8_t* end = FindSpecial(++p);
      if (*end != '"') return nullptr;
      StorePaddedText(p, static_cast<size_t>(end - p), cell);
      return end + 1;
    }
    case ColumnKind::Timestamp:
    case ColumnKind::TimeOfDay:
      if (type.unit != TimeUnit::Micros) return nullptr;
      [[fallthrough]];
    case ColumnKind::Long:
    case ColumnKind::Int: {
      UsualNumber number;
      if (!ScanUsualNumber(p, &number) || number.places != 0 || !kNumberEnds[*number.end]) return nullptr;
      if (type.kind != ColumnKind::Int) {
        StoreCell(number.whole(), cell);
      } else {
        if (number.digits > std::numeric_limits<int32_t>::max()) return nullptr;
        StoreCell(static_cast<int32_t>(number.whole()), cell);
      }
      return number.end;
    }
    case ColumnKind::Double: {
      UsualNumber number;
      if (!ScanUsualNumber(p, &number) || !number.easy() || !kNumberEnds[*number.end]) return nullptr;
      StoreCell(number.fraction(), cell);
      return number.end;
    }
    default: return nullptr;
  }
}

// Four tokens are a member: its key, `:`, its value, and what follows.
const uint32_t* JsonReader::ReadUsual(const Text& text, const ReadNode& node, const RowSink& sink) const {
  const Object& object = objects_[node.record_number];
  const size_t children = node.children.size();
  if (children > 64 || !object.tag.empty() || text.bytes[*text.begin] != '{') return nullptr;
  const ReadNode* const nodes = node.children.data();
  uint64_t seen = 0;
  const uint32_t* at = text.begin + 1;
  const Object::Key* key = object.order.data();
  for (const Object::Key* const keys_end = key + object.order.size();; ++key, at += 4) {
    if (key == keys_end || text.end - at < 4 || at[0] != at[-1] + 1) return nullptr;
    const uint8_t* const name = text.bytes + at[0];
    if (!key->Is(name) || name[key->text.size()] != ':' || at[2] != at[0] + key->text.size() + 1) return nullptr;
    const uint8_t* const value = text.bytes + at[2];
    const uint8_t* const follows = text.bytes + at[3];
    if (key->child == kNone) {
      // Between a scalar and the token behind it there is nothing but white space.
      if (!kScalarBegins[*value] || follows[-1] <= ' ') return nullptr;
    } else {
      const ReadNode& inner = nodes[key->child];
      if (inner.flat() || Quick(*inner.type, value, sink.Place(inner)) != follows) return nullptr;
      sink.Done(inner, false);
      seen |= uint64_t{1} << key->child;
    }
    if (*follows == '}') return seen == LowBits(children) ? at + 4 : nullptr;
    if (*follows != ',') return nullptr;
  }
}

// As Members, with what it needs most in registers: most of the time is spent here.
bool JsonReader::FlatMembers(const ReadNode& node) {
  if (Char() != '{') return Fail(RULERT_DECODE_TYPE, Quoted(TokenText()) + " is not an object");
  const auto missing = [&](const ReadNode& child) { return sink_->PutMissing(child, false); };
  const size_t children = node.children.size();
  if (children > 64) {
    return Members(node, [&](const ReadNode& child) { return Wanted(child); }, missing);
  }
  const uint8_t* const text = text_;
  const uint32_t* const end = end_;
  const uint32_t* at = at_ + 1;
  Object& object = objects_[node.record_number];
  const Object::Key* guess = object.order.data();
  const Object::Key* guesses_end = guess + object.order.size();
  const ReadNode* const nodes = node.children.data();
  uint64_t seen = 0;
  for (size_t position = 0;; ++position, ++guess) {
    int32_t child = kNone;
    if (end - at >= 4 && guess < guesses_end && guess->Is(text + at[0]) && text[at[1]] == ':') {
      child = guess->child;
      at += 2;
    } else {
      at_ = at;
      if (position == 0 && Take('}')) break;
      if (!FindKey(object, position, &child)) return false;
      at = at_;
      guess = object.order.data() + std::min(position, object.order.size());
      guesses_end = object.order.data() + object.order.size();
    }
    if (child == kNone) {
      at_ = at;
      if (!IsScalarAtHand() && !Skip()) return false;
      at = at_ == at ? at + 1 : at_;
    } else {
      const ReadNode& inner = nodes[child];
      if (at != end && !inner.flat() && Quick(*inner.type, text + *at, sink_->Place(inner)) != nullptr) {
        sink_->Done(inner, false);
        ++at;
      } else {
        at_ = at;
        if (!Wanted(inner)) return InField(inner.names.front());
        at = at_;
      }
      seen |= uint64_t{1} << child;
    }
    const uint8_t c = at == end ? 0 : text[*at];
    at_ = at;
    if (c != ',' && c != '}') return FailForm("`,` or `}`");
    at_ = ++at;
    if (c == '}') break;
  }
  if (seen == LowBits(children)) return true;
  return Missing(node, [&](size_t index) { return ((seen >> index) & 1) != 0; }, missing);
}

template <typename Has, typename Put>
bool JsonReader::Missing(const ReadNode& node, Has has, Put put) {
  for (size_t i = 0; i < node.children.size(); ++i) {
    if (has(i) || put(node.children[i])) continue;
    --at_;  // the brace that ends the object
    Fail(RULERT_DECODE_MISSING, "the field is missing and has no default");
    return InField(node.children[i].names.front());
  }
  return true;
}

template <typename Read, typename Put>
bool JsonReader::Members(const ReadNode& node, Read read, Put missing) {
  if (!Take('{')) return FailForm("`{`");
  Object& object = objects_[node.record_number];
  Seen seen(&seen_, node.children.size());
  for (size_t position = 0; !(position == 0 && Take('}')); ++position) {
    int32_t child = kNone;
    if (!GuessKey(object, position, &child) && !FindKey(object, position, &child)) return false;
    if (child == kNone) {
      if (IsScalarAtHand()) {
        ++at_;
      } else if (!Skip()) {
        return false;
      }
    } else {
      const auto index = static_cast<size_t>(child);
      if (!read(node.children[index])) return InField(node.children[index].names.front());
      seen.Add(index);
    }
    if (Take('}')) break;
    if (!Take(',')) return FailForm("`,` or `}`");
  }
  return seen.all() || Missing(node, [&](size_t index) { return seen.Has(index); }, missing);
}

// Reads `"key":` if the key is that of the last object at this place.
inline bool JsonReader::GuessKey(const Object& object, size_t position, int32_t* child) {
  if (position >= object.order.size() || end_ - at_ < 2) return false;
  const Object::Key& guess = object.order[position];
  if (!guess.Is(text_ + at_[0]) || text_[at_[1]] != ':') return false;
  *child = guess.child;
  at_ += 2;
  return true;
}

inline bool JsonReader::IsScalarAtHand() const { return kScalarBegins[Char()]; }

void JsonReader::Object::Key::Learn(std::string_view key) {
  text = '"' + std::string(key) + '"';
  words[0] = words[1] = masks[0] = masks[1] = 0;
  for (size_t i = 0; i < text.size() && i < sizeof words; ++i) {
    words[i / 8] |= uint64_t{static_cast<uint8_t>(text[i])} << (8 * (i % 8));
    masks[i / 8] |= uint64_t{0xFF} << (8 * (i % 8));
  }
}

// Reads `"key":`.
bool JsonReader::FindKey(Object& object, size_t position, int32_t* child) {
  if (Char() != '"') return FailForm("a key");
  const uint8_t* key = text_ + *at_ + 1;
  std::string_view text;
  if (!String(&text)) return false;
  const auto found = object.children.find(text);
  *child = found == object.children.end() ? kNone : found->second;
  if (position < kMaxLearnedKeys) {
    if (object.order.size() <= position) object.order.resize(position + 1);
    // Only a key without escapes stands in the text as it is.
    const bool plain = reinterpret_cast<const uint8_t*>(text.data()) == key && text.size() < kMaxLearnedKey;
    Object::Key& learned = object.order[position];
    learned.text.clear();
    if (plain) learned.Learn(text);
    learned.child = *child;
  }
  return Take(':') || FailForm("`:`");
}

bool JsonReader::Value(const ReadNode& node, void* cell, bool* null) {
  *null = false;
  if (at_ != end_ && Quick(*node.type, text_ + *at_, cell) != nullptr) {
    ++at_;
    return true;
  }
  const uint8_t c = Char();
  if (c == 'n') {
    if (TokenText() != "null") return FailForm("a value");
    if (!node.nullable) return FailType(*node.type);
    ++at_;
    *null = true;
    return true;
  }
  if (c != '{' || !node.nullable || node.type->kind == ColumnKind::Map || node.type->kind == ColumnKind::Union) {
    return NotNullValue(node, cell);
  }
  const std::string& tag = node.type->kind == ColumnKind::Record ? objects_[node.record_number].tag : node.type->tag;
  const bool tagged = !tag.empty() && EnterTag(tag);
  return NotNullValue(node, cell) && (!tagged || LeaveTag());
}

bool JsonReader::NotNullValue(const ReadNode& node, void* cell) {
  switch (node.type->kind) {
    case ColumnKind::List: return List(node, cell);
    case ColumnKind::Map: return Map(node, cell);
    case ColumnKind::Record: return Record(node, cell);
    case ColumnKind::Union: return Union(node, cell);
    default: return Scalar(node, cell);
  }
}

bool JsonReader::Scalar(const ReadNode& node, void* cell) {
  const CellType& type = *node.type;
  const uint8_t c = Char();
  if (c != '"') {
    if (IsDigit(c) || c == '-') return Number(type, cell);
    const std::string_view token = TokenText();
    if (type.kind != ColumnKind::Bool || (token != "true" && token != "false")) return FailType(type);
    StoreCell<uint8_t>(token == "true", cell);
    ++at_;
    return true;
  }
  const uint32_t* start = at_;
  std::string_view text;
  if (!String(&text)) return false;
  const bool number = type.kind == ColumnKind::Bool || type.kind == ColumnKind::Int || type.kind == ColumnKind::Long;
  const bool floating = type.kind == ColumnKind::Float || type.kind == ColumnKind::Double;
  const bool fits = !number && (!floating || ShapeOfText(text) == kJsonNotFinite);
  const uint32_t error = fits ? ReadPlainText(type, text, memory_, cell) : uint32_t{RULERT_DECODE_TYPE};
  if (error == RULERT_DECODE_OK) return true;
  at_ = start;
  return Fail(error, fits ? PlainTextProblem(type, text, error) : "a text is not " + rulert::Wanted(type));
}

bool JsonReader::Number(const CellType& type, void* cell) {
  switch (type.kind) {
    case ColumnKind::Float:
    case ColumnKind::Double:
    case ColumnKind::Decimal: return Floating(type, cell);
    case ColumnKind::Int:
    case ColumnKind::Long:
    case ColumnKind::Date:
    case ColumnKind::TimeOfDay:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration: break;
    default: return FailType(type);
  }
  const NumberText number = ScanNumber(text_ + *at_);
  const uint64_t most = static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) + (number.negative ? 1 : 0);
  if (!number.alone()) return FailForm("a number");
  if (!number.whole || !number.exact || number.digits > most) return FailType(type);
  const auto value = static_cast<int64_t>(number.negative ? ~number.digits + 1 : number.digits);
  const uint32_t error = StoreInteger(type, value, cell);
  if (error == RULERT_DECODE_TIME) return Fail(error, std::string(DecodeErrorText(error)));
  if (error != RULERT_DECODE_OK) return FailType(type);
  ++at_;
  return true;
}

bool JsonReader::Floating(const CellType& type, void* cell) {
  const uint8_t* begin = text_ + *at_;
  const NumberText number = ScanNumber(begin);
  if (!number.alone()) return FailForm("a number");
  double wide = 0;
  float narrow = 0;
  if (type.kind == ColumnKind::Double && EasyNumber(number, &wide)) {
    StoreCell(wide, cell);
  } else if (type.kind == ColumnKind::Float && EasyNumber(number, &narrow)) {
    StoreCell(narrow, cell);
  } else {
    const std::string_view text = View(begin, number.end);
    const uint32_t error = ReadPlainText(type, text, memory_, cell);
    if (error != RULERT_DECODE_OK) return Fail(error, PlainTextProblem(type, text, error));
  }
  ++at_;
  return true;
}

// The text of the string at hand: in place if it has no escapes, else in the batch's memory.
bool JsonReader::String(std::string_view* text) {
  const uint8_t* begin = text_ + *at_ + 1;
  const uint8_t* special = FindSpecial(begin);
  if (*special == '\\') return Unescape(begin, special, text);
  *text = View(begin, special);
  ++at_;
  return true;
}

// `escape`: the first backslash. JsonIndex has seen to it that the string is closed.
bool JsonReader::Unescape(const uint8_t* begin, const uint8_t* escape, std::string_view* text) {
  const uint8_t* end = escape;
  while (*end != '"') end = FindSpecial(*end == '\\' ? end + 2 : end);
  auto* out = static_cast<char*>(memory_.Allocate(static_cast<uint64_t>(end - begin)));
  if (out == nullptr) return NoMemory();
  char* to = out;
  const uint8_t* from = begin;
  while (escape < end) {
    std::memcpy(to, from, static_cast<size_t>(escape - from));
    to += escape - from;
    from = escape + 1;
    if (!TakeEscape(&from, &to) || from > end) {
      return Fail(RULERT_DECODE_FORM, "a text holds an escape that JSON has not, or half of a surrogate pair");
    }
    escape = FindSpecial(from);
  }
  std::memcpy(to, from, static_cast<size_t>(end - from));
  to += end - from;
  *text = {out, static_cast<size_t>(to - out)};
  ++at_;
  return true;
}

bool JsonReader::List(const ReadNode& node, void* cell) {
  if (Char() != '[') return FailType(*node.type);
  ++at_;
  const ReadNode& element = node.children.front();
  const ItemStack::Mark mark = items_.Begin();
  for (uint64_t i = 0; !(i == 0 && Take(']')); ++i) {
    Cell item;
    bool null = false;
    if (!Value(element, item.bytes, &null)) return InItem(i);
    items_.Add(*element.type, null ? nullptr : item.bytes);
    if (items_.size() > BatchArena::kLimit) return NoMemory();
    if (Take(']')) break;
    if (!Take(',')) return FailForm("`,` or `]`");
  }
  return items_.End(*node.type, mark, memory_, cell) || NoMemory();
}

bool JsonReader::Map(const ReadNode& node, void* cell) {
  if (Char() != '{') return FailType(*node.type);
  ++at_;
  const ReadNode& element = node.children.front();
  const ItemStack::Mark mark = items_.Begin();
  for (uint64_t i = 0; !(i == 0 && Take('}')); ++i) {
    if (Char() != '"') return FailForm("a key");
    std::string_view key;
    Cell item;
    bool null = false;
    if (!String(&key)) return false;
    if (!Take(':')) return FailForm("`:`");
    items_.AddKey(key);
    if (!Value(element, item.bytes, &null)) return InKey(key);
    items_.Add(*element.type, null ? nullptr : item.bytes);
    if (items_.size() > BatchArena::kLimit) return NoMemory();
    if (Take('}')) break;
    if (!Take(',')) return FailForm("`,` or `}`");
  }
  return items_.End(*node.type, mark, memory_, cell) || NoMemory();
}

bool JsonReader::Record(const ReadNode& node, void* cell) {
  if (Char() != '{') return FailType(*node.type);
  const CellType& type = *node.type;
  char* record = NewRecord(type, memory_);
  if (record == nullptr) return NoMemory();
  StoreCell<const char*>(record, cell);
  const auto read = [&](const ReadNode& child) {
    // In place: a key may stand twice, so that what was there goes first.
    void* place = PutField(type, record, child.field);
    std::memset(place, 0, child.type->width);
    bool null = false;
    if (!Value(child, place, &null)) return false;
    if (null) record[type.layout.null_bytes[child.field]] = 0;
    return true;
  };
  return Members(node, read, [&](const ReadNode& child) {
    if (child.missing.kind == FieldDefault::Kind::Value) {
      std::memcpy(PutField(type, record, child.field), child.missing.cell.bytes, child.type->width);
      return true;
    }
    return child.missing.kind == FieldDefault::Kind::Null || child.nullable;
  });
}

bool JsonReader::Union(const ReadNode& node, void* cell) {
  const CellType& type = *node.type;
  int32_t branch = kNone;
  bool tagged = false;
  uint8_t shape = 0;
  switch (const uint8_t c = Char()) {
    case '"': {
      const uint32_t* start = at_;
      std::string_view text;
      if (!String(&text)) return false;
      at_ = start;
      shape = ShapeOfText(text);
      break;
    }
    case '{':
      shape = kJsonObject;
      for (size_t i = 0; i < type.children.size() && !tagged; ++i) {
        tagged = EnterTag(type.children[i].tag);
        if (tagged) branch = static_cast<int32_t>(i);
      }
      break;
    case '[': shape = kJsonArray; break;
    case 't':
    case 'f': shape = kJsonBool; break;
    default:
      if (!IsDigit(c) && c != '-') return FailForm("a value");
      shape = ScanNumber(text_ + *at_).whole ? kJsonWhole : kJsonFraction;
  }
  if (!tagged) branch = BranchOfShape(type, shape);
  if (branch == kNone) return Fail(RULERT_DECODE_BRANCH, Quoted(TokenText()) + " fits no branch of the union");
  if (branch == kAmbiguous) {
    return Fail(RULERT_DECODE_BRANCH, Quoted(TokenText()) + " fits several branches of the union: write {\"" +
                                          type.children.front().tag + "\": ...} or the like");
  }
  Cell value;
  const auto index = static_cast<size_t>(branch);
  if (!NotNullValue(node.children[index], value.bytes)) return false;
  if (!MakeUnion(type, static_cast<uint32_t>(branch), value, memory_, cell)) return NoMemory();
  return !tagged || LeaveTag();
}

bool JsonReader::EnterTag(std::string_view tag) {
  if (Char() != '{' || end_ - at_ < 5 || text_[at_[1]] != '"' || text_[at_[2]] != ':') return false;
  // The key ends before the colon.
  const uint8_t* key = text_ + at_[1] + 1;
  if (at_[2] - at_[1] < tag.size() + 2 || key[tag.size()] != '"' || View(key, key + tag.size()) != tag) return false;
  const uint32_t* start = at_;
  at_ += 3;
  const bool one = Skip() && Char() == '}';
  at_ = start + (one ? 3 : 0);
  return one;
}

bool JsonReader::LeaveTag() { return Take('}') || FailForm("`}`"); }

bool JsonReader::Skip() {
  int depth = 0;
  do {
    switch (Char()) {
      case '{':
      case '[':
        if (++depth > kMaxDepth) {
          return Fail(RULERT_DECODE_DEPTH, "the value is nested more than 1,000 levels deep");
        }
        break;
      case '}':
      case ']':
        if (--depth < 0) return FailForm("a value");
        break;
      case ',':
      case ':':
        if (depth == 0) return FailForm("a value");
        break;
      case 0: return FailForm("a value");
      default: break;
    }
    ++at_;
  } while (depth > 0);
  return true;
}

std::string_view JsonReader::TokenText() const {
  if (at_ == end_) return {};
  const uint8_t* begin = text_ + *at_;
  const uint8_t* end = begin;
  if (*begin == '"') {
    end = FindSpecial(begin + 1) + 1;
  } else if (std::string_view("{}[],:").find(static_cast<char>(*begin)) != std::string_view::npos) {
    end = begin + 1;
  } else {
    constexpr ptrdiff_t kLongest = 64;
    while (!kNumberEnds[*end] && end - begin < kLongest) ++end;
  }
  return View(begin, end);
}

bool JsonReader::Fail(uint32_t error, std::string message) {
  error_ = error;
  message_ = std::move(message);
  error_offset_ = at_ == end_ ? UINT32_MAX : *at_;
  path_.clear();
  return false;
}

bool JsonReader::FailForm(std::string_view expected) {
  const std::string found = at_ == end_ ? "the end" : Quoted(TokenText());
  return Fail(RULERT_DECODE_FORM, "no JSON: " + found + " stands where " + std::string(expected) + " is expected");
}

bool JsonReader::FailType(const CellType& type) {
  const uint8_t c = Char();
  const bool word = c == 't' || c == 'f' || c == 'n';
  const std::string_view token = TokenText();
  const bool known =
      word ? token == "true" || token == "false" || token == "null"
           : c == '"' || c == '{' || c == '[' || ((IsDigit(c) || c == '-') && ScanNumber(text_ + *at_).alone());
  if (!known) return FailForm("a value");
  return Fail(RULERT_DECODE_TYPE, Quoted(TokenText()) + " is not " + rulert::Wanted(type));
}

bool JsonReader::NoMemory() { return Fail(RULERT_DECODE_MEMORY, std::string(DecodeErrorText(RULERT_DECODE_MEMORY))); }

bool JsonReader::InField(std::string_view name) { return Prepend(std::string(name)); }
bool JsonReader::InItem(uint64_t index) { return Prepend("[" + std::to_string(index) + "]"); }
bool JsonReader::InKey(std::string_view key) { return Prepend("[" + Quoted(key) + "]"); }

bool JsonReader::Prepend(std::string step) {
  if (path_.size() > kMaxPath) return false;
  if (!path_.empty() && path_.front() != '[') step += '.';
  path_.insert(0, step);
  return false;
}

}  // namespace rulert
