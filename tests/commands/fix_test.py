"""`rulec lint` and `rulec fix`: what is applied, what is left to people."""
import re
import subprocess

from program import CommandTest, DONE, FINDINGS, HEAD, NOT_COMPILED, PAYMENT, ROOT, main

CROOKED = """rule large {
  from  payments p
  where amount > 1000000 and country in ["CH"]
  emit  alerts { payment_id: payment_id, amount }
}
"""


class Fix(CommandTest):
    def setUp(self):
        super().setUp()
        self.put("schemas/bank.Payment/1.avsc", PAYMENT)
        self.file = self.put("a.rule", HEAD + CROOKED)

    def codes(self, *argv, code=DONE):
        return set(re.findall(r"(?:warning|error)\[(R\d+)\]", self.call("lint", *argv, code=code).out))

    def test_what_is_fixed_is_found_no_more(self):
        before = self.codes("a.rule")
        self.assertTrue({"R0807", "R0813", "R0814", "R0820"} <= before, before)
        rows = b'{"payment_id": 1, "amount": 2000000.0, "country": {"string": "CH"}}\n{"payment_id": 2, "amount": 5.0}\n'
        ran = self.call("run", "a.rule", "--in", "-", stdin=rows).out
        self.assertRegex(self.call("fix", "a.rule").error, r"did 4 fixes in 1 file")
        after = self.codes("a.rule")
        self.assertEqual(after & {"R0807", "R0813", "R0814", "R0820"}, set())
        self.assertTrue(after < before)
        self.assertEqual(self.call("run", "a.rule", "--in", "-", stdin=rows).out, ran)
        self.assertIn("did 0 fixes", self.call("fix", "a.rule").error)

    def test_a_dry_run_is_a_patch(self):
        diff = self.call("fix", "--dry-run", "a.rule", code=FINDINGS).out
        self.assertEqual(self.file.read_text(), HEAD + CROOKED)
        subprocess.run(["patch", "-s", "-p0", "a.rule"], cwd=self.folder, input=diff.encode(), check=True)
        self.assertNotEqual(self.file.read_text(), HEAD + CROOKED)
        self.call("check", "a.rule")

    def test_a_guess_is_left_to_people(self):
        self.put("a.rule", HEAD + "rule r { from payments where ammount > 1.0 emit o { payment_id } }\n")
        before = self.file.read_text()
        self.assertIn("1 error left", self.call("fix", "a.rule", code=NOT_COMPILED).error)
        self.assertEqual(self.file.read_text(), before)
        self.call("check", "a.rule", code=NOT_COMPILED)

    def test_what_the_project_allows_is_not_told(self):
        self.put("rulec.toml", '[lint]\nallow = ["R0801", "R0802"]\n')
        self.assertEqual(self.codes("a.rule") & {"R0801", "R0802"}, set())
        self.call("lint", "--fail-level", "warning", "a.rule", code=FINDINGS)

    def test_the_examples_are_clean(self):
        for example in sorted((ROOT / "examples").glob("*/rulec.toml")):
            self.call("check", "--fail-level", "warning", example.parent)


main()
