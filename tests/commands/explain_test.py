"""`rulec explain`: codes, and the stages of a program."""
import json
import re
import subprocess

from program import CommandTest, DONE, ROOT, USAGE, main


class Explain(CommandTest):
    def setUp(self):
        super().setUp()
        self.project()

    def test_every_code_has_its_page(self):
        text = (ROOT / "compiler/diagnostics/diagnostics.def").read_text()
        codes = re.findall(r'^RULEC_DIAGNOSTIC\(\w+, "(R\d{4})"', text, re.MULTILINE)
        self.assertGreaterEqual(len(codes), 120)
        pages = [json.loads(line) for line in self.call("explain", *codes, "--format", "json").out.splitlines()]
        self.assertEqual(pages[0]["type"], "version")
        self.assertEqual([page["code"] for page in pages[1:]], codes)
        for page in pages[1:]:
            self.assertTrue(page["text"].startswith(f"# {page['code']}: {page['title']}\n"), page["code"])
            self.assertIn(page["severity"], ("error", "warning", "note"))
        self.assertEqual(self.call("explain", codes[0]).out, pages[1]["text"])

    def test_stages(self):
        for stage, holds in (("ast", "  rule large\n"), ("typed", "rule large"), ("plan", "emit alerts { %"),
                             ("llvm", "define "), ("asm", "\tret")):
            with self.subTest(stage=stage):
                self.assertIn(holds, self.call("explain", ".", "--stage", stage).out)
        self.assertIn("no rules with patterns", self.call("explain", ".", "--stage", "pattern", code=USAGE).error)
        self.assertIn("--stage", self.call("explain", ".", "--stage", "soup", code=USAGE).error)

    def test_a_plan_as_json_and_as_a_graph(self):
        lines = [json.loads(line) for line in self.call("explain", ".", "--format", "json").out.splitlines()]
        self.assertEqual([line["type"] for line in lines], ["version", "stream", "output", "rule"])
        self.assertEqual(lines[3]["name"], "large")
        self.assertEqual(lines[3]["emits"][0]["output"], "alerts")
        dot = self.call("explain", ".", "--format", "dot").out
        self.assertTrue(dot.startswith("digraph plan {") and dot.endswith("}\n"))
        self.assertIn('"stream payments" -> "rule large"', dot)
        self.assertIn('"rule large" -> "output alerts"', dot)
        for argv in (["--stage", "ast", "--format", "json"], ["--stage", "llvm", "--format", "dot"]):
            self.assertIn("is for --stage plan", self.call("explain", ".", *argv, code=USAGE).error)
        self.call("explain", "R0201", "--format", "dot", code=USAGE)
        self.call("explain", "R0201", "--stage", "plan", code=USAGE)


class Build(CommandTest):
    def setUp(self):
        super().setUp()
        self.project()

    def test_what_is_emitted(self):
        self.call("build", ".", "-o", "job")
        self.assertEqual((self.folder / "job").stat().st_mode & 0o777, 0o755)
        self.assertIn("rule       large", self.call("--info", program=self.folder / "job").out)
        for line in self.call("--info", "--format", "json", program=self.folder / "job").out.splitlines():
            json.loads(line)
        for form, ending, kind in (("so", ".so", b"\x03\x00"), ("obj", ".o", b"\x01\x00")):
            self.call("build", ".", "--emit", form, "-o", form)
            files = sorted(path.name for path in (self.folder / form).iterdir())
            self.assertIn("program.json", files)
            json.loads((self.folder / form / "program.json").read_text())
            modules = [name for name in files if name.endswith(ending)]
            self.assertEqual(len(modules), len(files) - 1)
            for name in modules:
                data = (self.folder / form / name).read_bytes()
                self.assertEqual((data[:4], data[16:18]), (b"\x7fELF", kind))
                self.assertIn(b"rulert_module", data)
        self.call("build", ".", "--emit", "llvm", "-o", "code.ll")
        self.assertIn("define ", (self.folder / "code.ll").read_text())

    def test_the_same_rules_give_the_same_bytes(self):
        self.call("build", ".", "-o", "one")
        self.call("build", ".", "-o", "two")
        self.assertEqual((self.folder / "one").read_bytes(), (self.folder / "two").read_bytes())

    def test_for_a_processor(self):
        self.call("build", ".", "--target-cpu", "x86-64-v4", "-o", "v4.ll", "--emit", "llvm")
        ended = self.call("build", ".", "--target-cpu", "x86-64-v33", "-o", "x", code=USAGE)
        self.assertIn("x86-64-v3", ended.error)
        self.assertFalse((self.folder / "x").exists())


class Doctor(CommandTest):
    def test_it_looks_at_a_project(self):
        self.project()
        findings = [json.loads(line) for line in self.call("doctor", ".", "--format", "json").out.splitlines()]
        self.assertEqual(findings[0]["type"], "version")
        found = {line["what"]: line for line in findings[1:]}
        self.assertEqual(found["schemas"]["state"], "ok")
        self.put("schemas/bank.Payment/1.avsc", "{")
        self.assertIn("schemas", self.call("doctor", ".", code=None).out)
        self.put("rulec.toml", "rules = 5\n")
        ended = self.call("doctor", ".", code=None)
        self.assertNotEqual(ended.code, DONE)


main()
