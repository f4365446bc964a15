#include "runtime/job/outputs.h"

#include <algorithm>
#include <filesystem>

#include "runtime/encode/csv_rows.h"
#include "runtime/sink/container_sink.h"
#include "runtime/sink/file_sink.h"

namespace rulert {
namespace {

// A bounded job is one epoch.
constexpr uint64_t kEpoch = 1;

// The file that a path leads to, under one name however it is written.
std::string Place(const std::string& path) {
  std::error_code code;
  const auto whole = std::filesystem::absolute(path, code);
  const auto place = std::filesystem::weakly_canonical(whole, code);
  return code ? path : place.string();
}

}  // namespace

void Outputs::Add(const OutputSpec& spec, ModulePtr encoder) {
  ports_.push_back({spec, std::move(encoder), nullptr, nullptr});
}

bool Outputs::IsStdoutTaken() const { return std::find(places_.begin(), places_.end(), "-") != places_.end(); }

std::shared_ptr<Sink> Outputs::Stdout() {
  if (!stdout_) {
    stdout_ = std::make_shared<StdoutSink>();
    sinks_.push_back(stdout_);
  }
  return stdout_;
}

Error Outputs::Attach(Port& port, FileFormat format, const FileUri& uri, JsonRows::Shape shape,
                      std::shared_ptr<Sink> sink) {
  if (format == FileFormat::Csv) {
    port.writer = std::make_unique<CsvRows>(port.spec, CsvStyle{uri.delimiter, uri.header, uri.null_text});
  } else if (format == FileFormat::JsonLines) {
    port.writer = std::make_unique<JsonRows>(port.spec, shape);
  } else if (port.encoder) {
    port.writer = std::make_unique<AvroRows>(port.encoder->function<rulert_encode_fn>());
  } else {
    return Error::Environment("output `" + port.spec.name + "` was compiled without an Avro encoder");
  }
  port.sink = std::move(sink);
  return port.writer->Begin(*port.sink);
}

Result<std::shared_ptr<Sink>> Outputs::OpenSink(const FileUri& uri, FileFormat format, const std::string& schema_json,
                                                const std::string& output) {
  const bool is_stdout = uri.path == "-";
  if (is_stdout && (IsStdoutTaken() || (format != FileFormat::JsonLines && stdout_))) {
    return Error::Environment("output `" + output + "`: standard output holds another output, and " +
                              "only several of JSON lines fit there: name a file");
  }
  if (is_stdout && format == FileFormat::JsonLines) return Stdout();
  const std::string place = is_stdout ? uri.path : Place(uri.path);
  if (place != "/dev/null" && std::find(places_.begin(), places_.end(), place) != places_.end()) {
    return Error::Environment("two outputs are written to `" + uri.path + "`");
  }
  for (const std::string& input : inputs_) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(uri.path, ignored) && std::filesystem::equivalent(uri.path, input, ignored)) {
      return Error::Environment("output `" + output + "` would replace the input `" + input + "`");
    }
  }
  places_.push_back(place);
  std::shared_ptr<Sink> sink;
  if (uri.path == "-") {
    sink = std::make_shared<StdoutSink>();
  } else {
    auto file = FileSink::Create(uri.path);
    if (!file.ok()) return file.error();
    sink = std::move(*file);
  }
  if (format == FileFormat::Avro)
    sink = std::make_shared<ContainerSink>(std::move(sink), schema_json, output, uri.codec);
  sinks_.push_back(sink);
  return sink;
}

