"""Every format of a report, by every command that makes one; --fail-level, --output, exit codes."""
import json
import re
import unittest
import xml.etree.ElementTree

import program
from program import CommandTest, DONE, FINDINGS, HEAD, NOT_COMPILED, PAYMENT, USAGE, environment, main

SCHEMA = "conformance/sarif/sarif-schema-2.1.0.json"
DOUBTFUL = 'rule same { from payments where amount ?? 1.0 > 2.0 emit o { payment_id } }\n'
WRONG = 'rule wrong {\n  from payments\n  where ammount > 2.0 and kind == "<&\\"\\u00e9%,:"\n  emit p { payment_id }\n}\n'


class Reports(CommandTest):
    def setUp(self):
        super().setUp()
        self.put("schemas/bank.Payment/1.avsc", PAYMENT)
        self.put("schemas/bank.Payment/new.avsc", PAYMENT.replace('"double"', '"string"'))
        self.put("doubtful.rule", HEAD + DOUBTFUL)
        self.put("wrong.rule", HEAD + DOUBTFUL + WRONG)
        self.put("tested.rule", HEAD + 'rule all { from payments emit o { payment_id } }\n' + "".join(
            f'test "{name}" for all {{ given payments {{\n payment_id | amount\n 1 | 2.0\n}}\n'
            f'expect o {{\n payment_id\n {value}\n}} }}\n' for name, value in (("good", 1), ("bad <&>", 2))))

    # What makes a report, and how it ends.
    COMMANDS = [
        (["check", "doubtful.rule"], DONE), (["check", "wrong.rule", "doubtful.rule"], NOT_COMPILED),
        (["lint", "doubtful.rule"], DONE), (["lint", "wrong.rule"], NOT_COMPILED),
        (["test", "tested.rule"], FINDINGS), (["test", "wrong.rule"], NOT_COMPILED),
        (["schema", "check", "schemas/bank.Payment/new.avsc", "--against", "schemas/bank.Payment/1.avsc"], FINDINGS),
    ]

    def reports(self, form):
        return [(argv, self.call(*argv, "--format", form, code=code).out) for argv, code in self.COMMANDS]

    def test_sarif_fits_its_schema(self):
        schema = program.SHARED / SCHEMA
        if not schema.exists():
            self.skipTest(f"{schema} is missing; RULEC_SHARED names the folder that holds it")
        import jsonschema
        validator = jsonschema.Draft7Validator(json.loads(schema.read_text()))
        for argv, text in self.reports("sarif"):
            report = json.loads(text)
            self.assertEqual([error.message for error in validator.iter_errors(report)], [])
            run = report["runs"][0]
            self.assertGreater(len(run["results"]), 0, argv)
            rules = run["tool"]["driver"]["rules"]
            for result in run["results"]:
                self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
        # The schema would refuse what is wrong.
        report["runs"][0]["results"][0]["level"] = "fatal"
        self.assertNotEqual(list(validator.iter_errors(report)), [])

    def test_json_has_an_object_a_line_the_version_first(self):
        for argv, text in self.reports("json"):
            lines = [json.loads(line) for line in text.splitlines()]
            self.assertEqual(lines[0]["type"], "version")
            self.assertEqual(lines[-1]["type"], "summary")
            self.assertGreater(len([line for line in lines if line["type"] == "diagnostic"]), 0, argv)

    def test_junit_is_xml_with_a_case_for_each_file_or_test(self):
        for argv, text in self.reports("junit"):
            suites = xml.etree.ElementTree.fromstring(text)
            cases = list(suites.iter("testcase"))
            self.assertEqual(sum(int(suite.get("tests")) for suite in suites.iter("testsuite")), len(cases))
            self.assertGreater(len(cases), 0, argv)
        text = self.call("test", "tested.rule", "--format", "junit", code=FINDINGS).out
        cases = {case.get("name"): case for case in xml.etree.ElementTree.fromstring(text).iter("testcase")}
        self.assertEqual(set(cases), {"good", "bad <&>"})
        self.assertIsNone(cases["good"].find("failure"))
        self.assertIn("R0730", cases["bad <&>"].find("failure").get("type"))

    def test_gitlab_is_a_list_of_issues(self):
        for argv, text in self.reports("gitlab"):
            issues = json.loads(text)
            self.assertGreater(len(issues), 0, argv)
            self.assertEqual(len({issue["fingerprint"] for issue in issues}), len(issues))
            for issue in issues:
                self.assertIn(issue["severity"], ("info", "minor", "major", "critical", "blocker"))
                self.assertGreater(issue["location"]["lines"]["begin"], 0)
                self.assertTrue((self.folder / issue["location"]["path"]).exists())

    def test_github_is_a_workflow_command_a_line(self):
        form = re.compile(r"^::(error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+,(col=\d+,endColumn=\d+,)?title=[^:,]+::.+$")
        for argv, text in self.reports("github"):
            lines = text.splitlines()
            self.assertGreater(len(lines), 0, argv)
            for line in lines:
                self.assertRegex(line, form)

    def test_github_is_chosen_where_an_action_runs(self):
        ended = self.call("check", "doubtful.rule", env=environment(GITHUB_ACTIONS="true"))
        self.assertTrue(ended.out.startswith("::warning file=doubtful.rule"), ended.out)
        self.assertTrue(self.call("check", "doubtful.rule").out.startswith("warning[R0306]"))

    def test_a_clean_report_is_a_whole_document(self):
        clean = self.put("clean.rule", HEAD + 'rule all { from payments where amount > 1.0 emit o { payment_id } }\n')
        self.assertEqual(json.loads(self.call("check", clean, "--format", "gitlab").out), [])
        self.assertEqual(json.loads(self.call("check", clean, "--format", "sarif").out)["runs"][0]["results"], [])
        self.assertEqual(self.call("check", clean, "--format", "github").out, "")
        self.assertEqual(self.call("check", clean).out, "")
        report = xml.etree.ElementTree.fromstring(self.call("check", clean, "--format", "junit").out)
        self.assertEqual(len(list(report.iter("testcase"))), 1)

    def test_fail_level(self):
        self.call("check", "doubtful.rule", "--fail-level", "error", code=DONE)
        self.call("check", "doubtful.rule", "--fail-level", "warning", code=FINDINGS)
        self.call("check", "wrong.rule", "--fail-level", "note", code=NOT_COMPILED)
        self.call("lint", "doubtful.rule", "--fail-level", "warning", code=FINDINGS)
        self.call("check", "doubtful.rule", "--fail-level", "fatal", code=USAGE)
        self.put("rulec.toml", 'fail-level = "warning"\n')
        self.call("check", "doubtful.rule", code=FINDINGS)
        self.call("check", "doubtful.rule", "--fail-level", "error", code=DONE)

    def test_output_names_a_file_that_appears_whole(self):
        ended = self.call("check", "wrong.rule", "--format", "json", "--output", "report.json", code=NOT_COMPILED)
        self.assertEqual(ended.out, "")
        self.assertEqual(json.loads((self.folder / "report.json").read_text().splitlines()[0])["type"], "version")
        ended = self.call("check", "wrong.rule", "--output", "no/report.json", code=USAGE)
        self.assertIn("no/report.json", ended.error)
        with open("/dev/full", "wb") as full:
            ended = self.call("check", "wrong.rule", code=USAGE, stdout=full)
        self.assertIn("No space left on device", ended.error)
        self.assertEqual(len([name for name in self.left() if "part" in name]), 0)

    def test_colour_is_asked_for_and_never_alone(self):
        plain = self.call("check", "wrong.rule", code=NOT_COMPILED).out
        coloured = self.call("check", "wrong.rule", "--color", "always", code=NOT_COMPILED).out
        self.assertNotIn("\x1b", plain)
        self.assertIn("\x1b[", coloured)
        self.assertEqual(re.sub("\x1b\\[[0-9;]*m", "", coloured), plain)

    def test_what_two_programs_share_is_told_once(self):
        self.put("shared.rule", HEAD + "const unused = 1 +\n")
        for name in "ab":
            self.put(f"{name}.rule", 'import "shared.rule"\n')
        ended = self.call("check", "a.rule", "b.rule", code=NOT_COMPILED)
        self.assertEqual(ended.out.count("error[R0101]"), 1, ended)


main()
