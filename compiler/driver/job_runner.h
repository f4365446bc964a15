// The prebuilt runtime that a job binary begins as.
#pragma once

#include <string>

namespace rulec {

// `rulec-job`, beside `rulec`, else in ../lib/rulec; "" if it is in neither place.
std::string JobRunnerPath();

}  // namespace rulec
