"""`--limit`: `rulec run` and a job binary keep the same limits, whoever decodes."""
from program import CommandTest, HEAD, PAYMENT, USAGE, main

RULE = 'rule all { from payments emit o { payment_id, country } }\n'


class Limits(CommandTest):
    def setUp(self):
        super().setUp()
        self.put("schemas/bank.Payment/1.avsc", PAYMENT)
        self.put("all.rule", HEAD + RULE)
        self.put("in.jsonl", '{"payment_id": 1, "amount": 1.0, "country": "ab"}\n'
                             '{"payment_id": 2, "amount": 1.0, "country": "' + "x" * 1024 + '"}\n')
        self.put("copy.rule", HEAD + 'output p : Payment\nrule copy { from payments emit p { payment_id, amount, country } }\n')
        self.call("run", "copy.rule", "--in", "in.jsonl", "--out", "p=in.avro?codec=null")
        self.call("build", "all.rule", "-o", "job")

    def test_strings(self):
        for limits, found in (([], 2), (["--limit", "string-bytes=1024"], 2), (["--limit", "string-bytes=1023"], 1)):
            jit = self.call("run", "all.rule", "--in", "payments=in.avro", *limits)
            built = self.call("--in", "payments=in.avro", *limits, program=self.folder / "job")
            self.assertEqual(jit.out, built.out)
            self.assertEqual(len(jit.out.splitlines()), found, limits)
            self.assertEqual("1 error" in jit.error, found == 1, jit.error)
            self.assertEqual("1 error" in built.error, found == 1, built.error)

    def test_no_limit_below_what_is_looked_at(self):
        ended = self.call("run", "all.rule", "--in", "payments=in.avro", "--limit", "string-bytes=63", code=USAGE)
        self.assertIn("it can be 64 at least", ended.error)


main()
