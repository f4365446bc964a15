// Names of modules: what they were made from, hashed. Equal names mean equal code, so a name is a key of caches.
#pragma once

#include <string>

#include "avro/schema.h"
#include "compiler/plan/plan.h"

namespace rulec {

std::string DecoderName(const plan::Stream& stream, const avro::SchemaDocument& writer, const std::string& cpu);
// Values of literals and params do not count, nor names: rules of one shape share their code.
std::string RuleName(const plan::Program& program, const plan::Rule& rule, const std::string& cpu);
std::string ScanName(const plan::Program& program, const plan::Rule& rule, const avro::SchemaDocument& writer,
                     const std::string& cpu);
std::string EncoderName(const plan::Output& output, const std::string& cpu);

}  // namespace rulec
