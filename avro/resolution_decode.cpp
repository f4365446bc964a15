#include "avro/datum_decoder.h"
#include "avro/limits.h"
#include "avro/number_text.h"
#include "avro/resolution.h"
#include "avro/utf8.h"

namespace avro {
namespace {

using ActionKind = Resolution::Kind;

// What fields of records and their defaults may take beyond what the bytes account for.
constexpr uint64_t kFreeBytes = uint64_t{256} << 20;
constexpr uint64_t kBytesPerByte = 2048;

class ResolvedDecoder : public DatumDecoder {
 public:
  ResolvedDecoder(const Resolution& resolution, std::span<const uint8_t> bytes)
      : DatumDecoder(bytes), resolution_(resolution) {}

  bool Read(ActionId id, Datum* out) {
    if (!Count()) return false;
    const size_t start = cursor_.offset();
    const Resolution::Action* action = &resolution_.action(id);
    if (action->kind == ActionKind::WriterUnion) {
      size_t branch = 0;
      if (!ReadIndex(*action->writer, action->branches.size(), &branch)) return false;
      action = &resolution_.action(action->branches[branch]);
    }
    if (action->kind == ActionKind::Refuse) return cursor_.FailAt(start, action->message);
    out->branch = -1;
    if (action->kind == ActionKind::ReaderUnion) {
      out->branch = static_cast<int32_t>(action->branch);
      action = &resolution_.action(action->inner);
    }
    Reset(action->reader->kind, out);
    return Do(*action, out);
  }

 private:
  bool Do(const Resolution::Action& action, Datum* out) {
    if (action.kind == ActionKind::Value) return ReadValue(*action.writer, out) && Convert(action, out);
    if (action.kind == ActionKind::Enum) return ReadSymbol(action, out);
    if (!Enter()) return false;
    const bool is_map = action.reader->kind == Kind::Map;
    const bool read = action.kind == ActionKind::Record
                          ? ReadRecord(action, out)
                          : ReadItems(is_map, out, [&](Datum* item) { return Read(action.inner, item); });
    Leave();
    return read;
  }

  // A whole number becomes a float by one rounding; by way of double it could be two.
  bool Convert(const Resolution::Action& action, Datum* out) {
    const Kind from = action.writer->kind;
    const Kind to = action.reader->kind;
    if (from == to) return true;
    if (from == Kind::Bytes && !IsUtf8(out->text)) {
      const size_t valid = ValidUtf8Prefix(out->text);
      return cursor_.FailAt(cursor_.offset() - out->text.size() + valid, "bytes read as a string are not valid UTF-8");
    }
    const bool whole = from == Kind::Int || from == Kind::Long;
    if (!whole || to == Kind::Long) return true;
    out->number = to == Kind::Float ? double{static_cast<float>(out->integer)} : static_cast<double>(out->integer);
    out->integer = 0;
    return true;
  }

  bool ReadSymbol(const Resolution::Action& action, Datum* out) {
    const size_t start = cursor_.offset();
    size_t index = 0;
    if (!ReadIndex(*action.writer, action.symbols.size(), &index)) return false;
    out->integer = action.symbols[index];
    if (out->integer >= 0) return true;
    return cursor_.FailAt(
        start, Describe(*action.reader) + " has no symbol `" + action.writer->symbols[index] + "` and no default");
  }

  // Fields are read in the order written, so all of the record's are made at once; that is paid for first.
  bool ReadRecord(const Resolution::Action& action, Datum* out) {
    if (!Pay(action.reader->fields.size() * sizeof(Datum))) return false;
    out->items.resize(action.reader->fields.size());
    for (size_t i = 0; i < action.fields.size(); ++i) {
      const Resolution::FieldStep& step = action.fields[i];
      const bool read = step.reader_field < 0 ? Skip(*action.writer->fields[i].type)
                                              : Read(step.action, &out->items[static_cast<size_t>(step.reader_field)]);
      if (!read) return InField(*action.writer, i);
    }
    for (const Resolution::DefaultStep& step : action.defaults) {
      const Resolution::DefaultValue& value = resolution_.default_value(step.value);
      if (!Pay(value.bytes) || !Fits(value)) return false;
      out->items[step.reader_field] = value.value;
    }
    return true;
  }

  bool Pay(size_t bytes) {
    paid_ += bytes;
    if (paid_ <= kFreeBytes + kBytesPerByte * cursor_.offset()) return true;
    return cursor_.Fail("records and the defaults of fields that were not written would take more than " +
                        WithCommas(kFreeBytes) + " bytes");
  }

  bool Fits(const Resolution::DefaultValue& value) {
    const int most = CurrentLimits().datum_depth;
    if (depth() + value.height <= most) return true;
    return cursor_.Fail("with a default the value is nested more than " + WithCommas(int64_t{most}) + " levels deep");
  }

  const Resolution& resolution_;
  uint64_t paid_ = 0;
};

}  // namespace

DecodeError DecodeResolved(const Resolution& resolution, std::span<const uint8_t> bytes, Datum* out, size_t* used) {
  ResolvedDecoder decoder(resolution, bytes);
  if (!decoder.Read(resolution.root(), out)) return decoder.TakeError();
  *used = decoder.used();
  return {};
}

}  // namespace avro
