// The outputs of a job: each a format and a sink.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/abi/program.h"
#include "runtime/encode/error_rows.h"
#include "runtime/encode/row_writer.h"
#include "runtime/job/stream_uri.h"
#include "runtime/module/module.h"
#include "runtime/sink/sink.h"

namespace rulert {

inline constexpr std::string_view kErrorsOutput = "errors";

// Owned by the job's thread. An output whose reader goes away takes nothing more, and the others go on; when it was the
// last one, what is written is ErrorKind::Closed.
class Outputs {
 public:
  // An output without encoder cannot be written as Avro.
  void Add(const OutputSpec& spec, ModulePtr encoder);
  size_t size() const { return ports_.size(); }
  const OutputSpec& spec(size_t output) const { return ports_[output].spec; }

  // An output that would be written over this file is refused.
  void KeepInput(const std::string& path) { inputs_.push_back(path); }
  // `given` as behind --out.
  Error Open(const std::string& given);
  // For programs that bring a sink of their own; `format` is that of the bytes it is given, and an Avro sink gets bare
  // records, without container.
  Error SetSink(const std::string& output, FileFormat format, std::shared_ptr<Sink> sink);
  // Every output that was not opened goes to standard output, if that holds JSON lines; `errors` does not.
  Error OpenRest();

  Error Write(size_t output, const rulert_column* columns, uint32_t rows);
  bool takes_errors() const { return errors_.has_value(); }
  Error WriteError(const ErrorEntry& entry);

  Error Flush();
  Error Commit();
  void Abort();
  // Of each output whose reader went away: "the reader of `standard output` went away".
  const std::vector<std::string>& closed() const { return closed_; }

 private:
  struct Port {
    OutputSpec spec;
    ModulePtr encoder;
    std::unique_ptr<RowWriter> writer;
    std::shared_ptr<Sink> sink;  // null: not opened, or its reader went away
  };
  struct ErrorsPort {
    ErrorRows rows;
    std::shared_ptr<Sink> sink;
  };
  using SinkCall = Error (*)(Sink&);

  std::shared_ptr<Sink> Stdout();
  // Holds it one output that is no JSON lines?
  bool IsStdoutTaken() const;
  Error Closed(const std::shared_ptr<Sink>& sink, Error error);
  Error CallEach(SinkCall call);
  Result<std::shared_ptr<Sink>> OpenSink(const FileUri& uri, FileFormat format, const std::string& schema_json,
                                         const std::string& output);
  Error Attach(Port& port, FileFormat format, const FileUri& uri, JsonRows::Shape shape, std::shared_ptr<Sink> sink);

  std::vector<Port> ports_;
  std::optional<ErrorsPort> errors_;
  std::shared_ptr<Sink> stdout_;
  std::vector<std::shared_ptr<Sink>> sinks_;  // each once; those whose readers are there
  std::vector<std::string> places_;           // that are written to, `-` for standard output
  std::vector<std::string> inputs_;           // files that no output may replace
  std::vector<std::string> closed_;
};

}  // namespace rulert
