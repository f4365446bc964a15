// The text form of a diagnostic, as in the manual:
//
//   error[R0201]: stream `payments` has no field `ammount`
//     --> rules/structuring.rule:14:9
//      |
//    3 | stream payments : Payment
//      |                   ------- `bank.Payment`, versions 2 to 7
//   ...
//   14 |   where ammount > 9_000
//      |         ^^^^^^^ not a field of `bank.Payment`
//      |
//   help: a field with a similar name exists
//      |
//   14 |   where amount > 9_000
//      |         ~~~~~~
//      = note: for more about this error, run `rulec explain R0201`
#include <algorithm>
#include <map>

#include "compiler/diagnostics/finding.h"
#include "compiler/diagnostics/source_line.h"

namespace rulec {
namespace {

// What is underlined in one line. Offsets are bytes from the line's begin.
struct Mark {
  uint32_t begin;
  uint32_t end;
  char sign;
  std::string_view text;
};

struct Palette {
  std::string_view header, gutter, primary, secondary, help, bold, off;
};

constexpr Palette kPlain = {};

Palette Colours(Severity severity) {
  const std::string_view by_severity = severity == Severity::Error     ? "\x1b[1;31m"
                                       : severity == Severity::Warning ? "\x1b[1;33m"
                                                                       : "\x1b[1;36m";
  return {by_severity, "\x1b[1;34m", by_severity, "\x1b[1;34m", "\x1b[1;36m", "\x1b[1m", "\x1b[0m"};
}

class TextRenderer {
 public:
  TextRenderer(const SourceSet& sources, const Diagnostic& diagnostic, bool color)
      : sources_(sources),
        diagnostic_(diagnostic),
        palette_(color ? Colours(diagnostic.kind->severity) : kPlain),
        gutter_width_(GutterWidth()) {}

  std::string Render() {
    Header();
    Snippets();
    for (const SuggestedEdit& edit : diagnostic_.edits) Edit(edit);
    for (const std::string& help : diagnostic_.helps) Footer("help", help);
    for (const std::string& note : diagnostic_.notes) Footer("note", note);
    const DiagnosticKind& kind = *diagnostic_.kind;
    Footer("note", "for more about this " + std::string(SeverityWord(kind.severity)) + ", run `rulec explain " +
                       std::string(kind.code) + "`");
    return std::move(out_);
  }

 private:
  void Paint(std::string_view colour, std::string_view text) { (((out_ += colour) += text) += palette_.off); }

  size_t GutterWidth() const {
    uint32_t greatest = LineOf(diagnostic_.primary.span);
    for (const Label& label : diagnostic_.labels) greatest = std::max(greatest, LineOf(label.span));
    for (const SuggestedEdit& edit : diagnostic_.edits) greatest = std::max(greatest, LineOf(edit.span));
    return std::to_string(greatest).size();
  }

  uint32_t LineOf(Span span) const { return sources_.file(span.file).Locate(span.begin).line; }

  void Header() {
    const DiagnosticKind& kind = *diagnostic_.kind;
    Paint(palette_.header, std::string(SeverityWord(kind.severity)) + "[" + std::string(kind.code) + "]");
    Paint(palette_.bold, ": " + diagnostic_.message);
    out_ += '\n';
  }

  void Arrow(std::string_view arrow, Span span) {
    const SourceFile& file = sources_.file(span.file);
    const LineColumn place = file.Locate(span.begin);
    out_.append(gutter_width_, ' ');
    Paint(palette_.gutter, arrow);
    out_ += ' ' + file.path() + ':' + std::to_string(place.line) + ':' + std::to_string(place.column) + '\n';
  }

  void EmptyGutter() {
    out_.append(gutter_width_ + 1, ' ');
    Paint(palette_.gutter, "|");
  }

  void EmptyLine() {
    EmptyGutter();
    out_ += '\n';
  }

  // The primary's file first, then other files in the order of their labels.
  void Snippets() {
    std::vector<FileId> files = {diagnostic_.primary.span.file};
    for (const Label& label : diagnostic_.labels) {
      if (std::find(files.begin(), files.end(), label.span.file) == files.end()) files.push_back(label.span.file);
    }
    for (const FileId file : files) Snippet(file);
    EmptyLine();
  }

