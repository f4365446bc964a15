#include "runtime/decode/table_decoder.h"

#include <algorithm>

#include "avro/datum.h"
#include "avro/datum_walk.h"
#include "avro/float_bits.h"
#include "avro/utf8.h"
#include "runtime/decode/datum_cell.h"

namespace rulert {

using avro::ActionId;
using avro::Resolution;
using ActionKind = avro::Resolution::Kind;

// Reads one record. Limits and messages of lengths, counts and depth are those of avro/datum_walk.h.
class TableDecoder::Walk : public avro::DatumWalk {
 public:
  Walk(const Resolution& resolution, std::span<const uint8_t> bytes, const RowSink& sink, const CellMemory& memory,
       ItemStack* items)
      : DatumWalk(bytes), resolution_(resolution), sink_(sink), memory_(memory), items_(*items) {}

  bool ReadRoot(const ReadNode& root) { return ReadWanted(resolution_.root(), root); }
  // RULERT_DECODE_*: how data break the wire format is told by the message alone.
  uint32_t error() const { return error_; }

 private:
  // What an action comes to for the datum at hand, once unions are settled.
  struct Settled {
    const Resolution::Action* action = nullptr;
    int32_t branch = -1;                         // of the reader's union
    const avro::Schema* reader_union = nullptr;  // null if the reader has none
    bool null() const { return action->reader->kind == avro::Kind::Null; }
  };

  bool Refuse(uint32_t error, size_t at, std::string message) {
    error_ = error;
    return cursor_.FailAt(at, std::move(message));
  }

  bool Settle(ActionId id, Settled* out) {
    if (!Count()) return false;
    const size_t start = cursor_.offset();
    const Resolution::Action* action = &resolution_.action(id);
    if (action->kind == ActionKind::WriterUnion) {
      size_t branch = 0;
      if (!ReadIndex(*action->writer, action->branches.size(), &branch)) return false;
      action = &resolution_.action(action->branches[branch]);
    }
    if (action->kind == ActionKind::Refuse) return Refuse(RULERT_DECODE_RESOLVE, start, action->message);
    if (action->kind == ActionKind::ReaderUnion) {
      out->branch = static_cast<int32_t>(action->branch);
      out->reader_union = action->reader;
      action = &resolution_.action(action->inner);
    }
    out->action = action;
    return true;
  }

  // A node with slots at or below it.
  bool ReadWanted(ActionId id, const ReadNode& node) {
    if (!node.flat()) {
      Cell cell;
      bool null = false;
      if (!ReadCell(id, node, cell.bytes, &null)) return false;
      sink_.Put(node, null ? nullptr : cell.bytes);
      return true;
    }
    Settled settled;
    if (!Settle(id, &settled)) return false;
    if (settled.null()) {
      sink_.PutNull(node);
      return true;
    }
    return ReadFlat(*settled.action, node);
  }

  bool ReadFlat(const Resolution::Action& action, const ReadNode& node) {
    return ReadFields(
        action, node, [&](ActionId id, const ReadNode& child) { return ReadWanted(id, child); },
        [&](const ReadNode& child) { sink_.PutMissing(child, true); });
  }

  template <typename Read, typename Missing>
  bool ReadFields(const Resolution::Action& action, const ReadNode& node, Read read, Missing missing) {
    if (!Enter()) return false;
    for (size_t i = 0; i < action.fields.size(); ++i) {
      const Resolution::FieldStep& step = action.fields[i];
      const int32_t child = step.reader_field < 0 ? kNone : node.child_of_field[static_cast<size_t>(step.reader_field)];
      const bool done = child == kNone ? Skip(*action.writer->fields[i].type)
                                       : read(step.action, node.children[static_cast<size_t>(child)]);
      if (!done) return InField(*action.writer, i);
    }
    for (const ReadNode& child : node.children) {
      const bool written = std::any_of(action.fields.begin(), action.fields.end(), [&](const auto& step) {
        return step.reader_field == static_cast<int32_t>(child.field);
      });
      if (!written) missing(child);
    }
    Leave();
    return true;
  }

  // `cell` stays as it is for null.
  bool ReadCell(ActionId id, const ReadNode& node, void* cell, bool* null) {
    Settled settled;
    if (!Settle(id, &settled)) return false;
    *null = settled.null();
    if (*null) return true;
    if (node.type->kind != ColumnKind::Union) return ReadValue(*settled.action, node, cell);
    const auto& branches = settled.reader_union->branches;
    const auto branch = static_cast<uint32_t>(
        std::count_if(branches.begin(), branches.begin() + settled.branch,
                      [](const avro::Schema* schema) { return schema->kind != avro::Kind::Null; }));
    Cell value;
    if (!ReadValue(*settled.action, node.children[branch], value.bytes)) return false;
    return MakeUnion(*node.type, branch, value, memory_, cell) || NoMemory();
  }

