"""Input that is no input, places that cannot be written: a clear message, the right exit code, nothing half-written."""
import os
import resource
import time
import unittest

from program import CommandTest, DONE, FINDINGS, HEAD, NOT_COMPILED, PAYMENT, USAGE, environment, main

CLEAN = 'rule all { from payments where amount > 1.0 emit o { payment_id } }\n'


class BadInput(CommandTest):
    def setUp(self):
        super().setUp()
        self.put("schemas/bank.Payment/1.avsc", PAYMENT)
        self.put("clean.rule", HEAD + CLEAN)

    def refused(self, argv, code, text):
        ended = self.call(*argv, code=code)
        self.assertIn(text, ended.out + ended.error)
        return ended

    def test_a_folder_where_a_file_should_be(self):
        (self.folder / "folder.rule").mkdir()
        self.refused(["check", "folder.rule"], USAGE, "no rule file in this folder")
        self.put("imports.rule", 'import "folder.rule"\n')
        self.refused(["check", "imports.rule"], NOT_COMPILED, "it is a folder")
        self.refused(["run", "clean.rule", "--in", "payments=schemas/bank.Payment/1.avsc"], USAGE, "1.avsc")
        self.refused(["schema", "check", "schemas", "--against", "schemas"], USAGE, "it is a folder")
        self.refused(["build", "clean.rule", "-o", "schemas"], USAGE, "schemas: this is a folder")
        self.refused(["gen", "clean.rule", "payments", "--shape", "schemas"], USAGE, "it is a folder")
        self.put("rulec.toml/x", "")
        self.refused(["check", "clean.rule"], USAGE, "rulec.toml: it is a folder")

    def test_limit_of_rule_files_is_set_by_the_environment(self):
        self.put("limited.rule", "// " + "x" * 1020 + "\n")
        for limit, code in (("1KiB", DONE), ("", DONE), ("1023", NOT_COMPILED), ("1 MB", USAGE), ("2GiB", USAGE)):
            self.call("check", "limited.rule", code=code, env={"RULEC_RULE_FILE_LIMIT": limit})

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_permission_denied(self):
        (self.folder / "clean.rule").chmod(0)
        for command in ("check", "lint", "fmt", "test"):
            self.refused([command, "clean.rule"], USAGE, "Permission denied")
        (self.folder / "clean.rule").chmod(0o644)
        (self.folder / "shut").mkdir(mode=0o555)
        self.refused(["build", "clean.rule", "-o", "shut/job"], USAGE, "Permission denied")
        self.refused(["new", "shut/project"], USAGE, "shut/project: Permission denied")
        self.put("hidden/a.rule", CLEAN)
        (self.folder / "hidden").chmod(0)
        for command in ("check", "lint", "fmt", "test", "run", "fix"):
            self.refused([command, "hidden"], USAGE, "hidden: Permission denied")
        (self.folder / "schemas").chmod(0)
        self.refused(["check", "clean.rule"], NOT_COMPILED, "where `schemas` cannot be read: Permission denied")

    def test_a_full_disk(self):
        for argv in (["gen", "clean.rule", "payments", "--out", "p.avro", "--count", "100000"],
                     ["build", "clean.rule", "-o", "job"], ["explain", "clean.rule", "--stage", "plan"]):
            with open("/dev/full", "wb") as full:
                limited = argv[0] != "explain"
                ended = self.call(*argv, code=None, stdout=full) if not limited else self.limited(*argv)
            self.assertEqual(ended.code, USAGE, ended)
            self.assertRegex(ended.error, "No space left on device|File too large")
        self.assertEqual(self.left(), ["clean.rule", "schemas/bank.Payment/1.avsc"])
        self.put("rows.jsonl", '{"payment_id": 1, "amount": 2.0}\n' * 10)
        self.refused(["run", "clean.rule", "--in", "rows.jsonl", "--out", "/dev/full"], USAGE, "")

    def test_no_room_for_what_is_linked(self):
        (self.folder / "tmp").mkdir()
        for form in ("exe", "so", "obj"):
            for most in range(500, 8000, 500):  # the objects, what is made of them, or the result do not fit
                ended = self.limited("build", "clean.rule", "--emit", form, "-o", "job", most=most,
                                     env=environment(TMPDIR=str(self.folder / "tmp")))
                if ended.code != DONE:
                    self.assertEqual(ended.code, USAGE, ended)
                    self.assertRegex(ended.error, "set TMPDIR|File too large")
                self.assertEqual(list((self.folder / "tmp").iterdir()), [], ended)

    def limited(self, *argv, most=65536, env=None):
        """The command, with files of at most 64 KiB."""
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
        try:
            return self.call(*argv, code=None, env=env)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    def test_cyclic_imports(self):
        self.put("a.rule", 'import "b.rule"\n')
        self.put("b.rule", 'import "c.rule"\n')
        self.put("c.rule", 'import "a.rule"\n')
        self.put("self.rule", 'import "./self.rule"\n')
        ended = self.refused(["check", "a.rule"], NOT_COMPILED, "error[R0215]")
        self.assertIn("`a.rule` imports `b.rule` imports `c.rule` imports `a.rule`", ended.out)
        self.refused(["check", "self.rule"], NOT_COMPILED, "error[R0215]")
        (self.folder / "other.rule").symlink_to("through.rule")
        self.put("through.rule", 'import "other.rule"\n')
        self.refused(["check", "through.rule"], NOT_COMPILED, "error[R0215]")

    def test_one_file_by_several_names_is_one_file(self):
        (self.folder / "link.rule").symlink_to("clean.rule")
        (self.folder / "same").symlink_to(".")
        ended = self.call("check", "clean.rule", "./clean.rule", "link.rule", "same/clean.rule")
        self.assertIn("checked 1 file", ended.error)
        self.put("main.rule", 'import "clean.rule"\nimport "link.rule"\nimport "same/clean.rule"\n')
        self.assertNotIn("error", self.call("check", "main.rule").out)
        self.call("run", "clean.rule", "link.rule", "--in", "-", stdin=b'{"payment_id": 1, "amount": 2.0}\n')
        (self.folder / "gone.rule").symlink_to("nowhere.rule")
        self.refused(["check", "gone.rule"], USAGE, "gone.rule: no such file")

    def test_a_folder_that_contains_itself_ends(self):
        (self.folder / "loop").symlink_to(".")
        self.call("check", ".")
        self.call("fmt", "--check", ".", code=None)

    def test_names_of_ten_thousand_letters(self):
        name = "n" * 10_000
        self.put("long.rule", HEAD + f"rule {name} {{ from payments let {name}_ = amount where {name}_ > 1.0 "
                                     f"emit {name}_o {{ {name}_ }} }}\n")
        self.call("check", "long.rule")
        out = self.call("run", "long.rule", "--in", "-", stdin=b'{"payment_id": 1, "amount": 2.0}\n').out
        self.assertIn(f'"{name}_":2.0', out)
        self.put("typo.rule", HEAD + f"rule r {{ from payments where {name} > 1.0 emit o {{ payment_id }} }}\n")
        ended = self.call("check", "typo.rule", code=NOT_COMPILED)
        self.assertIn("R0201", ended.out)
        self.assertLess(len(ended.out), 200_000)

    def test_ten_thousand_rules_in_a_file(self):
        rules = "".join(f"rule r{i} {{ from payments where amount > {i}.5 emit o {{ payment_id }} }}\n" for i in range(10_000))
        self.put("many.rule", HEAD + rules)
        started = time.monotonic()
        self.assertIn("nothing found", self.call("check", "many.rule").error)
        self.assertLess(time.monotonic() - started, 60)
        self.put("many.rule", HEAD + rules.replace("amount", "ammount"))
        ended = self.call("check", "many.rule", code=NOT_COMPILED)
        self.assertIn("error", ended.error)

    def test_a_file_over_16_mib(self):
        self.put("large.rule", "//" + "x" * (16 << 20) + "\n")
        for command in ("check", "fmt", "lint", "test"):
            ended = self.call(command, "large.rule", code=NOT_COMPILED)
            self.assertIn("R0103", ended.out + ended.error)
            self.assertLess(len(ended.out + ended.error), 10_000)
        self.put("most.rule", "//" + "x" * ((16 << 20) - 3) + "\n")
        self.call("check", "most.rule")

    def test_text_that_is_no_utf_8(self):
        self.put("latin.rule", b'const a = "caf\xe9"\n')
        self.refused(["check", "latin.rule"], NOT_COMPILED, "R0104")
        self.refused(["fmt", "latin.rule"], NOT_COMPILED, "R0104")
        self.put("zero.rule", b"const a = 1\0\n")
        self.refused(["check", "zero.rule"], NOT_COMPILED, "R0105")
        self.put("binary.rule", bytes(range(256)) * 100)
        self.call("check", "binary.rule", code=NOT_COMPILED)

    def test_line_ends_of_windows_and_a_byte_order_mark(self):
        self.put("crlf.rule", (HEAD + CLEAN).replace("\n", "\r\n"))
        self.put("bom.rule", b"\xef\xbb\xbf" + (HEAD + CLEAN).encode())
        self.call("check", "crlf.rule", "bom.rule")
        self.put("wrong.rule", (HEAD + CLEAN.replace("amount", "ammount")).replace("\n", "\r\n"))
        ended = self.call("check", "wrong.rule", code=NOT_COMPILED)
        self.assertIn("--> wrong.rule:3:", ended.out)
        self.assertNotIn("\r", ended.out)

    def test_names_of_files_with_all_letters(self):
        for name in ("with blank.rule", "ünï.rule", "new\nline.rule", "quo\"te'.rule", "-dash.rule", "%41.rule"):
            self.put(name, HEAD + CLEAN)
            self.call("check", "--", name)
            self.call("check", "--format", "json", "--", name)
            self.call("run", "--in", "-", "--", name, stdin=b'{"payment_id": 1, "amount": 2.0}\n')

    def test_numbers_and_patterns_beyond_reason(self):
        self.put("number.rule", HEAD + "rule a { from payments where payment_id > 9223372036854775808 emit o { payment_id } }\n")
        self.refused(["check", "number.rule"], NOT_COMPILED, "R0307")
        pattern = "(a{0,1000}){0,1000}"
        self.put("regex.rule", HEAD + f'rule a {{ from payments where country matches "{pattern}" emit o {{ payment_id }} }}\n')
        self.refused(["check", "regex.rule"], NOT_COMPILED, "R0330")
        # What takes other engines for ever is linear here.
        self.put("slow.rule", HEAD + 'rule a { from payments where country matches "^(a+)+$" emit o { payment_id } }\n')
        row = '{"payment_id": 1, "amount": 2.0, "country": {"string": "' + "a" * 50_000 + 'b"}}\n'
        self.assertEqual(self.call("run", "slow.rule", "--in", "-", stdin=row.encode(), timeout=20).out, "")
        deep = "(" * 100_000 + "1" + ")" * 100_000
        self.put("deep.rule", f"const a = {deep}\n")
        self.refused(["check", "deep.rule"], NOT_COMPILED, "R0106")

    def test_flags_that_are_wrong(self):
        run = ["run", "clean.rule", "--in", "-"]
        for flags, text in ((["--parallelism", "0"], "--parallelism 0"), (["--parallelism", "x"], "--parallelism x"),
                            (["--param", "nope=1"], "nope"), (["--param", "nope"], "--param nope"),
                            (["--out", "ooo=x.jsonl"], "ooo"), (["--in", "s=x.avro"], "s"),
                            (["--out", "o=x.what"], "x.what"), (["--limit", "line-bytes=0"], "line-bytes"),
                            (["--target-cpu", "i386x"], "i386x")):
            ended = self.call(*run, *flags, code=USAGE, stdin=b"")
            self.assertIn(text, ended.error, flags)
            self.assertTrue(ended.error.startswith("error: "), ended.error)
        self.assertEqual(self.left(), ["clean.rule", "schemas/bank.Payment/1.avsc"])

    def test_an_output_that_was_misspelt_is_suggested(self):
        ended = self.call("run", "clean.rule", "--in", "-", "--out", "oo=x.jsonl", code=USAGE, stdin=b"")
        self.assertIn("`o`", ended.error)


main()
