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

    def fixed(self, clauses):
        """The rule's clauses after `rulec fix`, which compile."""
        head = HEAD + "rule r {\n  from payments "
        path = self.put("b.rule", head + clauses + "\n}\n")
        self.call("check", "b.rule")
        self.call("fix", "b.rule")
        self.call("check", "b.rule")
        after = path.read_text()
        self.call("fix", "b.rule")
        self.assertEqual(path.read_text(), after)
        return after.removeprefix(head).removesuffix("\n}\n")

    def test_what_is_written_means_the_same(self):
        emit = "emit o { payment_id, x: %s }"
        for before, after in (("true in [payment_id == 1 or amount > 2.0]", "true == (payment_id == 1 or amount > 2.0)"),
                              ("payment_id in [payment_id + 1]", "payment_id == payment_id + 1"),
                              ("not (payment_id in [1])", "payment_id != 1"),
                              ("not not (payment_id == 1)", "(payment_id == 1)"),
                              ("(if amount > 2.0 then false else true)", "(not (amount > 2.0))")):
            self.assertEqual(self.fixed(emit % before), emit % after)

    def test_comments_are_not_lost(self):
        for clauses in ("emit o { payment_id, x: not ( // why\n payment_id == 1) }",
                        "emit o { payment_id, x: country in [/* home */ \"CH\"] }",
                        "emit o { amount: /* in CHF */ amount }"):
            self.assertEqual(self.fixed(clauses), clauses)
        self.assertEqual(self.fixed("/* all */ p where amount > 1.0 emit o { amount }"),
                         "/* all */  where amount > 1.0 emit o { amount }")

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
