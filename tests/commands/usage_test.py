"""Wrong command lines: one line that says what is wrong, a hint, and 3; nothing is done by half."""
import os
import subprocess

import program
from program import CommandTest, DONE, USAGE, main


class Usage(CommandTest):
    def setUp(self):
        super().setUp()
        self.project()

    def refused(self, *argv, program="rulec"):
        ended = self.call(*argv, code=USAGE, program=program)
        self.assertEqual(ended.out, "")
        self.assertTrue(ended.error.startswith("error: "), ended.error)
        self.assertIn("\nhelp: ", ended.error)
        return ended.error

    def test_what_is_wrong_is_said(self):
        for argv, text in ((["check", ".", "--formt", "json"], "there is no flag `--formt`\nhelp: did you mean `--format`?"),
                           (["check", "-n"], "there is no flag `-n`\n"),
                           (["check", "--zzz=1", "."], "there is no flag `--zzz`\nhelp: `rulec help check`"),
                           (["check", "--format", "json", "--format", "text", "."], "--format is given more than once"),
                           (["check", ".", "--format"], "--format: a value is missing"),
                           (["version", "extra"], "`extra` is one argument too many"),
                           (["new"], "DIR is required"),
                           (["schema"], "A subcommand is required"),
                           (["schema", "chek", "a.avsc"], "there is no command `schema chek`"),
                           (["schema", "check", "a.avsc", "--mod", "full"], "did you mean `--mode`?"),
                           (["help", "schema", "chek"], "there is no command `schema chek`"),
                           (["frobnicate"], "there is no command `frobnicate`\nhelp: `rulec help` lists the commands"),
                           (["run", ".", "--in"], "--in: a value is missing")):
            with self.subTest(argv=argv):
                self.assertIn(text, self.refused(*argv))

    def test_an_empty_argument_is_a_variable_that_is_not_set(self):
        for argv in (["check", ""], ["check", ".", "--schemas", ""], ["check", ".", "--output="], ["build", ".", "-o", ""],
                     ["explain", ""], ["run", ".", "--in", ""], ["schema", "check", "a.avsc", "--against", ""]):
            with self.subTest(argv=argv):
                self.assertIn("a value is missing", self.refused(*argv))
        self.call("new", "", code=USAGE)
        self.assertEqual(self.call("test", "-k", "", ".", code=None).code, 1, "an empty expression fits every test")

    def test_what_is_to_come_is_told_from_what_never_was(self):
        for command in ("diff", "rules", "lsp"):
            self.assertIn(f"this version has no command `{command}` yet", self.refused(command, "a", "b"))
        self.assertIn("cannot tell yet why", self.refused("explain", ".", "--why", "large", "--key", "1"))
        self.call("build", ".", "-o", "job")
        for argv, program in ((["run", "."], "rulec"), ([], self.folder / "job")):
            for flag in ("--state", "--checkpoint-interval", "--restore", "--memory"):
                for value in ([], ["x"]):
                    self.assertIn(f"{flag}: this version has no durable state yet",
                                  self.refused(*argv, "--in", "a.avro", flag, *value, program=program))
            self.assertIn("has no metrics yet", self.refused(*argv, "--metrics", ":9090", program=program))

    def test_a_job_binary_says_it_like_rulec(self):
        self.call("build", ".", "-o", "job")
        job = self.folder / "job"
        for argv, text in ((["--bogus"], "there is no flag `--bogus`"), (["extra"], "`extra` is one argument too many"),
                           (["--in"], "--in: a value is missing"), (["--format", "json"], "--format requires --info"),
                           (["--progress", "often"], "--progress"), (["--target-cpu", "native"], "`rulec build` took it")):
            self.assertIn(text, self.refused(*argv, program=job))
        self.assertIn("--config FILE", self.call("--help", program=job).out)
        self.assertIn("no such folder", self.call("--in", "-", "--schemas", "nowhere", program=job, code=USAGE).error)
        rows = b'{"payment_id": 1, "amount": 200.0}\n'
        self.call("--in", "-", "--color", "never", program=job, stdin=rows)
        with open("/dev/full", "wb") as full:
            self.assertIn("standard output cannot be written", self.call("--info", program=job, stdout=full, code=USAGE).error)

    def test_help_of_a_command_below_another(self):
        self.assertEqual(self.call("help", "schema", "check").out, self.call("help", "schema").out)
        self.assertEqual(self.call("schema", "check", "--help").out, self.call("help", "schema").out)

    def test_that_nobody_reads_what_is_said_changes_nothing(self):
        self.put("rules/wrong.rule", "rule {")
        for command, code in (("check", 2), ("lint", 2), ("test", 2), ("fmt", 2), ("fix", 2)):
            with open("/dev/full", "wb") as full:
                self.assertEqual(self.call_with_error(full, command, "."), code, command)

    def test_that_the_reader_goes_away_is_no_failure(self):
        self.put("rules/wrong.rule", "rule {\n" * 3000)
        for argv, code in ((["help"], DONE), (["run", "--help"], DONE), (["version"], DONE), (["explain", "R0201"], DONE),
                           (["check", ".", "--format", "json"], 2), (["completion", "bash"], DONE), (["doctor"], DONE),
                           (["gen", "rules/streams.rule", "payments", "--count", "1000000000"], DONE)):
            read, write = os.pipe()
            os.close(read)
            ended = subprocess.run([program.BIN / "rulec", *argv], cwd=self.folder, stdout=write, stderr=subprocess.PIPE,
                                   timeout=60)
            os.close(write)
            self.assertEqual(ended.returncode, code, argv)
            self.assertNotIn(b"cannot be written", ended.stderr)
            self.assertNotIn(b"Broken pipe", ended.stderr)

    def call_with_error(self, error, *argv):
        return subprocess.run([program.BIN / "rulec", *argv], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=error).returncode

    def test_a_project_file_that_is_wrong_is_the_one_thing_told(self):
        self.put("rulec.toml", 'rules = ["rules"]\nschemas = "nowhere"\n')
        for argv in (["check"], ["lint"], ["test"], ["run"], ["explain"], ["build", "-o", "job"], ["check", "rules/large.rule"]):
            ended = self.call(*argv, *([] if "rules/large.rule" in argv else ["."]), code=USAGE)
            self.assertEqual((ended.out + ended.error).count("error[R"), 1, f"{argv} {ended}")
            self.assertIn("error[R0721]", ended.out + ended.error)

    def test_a_project_is_named_by_its_folder_or_its_file(self):
        self.assertIn("checked 2 files", self.call("check", "rulec.toml").error)
        self.call("check", self.folder / "rulec.toml", code=DONE)


main()
