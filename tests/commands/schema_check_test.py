"""`rulec schema check`: compatibility with older versions, and the rules that a new version breaks."""
import json

from program import CommandTest, DONE, FINDINGS, NOT_COMPILED, USAGE, main


def schema(*fields):
    listed = [{"name": name, "type": kind, **more} for name, kind, more in fields]
    return json.dumps({"type": "record", "name": "Payment", "namespace": "bank", "fields": listed}, indent=2)


ID, AMOUNT, TEXT = ("id", "long", {}), ("amount", "double", {}), ("note", "string", {})
DEFAULTED = ("note", "string", {"default": ""})


class SchemaCheck(CommandTest):
    def setUp(self):
        super().setUp()
        self.put("rulec.toml", "")
        self.put("schemas/bank.Payment/1.avsc", schema(ID, AMOUNT, TEXT))
        self.put("schemas/bank.Payment/2.avsc", schema(ID, AMOUNT))
        self.put("rules/a.rule", 'schema Payment = avro "bank.Payment"\nstream payments : Payment {}\n'
                 "rule large {\n  from  payments\n  where amount > 1.0\n  emit  o { id }\n}\n"
                 "rule all { from payments where id > 1 emit p { id } }\n")

    def check(self, fields, *argv, code):
        self.put("new.avsc", schema(*fields))
        return self.call("schema", "check", "new.avsc", *argv, code=code)

    def test_modes(self):
        v1, v2 = "schemas/bank.Payment/1.avsc", "schemas/bank.Payment/2.avsc"
        # A new field without a default: the newest old version cannot be read, the first can.
        added = [ID, AMOUNT, TEXT]
        for mode, code in (("backward", FINDINGS), ("backward-transitive", FINDINGS), ("forward", DONE),
                           ("forward-transitive", DONE), ("full", FINDINGS), ("none", DONE)):
            self.check(added, "--against", v1, v2, "--mode", mode, code=code)
        self.check(added, "--against", v1, code=DONE)
        self.check([ID, AMOUNT, DEFAULTED], "--against", "schemas/bank.Payment", "--mode", "full-transitive", code=DONE)
        self.check([ID, AMOUNT], "--against", v2, "--mode", "full-transitive", code=DONE)
        registry = self.check([ID, AMOUNT, DEFAULTED], "--against", "schemas/bank.Payment", "--mode", "FULL_TRANSITIVE", code=DONE)
        self.assertRegex(registry.error, r"compatible with \d versions \(full-transitive\)")
        self.assertIn("there is no such mode", self.check(added, "--against", v1, "--mode", "sideways", code=USAGE).error)
        self.assertIn("nothing to check the schema against", self.check(added, code=USAGE).error)

    def test_a_finding_names_the_path_and_both_files(self):
        out = self.check([ID, AMOUNT, TEXT], "--against", "schemas/bank.Payment", code=FINDINGS).out
        self.assertIn("error[R0601]", out)
        self.assertIn("--> new.avsc:", out)
        self.assertIn("at /fields/2 of new.avsc, which reads what schemas/bank.Payment/2.avsc wrote (backward)", out)
        self.assertIn("a registry calls it READER_FIELD_MISSING_DEFAULT_VALUE", out)

    def test_the_rules_that_break_with_line_and_fix(self):
        ended = self.check([ID, ("amonut", "double", {"default": 0.0})], "--rules", "rules", code=FINDINGS)
        self.assertIn("--> rules/a.rule:5:9", ended.out)
        self.assertIn("rule `large` breaks with new.avsc as version 3 of `bank.Payment`", ended.out)
        self.assertIn("help: ", ended.out)
        self.assertIn("1 rule breaks with new.avsc as the next version of `bank.Payment`: large", ended.error)
        self.assertNotIn("rule `all`", ended.out)

    def test_rules_that_nothing_happens_to(self):
        grown = [ID, AMOUNT, ("country", "string", {"default": ""})]
        self.assertIn("no rule breaks", self.check(grown, "--rules", "rules", code=DONE).error)
        self.put("rules/a.rule", 'const a = 1\n')
        self.assertIn("no rule declares schema `bank.Payment`", self.check(grown, "--rules", "rules", code=DONE).error)

    def test_rules_that_were_broken_before_are_no_finding_of_the_schema(self):
        self.put("rules/a.rule", 'schema Payment = avro "bank.Payment"\nstream payments : Payment {}\n'
                 "rule large { from payments where x > 1.0 emit o { id } }\n")
        self.check([ID, AMOUNT], "--rules", "rules", code=NOT_COMPILED)

    def test_a_schema_that_is_none(self):
        for text in ("{", "[]", '"nothing"', '{"type": "record", "name": "P"}', "[" * 100_000):
            self.put("new.avsc", text)
            ended = self.call("schema", "check", "new.avsc", "--against", "schemas/bank.Payment", code=None)
            self.assertIn(ended.code, (NOT_COMPILED, FINDINGS), ended)
            if ended.code == NOT_COMPILED:
                self.assertIn("R0621", ended.out)
        self.call("schema", "check", "none.avsc", "--against", "schemas/bank.Payment", code=USAGE)


main()