  bool ReadValue(const Resolution::Action& action, const ReadNode& node, void* cell) {
    switch (action.kind) {
      case ActionKind::Enum: return ReadSymbol(action, cell);
      case ActionKind::Record: return ReadRecord(action, node, cell);
      case ActionKind::Items: return ReadItems(action, node, cell);
      default: return ReadScalar(*action.writer, *node.type, cell);
    }
  }

  bool ReadSymbol(const Resolution::Action& action, void* cell) {
    const size_t start = cursor_.offset();
    size_t index = 0;
    if (!ReadIndex(*action.writer, action.symbols.size(), &index)) return false;
    if (action.symbols[index] < 0) {
      return Refuse(
          RULERT_DECODE_RESOLVE, start,
          avro::Describe(*action.reader) + " has no symbol `" + action.writer->symbols[index] + "` and no default");
    }
    StoreCell(action.symbols[index], cell);
    return true;
  }

  bool ReadRecord(const Resolution::Action& action, const ReadNode& node, void* cell) {
    const CellType& type = *node.type;
    char* record = NewRecord(type, memory_);
    if (record == nullptr) return NoMemory();
    StoreCell<const char*>(record, cell);
    const auto read = [&](ActionId id, const ReadNode& child) {
      Cell value;
      bool null = false;
      if (!ReadCell(id, child, value.bytes, &null)) return false;
      if (!null) std::memcpy(PutField(type, record, child.field), value.bytes, child.type->width);
      return true;
    };
    return ReadFields(action, node, read, [&](const ReadNode& child) {
      if (child.missing.kind != FieldDefault::Kind::Value) return;
      std::memcpy(PutField(type, record, child.field), child.missing.cell.bytes, child.type->width);
    });
  }

  bool ReadItems(const Resolution::Action& action, const ReadNode& node, void* cell) {
    if (!Enter()) return false;
    const ItemStack::Mark mark = items_.Begin();
    const bool map = node.type->kind == ColumnKind::Map;
    uint64_t index = 0;
    while (true) {
      Block block;
      if (!ReadBlock(&block)) return false;
      if (block.count == 0 && !block.has_size) break;
      for (uint64_t i = 0; i < block.count; ++i, ++index) {
        std::string_view key;
        if (map && !ReadText(&key)) return InItem(index);
        if (map) items_.AddKey(key);
        if (!ReadItem(action.inner, node.children.front())) return map ? InKey(key) : InItem(index);
      }
      if (!CheckBlockEnd(block)) return false;
    }
    Leave();
    return items_.End(*node.type, mark, memory_, cell) || NoMemory();
  }

  bool ReadItem(ActionId id, const ReadNode& element) {
    Cell value;
    bool null = false;
    if (!ReadCell(id, element, value.bytes, &null)) return false;
    items_.Add(*element.type, null ? nullptr : value.bytes);
    return items_.size() <= BatchArena::kLimit || NoMemory();
  }

  bool ReadText(std::string_view* text) {
    if (!cursor_.ReadText("a string", text)) return false;
    const size_t valid = avro::ValidUtf8Prefix(*text);
    if (valid == text->size()) return true;
    return Refuse(RULERT_DECODE_UTF8, cursor_.offset() - text->size() + valid, "a string is not valid UTF-8");
  }

  // A value of the writer's type that is neither union, enum, record, array nor map, as one of the reader's.
  bool ReadScalar(const avro::Schema& writer, const CellType& type, void* cell) {
    using avro::Kind;
    int64_t number = 0;
    std::string_view bytes;
    switch (writer.kind) {
      case Kind::Bool: {
        bool value = false;
        if (!cursor_.ReadBool(&value)) return false;
        StoreCell<uint8_t>(value, cell);
        return true;
      }
      case Kind::Int: return cursor_.ReadInt(&number) && StoreNumber(number, type, cell);
      case Kind::Long: return cursor_.ReadLong(&number) && StoreNumber(number, type, cell);
      case Kind::Float: {
        if (!cursor_.ReadRaw(sizeof(float), "a float", &bytes)) return false;
        const auto value = LoadCell<float>(bytes.data());
        if (type.kind == ColumnKind::Float) {
          StoreCell(value, cell);
        } else {
          StoreCell(avro::WidenFloat(value), cell);
        }
        return true;
      }
      case Kind::Double:
        if (!cursor_.ReadRaw(sizeof(double), "a double", &bytes)) return false;
        std::memcpy(cell, bytes.data(), sizeof(double));
        return true;
      case Kind::Bytes: return cursor_.ReadText("a value of bytes", &bytes) && StoreText(bytes, type, true, cell);
      case Kind::Fixed: return cursor_.ReadRaw(writer.size, "a fixed", &bytes) && StoreText(bytes, type, true, cell);
      case Kind::String: return ReadText(&bytes) && StoreText(bytes, type, false, cell);
      default: return Refuse(RULERT_DECODE_RESOLVE, cursor_.offset(), "a value that the schema read lacks");
    }
  }

