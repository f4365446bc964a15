#include "runtime/job/stream_uri.h"

#include <algorithm>

#include "runtime/base/text.h"

namespace rulert {
namespace {

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string ListOf(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "`" : ", `") + name + "`";
  return list.empty() ? "none" : list;
}

// Where the options begin; npos if there are none.
size_t QueryOf(const std::string& uri) {
  const size_t mark = uri.rfind('?');
  if (mark == std::string::npos) return mark;
  const size_t equals = uri.find('=', mark);
  return equals != std::string::npos && IsName(uri.substr(mark + 1, equals - mark - 1)) ? mark : std::string::npos;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Unescaped(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : HexDigit(text[i + 2]);
    result += low < 0 ? text[i] : static_cast<char>(high * 16 + low);
    if (low >= 0) i += 2;
  }
  return result;
}

template <typename T>
struct Choice {
  std::string_view name;
  T value;
};

// Sets *to to what `value` names; says what there is if it names nothing.
template <typename To, typename T, size_t size>
std::string Choose(const std::string& option, const std::string& value, const Choice<T> (&choices)[size], To* to) {
  std::string list;
  for (const auto& choice : choices) {
    if (choice.name == value) {
      *to = choice.value;
      return "";
    }
    list += (list.empty() ? "" : ", ") + std::string(choice.name);
  }
  return "unknown " + option + " `" + value + "`; there are: " + list;
}

constexpr Choice<FileFormat> kFormats[] = {{"avro", FileFormat::Avro},
                                           {"jsonl", FileFormat::JsonLines},
                                           {"csv", FileFormat::Csv},
                                           {"avro-messages", FileFormat::AvroMessages}};
constexpr Choice<Compression> kCompressions[] = {
    {"none", Compression::None}, {"gzip", Compression::Gzip}, {"zstd", Compression::Zstandard}};
constexpr Choice<avro::Codec> kCodecs[] = {{"null", avro::Codec::Null},     {"deflate", avro::Codec::Deflate},
                                           {"snappy", avro::Codec::Snappy}, {"zstandard", avro::Codec::Zstandard},
                                           {"bzip2", avro::Codec::Bzip2},   {"xz", avro::Codec::Xz}};
constexpr Choice<bool> kBools[] = {{"true", true}, {"false", false}};
constexpr Choice<char> kDelimiters[] = {{"tab", '\t'}, {"comma", ','}, {"semicolon", ';'}};
constexpr Choice<Framing> kFramings[] = {{"length", Framing::Length},
                                         {"bare", Framing::Bare},
                                         {"single", Framing::Single},
                                         {"length-single", Framing::LengthSingle},
                                         {"confluent", Framing::Confluent}};

std::string SetDelimiter(const std::string& value, char* to) {
  if (value.size() != 1) return Choose("delimiter", value, kDelimiters, to);
  if (value[0] == '"' || value[0] == '\n' || value[0] == '\r' || (value[0] & 0x80) != 0) {
    return "a delimiter is one ASCII character, and neither a quote nor a line end";
  }
  *to = value[0];
  return "";
}

std::string SetVersion(const std::string& value, std::optional<int64_t>* to) {
  *to = ParseInteger(value);
  return *to ? "" : "`version=" + value + "` is no version";
}

std::string SetOption(const std::string& name, const std::string& value, FileUri* uri) {
  if (name == "format") return Choose(name, value, kFormats, &uri->format);
  if (name == "compression") return Choose(name, value, kCompressions, &uri->compression);
  if (name == "codec") return Choose(name, value, kCodecs, &uri->codec);
  if (name == "delimiter") return SetDelimiter(value, &uri->delimiter);
  if (name == "header") return Choose(name, value, kBools, &uri->header);
  if (name == "framing") return Choose(name, value, kFramings, &uri->framing);
  if (name == "version") return SetVersion(value, &uri->version);
  if (name == "null") uri->null_text = value;
  if (name == "ids") uri->ids = value;
  if (name == "null" || name == "ids") return "";
  return "unknown option `" + name +
         "`; there are: format, compression, codec, delimiter, header, null, framing, version, ids";
}

}  // namespace