Error Outputs::Open(const std::string& given) {
  std::vector<std::string> names;
  std::vector<Port*> ports;
  for (Port& port : ports_) {
    if (port.spec.internal) continue;
    names.push_back(port.spec.name);
    ports.push_back(&port);
  }
  const bool one = names.size() == 1;
  names.emplace_back(kErrorsOutput);
  const auto named = ParseNamedUri(given, names, "--out", "output", one);
  if (!named.ok()) return named.error();
  const auto uri = ParseFileUri(named->uri);
  if (!uri.ok()) return uri.error();
  const auto format = OutputFormat(*uri, uri->path == "-" ? std::optional(FileFormat::JsonLines) : std::nullopt);
  if (!format.ok()) return format.error();
  if (Error error = CheckOptions(*uri, *format, true)) return error;
  const bool is_errors = named->index == ports.size();
  if (is_errors ? errors_.has_value() : ports[named->index]->sink != nullptr) {
    return Error::Environment("output `" + names[named->index] + "` is given twice");
  }
  if (is_errors && *format == FileFormat::Csv) {
    return Error::Environment("`" + uri->path + "`: errors are written as avro or jsonl");
  }
  const std::string& schema = is_errors ? ErrorSchemaJson() : ports[named->index]->spec.schema_json;
  auto sink = OpenSink(*uri, *format, schema, names[named->index]);
  if (!sink.ok()) return sink.error();
  const bool bare = uri->path != "-";
  if (is_errors) {
    const ErrorFormat errors = *format == FileFormat::Avro ? ErrorFormat::Avro
                               : bare                      ? ErrorFormat::JsonBare
                                                           : ErrorFormat::JsonNamed;
    errors_.emplace(ErrorsPort{ErrorRows(errors), *sink});
    return {};
  }
  return Attach(*ports[named->index], *format, *uri, bare ? JsonRows::Shape::Bare : JsonRows::Shape::Named, *sink);
}

Error Outputs::SetSink(const std::string& output, FileFormat format, std::shared_ptr<Sink> sink) {
  if (std::find(sinks_.begin(), sinks_.end(), sink) == sinks_.end()) sinks_.push_back(sink);
  if (output == kErrorsOutput) {
    const ErrorFormat errors = format == FileFormat::Avro ? ErrorFormat::Avro : ErrorFormat::JsonBare;
    errors_.emplace(ErrorsPort{ErrorRows(errors), std::move(sink)});
    return {};
  }
  for (Port& port : ports_) {
    if (port.spec.name == output) return Attach(port, format, {}, JsonRows::Shape::Bare, std::move(sink));
  }
  return Error::Environment("there is no output `" + output + "`");
}

Error Outputs::OpenRest() {
  for (Port& port : ports_) {
    if (port.writer || port.spec.internal) continue;
    if (IsStdoutTaken()) {
      return Error::Environment("output `" + port.spec.name +
                                "` has no place beside what standard output holds: add `" + "--out " + port.spec.name +
                                "=FILE`");
    }
    port.writer = std::make_unique<JsonRows>(port.spec, JsonRows::Shape::Named);
    port.sink = Stdout();
  }
  return {};
}

Error Outputs::Write(size_t output, const rulert_column* columns, uint32_t rows) {
  Port& port = ports_[output];
  if (!port.sink) return {};
  Error error = port.writer->Write(columns, rows, *port.sink);
  return error.kind() == ErrorKind::Closed ? Closed(port.sink, std::move(error)) : error;
}

Error Outputs::WriteError(const ErrorEntry& entry) {
  Error error = errors_->rows.Write(entry, *errors_->sink);
  return error.kind() == ErrorKind::Closed ? Closed(errors_->sink, std::move(error)) : error;
}

// Takes the sink out of all that write to it. `sink` may be a reference to what is taken out.
Error Outputs::Closed(const std::shared_ptr<Sink>& sink, Error error) {
  const std::shared_ptr<Sink> gone = sink;
  closed_.push_back(error.message());
  std::erase(sinks_, gone);
  for (Port& port : ports_) {
    if (port.sink == gone) port.sink = nullptr;
  }
  if (errors_ && errors_->sink == gone) errors_.reset();
  return sinks_.empty() ? std::move(error) : Error();
}

Error Outputs::CallEach(SinkCall call) {
  const std::vector<std::shared_ptr<Sink>> sinks = sinks_;
  Error last;
  for (const auto& sink : sinks) {
    Error error = call(*sink);
    if (error.kind() == ErrorKind::Closed) {
      last = Closed(sink, std::move(error));
    } else if (error) {
      return error;
    }
  }
  return last;
}

Error Outputs::Flush() {
  return CallEach([](Sink& sink) { return sink.Flush(); });
}

// All are prepared before the first is shown, so that a full disk leaves none of them behind.
Error Outputs::Commit() {
  if (Error error = CallEach([](Sink& sink) { return sink.Prepare(kEpoch); })) return error;
  return CallEach([](Sink& sink) { return sink.Commit(kEpoch); });
}

void Outputs::Abort() {
  for (const auto& sink : sinks_) sink->Abort(kEpoch);
}

}  // namespace rulert
