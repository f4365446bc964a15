// The forms of conformance cases, and what running one of them gives.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace conformance {

using Json = nlohmann::ordered_json;

// What is wrong with the product's answer; empty if nothing is.
using Failure = std::string;

struct Case {
  std::string name;
  std::string level;  // must, should, limit
  std::function<Failure()> run;
};

// The cases of a file, by its form; sets *error if it is of none that is known.
std::vector<Case> CasesOf(const Json& file, std::string* error);

}  // namespace conformance
