#include "compiler/driver/update_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "compiler/driver/apply_edits.h"

namespace rulec {
namespace {

uint32_t LineStart(const SourceFile& source, uint32_t line) {
  return static_cast<uint32_t>(source.Line(line).data() - source.text().data());
}

std::string Indent(std::string_view line) {
  return std::string(line.substr(0, std::min(line.find_first_not_of(" \t"), line.size())));
}

std::string JoinCells(const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
  std::string out;
  for (size_t i = 0; i < cells.size(); ++i) {
    out += (i == 0 ? "" : " | ") + cells[i];
    if (i + 1 < cells.size() && cells[i].size() < widths[i]) out.append(widths[i] - cells[i].size(), ' ');
  }
  return out;
}

// Where the line of what ends at `at` ends, with a comment behind it; but what closes the table stays behind it.
uint32_t EndOfLine(const SourceFile& source, uint32_t at) {
  const uint32_t line = source.Locate(at).line;
  const uint32_t end = LineStart(source, line) + static_cast<uint32_t>(source.Line(line).size());
  const std::string_view rest = source.text().substr(at, end - at);
  const size_t next = rest.find_first_not_of(" \t");
  return next != std::string_view::npos && rest[next] == '}' ? at : end;
}

// Everything behind the line that names the columns, to the end of the last row's line.
SuggestedEdit RuleEdit(const SourceSet& sources, FileId file, const TableUpdate& update) {
  const SourceFile& source = sources.file(file);
  const uint32_t header = update.table->columns.back().span.end;
  const std::string indent = Indent(source.Line(source.Locate(header).line));
  uint32_t last = header;
  for (const ast::TableRow& row : update.table->rows) last = std::max(last, row.span.end);
  std::vector<size_t> widths(update.table->columns.size(), 0);
  for (const TableUpdate::Row& row : update.rows) {
    for (size_t i = 0; i < row.cells.size(); ++i) widths[i] = std::max(widths[i], row.cells[i].size());
  }
  for (size_t i = 0; i < widths.size(); ++i) {
    const Span span = update.table->columns[i].span;
    widths[i] = std::max<size_t>(widths[i], span.end - span.begin);
  }
  std::string text;
  for (const TableUpdate::Row& row : update.rows) {
    // A kept row keeps its whole line, with a comment behind it.
    text += '\n';
    if (row.kept != nullptr) {
      const uint32_t start = LineStart(source, source.Locate(row.kept->span.begin).line);
      text += source.text().substr(start, EndOfLine(source, row.kept->span.end) - start);
    } else {
      text += indent + JoinCells(row.cells, widths);
    }
  }
  return {"", {file, EndOfLine(source, header), EndOfLine(source, last)}, text, true};
}

std::string ColumnName(const ast::TableColumn& column) {
  std::string text = column.meta ? "@" : "";
  for (size_t i = 0; i < column.path.size(); ++i) text += (i == 0 ? "" : ".") + column.path[i].text;
  return text;
}

// Plain scalars end at `, ` and `: ` and in braces; what has such signs stands in lists of YAML or in its quotes.
std::string YamlCell(const std::string& cell) {
  if (cell.starts_with('"') || cell.find_first_of(",:{}[]#") == std::string::npos) return cell;
  std::string out = "'";
  for (const char c : cell) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

// The lines of the list: from its first dash to the next line that stands no deeper. Nothing if it is no list of
// dashes.
std::optional<SuggestedEdit> YamlEdit(const SourceSet& sources, FileId file, const TableUpdate& update) {
  const SourceFile& source = sources.file(file);
  if (update.table->rows.empty()) return std::nullopt;
  const auto line_of = [&source](const ast::TableRow& row) { return source.Locate(row.span.begin).line; };
  const uint32_t first = line_of(update.table->rows.front());
  const std::string indent = Indent(source.Line(first));
  if (!source.Line(first).substr(indent.size()).starts_with('-')) return std::nullopt;
  const auto end_of = [&](uint32_t line) {
    uint32_t at = line + 1;
    while (at <= source.line_count() && Indent(source.Line(at)).size() > indent.size()) ++at;
    return at;  // of an item: the first line that is no deeper than its dash
  };
  uint32_t last = first;
  for (const ast::TableRow& row : update.table->rows) last = std::max(last, end_of(line_of(row)) - 1);
  std::string text;
  for (const TableUpdate::Row& row : update.rows) {
    if (row.kept != nullptr) {
      for (uint32_t line = line_of(*row.kept); line < end_of(line_of(*row.kept)); ++line) {
        (text += source.Line(line)) += '\n';
      }
      continue;
    }
    text += indent + "- {";
    for (size_t i = 0; i < row.cells.size(); ++i) {
      text += fmt::format("{}{}: {}", i == 0 ? "" : ", ", ColumnName(update.table->columns[i]), YamlCell(row.cells[i]));
    }
    text += "}\n";
  }
  if (text.empty()) text = indent + "[]\n";
  const uint32_t begin = LineStart(source, first);
  const auto end =
      last < source.line_count() ? LineStart(source, last + 1) : static_cast<uint32_t>(source.text().size());
  return SuggestedEdit{"", {file, begin, end}, text, true};
}

}  // namespace

std::string UpdateRules(const SourceSet& sources, FileId file, const std::vector<TableUpdate>& updates) {
  std::vector<SuggestedEdit> edits;
  for (const TableUpdate& update : updates) {
    if (!update.table->columns.empty()) edits.push_back(RuleEdit(sources, file, update));
  }
  return ApplyEdits(sources.file(file).text(), std::move(edits)).text;
}

std::string UpdateYaml(const SourceSet& sources, FileId file, const std::vector<TableUpdate>& updates, size_t* left) {
  std::vector<SuggestedEdit> edits;
  for (const TableUpdate& update : updates) {
    auto edit = YamlEdit(sources, file, update);
    *left += !edit;
    if (edit) edits.push_back(*std::move(edit));
  }
  return ApplyEdits(sources.file(file).text(), std::move(edits)).text;
}

}  // namespace rulec
