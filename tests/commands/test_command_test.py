"""`rulec test`: test blocks, *.test.yaml, -k, --update, reports, exit codes."""
import xml.etree.ElementTree

from program import CommandTest, DONE, FINDINGS, HEAD, NOT_COMPILED, PAYMENT, USAGE, main

RULE = HEAD + """
const least = 100.0

rule large {
  from  payments
  where amount > least
  emit  alerts { payment_id, amount, share: 1.0 / (payment_id - 3) }
}
"""


def block(title, given="1 | 100.5", expect="alerts {\n    payment_id\n    1\n  }", rule="large"):
    return f"""
test "{title}" for {rule} {{
  given payments {{
    payment_id | amount
    {given}
  }}
  expect {expect}
}}
"""


YAML = """rules: [../a.rule]
tests:
  - name: from yaml
    rule: large
    given:
      payments:
        - {payment_id: 1, amount: 100.5}
        - {payment_id: 2, amount: least}
    expect:
      alerts:
        - {payment_id: 1}
  - name: nothing
    rule: large
    given: {payments: [{payment_id: 1, amount: 1.0}]}
    expect: none
"""


class Test(CommandTest):
    def setUp(self):
        super().setUp()
        self.put("schemas/bank.Payment/1.avsc", PAYMENT)

    def rules(self, *blocks):
        return self.put("a.rule", RULE + "".join(blocks))

    def test_forms_of_expectations(self):
        self.rules(block("exactly"), block("none", "1 | 1.0", "none"), block("some", expect="some"),
                   block("some of them", "1 | 100.5\n    2 | 200.0", "some alerts {\n    payment_id\n    2\n  }"),
                   block("an error", "3 | 100.5", 'errors {\n    rule    | cause\n    "large" | "division by zero"\n  }'),
                   block("near enough", "1 | 100.5", "alerts {\n    payment_id | amount\n    1          | 100.0 ~ 0.6\n  }"),
                   block("a row five times", "1 | 100.5 x5", "alerts {\n    payment_id\n    1 x5\n  }"),
                   block("a constant", "1 | least", "none"))
        self.assertIn("8 passed, 0 failed", self.call("test", "a.rule").error)

    def test_a_failure_shows_what_is_missing_and_what_is_there(self):
        self.rules(block("good"), block("bad", "2 | 100.5"))
        ended = self.call("test", "a.rule", code=FINDINGS)
        self.assertIn("error[R0730]: test `bad` failed: `alerts` has 1 row, 0 expected of them, and 1 row not there", ended.out)
        self.assertRegex(ended.out, r"note: - 1\n")
        self.assertRegex(ended.out, r"note: \+ 2\n")
        self.assertIn("2 tests: 1 passed, 1 failed", ended.error)

    def test_only_those_that_match(self):
        self.rules(block("good"), block("bad", "2 | 100.5"))
        self.assertIn("1 test: 1 passed", self.call("test", "-k", "go+d$", "a.rule").error)
        self.assertIn("1 passed, 1 failed", self.call("test", "-k", "^large: ", "a.rule", code=FINDINGS).error)
        self.assertIn("no test whose name matches `other`", self.call("test", "-k", "other", "a.rule", code=FINDINGS).error)
        self.assertIn("-k (", self.call("test", "-k", "(", "a.rule", code=USAGE).error)

    def test_no_test_at_all_is_a_failure(self):
        self.rules()
        self.assertIn("there is no test", self.call("test", "a.rule", code=FINDINGS).error)

    def test_update_writes_what_comes_out(self):
        file = self.rules(block("bad", "2 | 100.5"), block("good"))
        self.put("tests/a.test.yaml", YAML.replace("{payment_id: 1}", "{payment_id: 7}"))
        self.call("test", "a.rule", "tests/a.test.yaml", code=FINDINGS)
        ended = self.call("test", "--update", "a.rule", "tests/a.test.yaml")
        self.assertIn("2 files rewritten", ended.error)
        self.assertEqual(file.read_text(), RULE + block("bad", "2 | 100.5").replace("    1\n", "    2\n") + block("good"))
        self.assertEqual((self.folder / "tests/a.test.yaml").read_text(), YAML)
        self.call("test", "a.rule", "tests/a.test.yaml")

    def test_update_keeps_what_closes_a_table_in_its_line(self):
        tight = 'test "a" for large {{ given payments {{ payment_id | amount\n 1 | 150.0\n 2 | 150.0 }} expect alerts {{ payment_id\n {} }} }}\n'
        for wrong, right in (("1", "1\n 2"), ("1\n 7", "1\n 2"), ("1 // first\n 7", "1 // first\n 2"), ("2\n 1\n 1", "2\n 1")):
            file = self.rules(tight.format(wrong))
            self.call("test", "--update", "a.rule")
            self.assertEqual(file.read_text(), RULE + tight.format(right))
            self.call("test", "a.rule")
        # A row less, and none.
        file = self.rules(tight.format("1\n 2").replace("2 | 150.0", "2 | 1.0"))
        self.call("test", "--update", "a.rule")
        self.assertEqual(file.read_text(), RULE + tight.format("1").replace("2 | 150.0", "2 | 1.0"))
        file = self.rules(tight.format("1").replace("150.0", "1.0"))
        self.call("test", "--update", "a.rule", code=None)
        self.call("fmt", "a.rule")

    def test_update_leaves_lists_in_one_line(self):
        self.rules()
        for written in ("[{payment_id: 7}]", "[]"):
            text = YAML.replace("\n        - {payment_id: 1}\n  - name", f" {written}\n  - name")
            file = self.put("tests/a.test.yaml", text)
            ended = self.call("test", "--update", "tests/a.test.yaml", code=FINDINGS)
            self.assertIn("stays as it is", ended.error)
            self.assertNotIn("rewritten", ended.error)
            self.assertEqual(file.read_text(), text)

    def test_yaml_that_is_wrong_is_told_before_its_rules_are_missed(self):
        for text, says in (("rules: a.rule\ntests: []\n", "`rules` is a list"), ("rules: [a.rule]\ntests:\n\t- name: a\n", "R0738")):
            self.put("tests/a.test.yaml", text)
            ended = self.call("test", "tests/a.test.yaml", code=NOT_COMPILED)
            self.assertIn(says, ended.out)

    def test_update_cannot_write_what_has_no_table(self):
        self.rules(block("none", expect="none"))
        self.call("test", "--update", "a.rule", code=FINDINGS)

    def test_yaml(self):
        self.rules()
        self.put("tests/a.test.yaml", YAML)
        self.assertIn("2 passed", self.call("test", "tests/a.test.yaml").error)
        self.put("a.test.yaml", YAML.replace("rules: [../a.rule]\n", ""))
        self.assertIn("2 passed", self.call("test", "a.rule").error)
        self.put("tests/a.test.yaml", YAML.replace("rules: [../a.rule]\n", ""))
        self.assertIn("names no rules and stands in no project", self.call("test", "tests/a.test.yaml", code=USAGE).error)
        self.put("rulec.toml", 'tests = ["tests"]\n')
        self.assertIn("2 passed", self.call("test", "tests/a.test.yaml").error)
        self.assertIn("4 passed", self.call("test", ".").error)
        for wrong in ("{", "tests: 5", "tests: [{name: x}]", "- a", "tests:\n  - &a [*a]", "\t"):
            self.put("a.test.yaml", wrong)
            ended = self.call("test", "a.rule", code=NOT_COMPILED)
            self.assertIn("a.test.yaml:", ended.out)

    def test_rows_of_a_file(self):
        self.rules('\ntest "csv" for large {\n  given payments = "p.csv"\n  expect alerts {\n    payment_id\n    5\n  }\n}\n')
        self.put("p.csv", "payment_id,amount\n5,200.0\n6,20.0\n")
        self.call("test", "a.rule")
        self.put("p.csv", "payment_id,amount\n5,200.0\n6,many\n")
        self.call("test", "a.rule")  # a bad record is no event

    def test_a_cell_is_any_expression_of_constants(self):
        schema = PAYMENT.replace('"amount", "type": "double"', '"amount", "type": "double"}, {"name": "tags", "type": {"type": "array", "items": "string"}')
        self.put("schemas/bank.Payment/1.avsc", schema)
        self.put("limits.rule", "package limits\nconst least = 7.0\nconst most = 1_000.0\n")
        self.put("a.rule", 'package a\nimport "limits.rule"\n' + HEAD + """
const least = 10.0
fn twice(x: double) = 2 * x
rule all { from payments emit alerts { payment_id, amount, country, tags } }
test "computed" for all {
  given payments {
    payment_id        | amount              | country                          | tags
    div(7, 2)         | twice(least) / 4    | upper("de")                      | split("a,b", ",")
    if 1 > 2 then 1 else 2 | most - least   | if false then "x" else null      | [f"n{1 + 1}", lower("A")]
    9                 | double("NaN")       | concat("f", "r")                 | []
  }
  expect alerts {
    payment_id | amount            | country  | tags
    3          | 5.0               | "DE"     | ["a", "b"]
    1 + 1      | 991.0 ~ least / 5 | null     | ["n2", "a"]
    9          | double("NaN")     | "fr"     | []
  }
}
""")
        self.assertIn("1 passed, 0 failed", self.call("test", "a.rule").error)
        self.put("a.test.yaml", """tests:
  - rule: all
    given: {payments: [{payment_id: 'div(6, 2)', amount: least, tags: 'split("a", ",")'}, {payment_id: 4, amount: 1 / 0, tags: [b]}]}
    expect: none
""".replace("'", ""))
        out = self.call("test", "a.rule", code=NOT_COMPILED).out
        self.assertIn("R0738", out)  # a comma ends a plain text of YAML
        self.put("a.test.yaml", """tests:
  - rule: all
    given:
      payments:
        - payment_id: div(6, 2)
          amount: least
          tags: split("a,b", ",")
    expect: {alerts: [{payment_id: 3, amount: 2 * 5.0, tags: ["a", lower("B")]}]}
  - rule: all
    given: {payments: [{payment_id: 4, amount: 1 / 0, country: Ada, tags: [upper(5)]}]}
    expect: none
""")
        out = self.call("test", "a.rule", code=NOT_COMPILED).out
        self.assertIn("field `amount` is double, and this cannot be computed: `1 / 0` cannot be computed: division by zero", out)
        self.assertIn("field `country` is string, and this cannot be computed: `Ada` is not defined; a text stands in quotes", out)
        self.assertIn("an item that is string, and this cannot be computed: `upper` takes a string", out)

    def test_columns_and_tolerances_that_mean_nothing(self):
        self.rules(block("given", "1 | 100.5 ~ 1"))
        self.assertIn("`amount` has a tolerance, which only `expect` takes", self.call("test", "a.rule", code=NOT_COMPILED).out)
        self.rules(block("twice", "1 | 100.5", "alerts {\n    payment_id | payment_id\n    1 | 1\n  }"))
        self.assertIn("column `payment_id` is declared twice", self.call("test", "a.rule", code=NOT_COMPILED).out)
        for cell, why in (('"large" ~ 1', "which only numbers take"), ('"large" ~ -1', "no number from 0 on")):
            self.rules(block("text", "3 | 100.5", f"errors {{\n    rule\n    {cell}\n  }}"))
            self.assertIn(f"has a tolerance{',' if 'which' in why else ' that is'} {why}", self.call("test", "a.rule", code=NOT_COMPILED).out)

    def test_a_watermark_is_a_time(self):
        def at(time):
            self.rules(block("late").replace("  expect", f"  watermark {time}\n  expect"))
        for time in ("10s", "wait + 1m", 'timestamp("2024-01-01T00:00:00Z")'):
            at(time)
            self.put("a.rule", "const wait = 1h\n" + (self.folder / "a.rule").read_text())
            self.call("test", "a.rule")
        for time, why in (('"x"', "a text"), ("5", "a whole number"), ("nobody", "`nobody` is not defined")):
            at(time)
            out = self.call("test", "a.rule", code=NOT_COMPILED).out
            self.assertRegex(out, rf"error\[R0735\]: `watermark` is timestamp, and this .*{why}")

    def test_a_derive_is_tested_like_a_rule(self):
        self.rules("""
derive large_ones { from payments where amount > 1.0 emit { payment_id, half: amount / 2 } }
rule other { from large_ones where half > 1.0 emit b { payment_id } }
""", block("its rows", "1 | 1.0\n    2 | 3.0", "large_ones {\n    payment_id | half\n    2 | 1.5\n  }", "large_ones"),
                   block("nothing", "1 | 1.0", "none", "large_ones"),
                   block("what is made of them", "2 | 3.0", "b {\n    payment_id\n    2\n  }", "other"),
                   block("not of itself", "2 | 2.0", "none", "other"))
        self.assertIn("4 passed, 0 failed", self.call("test", "a.rule").error)
        self.rules("derive large_ones { from payments emit { payment_id } }\nrule other { from large_ones emit b { payment_id } }\n",
                   block("rows", rule="other", expect="none").replace("given payments", "given large_ones"))
        out = self.call("test", "a.rule", code=NOT_COMPILED).out
        self.assertIn("rule `other` has no input `large_ones`", out)
        self.assertIn("rules make its rows: give those of payments", out)

    def test_a_name_is_first_that_of_the_own_package(self):
        self.put("other.rule", "package other\n" + RULE.replace("least", "limit").replace("large", "small").replace(">", "<"))
        self.put("a.rule", 'package mine\nimport "other.rule"\n\nrule small { from payments where amount > limit emit b { payment_id } }\n' +
                 block("mine", rule="small", expect="b {\n    payment_id\n    1\n  }"))
        self.assertIn("1 passed, 0 failed", self.call("test", "a.rule").error)

    def test_the_last_rows_need_an_expectation(self):
        self.rules(block("last").rstrip()[:-1] + "  given payments {\n    payment_id | amount\n    7 | 1.0\n  }\n}\n")
        self.assertIn("test `last` expects nothing of its last rows", self.call("test", "a.rule", code=NOT_COMPILED).out)

    def test_a_test_runs_its_rule_alone(self):
        self.rules(block("one"), "\nrule other { from payments emit alerts { payment_id, amount, share: 0.0 } }\n")
        self.call("test", "a.rule")

    def test_rules_and_tests_that_do_not_compile(self):
        self.rules(block("one", rule="lrage"), block("two"))
        ended = self.call("test", "a.rule", code=NOT_COMPILED)
        self.assertIn("R0731", ended.out)
        self.assertIn("2 tests: 1 passed, 1 failed, 1 not valid", ended.error)

    def test_check_looks_at_test_blocks_too(self):
        self.rules(block("good"), block("bad", "2 | 100.5"))
        self.assertIn("nothing found", self.call("check", "a.rule").error)  # what comes out is for `test` to say
        for wrong, code in ((block("one", rule="lrage"), "R0731"), (block("two", '2 | "x"'), "R0735"),
                            (block("three", expect="alrets {\n    payment_id\n    1\n  }"), "R0733")):
            self.rules(block("good"), wrong)
            ended = self.call("check", "a.rule", code=NOT_COMPILED)
            self.assertIn(f"error[{code}]", ended.out)
            self.assertIn("1 error", ended.error)

    def test_junit(self):
        self.rules(block("good"), block("bad", "2 | 100.5"))
        self.call("test", "a.rule", "--format", "junit", "--output", "tests.xml", code=FINDINGS)
        suite = xml.etree.ElementTree.parse(self.folder / "tests.xml").getroot().find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("2", "1"))
        self.assertEqual([case.get("classname") for case in suite], ["large", "large"])

    def test_coverage(self):
        self.rules(block("one"), "\nrule other { from payments where amount > 1.0 emit b { payment_id } }\n")
        ended = self.call("test", "--coverage", "a.rule")
        self.assertEqual(ended.out, "coverage: 1 of 2 outputs of rules had rows, 50.0 %\n  no row of rule `other` for `b` (a.rule)\n")
        self.call("test", "--threshold", "50", "a.rule")
        self.assertIn("the coverage is 50.0 %, below 50.5 %", self.call("test", "--threshold", "50.5", "a.rule", code=FINDINGS).error)
        self.call("test", "--threshold", "101", "a.rule", code=USAGE)
        self.rules(block("one", expect="none", given="1 | 1.0"), """
derive large_ones { from payments where amount > 1.0 emit { payment_id } }
rule other { from large_ones emit b { payment_id } }
""" + block("two", rule="other", expect="b {\n    payment_id\n    1\n  }"))
        out = self.call("test", "--coverage", "a.rule").out
        self.assertEqual(out, "coverage: 1 of 2 outputs of rules had rows, 50.0 %\n  no row of rule `large` for `alerts` (a.rule)\n")
        lines = self.call("test", "--coverage", "a.rule", "--format", "json").out.splitlines()
        self.assertIn('{"type":"coverage","covered":1,"of":2,"missing":[{"rule":"large","output":"alerts","file":"a.rule"}]}', lines)

    def test_the_same_result_every_time(self):
        self.rules(block("good"), block("bad", "2 | 100.5\n    3 | 101.0\n    4 | 102.0"))
        outputs = {self.call("test", "a.rule", code=FINDINGS).out for _ in range(3)}
        self.assertEqual(len(outputs), 1)

    def junit(self, *argv, code):
        ended = self.call("test", *argv, "--format", "junit", code=code)
        cases = xml.etree.ElementTree.fromstring(ended.out).iter("testcase")
        return [(case.get("name"), [failure.get("message") for failure in case.iter("failure")]) for case in cases]

    def test_no_report_looks_well_when_it_is_not(self):
        self.rules()
        self.assertEqual(self.junit("a.rule", code=FINDINGS), [("rulec test", ["there is no test"])])
        github = self.call("test", "a.rule", "--format", "github", code=FINDINGS).out
        self.assertEqual(github, "::error::there is no test\n")
        lines = self.call("test", "a.rule", "--format", "json", code=FINDINGS).out.splitlines()
        self.assertIn('{"type":"failure","message":"there is no test"}', lines)
        self.rules(block("one"))
        self.assertEqual(self.junit("a.rule", "-k", "nobody", code=FINDINGS),
                         [("rulec test", ["there is no test whose name matches `nobody`"])])
        self.put("b.rule", RULE.replace("large", "unseen"))
        missed = self.junit(".", "--threshold", "80", code=FINDINGS)
        self.assertEqual(missed, [("one", []), ("rulec test", ["the coverage is 50.0 %, below 80 %"])])
        self.put("b.rule", RULE.replace("amount > least", "amont > least"))
        broken = self.junit(".", code=NOT_COMPILED)
        self.assertEqual([(name, len(failures)) for name, failures in broken], [("one", 0), ("b.rule", 1)])
        self.assertIn("amont", broken[1][1][0])


main()