  // A whole number becomes a float by one rounding; by way of double it could be two.
  bool StoreNumber(int64_t number, const CellType& type, void* cell) {
    switch (type.kind) {
      case ColumnKind::Int:
      case ColumnKind::Date: StoreCell(static_cast<int32_t>(number), cell); return true;
      case ColumnKind::Float: StoreCell(static_cast<float>(number), cell); return true;
      case ColumnKind::Double: StoreCell(static_cast<double>(number), cell); return true;
      case ColumnKind::Timestamp:
      case ColumnKind::TimeOfDay: {
        int64_t micros = 0;
        if (!ToMicros(number, type.unit, &micros)) {
          return Refuse(RULERT_DECODE_TIME, cursor_.offset(), std::string(DecodeErrorText(RULERT_DECODE_TIME)));
        }
        StoreCell(micros, cell);
        return true;
      }
      default: StoreCell(number, cell); return true;
    }
  }

  // Text stays where it is in the block. `raw`: it may be anything but UTF-8.
  bool StoreText(std::string_view text, const CellType& type, bool raw, void* cell) {
    const size_t start = cursor_.offset() - text.size();
    switch (type.kind) {
      case ColumnKind::Decimal:
        if (DecimalFromBytes(text, type.precision, cell)) return true;
        return Refuse(RULERT_DECODE_DECIMAL, start,
                      "a decimal has more than " + std::to_string(type.precision) + " digits");
      case ColumnKind::Uuid:
        if (raw && type.schema->kind == avro::Kind::Fixed) {
          std::memcpy(cell, text.data(), sizeof(Cell));
          return true;
        }
        return UuidFromText(text, cell) || Refuse(RULERT_DECODE_UUID, start, "a text is no uuid");
      case ColumnKind::String:
        if (raw && !avro::IsUtf8(text)) {
          return Refuse(RULERT_DECODE_UTF8, start + avro::ValidUtf8Prefix(text),
                        "bytes read as a string are not valid UTF-8");
        }
        break;
      default: break;
    }
    StoreCell(MakeString(text), cell);
    return true;
  }

  bool NoMemory() {
    return Refuse(RULERT_DECODE_MEMORY, cursor_.offset(), std::string(DecodeErrorText(RULERT_DECODE_MEMORY)));
  }

  const Resolution& resolution_;
  const RowSink& sink_;
  const CellMemory& memory_;
  ItemStack& items_;
  uint32_t error_ = RULERT_DECODE_CUT;
};

TableDecoder::~TableDecoder() = default;

Result<std::unique_ptr<TableDecoder>> TableDecoder::Make(std::shared_ptr<const avro::Resolution> resolution,
                                                         const std::vector<SlotSpec>& slots,
                                                         const std::vector<int32_t>& wanted) {
  std::unique_ptr<TableDecoder> decoder(new TableDecoder);
  // The plan shares the resolution's document: an owner of the one keeps the other.
  const avro::SchemaPtr reader(resolution, &resolution->reader());
  auto plan = ReadPlan::Make(reader, slots, wanted);
  if (!plan.ok()) return plan.error();
  decoder->resolution_ = std::move(resolution);
  decoder->plan_ = std::move(*plan);
  return decoder;
}

void TableDecoder::Decode(rulert_decode* call) {
  RowSink sink(*plan_, call->columns);
  const CellMemory memory{call->host, call->arena};
  call->rows = 0;
  call->error = RULERT_DECODE_OK;
  while (call->records > 0 && call->rows < RULERT_BATCH_ROWS) {
    sink.set_row(call->rows);
    Walk walk(*resolution_, {call->bytes + call->cursor, call->size - call->cursor}, sink, memory, &items_);
    if (!walk.ReadRoot(plan_->root())) {
      items_.Drop({});
      // A batch of fewer rows may fit where this one does not.
      if (walk.error() == RULERT_DECODE_MEMORY && call->rows > 0) return;
      const avro::DecodeError error = walk.TakeError();
      call->error = walk.error();
      call->error_byte = call->cursor + error.byte;
      call->error_field = UINT32_MAX;
      error_message_ = error.message;
      error_path_ = error.path;
      return;
    }
    call->row_offsets[call->rows++] = static_cast<uint32_t>(call->cursor);
    call->cursor += walk.used();
    --call->records;
  }
}

uint64_t TableDecoder::Skip(uint64_t count, rulert_decode* call) {
  return SkipAvro(resolution_->writer().root(), count, call);
}

DecodeProblem TableDecoder::Problem(const rulert_decode& call) const {
  return {Loss::Block, std::string(DecodeErrorCause(call.error)), error_message_, error_path_};
}

}  // namespace rulert
