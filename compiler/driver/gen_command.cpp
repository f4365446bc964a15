
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>

#include "compiler/check/read_text.h"
#include "compiler/driver/command.h"
#include "compiler/driver/front_end.h"
#include "compiler/driver/output_stream.h"
#include "generate/generator.h"

namespace rulec {
namespace {

constexpr uint64_t kMaxShapeBytes = uint64_t{1} << 20;

struct GenOptions {
  std::string path;
  std::string stream;
  std::string schemas;
  std::string color = "auto";
  std::string shape;
  std::string out = "-";
  uint64_t count = 1000;
  uint64_t seed = 1;
  std::string codec = "null";
};

// CLI11 lets `-1` through for an unsigned number.
std::string WhyNotWhole(const std::string& text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return fmt::format("`{}` is more than 64 bits hold", text);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? "" : fmt::format("`{}` is not a whole number from 0 on", text);
}

const typed::Stream* FindStream(const typed::Program& program, const std::string& name) {
  for (const typed::Stream& stream : program.streams) {
    if (stream.name == name) return &stream;
  }
  return nullptr;
}

ExitCode UnknownStream(const typed::Program& program, const std::string& name) {
  std::vector<std::string> names;
  for (const typed::Stream& stream : program.streams) names.push_back(stream.name);
  const std::string near = NearestName(name, names);
  return UsageError(
      fmt::format("the rules have no stream `{}`", name),
      near.empty() ? fmt::format("they have: {}", fmt::join(names, ", ")) : fmt::format("did you mean `{}`?", near));
}

// The format of what is written, by the ending; standard output is JSON lines.
enum class Format : uint8_t { Avro, JsonLines, Unknown };

Format FormatOf(const std::string& path) {
  if (path == "-" || path.ends_with(".jsonl")) return Format::JsonLines;
  return path.ends_with(".avro") ? Format::Avro : Format::Unknown;
}

ExitCode WriteEvents(const generate::GenerateOptions& events, const std::string& path, Format format) {
  OutputStream out(path);
  const auto write = [&out](std::string_view bytes) { return out.Write(bytes); };
  const generate::GenerateError error =
      format == Format::Avro ? generate::WriteContainer(events, write) : generate::WriteJsonLines(events, write);
  if (error) return UsageError(error.ToString());
  return out.Finish() ? ExitCode::Done : UsageError(out.error());
}

ExitCode Generate(const GenOptions& options) {
  const Format format = FormatOf(options.out);
  if (format == Format::Unknown) {
    return UsageError(fmt::format("--out {}: the ending tells no format", options.out), "end it in .avro or .jsonl");
  }
  generate::GenerateOptions events;
  events.count = options.count;
  events.seed = options.seed;
  events.codec = *avro::CodecByName(options.codec);
  if (!options.shape.empty()) {
    std::string error;
    const auto text = ReadText(options.shape, kMaxShapeBytes, &error);
    if (!text) return UsageError(fmt::format("{}: {}", options.shape, error));
    events.shape_toml = *text;
    events.shape_path = options.shape;
  }
  FrontEnd program;
  if (const auto code = CompileOrComplain({options.path}, options.schemas, options.color, LastPhase::Check, &program)) {
    return *code;
  }
  const typed::Stream* stream = FindStream(*program.typed, options.stream);
  if (stream == nullptr) return UnknownStream(*program.typed, options.stream);
  events.schema = program.typed->schemas[stream->schema].document;
  events.time_field = stream->time;
  return WriteEvents(events, options.out, format);
}

}  // namespace

Action AddGen(CLI::App& app) {
  auto options = std::make_shared<GenOptions>();  // shared with the action, which outlives this call
  app.add_option("PATH", options->path, "a rule file, or the folder of one program")->required();
  app.add_option("STREAM", options->stream, "the stream whose schema the events have")->required();
  const CLI::Validator whole(WhyNotWhole, "");
  app.add_option("--count", options->count, "how many events (default 1000)")->type_name("N")->check(whole);
  app.add_option("--seed", options->seed, "equal seeds give equal bytes (default 1)")->type_name("N")->check(whole);
  app.add_option("--shape", options->shape, "a file of distributions, see docs/formats/shape.md")->type_name("FILE");
  app.add_option("--out", options->out, "a file that ends in .avro or .jsonl, or - (default) for JSON lines")
      ->type_name("URI");
  app.add_option("--codec", options->codec, "of an Avro file: null (default), deflate, snappy, zstandard, bzip2, xz")
      ->check(CLI::IsMember({"null", "deflate", "snappy", "zstandard", "bzip2", "xz"}));
  app.add_option("--schemas", options->schemas, "the folder of schemas")->type_name("DIR");
  app.add_option("--color", options->color, "auto (by the terminal), always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  return [options] { return Generate(*options); };
}

}  // namespace rulec
