#include "compiler/format/items.h"

#include <algorithm>

#include "compiler/format/layout.h"

namespace rulec::format {
namespace {

// Nothing can stand behind it on its line.
bool EndsWithLineComment(const std::string& comments) {
  size_t at = 0;
  while (comments.compare(at, 2, "/*") == 0) {
    const size_t end = comments.find("*/", at);
    if (end == std::string::npos) return false;
    at = std::min(comments.find_first_not_of(' ', end + 2), comments.size());
  }
  return comments.compare(at, 2, "//") == 0;
}

}  // namespace

std::vector<Item> SplitItems(Tokens tokens) {
  std::vector<Item> items;
  std::vector<Comment> above;
  size_t begin = 0;
  const auto add = [&](size_t end) {
    if (end == begin) return;
    Item item{tokens.subspan(begin, end - begin), std::move(above), {}};
    const std::vector<Comment>& own = item.tokens.front().above;
    item.above.insert(item.above.end(), own.begin(), own.end());
    items.push_back(std::move(item));
    above.clear();
  };
  for (size_t at = 0; at < tokens.size(); ++at) {
    const CommentedToken& token = tokens[at];
    if (token.next_item && at > begin) {
      add(at);
      begin = at;
    }
    if (token.role != TokenRole::Comma || token.depth != tokens.front().depth) continue;
    add(at);
    begin = at + 1;
    above.insert(above.end(), token.above.begin(), token.above.end());
    if (items.empty()) continue;
    std::string inline_before = token.inline_before;
    if (!inline_before.empty()) inline_before.pop_back();
    std::string comment = JoinComments(inline_before, token.trailing);
    if (comment.empty()) continue;
    if (EndsWithLineComment(items.back().tokens.back().trailing)) {
      above.push_back({std::move(comment), false});
    } else {
      items.back().comma_comment = std::move(comment);
    }
  }
  add(tokens.size());
  return items;
}

}  // namespace rulec::format
