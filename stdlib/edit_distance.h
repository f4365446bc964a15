// How many steps make one sequence of code points of another.
#pragma once

#include <cstdint>
#include <span>

namespace rulelib {

using Codes = std::span<const uint32_t>;

// Insert, delete, replace. Time grows with the product of the lengths by 64.
int64_t EditDistance(Codes a, Codes b);
// The same, where a swap of neighbours is one step too (optimal string alignment). Time grows with the product.
int64_t AlignmentDistance(Codes a, Codes b);

}  // namespace rulelib
