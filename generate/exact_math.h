// Logarithm, exponential and normal quantile from additions, multiplications, divisions and square roots alone, which
// IEEE 754 defines to the bit; those of the C library differ between its versions in the last place.
#pragma once

#include <cstdint>

namespace rulec::generate {

double Log(double x);                        // x > 0 and finite
double Exp(double x);                        // 0 and infinity beyond the range
double Power(double base, double exponent);  // base > 0
// The x below which a standard normal falls with probability p; 0 < p < 1.
double NormalQuantile(double p);
// To the nearest integer, halves away from zero; beyond 64 bits the nearest that fits, and 0 for NaN.
int64_t RoundToWhole(double x);

}  // namespace rulec::generate
