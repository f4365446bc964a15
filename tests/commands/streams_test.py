"""`--in` and `--out`: what is read twice, written twice, packed, cut; and the same from job.toml."""
import gzip
import json

from program import CommandTest, DONE, FINDINGS, HEAD, USAGE, main

ROWS = [{"payment_id": n, "amount": 50.0 * n, "country": None} for n in range(1, 9)]  # six of them are large
LINES = b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)


class Streams(CommandTest):
    def setUp(self):
        super().setUp()
        self.project()
        self.put("rules/many.rule", 'import "streams.rule"\n\nrule small {\n  from  payments\n  where amount <= 100.0\n'
                                    "  emit  others { payment_id }\n}\n")
        self.put("rows.jsonl", LINES)
        self.call("build", ".", "-o", "job")

    def both(self, *argv, code=DONE, stdin=None):
        """By `rulec run` and by the job binary, which say and write the same."""
        ran = self.call("run", ".", *argv, code=code, stdin=stdin)
        built = self.call(*argv, code=code, stdin=stdin, program=self.folder / "job")
        self.assertEqual(built.out, ran.out)
        return ran

    def ids(self, name, output=None):
        rows = [json.loads(line) for line in (self.folder / name).read_text().splitlines()]
        return [(row[output] if output else row)["payment_id"] for row in rows]

    def test_two_outputs_need_two_places(self):
        for second in ("a.jsonl", "./a.jsonl", "schemas/../a.jsonl", self.folder / "a.jsonl"):
            ended = self.both("--in", "rows.jsonl", "--out", "alerts=a.jsonl", "--out", f"others={second}", code=USAGE)
            self.assertIn("two outputs are written to", ended.error)
        self.assertFalse((self.folder / "a.jsonl").exists())
        self.put("a.jsonl", "before")
        (self.folder / "link.jsonl").symlink_to("a.jsonl")
        self.both("--in", "rows.jsonl", "--out", "alerts=a.jsonl", "--out", "errors=link.jsonl", code=USAGE)
        self.assertEqual((self.folder / "a.jsonl").read_text(), "before")
        nowhere = "/dev/null?format=jsonl"
        self.both("--in", "rows.jsonl", "--out", f"alerts={nowhere}", "--out", f"others={nowhere}")

    def test_standard_output_is_shared_by_json_lines_alone(self):
        named = self.both("--in", "rows.jsonl", "--out", "others=-")
        names = [next(iter(json.loads(line))) for line in named.out.splitlines()]
        self.assertEqual((names.count("alerts"), names.count("others")), (6, 2))
        csv = self.both("--in", "rows.jsonl", "--out", "others=-?format=csv", "--out", "alerts=a.jsonl")
        self.assertEqual(len(csv.out.splitlines()), 3)
        for argv in (["--out", "others=-?format=csv"], ["--out", "others=-?format=csv", "--out", "alerts=-"],
                     ["--out", "alerts=-", "--out", "others=-?format=avro"],
                     ["--out", "alerts=a.jsonl", "--out", "others=-?format=avro", "--out", "errors=-"]):
            ended = self.both("--in", "rows.jsonl", *argv, code=USAGE)
            self.assertRegex(ended.error, "standard output holds")
            self.assertEqual(ended.out, "")

    def test_standard_input_is_read_once(self):
        ended = self.both("--in", "-", "--in", "payments=-?format=csv", stdin=LINES, code=USAGE)
        self.assertIn("standard input is read already", ended.error)

    def test_everything_that_a_uri_says_stands_in_a_file(self):
        self.put("job.toml", '[in]\npayments = "rows.jsonl"\n[out]\nalerts = { path = "a.avro", codec = "deflate" }\n'
                             'others = "o.csv"\nerrors = "e.avro"\n')
        self.both("--config", "job.toml")
        self.assertIn(b"deflate", (self.folder / "a.avro").read_bytes())
        self.put("typo.toml", '[in]\npayments = "rows.jsonl"\n[out]\nalerts = { path = "a.avro", kodec = "xz" }\n')
        self.assertIn("typo.toml` line 4: there is no option `kodec`", self.both("--config", "typo.toml", code=USAGE).error)

    def test_packed_containers(self):
        self.call("gen", ".", "payments", "--count", 3000, "--out", "p.avro")
        plain = (self.folder / "p.avro").read_bytes()
        self.both("--in", "p.avro", "--out", "alerts=plain.jsonl", "--out", "others=o.jsonl")
        packed = gzip.compress(plain)
        self.put("p.avro.gz", packed)
        self.put("two.avro.gz", gzip.compress(plain[:999]) + gzip.compress(plain[999:]))
        for argv in (["p.avro.gz"], ["two.avro.gz"], ["-?format=avro&compression=gzip"]):
            self.both("--in", *argv, "--out", "alerts=a.jsonl", "--out", "others=o.jsonl", stdin=packed)
            self.assertEqual(self.ids("a.jsonl"), self.ids("plain.jsonl"))
        # Of what is cut, what precedes the cut counts; an end between two blocks is one too.
        blocks = plain.split(plain[-16:])
        for name, content in (("cut.avro.gz", packed[:-2000]), ("tail.avro.gz", packed[:-4]), ("none.avro.gz", b""),
                              ("block.avro.gz", gzip.compress(plain[:-len(blocks[-2]) - 16])[:-8])):
            self.put(name, content)
            ended = self.both("--in", name, "--out", "alerts=a.jsonl", "--out", "others=o.jsonl", code=FINDINGS)
            self.assertRegex(ended.error, "the file ends inside its compressed data|the file is empty")
            got, whole = self.ids("a.jsonl"), self.ids("plain.jsonl")
            self.assertEqual(got, whole[:len(got)])
        self.put("wrong.avro.gz", plain)
        self.assertIn("damaged", self.both("--in", "wrong.avro.gz", code=FINDINGS).error)

    def test_an_option_that_means_nothing_there_is_refused(self):
        for argv, text in ((["--in", "rows.jsonl?delimiter=;"], "`delimiter` is an option of csv"),
                           (["--in", "rows.jsonl?framing=bare"], "`framing` is an option of inputs in avro-messages"),
                           (["--in", "rows.jsonl?codec=xz"], "`codec` is an option of outputs in avro"),
                           (["--in", "rows.jsonl", "--out", "alerts=a.jsonl?codec=xz"], "`codec` is an option of outputs"),
                           (["--in", "rows.jsonl", "--out", "alerts=a.avro?header=false"], "`header` is an option of csv"),
                           (["--in", "rows.jsonl", "--out", "alerts=a.avro?ids=x"], "`ids` is an option of inputs")):
            self.assertIn(text, self.both(*argv, code=USAGE).error)

    def test_a_file_of_lines_that_is_cut(self):
        for cut in (1, 2, 20, 40):
            self.put("cut.jsonl", LINES[:-cut])
            ended = self.both("--in", "cut.jsonl", "--out", "alerts=a.jsonl", "--out", "others=o.jsonl", "--out",
                              "errors=e.jsonl", code=DONE if cut == 1 else FINDINGS)
            self.assertEqual(self.ids("a.jsonl"), [3, 4, 5, 6, 7, 8][:5 + (cut == 1)])
            errors = [json.loads(line) for line in (self.folder / "e.jsonl").read_text().splitlines()]
            self.assertEqual([(error["cause"], error["offset"]) for error in errors], [("cut file", 7)] * (cut > 1))
        self.assertIn("`cut.jsonl` at byte", ended.error)
        self.assertIn("the input ends inside of an object", ended.error)
        # The file behind it is read, and offsets go on.
        self.put("folder/1.jsonl", LINES[:-5])
        self.put("folder/2.jsonl", b"no json\n" + LINES)
        self.both("--in", "folder", "--out", "alerts=a.jsonl", "--out", "others=o.jsonl", "--out", "errors=e.jsonl",
                  code=FINDINGS)
        self.assertEqual(self.ids("a.jsonl"), [3, 4, 5, 6, 7, 3, 4, 5, 6, 7, 8])
        errors = [json.loads(line) for line in (self.folder / "e.jsonl").read_text().splitlines()]
        self.assertEqual([(error["cause"], error["offset"]) for error in errors], [("cut file", 7), ("malformed record", 8)])
        # What is no object that was begun is a bad record.
        for bad in (b"no json", b"[1, 2", b'{"payment_id": "x"}', b'{"payment_id": 1}}'):
            self.put("bad.jsonl", LINES + bad)
            self.both("--in", "bad.jsonl", "--out", "alerts=a.jsonl", "--out", "others=o.jsonl")

    def test_a_limit_of_lines_holds_for_each(self):
        longest = max(map(len, LINES.splitlines()))
        for limit, left in ((longest, 8), (longest - 1, 1), (10, 0)):
            ended = self.both("--in", "rows.jsonl", "--limit", f"line-bytes={limit}", "--out", "alerts=a.jsonl", "--out",
                              "others=o.jsonl", "--out", "errors=e.jsonl")
            self.assertEqual(len(self.ids("a.jsonl")) + len(self.ids("o.jsonl")), left, limit)
            self.assertIn(f"{left} events" if left != 1 else "1 event", ended.error)
            causes = [json.loads(line)["cause"] for line in (self.folder / "e.jsonl").read_text().splitlines()]
            self.assertEqual(causes, ["line too long"] * (8 - left))

    def test_events_of_gen_go_where_outputs_of_run_go(self):
        for out in ("p.avro", "payments=p.avro", "p.bin?format=avro", "p.avro?codec=deflate"):
            self.call("gen", ".", "payments", "--count", 100, "--out", out)
        self.assertEqual((self.folder / "p.avro").read_bytes().count(b"deflate"), 1)
        self.assertEqual((self.folder / "p.bin").read_bytes()[:4], b"Obj\x01")
        for out, text in (("p.csv", "events are made as avro or jsonl"), ("p.jsonl.gz", "not compressed"),
                          ("p.jsonl?codec=xz", "`codec` is an option of outputs in avro"), ("kafka://b/t", "files only"),
                          ("other=p.avro", "there is no stream `other`"), ("p.txt", "the ending tells no format")):
            self.assertIn(text, self.call("gen", ".", "payments", "--out", out, code=USAGE).error)
        self.call("gen", ".", "payments", "--codec", "xz", "--out", "p.jsonl", code=USAGE)


main()