  void Snippet(FileId file) {
    std::map<uint32_t, std::vector<Mark>> lines;
    if (diagnostic_.primary.span.file == file) {
      Arrow("-->", diagnostic_.primary.span);
      AddMark(diagnostic_.primary, '^', &lines);
    }
    bool first_label = true;
    for (const Label& label : diagnostic_.labels) {
      if (label.span.file != file) continue;
      if (first_label && diagnostic_.primary.span.file != file) Arrow(":::", label.span);
      first_label = false;
      AddMark(label, '-', &lines);
    }
    EmptyLine();
    uint32_t previous = 0;
    for (auto& [line, marks] : lines) {
      if (previous != 0 && line > previous + 1) out_ += "...\n";
      Line(line, sources_.file(file).Line(line), marks);
      previous = line;
    }
  }

  void AddMark(const Label& label, char sign, std::map<uint32_t, std::vector<Mark>>* lines) const {
    const SourceFile& file = sources_.file(label.span.file);
    const LineColumn place = file.Locate(label.span.begin);
    const uint32_t begin = place.column - 1;
    // Of a span over several lines the first one is underlined.
    const auto line_size = static_cast<uint32_t>(file.Line(place.line).size());
    const uint32_t length = label.span.end > label.span.begin ? label.span.end - label.span.begin : 0;
    const uint32_t end = std::max(begin, std::min(begin + length, line_size));
    (*lines)[place.line].push_back({begin, end, sign, label.text});
  }

  void Numbered(uint32_t line, const std::string& shown) {
    const std::string number = std::to_string(line);
    std::string gutter(gutter_width_ - std::min(gutter_width_, number.size()), ' ');
    Paint(palette_.gutter, gutter + number + " |");
    if (!shown.empty()) out_ += ' ' + shown;
    out_ += '\n';
  }

  // One row of underlines for each mark: the primary first, then from right to left, so that no text hides another.
  void Line(uint32_t line, std::string_view text, std::vector<Mark>& marks) {
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Mark& a, const Mark& b) { return a.sign != b.sign ? a.sign == '^' : a.begin > b.begin; });
    const SourceLine source(text, marks.front().begin, marks.front().end);
    Numbered(line, source.shown());
    for (const Mark& mark : marks) {
      Underline(source, mark, mark.sign == '^' ? palette_.primary : palette_.secondary);
    }
  }

  void Underline(const SourceLine& source, const Mark& mark, std::string_view colour) {
    const uint32_t begin = source.Column(mark.begin);
    const uint32_t end = std::max(begin + 1, source.Column(mark.end));
    EmptyGutter();
    out_.append(begin + 1, ' ');
    std::string row(end - begin, mark.sign);
    if (!mark.text.empty()) (row += ' ') += mark.text;
    Paint(colour, row);
    out_ += '\n';
  }

  void Edit(const SuggestedEdit& edit) {
    const SourceFile& file = sources_.file(edit.span.file);
    const LineColumn place = file.Locate(edit.span.begin);
    const std::string_view line = file.Line(place.line);
    const size_t begin = std::min<size_t>(place.column - 1, line.size());
    const size_t end = std::min(begin + (edit.span.end - edit.span.begin), line.size());
    std::string edited(line.substr(0, begin));
    (edited += edit.replacement) += line.substr(end);
    // A replacement over several lines is shown by its first one.
    const size_t edited_end = std::min(edited.find('\n'), begin + edit.replacement.size());
    if (const size_t stop = edited.find('\n'); stop != std::string::npos) edited.resize(stop);

    Paint(palette_.help, "help");
    out_ += ": " + edit.message + '\n';
    EmptyLine();
    const SourceLine source(edited, static_cast<uint32_t>(begin), static_cast<uint32_t>(edited_end));
    Numbered(place.line, source.shown());
    Underline(source, {static_cast<uint32_t>(begin), static_cast<uint32_t>(edited_end), '~', {}}, palette_.help);
  }

  void Footer(std::string_view word, std::string_view text) {
    out_.append(gutter_width_ + 1, ' ');
    Paint(palette_.gutter, "=");
    out_ += ' ';
    Paint(palette_.bold, word);
    ((out_ += ": ") += text) += '\n';
  }

  const SourceSet& sources_;
  const Diagnostic& diagnostic_;
  const Palette palette_;
  const size_t gutter_width_;
  std::string out_;
};

}  // namespace

std::string RenderText(const SourceSet& sources, const Diagnostic& diagnostic, bool color) {
  return TextRenderer(sources, diagnostic, color).Render();
}

}  // namespace rulec
