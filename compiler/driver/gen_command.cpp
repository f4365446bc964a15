#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>

#include "compiler/check/read_text.h"
#include "compiler/driver/command.h"
#include "compiler/driver/front_end.h"
#include "compiler/driver/output_stream.h"
#include "generate/generator.h"
#include "runtime/job/stream_uri.h"

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
  std::string codec;  // empty: not given
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

// Where events go.
struct Target {
  std::string path;
  bool avro = false;  // else JSON lines
};

// `S=URI` as of the outputs of `rulec run`; the stream's name may stand before it. Takes over a codec that the URI
// tells.
rulert::Result<Target> FindTarget(const GenOptions& options, avro::Codec* codec) {
  const auto named = rulert::ParseNamedUri(options.out, {options.stream}, "--out", "stream", true);
  if (!named.ok()) return named.error();
  const auto uri = rulert::ParseFileUri(named->uri);
  if (!uri.ok()) return uri.error();
  const bool is_stdout = uri->path == "-";
  const auto format = rulert::OutputFormat(
      *uri, is_stdout ? std::optional(rulert::FileFormat::JsonLines) : std::optional<rulert::FileFormat>());
  if (!format.ok()) return format.error();
  if (*format == rulert::FileFormat::Csv) {
    return rulert::Error::Environment("`" + uri->path + "`: events are made as avro or jsonl");
  }
  if (rulert::Error error = rulert::CheckOptions(*uri, *format, true)) return error;
  const bool avro = *format == rulert::FileFormat::Avro;
  *codec = options.codec.empty() ? uri->codec : *avro::CodecByName(options.codec);
  if (!avro && *codec != avro::Codec::Null) {
    return rulert::Error::Environment("`" + uri->path + "`: only Avro files have a codec");
  }
  return Target{uri->path, avro};
}

ExitCode WriteEvents(const generate::GenerateOptions& events, const Target& target) {
  OutputStream out(target.path);
  const auto write = [&out](std::string_view bytes) { return out.Write(bytes); };
  const generate::GenerateError error =
      target.avro ? generate::WriteContainer(events, write) : generate::WriteJsonLines(events, write);
  if (error) return UsageError(error.ToString());
  return out.Finish() || out.error().empty() ? ExitCode::Done : UsageError(out.error());
}

ExitCode Generate(const GenOptions& options) {
  generate::GenerateOptions events;
  const auto target = FindTarget(options, &events.codec);
  if (!target.ok()) return UsageError(target.error().message());
  events.count = options.count;
  events.seed = options.seed;
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
  return WriteEvents(events, *target);
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
  app.add_option("--out", options->out,
                 "where events go: a file that ends in .avro or .jsonl, or - (default) for JSON lines")
      ->type_name("URI");
  app.add_option("--codec", options->codec, "of an Avro file: null (default), deflate, snappy, zstandard, bzip2, xz")
      ->check(CLI::IsMember({"null", "deflate", "snappy", "zstandard", "bzip2", "xz"}));
  app.add_option("--schemas", options->schemas, "the folder of schemas")->type_name("DIR");
  app.add_option("--color", options->color, "auto (by the terminal), always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  return [options] { return Generate(*options); };
}

}  // namespace rulec