Result<NamedUri> ParseNamedUri(const std::string& given, const std::vector<std::string>& names, std::string_view flag,
                               std::string_view what, bool default_allowed) {
  const std::string prefix = std::string(flag) + " " + given + ": ";
  const size_t equals = given.find('=');
  const std::string name = given.substr(0, equals);
  if (equals != std::string::npos && IsName(name)) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      return Error::Environment(prefix + "there is no " + std::string(what) + " `" + name +
                                "`; there are: " + ListOf(names));
    }
    if (equals + 1 == given.size()) return Error::Environment(prefix + "nothing stands behind `=`");
    return NamedUri{static_cast<size_t>(found - names.begin()), given.substr(equals + 1)};
  }
  if (given.empty()) return Error::Environment(prefix + "a file is missing");
  if (!default_allowed) {
    return Error::Environment(prefix + "say which " + std::string(what) + " is meant, as in `" + std::string(flag) +
                              " " + (names.empty() ? "S" : names[0]) + "=" + given + "`; there are: " + ListOf(names));
  }
  return NamedUri{0, given};
}

Result<FileUri> ParseFileUri(const std::string& uri) {
  if (const size_t scheme = uri.find("://"); scheme != std::string::npos && IsName(uri.substr(0, scheme))) {
    return Error::Environment("`" + uri + "`: this build reads and writes files only");
  }
  FileUri result;
  const size_t query = QueryOf(uri);
  result.path = uri.substr(0, query);
  if (result.path.empty()) return Error::Environment("`" + uri + "`: a file is missing");
  if (query == std::string::npos) return result;
  std::string_view rest = std::string_view(uri).substr(query + 1);
  while (!rest.empty()) {
    const std::string_view option = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), option.size() + 1));
    const size_t equals = option.find('=');
    const std::string name(option.substr(0, equals));
    const std::string value = equals == std::string_view::npos ? "" : Unescaped(option.substr(equals + 1));
    if (const std::string wrong = SetOption(name, value, &result); !wrong.empty()) {
      return Error::Environment("`" + uri + "`: " + wrong);
    }
    result.options.push_back(name);
  }
  return result;
}

Error CheckOptions(const FileUri& uri, FileFormat format, bool output) {
  const bool csv = format == FileFormat::Csv;
  const bool messages = format == FileFormat::AvroMessages;
  for (const std::string& option : uri.options) {
    const bool of_csv = option == "delimiter" || option == "header" || option == "null";
    const bool of_messages = option == "framing" || option == "version" || option == "ids";
    const bool fits = option == "codec" ? output && format == FileFormat::Avro
                      : of_csv          ? csv
                      : of_messages     ? messages && !output
                                        : true;
    if (fits) continue;
    return Error::Environment("`" + uri.path + "`: `" + option + "` is an option of " +
                              (option == "codec" ? "outputs in avro"
                               : of_csv          ? "csv"
                                                 : "inputs in avro-messages"));
  }
  return {};
}

Result<FileFormat> OutputFormat(const FileUri& uri, std::optional<FileFormat> fallback) {
  if (uri.format == FileFormat::AvroMessages) {
    return Error::Environment("`" + uri.path + "`: outputs are written as avro, jsonl or csv");
  }
  if (uri.compression.value_or(CompressionOf(uri.path)) != Compression::None) {
    return Error::Environment("`" + uri.path + "`: outputs are not compressed");
  }
  if (uri.format) return *uri.format;
  if (const auto told = FileFormatOf(uri.path)) return *told;
  if (fallback) return *fallback;
  return Error::Environment("`" + uri.path +
                            "`: the ending tells no format; use `.avro`, `.jsonl` or `.csv`, or add `?format=avro`");
}

}  // namespace rulert
