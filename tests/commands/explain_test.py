"""`rulec explain`: codes, and the stages of a program."""
import ctypes
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

    def test_a_code_that_is_not_quite_one(self):
        for given in ("201", "R201", "E0201", "r201"):
            self.assertIn("did you mean `R0201`?", self.call("explain", given, code=USAGE).error)
        self.assertIn("no such file", self.call("explain", "R0201x", code=USAGE).error)
        self.assertIn("there is no diagnostic `R9999`", self.call("explain", "R9999", code=USAGE).error)

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
        for stage in ("ast", "typed", "llvm", "asm"):
            text = self.call("explain", ".", "--stage", stage).out
            lines = [json.loads(line) for line in self.call("explain", ".", "--stage", stage, "--format", "json").out.splitlines()]
            self.assertEqual(lines[0]["type"], "version")
            self.assertEqual({line["type"] for line in lines[1:]}, {stage})
            self.assertEqual("".join(line["text"] for line in lines[1:]), text)
            self.assertIn("is for --stage plan", self.call("explain", ".", "--stage", stage, "--format", "dot", code=USAGE).error)
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
        self.call("build", ".", "--emit", "llvm", "-o", "code.ll")
        self.assertIn("define ", (self.folder / "code.ll").read_text())

    def test_a_shared_object_has_a_table_of_its_modules(self):
        self.call("build", ".", "--emit", "so", "-o", "job.so")
        self.table_is_right(self.folder / "job.so")
        exported = subprocess.run(["nm", "-D", "--defined-only", self.folder / "job.so"], stdout=subprocess.PIPE, check=True)
        self.assertEqual(exported.stdout.split()[2:], [b"rulert_modules"])

    def test_an_object_is_linked_into_a_program(self):
        self.call("build", ".", "--emit", "obj", "-o", "job.o")
        self.assertEqual((self.folder / "job.o").read_bytes()[16:18], b"\x01\x00")
        subprocess.run(["cc", "-shared", "-o", self.folder / "linked.so", self.folder / "job.o"], check=True)
        self.table_is_right(self.folder / "linked.so")

    def table_is_right(self, path):
        class Module(ctypes.Structure):
            _fields_ = [("abi_version", ctypes.c_uint32), ("kind", ctypes.c_uint32), ("flags", ctypes.c_uint32),
                        ("reserved", ctypes.c_uint32), ("function", ctypes.c_void_p)]

        class Named(ctypes.Structure):
            _fields_ = [("name", ctypes.c_char_p), ("module", ctypes.POINTER(Module))]

        class Table(ctypes.Structure):
            _fields_ = [("abi_version", ctypes.c_uint32), ("count", ctypes.c_uint32), ("modules", ctypes.POINTER(Named)),
                        ("manifest", ctypes.c_char_p), ("manifest_size", ctypes.c_uint64)]

        table = Table.in_dll(ctypes.CDLL(str(path)), "rulert_modules")
        manifest = json.loads(table.manifest)
        self.assertEqual(len(table.manifest), table.manifest_size)
        found = {named.name.decode(): named.module.contents for named in table.modules[:table.count]}
        kinds = {1: "decoders", 2: "rules", 3: "scans", 4: "encoders"}
        for kind, members in kinds.items():
            names = {member["module"] for member in manifest[members]}
            self.assertEqual(names, {name for name, module in found.items() if module.kind == kind}, members)
            self.assertTrue(names, members)
        for module in found.values():
            self.assertEqual(module.abi_version, table.abi_version)
            self.assertTrue(module.function)

    def test_the_same_rules_give_the_same_bytes(self):
        self.call("build", ".", "-o", "one")
        self.call("build", ".", "-o", "two")
        self.assertEqual((self.folder / "one").read_bytes(), (self.folder / "two").read_bytes())

    def test_for_a_processor(self):
        self.call("build", ".", "--target-cpu", "x86-64-v4", "-o", "v4.ll", "--emit", "llvm")
        ended = self.call("build", ".", "--target-cpu", "x86-64-v33", "-o", "x", code=USAGE)
        self.assertIn("x86-64-v3", ended.error)
        self.assertFalse((self.folder / "x").exists())
        # The level is what the job looks for when it starts.
        for cpu, target in (("x86-64-v3", "x86-64-v3"), ("x86-64", "x86-64"), ("skylake", "skylake (x86-64-v3)"),
                            ("znver4", "znver4 (x86-64-v4)"), ("core2", "core2 (x86-64)"), ("nehalem", "nehalem (x86-64-v2)"),
                            ("native", "native (x86-64")):
            self.call("build", ".", "--target-cpu", cpu, "-o", "job")
            self.assertIn(f"target     {target}", self.call("--info", program=self.folder / "job").out)


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
