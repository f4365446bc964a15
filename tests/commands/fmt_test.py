"""`rulec fmt`: files, folders, standard input, --check and --diff."""
import re
import subprocess

from program import CommandTest, DONE, FINDINGS, NOT_COMPILED, ROOT, USAGE, main

CROOKED = 'schema  Payment=avro "bank.Payment"   // here\nrule   a { from payments   emit o{id} }\n'
STRAIGHT = 'schema Payment = avro "bank.Payment"  // here\n\nrule a {\n  from payments\n  emit o { id }\n}\n'


class Fmt(CommandTest):
    def setUp(self):
        super().setUp()
        self.file = self.put("a.rule", CROOKED)

    def test_a_file_is_rewritten_once(self):
        self.assertIn("formatted 1 of 1 file", self.call("fmt", "a.rule").error)
        after = self.file.read_text()
        self.assertIn("// here", after)
        self.assertNotEqual(after, CROOKED)
        stamp = self.file.stat().st_mtime_ns
        self.assertIn("formatted 0 of 1 file", self.call("fmt", "a.rule").error)
        self.assertEqual(self.file.stat().st_mtime_ns, stamp)

    def test_check_names_files_and_changes_nothing(self):
        ended = self.call("fmt", "--check", "a.rule", code=FINDINGS)
        self.assertEqual(ended.out, "a.rule\n")
        self.assertEqual(self.file.read_text(), CROOKED)
        self.call("fmt", "a.rule")
        self.assertEqual(self.call("fmt", "--check", "a.rule").out, "")

    def test_diff_is_a_patch(self):
        diff = self.call("fmt", "--diff", ".", code=FINDINGS).out
        self.assertEqual(self.file.read_text(), CROOKED)
        self.call("fmt", "a.rule")
        wanted = self.file.read_text()
        self.put("a.rule", CROOKED)
        subprocess.run(["patch", "-s", "-p0", "a.rule"], cwd=self.folder, input=diff.encode(), check=True)
        self.assertEqual(self.file.read_text(), wanted)
        self.assertEqual(self.call("fmt", "--diff", ".").out, "")

    def test_standard_input_to_standard_output(self):
        out = self.call("fmt", "-", stdin=CROOKED.encode()).out
        self.call("fmt", "a.rule")
        self.assertEqual(out, self.file.read_text())
        self.assertEqual(self.call("fmt", "--check", "-", stdin=CROOKED.encode(), code=FINDINGS).out, "<stdin>\n")
        self.assertEqual(self.call("fmt", "-", stdin=b"rule {", code=NOT_COMPILED).out, "")
        self.assertIn("stands alone", self.call("fmt", "-", "a.rule", stdin=b"", code=USAGE).error)

    def test_a_file_that_does_not_parse_is_told_and_the_others_are_formatted(self):
        broken = self.put("0.rule", "rule {\n")
        ended = self.call("fmt", ".", code=NOT_COMPILED)
        self.assertIn("error[R01", ended.error)
        self.assertIn("formatted 1 of 2 files, 1 not valid", ended.error)
        self.assertEqual(broken.read_text(), "rule {\n")

    def test_files_and_modes(self):
        self.file.chmod(0o600)
        (self.folder / "link.rule").symlink_to("a.rule")
        self.assertIn("formatted 1 of 1 file", self.call("fmt", "link.rule", "a.rule", ".", "./a.rule").error)
        self.assertTrue((self.folder / "link.rule").is_symlink())
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertIn("no such file", self.call("fmt", "no.rule", code=USAGE).error)
        (self.folder / "empty").mkdir()
        self.assertIn("no rule file in this folder", self.call("fmt", "empty", code=USAGE).error)

    def test_projects_within_a_folder_are_formatted_too(self):
        self.put("one/rulec.toml", "")
        self.put("one/b.rule", CROOKED)
        self.put("one/.hidden/c.rule", CROOKED)
        self.assertIn("formatted 2 of 2 files", self.call("fmt", ".", code=DONE).error)

    def test_rules_of_the_documentation_are_formatted(self):
        self.file.unlink()
        layout = {"R0806", "R0816"}  # lines too long, blanks at their ends
        blocks = 0
        for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
            for found in re.findall(r"^```rule.*\n((?s:.*?))^```$", page.read_text(), re.MULTILINE):
                if page.stem not in layout:
                    blocks += 1
                    self.put(f"{page.stem}_{blocks}.rule", found)
        self.assertGreater(blocks, 300)
        ended = self.call("fmt", "--check", ".", code=NOT_COMPILED)  # some show syntax errors
        self.assertEqual([line for line in ended.out.splitlines() if re.fullmatch(r"\S+\.rule", line)], [])


main()
