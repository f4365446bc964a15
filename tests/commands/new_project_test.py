"""`rulec new DIR` gives a project that checks, lints, tests and runs, and whose README tells the truth."""
import json
import os
import re

from program import CommandTest, DONE, USAGE, main


class NewProject(CommandTest):
    def setUp(self):
        super().setUp()
        self.call("new", "fraud")

    def test_every_command_of_its_readme_and_of_its_ci_file_works(self):
        readme = (self.folder / "fraud/README.md").read_text()
        ci = (self.folder / "fraud/.github/workflows/rules.yml").read_text()
        commands = re.findall(r"^    rulec (.+)$", readme, re.MULTILINE) + re.findall(r"run: rulec (.+)$", ci, re.MULTILINE)
        self.assertGreaterEqual(len(commands), 7)
        self.folder = self.folder / "fraud"
        try:
            for command in commands:
                ended = self.call(*command.split(), code=DONE)
                if command.startswith("run "):
                    alerts = [json.loads(line)["alerts"] for line in ended.out.splitlines()]
                    self.assertGreater(len(alerts), 10)
                    self.assertTrue(all(alert["amount"] >= 9000 for alert in alerts))
        finally:
            self.folder = self.folder.parent

    def test_nothing_is_doubtful(self):
        self.assertIn("nothing found", self.call("lint", "--fail-level", "note", "fraud").error)
        self.assertIn("formatted 0 of 2", self.call("fmt", "fraud").error)
        self.assertIn("1 passed", self.call("test", "fraud").error)

    def test_a_job_binary_gives_what_run_gives(self):
        self.call("gen", "fraud", "payments", "--count", 1000, "--shape", "fraud/payments.shape.toml", "--out", "p.avro")
        self.call("build", "fraud", "-o", "job")
        built = self.call("--in", "p.avro", program=self.folder / "job")
        self.assertEqual(built.out, self.call("run", "fraud", "--in", "p.avro").out)
        self.assertIn("rule       fraud.large_cash version 1", self.call("--info", program=self.folder / "job").out)

    def test_a_folder_with_something_in_it_is_left_alone(self):
        self.put("taken/notes.txt", "mine")
        ended = self.call("new", "taken", code=USAGE)
        self.assertIn("is not an empty folder", ended.error)
        self.assertEqual((self.folder / "taken/notes.txt").read_text(), "mine")
        self.call("new", "fraud/rulec.toml", code=USAGE)

    def test_the_folder_that_one_stands_in(self):
        (self.folder / "here").mkdir()
        self.folder = self.folder / "here"
        inode = self.folder.stat().st_ino
        self.call("new", ".")
        self.assertEqual(self.folder.stat().st_ino, inode, "whoever stands in it sees the project")
        self.assertIn("1 passed", self.call("test", ".").error)
        self.assertEqual([name for name in self.left() if "part" in name], [])
        self.folder = self.folder.parent

    def test_a_name_that_is_no_text(self):
        name = os.fsdecode(b"no\xfftext")
        self.call("new", name)
        self.assertIn("1 passed", self.call("test", name).error)
        self.call("new", "", code=USAGE)

    def test_any_name_of_a_folder_will_do(self):
        for name in ("not", "true", "from", "2026 Betrug", "-dash", "ünï", 'quo"te', "deep/er/folder"):
            self.call("new", "--", name)
            self.call("check", "--", name)
            self.call("test", "--", name)


main()
