// Examples out of the pages of docs/, for tests that run them.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace rulert {

class DocumentPage {
 public:
  explicit DocumentPage(const std::string& name) {
    std::ifstream file(RULEC_SOURCE_DIR "/docs/" + name);
    EXPECT_TRUE(file.good()) << name;
    for (std::string line; std::getline(file, line);) lines_.push_back(line);
  }

  // The lines of the first block that is fenced as ```tag.
  std::string Block(const std::string& tag) const {
    std::string text;
    bool inside = false;
    for (const std::string& line : lines_) {
      if (inside && line == "```") return text;
      if (inside) text += line + "\n";
      inside = inside || line == "```" + tag;
    }
    ADD_FAILURE() << "no block of " << tag;
    return "";
  }

  // The cells of the table whose head begins with `first`, without the blanks around them.
  std::vector<std::vector<std::string>> Table(const std::string& first) const {
    std::vector<std::vector<std::string>> rows;
    size_t at = 0;
    while (at < lines_.size() && !lines_[at].starts_with("| " + first + " |")) ++at;
    for (at += 2; at < lines_.size() && lines_[at].starts_with("|"); ++at) rows.push_back(Cells(lines_[at]));
    EXPECT_FALSE(rows.empty()) << first;
    return rows;
  }

  // What stands in backticks, single or double ones.
  static std::vector<std::string> Code(std::string_view cell) {
    std::vector<std::string> spans;
    for (size_t at = 0; (at = cell.find('`', at)) != std::string_view::npos;) {
      const std::string_view fence = cell.substr(at, cell.substr(at, 2) == "``" ? 2 : 1);
      const size_t end = cell.find(fence, at + fence.size());
      if (end == std::string_view::npos) {
        ADD_FAILURE() << cell;
        break;
      }
      spans.emplace_back(cell.substr(at + fence.size(), end - at - fence.size()));
      at = end + fence.size();
    }
    return spans;
  }

 private:
  static std::vector<std::string> Cells(const std::string& line) {
    std::vector<std::string> cells;
    for (size_t from = 1, to = 0; (to = line.find('|', from)) != std::string::npos; from = to + 1) {
      std::string cell = line.substr(from, to - from);
      cell.erase(0, cell.find_first_not_of(' '));
      cell.erase(cell.find_last_not_of(' ') + 1);
      cells.push_back(cell);
    }
    return cells;
  }

  std::vector<std::string> lines_;
};

}  // namespace rulert
