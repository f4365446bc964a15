// From the tokens of a JSON text to cells.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/decode/read_plan.h"
#include "runtime/record/cell_builder.h"

namespace rulert {

// Values that no node wants are stepped over and not looked into, apart from what JsonIndex checks and their nesting.
// A key that stands twice counts as it stands last. What is accepted for each type: docs/formats/json.md.
class JsonReader {
 public:
  // Keeps a reference to `plan`.
  explicit JsonReader(const ReadPlan& plan);

  // A text and its index (json_index.h). Every string and number in it must be followed by something that ends it:
  // texts whose last byte closes a string, list or object are fine. 32 bytes behind the text must be readable.
  struct Text {
    const uint8_t* bytes = nullptr;
    const uint32_t* begin = nullptr;
    const uint32_t* end = nullptr;
  };

  // Read one value each, at the first token: the slots below a flat node; the cell of another. `*null` tells of a null.
  bool ReadFlat(const Text& text, const ReadNode& node, const RowSink& sink, const CellMemory& memory);
  bool ReadWhole(const Text& text, const ReadNode& node, const CellMemory& memory, void* cell, bool* null);
  // As ReadFlat, if the object at the first token has the members of the one read before it in their order, with plain
  // values and without white space. Returns the next token, or null, with anything in the row's cells: ReadFlat is to
  // read them. There must be a token.
  const uint32_t* ReadUsual(const Text& text, const ReadNode& node, const RowSink& sink) const;
  // Behind the value read: the next token.
  const uint32_t* next() const { return at_; }

  // Of a read that failed.
  uint32_t error() const { return error_; }
  uint32_t error_offset() const { return error_offset_; }  // in the text
  const std::string& message() const { return message_; }
  const std::string& path() const { return path_; }

 private:
  // What is known of the objects that become one record.
  struct Object {
    struct Key {
      std::string text;  // as it stands, with its quotes; empty if it is not to be trusted
      int32_t child = kNone;
      uint64_t words[2] = {};  // the first 16 bytes of `text`
      uint64_t masks[2] = {};  // of the bytes that there are

      void Learn(std::string_view key);
      bool Is(const uint8_t* quote) const;  // reads 16 bytes, and as many more as `text` has
    };
    std::unordered_map<std::string_view, int32_t> children;  // by name and alias
    // The keys of the last object in their order, and whose they were: mostly the next one has the same.
    std::vector<Key> order;
    std::string tag;  // of a nullable record: what Avro's JSON encoding may wrap it in; empty if it may not
  };
  // Which children of an object were there.
  class Seen;

  void AddObjects(const ReadNode& node);
  void Start(const Text& text, const CellMemory& memory);

  bool Wanted(const ReadNode& node);
  bool Flat(const ReadNode& node);
  bool Value(const ReadNode& node, void* cell, bool* null);
  bool NotNullValue(const ReadNode& node, void* cell);
  bool Scalar(const ReadNode& node, void* cell);
  bool Number(const CellType& type, void* cell);
  bool Floating(const CellType& type, void* cell);
  bool String(std::string_view* text);
  bool Unescape(const uint8_t* from, const uint8_t* end, std::string_view* text);
  bool List(const ReadNode& node, void* cell);
  bool Map(const ReadNode& node, void* cell);
  bool Record(const ReadNode& node, void* cell);
  bool Union(const ReadNode& node, void* cell);
  template <typename Read, typename Put>
  bool Members(const ReadNode& node, Read read, Put missing);
  bool FlatMembers(const ReadNode& node);
  template <typename Has, typename Put>
  bool Missing(const ReadNode& node, Has has, Put put);
  bool GuessKey(const Object& object, size_t position, int32_t* child);
  bool FindKey(Object& object, size_t position, int32_t* child);
  bool IsScalarAtHand() const;
  static const uint8_t* Quick(const CellType& type, const uint8_t* p, void* cell);
  bool Skip();

  // Is the value at hand an object of one member with this key? Then the tokens stand at the member's value.
  bool EnterTag(std::string_view tag);
  bool LeaveTag();

  uint8_t Char() const { return at_ == end_ ? 0 : text_[*at_]; }
  bool Take(char c) {
    if (Char() != static_cast<uint8_t>(c)) return false;
    ++at_;
    return true;
  }
  std::string_view TokenText() const;
  bool Fail(uint32_t error, std::string message);
  bool FailForm(std::string_view expected);
  bool FailType(const CellType& type);
  bool NoMemory();
  bool InField(std::string_view name);
  bool InItem(uint64_t index);
  bool InKey(std::string_view key);
  bool Prepend(std::string step);

  std::vector<Object> objects_;  // by ReadNode::record_number
  // Of the text at hand.
  const uint8_t* text_ = nullptr;
  const uint32_t* at_ = nullptr;
  const uint32_t* end_ = nullptr;
  const RowSink* sink_ = nullptr;
  CellMemory memory_;
  ItemStack items_;
  std::vector<uint64_t> seen_;
  uint32_t error_ = 0;
  uint32_t error_offset_ = 0;
  std::string message_;
  std::string path_;
};

}  // namespace rulert
