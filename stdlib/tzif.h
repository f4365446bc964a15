// Reads one file of the system's time zone database.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "stdlib/zone.h"

namespace rulelib {

// From $TZDIR or /usr/share/zoneinfo. nullptr if there is none of that name, or it is malformed: `error` says which.
std::unique_ptr<Zone> ReadTzif(std::string_view name, std::string* error);
// The same from the bytes of a file.
std::unique_ptr<Zone> ParseTzif(std::string_view bytes, std::string* error);

}  // namespace rulelib
