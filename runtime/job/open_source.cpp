#include "runtime/job/open_source.h"

#include "runtime/job/message_schemas.h"
#include "runtime/job/stream_uri.h"
#include "runtime/source/avro_file_source.h"
#include "runtime/source/message_source.h"
#include "runtime/source/text_file_source.h"

namespace rulert {
namespace {

// A source of any kind as a source.
template <typename T>
Result<std::unique_ptr<Source>> Generic(Result<std::unique_ptr<T>> made) {
  if (!made.ok()) return made.error();
  return std::unique_ptr<Source>(std::move(*made));
}

Result<std::unique_ptr<Source>> OpenMessages(const FileUri& uri, std::vector<std::string> paths,
                                             const StreamSpec& stream, const JobOptions& options) {
  auto schemas = FindMessageSchemas(uri, stream, options.schemas);
  if (!schemas.ok()) return schemas.error();
  return Generic(
      MessageSource::Open(std::move(paths), uri.compression, uri.framing, std::move(*schemas), options.limits));
}

}  // namespace

Result<OpenedSource> OpenSource(const std::string& given, const StreamSpec& stream, const JobOptions& options) {
  const auto uri = ParseFileUri(given);
  if (!uri.ok()) return uri.error();
  const auto files = FindInputFiles(uri->path, uri->format);
  if (!files.ok()) return files.error();
  if (Error error = CheckOptions(*uri, files->format, false)) return error;
  OpenedSource opened;
  opened.paths = files->paths;
  opened.text = {uri->delimiter, uri->null_text};
  const auto open = [&]() -> Result<std::unique_ptr<Source>> {
    switch (files->format) {
      case FileFormat::Avro: return Generic(AvroFileSource::Open(files->paths, options.limits, uri->compression));
      case FileFormat::AvroMessages: return OpenMessages(*uri, files->paths, stream, options);
      case FileFormat::JsonLines:
      case FileFormat::Csv: break;
    }
    const auto format = files->format == FileFormat::Csv ? BlockFormat::Csv : BlockFormat::JsonLines;
    const TextForm form{format, uri->header, uri->compression, uri->delimiter};
    return Generic(TextFileSource::Open(files->paths, form, options.limits));
  };
  auto source = open();
  if (!source.ok()) return source.error();
  opened.source = std::move(*source);
  return opened;
}

}  // namespace rulert
