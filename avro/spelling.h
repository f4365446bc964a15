// "Did you mean": the nearest of the known words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace avro {

// The candidate nearest to `word` by edit distance (a swap of neighbours counts one), or "" if none is near.
std::string NearestWord(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace avro
