#include "compiler/driver/new_project.h"

#include <fmt/format.h>

#include <cctype>

#include "avro/utf8.h"
#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

bool IsPackage(const std::string& name) {
  SourceSet sources;
  Diagnostics diagnostics;
  ParseText(sources, sources.Add("", "package " + name + "\n"), diagnostics);
  return !diagnostics.has_errors();
}

// A name of the language: letters, digits and underscores, no digit first, and no reserved word.
std::string PackageName(const std::string& name) {
  std::string package;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) != 0) {
      package += static_cast<char>(std::tolower(byte));
    } else if (!package.empty() && package.back() != '_') {
      package += '_';
    }
  }
  while (!package.empty() && package.back() == '_') package.pop_back();
  return IsPackage(package) ? package : "p_" + package;
}

constexpr std::string_view kSchema = R"({
  "type": "record",
  "name": "Payment",
  "namespace": "bank",
  "fields": [
    {"name": "payment_id", "type": "long"},
    {"name": "account", "type": "string"},
    {"name": "country", "type": ["null", "string"], "default": null},
    {"name": "amount", "type": "double"},
    {"name": "method", "type": {"type": "enum", "name": "Method", "symbols": ["CARD", "TRANSFER", "CASH"]}},
    {"name": "paid_at", "type": {"type": "long", "logicalType": "timestamp-micros"}}
  ]
}
)";

constexpr std::string_view kStreams = R"(// What the rules read. Fields and types come from schemas/.
schema Payment = avro "bank.Payment"

stream payments : Payment {{
  time      paid_at
  watermark 5s
}}
)";

constexpr std::string_view kRule = R"(package {0}

import "streams.rule"

param least_amount : double = 9_000.0

/// Cash of an amount that is worth a look. `least_amount` can be changed without compiling.
rule large_cash @version(1) @severity(medium) @owner("payments") {{
  from  payments
  where method == CASH and amount >= least_amount
  emit  alerts {{ payment_id, account, amount, country: country ?? "unknown", paid_at }}
}}
)";

constexpr std::string_view kTest =
    R"(# Rows in, rows out. A value is written as in a rule; fields that are not named take the schema's default.
tests:
  - name: cash from the least amount on is told
    rule: large_cash
    given:
      payments:
        - {{payment_id: 1, account: "A", amount: 9000.0, method: CASH, paid_at: 0s}}
        - {{payment_id: 2, account: "B", amount: 8999.99, method: CASH, paid_at: 0s}}
        - {{payment_id: 3, account: "C", amount: 20000.0, method: CARD, paid_at: 0s}}
    expect:
      alerts:
        - {{payment_id: 1, account: "A", country: "unknown"}}
)";

constexpr std::string_view kShape =
    R"(# How `rulec gen` distributes the values of fields; those that are not named take plain ones.
[fields.payment_id]
distribution = "sequence"

[fields.account]
distribution = "zipf"
count = 200
pattern = "account-{000}"

[fields.country]
distribution = "choice"
values = ["CH", "DE", "FR"]
null = 0.2

[fields.amount]
distribution = "lognormal"
median = 400
sigma = 2
step = 0.01
)";

constexpr std::string_view kCi = R"(# Checks and tests the rules at every push. `rulec` must be on the runner's PATH.
name: rules
on: [push, pull_request]
jobs:
  rules:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: rulec fmt --check --diff .
      - run: rulec check --fail-level warning .
      - run: rulec lint .
      - run: rulec test .
)";

constexpr std::string_view kReadme = R"(# {0}

Rules in `rules/`, the schemas of what they read in `schemas/<full name>/<version>.avsc`, tests in `tests/`.

    rulec check .
    rulec test .
    rulec gen . payments --count 1000 --seed 1 --shape payments.shape.toml --out payments.avro
    rulec run . --in payments=payments.avro

`rulec help` lists the commands, `rulec help COMMAND` has flags and examples.
)";

constexpr std::string_view kProject = R"(name    = "{0}"
rules   = ["rules"]
schemas = "schemas"
tests   = ["tests"]
)";

// A TOML string in double quotes.
std::string Quotable(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') continue;
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::vector<ProjectFile> NewProject(const std::string& name) {
  // Files of text are UTF-8, names of folders need not be.
  const std::string shown = avro::IsUtf8(name) ? name : PackageName(name);
  return {{"rulec.toml", fmt::format(kProject, Quotable(shown))},
          {"rules/streams.rule", fmt::format(kStreams)},
          {"rules/large_cash.rule", fmt::format(kRule, PackageName(name))},
          {"schemas/bank.Payment/1.avsc", std::string(kSchema)},
          {"tests/large_cash.test.yaml", fmt::format(kTest)},
          {"payments.shape.toml", std::string(kShape)},
          {".github/workflows/rules.yml", std::string(kCi)},
          {".gitignore", "*.avro\n"},
          {"README.md", fmt::format(kReadme, shown)}};
}

}  // namespace rulec
