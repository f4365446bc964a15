"""Every example of `rulec help COMMAND` does what it says, where it says it."""
import re
import shlex
import shutil

from program import CommandTest, DONE, FINDINGS, PAYMENT, ROOT, USAGE, main

LIMITS = """schema Reading = avro "plant.Reading"
stream readings : Reading { time read_at }

rule hot {
  from  readings
  where value > 1.0 and   sensor != ""
  emit  alerts { sensor, value }
}
"""
READING = """{"type": "record", "name": "Reading", "namespace": "plant", "fields": [
  {"name": "sensor", "type": "string"},
  {"name": "value", "type": "double"},
  {"name": "read_at", "type": {"type": "long", "logicalType": "timestamp-micros"}}
]}
"""
TEST = """
test "a large one" for large {
  given payments {
    payment_id | amount
    1          | 100.5
  }
  expect alerts {
    payment_id
    1
  }
}
"""


class Help(CommandTest):
    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "examples", self.folder / "examples")
        self.project()
        with open(self.folder / "rules/large.rule", "a") as file:
            file.write(TEST + "\nrule many {\n  from  payments\n  where payment_id > 1000000\n  emit  more { payment_id }\n}\n")
        self.put("limits.rule", LIMITS)
        self.put("schemas/plant.Reading/1.avsc", READING)
        self.put("schemas/bank.Payment/2.avsc", PAYMENT)
        self.put("schemas/bank.Payment/3.avsc", PAYMENT)
        self.put("new.avsc", PAYMENT)
        self.call("gen", "limits.rule", "readings", "--count", 10, "--out", "day.avro")
        self.call("gen", "examples/large_trades", "trades", "--count", 10, "--out", "trades.avro")
        self.call("new", "fraud")
        self.call("gen", "fraud", "payments", "--count", 10, "--out", "payments.avro")

    def commands(self):
        return re.findall(r"^  ([a-z]+) ", self.call("help").out.split("Subcommands:")[1], re.MULTILINE)

    # What an example tells is found, or the folder is there already.
    ENDS = {"fmt --check": FINDINGS, "fix --dry-run": FINDINGS, "lint --fail-level": FINDINGS, "new fraud": USAGE, "new .": USAGE}

    def test_examples_run(self):
        commands = self.commands()
        self.assertGreater(len(commands), 14)
        for command in commands:
            text = self.call("help", command).out.split("Examples:\n")[1]
            examples = re.findall(r"^  (rulec .+)$", text, re.MULTILINE)
            self.assertEqual(len(examples), 3, command)
            for example in examples:
                with self.subTest(example=example):
                    self.run_example(example)

    def run_example(self, example):
        argv, _, stdin = example.partition(" < ")
        argv = shlex.split(argv)[1:]
        argv = [part for word in argv for part in (sorted(map(str, self.folder.glob(word))) if "*" in word and "/" in word else [word])]
        if "10000000" in argv:
            argv[argv.index("10000000")] = "1000"
        wanted = next((code for start, code in self.ENDS.items() if " ".join(argv).startswith(start)), DONE)
        ended = self.call(*argv, code=wanted, stdin=(self.folder / stdin).read_bytes() if stdin else None)
        self.assertNotIn("rulec help", ended.error)


main()
