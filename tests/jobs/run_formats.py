#!/usr/bin/env python3
"""One set of events in every format, framing, codec and version, by `rulec run` and as a built binary.

  run_formats.py --bin DIR --work DIR [--seed N]

What is asserted of each input:
  - both ways give the same bytes of results and of errors, and end with the same code
  - the results are those that Python gives for the events
  - what is not sound costs itself, with an entry in `errors`
"""
import argparse
import csv
import gzip
import io
import json
import pathlib
import random
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import avro_bytes as avro  # noqa: E402


def record(name, *fields):
    return {"type": "record", "name": "Sale", "namespace": "shop", "doc": name,
            "fields": [dict(zip(("name", "type", "default"), field)) for field in fields]}


NOTE = ("note", ["null", "string"], None)
AT = ("at", {"type": "long", "logicalType": "timestamp-micros"}, 0)
TAGS = ("tags", {"type": "array", "items": "string"}, [])
VERSIONS = {
    1: record("one", ("id", "int"), ("sku", "string"), ("amount", "int")),
    2: record("two", ("id", "int"), ("code", "string"), ("amount", "int"), NOTE),
    3: record("three", NOTE, ("amount", "double"), ("sku", "string"), ("id", "long"), ("quantity", "long", 1), AT, TAGS),
    4: record("four", ("id", "long"), ("extra", "string", ""), ("quantity", "long", 1), ("sku", "string"), TAGS, AT, NOTE,
              ("amount", "double")),
}
VERSIONS[3]["fields"][2]["aliases"] = ["code"]
VERSIONS[4]["fields"][3]["aliases"] = ["code"]
RULE = """package shop.formats
schema Sale = avro "shop.Sale" version %s
stream sales : Sale { time at }
rule big {
  from sales where amount > 500
  emit out { id, sku, amount, quantity, note, at, tags: length(tags) }
}
"""


def events(rng, count):
    texts = ["plain", "a,b", 'say "x"', "two\nlines", "žluťoučký", "🙂", "semi;colon", " spaces ", "{json}"]
    return [{"id": i, "sku": rng.choice(texts), "amount": rng.randrange(4000) / 4, "quantity": rng.randrange(1, 9),
             "note": rng.choice([None, *texts]), "at": 1_700_000_000_000_000 + i * 1000,
             "tags": rng.choices(texts, k=rng.randrange(4)), "extra": "x" * rng.randrange(5)} for i in range(count)]


def as_written(event, version):
    """The event as a writer of that version has it."""
    event = dict(event)
    if version < 3:
        event["amount"], event["code"] = int(event["amount"]), event["sku"]
    return event


def as_read(event, version):
    event = dict(event)
    if version < 3:
        event.update(amount=float(int(event["amount"])), quantity=1, at=0, tags=[])
    return event


def result(event):
    return {"id": event["id"], "sku": event["sku"], "amount": event["amount"], "quantity": event["quantity"],
            "note": event["note"], "at": event["at"], "tags": len(event["tags"])}


def results(values, version=3):
    return [result(read) for read in (as_read(value, version) for value in values) if read["amount"] > 500]


def json_lines(values):
    names = [field["name"] for field in VERSIONS[3]["fields"]]
    return "".join(json.dumps({name: value[name] for name in names}, ensure_ascii=value["id"] % 2 == 0) + "\n"
                   for value in values).encode()


def csv_bytes(values, delimiter=",", header=True, mark=False, end="\r\n"):
    out = io.StringIO()
    names = [field["name"] for field in VERSIONS[3]["fields"]]
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    if header:
        writer.writerow(names)
    for value in values:
        row = dict(value, note="" if value["note"] is None else value["note"],
                   tags=json.dumps(value["tags"], ensure_ascii=False))
        writer.writerow([row[name] for name in names])
    return (b"\xef\xbb\xbf" if mark else b"") + out.getvalue().encode()


class Formats:
    def __init__(self, args):
        self.rulec, self.work = args.bin.resolve() / "rulec", args.work.resolve()
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.random = random.Random(args.seed)
        self.ran = 0
        self.write_schemas(1, 2, 3)
        for name, versions in (("open", "2.."), ("closed", "2..3")):
            (self.work / f"{name}.rule").write_text(RULE % versions)
            self.call([self.rulec, "build", self.work / f"{name}.rule", "-o", self.work / name])

    def write_schemas(self, *versions):
        folder = self.work / "schemas" / "shop.Sale"
        folder.mkdir(parents=True, exist_ok=True)
        for version in versions:
            (folder / f"{version}.avsc").write_text(json.dumps(VERSIONS[version]))
        ids = {str(10 + version): f"shop.Sale/{version}" for version in VERSIONS if (folder / f"{version}.avsc").exists()}
        (self.work / "schemas" / "ids.json").write_text(json.dumps(ids | {"20": "shop.Return/1"}))

    def call(self, argv, code=0, stdin=None):
        argv = [str(part) for part in argv]
        done = subprocess.run(argv, capture_output=True, timeout=300, stdin=stdin)
        text = done.stderr.decode(errors="replace")
        if done.returncode != code:
            sys.exit(f"{' '.join(argv)}\nended with {done.returncode}, not {code}:\n{text}")
        return text

    def file(self, name, content):
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def both(self, what, inputs, expected, errors=0, code=0, program="open", flags=(), stdin=None, reasons_differ=False):
        """Runs; returns the error entries. `errors`: how many there must be."""
        self.ran += 1
        got = {}
        for way, start in (("jit", [self.rulec, "run", self.work / f"{program}.rule"]), ("built", [self.work / program])):
            out, bad = self.work / f"{way}.jsonl", self.work / f"{way}.errors.jsonl"
            argv = [*start, *(part for uri in inputs for part in ("--in", uri)), "--out", f"out={out}", "--out",
                    f"errors={bad}", "--schemas", self.work / "schemas", *flags]
            with open(stdin or "/dev/null", "rb") as standard_input:
                text = self.call(argv, code, standard_input)
            got[way] = out.read_bytes(), bad.read_bytes(), text
        if got["jit"][0] != got["built"][0] or (got["jit"][1] != got["built"][1] and not reasons_differ):
            sys.exit(f"{what}: `rulec run` and the job binary differ; see {self.work}")
        rows = [json.loads(line) for line in got["jit"][0].splitlines()]
        for row in rows:
            del row["_meta"]
        entries = [json.loads(line) for line in got["jit"][1].splitlines()]
        if rows != expected:
            at = next((i for i, pair in enumerate(zip(rows, expected)) if pair[0] != pair[1]), min(len(rows), len(expected)))
            sys.exit(f"{what}: row {at} of {len(rows)} is not that of {len(expected)} expected:\n{rows[at:at + 1]}\n"
                     f"{expected[at:at + 1]}\n{got['jit'][2]}")
        if len(entries) != errors:
            sys.exit(f"{what}: {len(entries)} errors, not {errors}:\n{entries[:5]}\n{got['jit'][2]}")
        return entries

    def containers(self):
        for version in (2, 3):
            values = events(self.random, 1000)
            written = [as_written(value, version) for value in values]
            for codec in avro.CODECS:
                path = self.file(f"v{version}.{codec}.avro", avro.container_bytes(VERSIONS[version], written, codec))
                self.both(f"version {version}, {codec}", [path], results(values, version))
        events_file = {}
        for codec in avro.CODECS:  # as the library packs them
            events_file[codec] = self.work / f"gen.{codec}.avro"
            self.call([self.rulec, "gen", self.work / "open.rule", "sales", "--count", 3000, "--codec", codec, "--out",
                       events_file[codec]])
            out = self.work / f"gen.{codec}.jsonl"
            self.call([self.work / "open", "--in", events_file[codec], "--out", f"out={out}"])
            if out.read_bytes() != (self.work / "gen.null.jsonl").read_bytes():
                sys.exit(f"generated events in {codec} give other results than in null")

    def text(self):
        values = events(self.random, 3000)
        expected = results(values)
        lines = json_lines(values)
        forms = {"a.jsonl": lines, "mark.jsonl": b"\xef\xbb\xbf" + lines, "cr.jsonl": lines.replace(b"\n", b"\r\n"),
                 "no_end.jsonl": lines[:-1], "a.csv": csv_bytes(values), "mark.csv": csv_bytes(values, mark=True),
                 "lf.csv": csv_bytes(values, end="\n"), "a.jsonl.gz": gzip.compress(lines),
                 "members.jsonl.gz": gzip.compress(lines[:5000]) + gzip.compress(lines[5000:]),
                 "a.jsonl.zst": avro.zstandard(lines), "frames.csv.zst": avro.zstandard(csv_bytes(values)) + avro.zstandard(b""),
                 "a.csv.gz": gzip.compress(csv_bytes(values))}
        for name, content in forms.items():
            self.both(name, [self.file(name, content)], expected)
        self.both("semicolons", [f"{self.file('s.csv', csv_bytes(values, ';'))}?delimiter=;"], expected)
        self.both("tabs", [f"{self.file('t.csv', csv_bytes(values, chr(9)))}?delimiter=tab"], expected)
        self.both("no header", [f"{self.file('n.csv', csv_bytes(values, header=False))}?header=false"], expected)
        self.both("format told", [f"{self.file('n.data', csv_bytes(values))}?format=csv"], expected)
        self.both("compression told", [f"{self.file('n.packed', gzip.compress(lines))}?format=jsonl&compression=gzip"], expected)
        self.both("standard input", ["-"], expected, stdin=self.work / "a.jsonl")
        self.both("packed standard input", ["-?compression=gzip"], expected, stdin=self.work / "a.jsonl.gz")

    def messages(self):
        for version in (2, 3):
            values = events(self.random, 500)
            written = [as_written(value, version) for value in values]
            for framing in ("length", "bare", "single", "length-single", "confluent"):
                path = self.file(f"{framing}.{version}", avro.framed(framing, VERSIONS[version], written, 10 + version))
                uri = f"{path}?format=avro-messages&framing={framing}"
                if framing in ("length", "bare"):
                    uri += f"&version={version}"
                self.both(f"{framing}, version {version}", [uri], results(values, version))

    def partitions(self):
        """Two versions and three formats of names in one folder; a glob; several partitions."""
        first, second = events(self.random, 300), events(self.random, 300)
        both = results(first, 2) + results(second, 3)
        folder = self.work / "folder"
        self.file("folder/b.avro", avro.container_bytes(VERSIONS[3], second, "snappy"))
        self.file("folder/a.avro", avro.container_bytes(VERSIONS[2], [as_written(value, 2) for value in first], "xz"))
        self.both("a folder", [folder], both)
        self.both("a glob", [f"{folder}/?.avro"], both)
        # Blocks of partitions take turns: compared by what comes, not in which order.
        whole = json_lines(second)
        self.both("two partitions", [self.file("p0.jsonl", json_lines(first)), self.file("p1.jsonl", whole)],
                  results(first) + results(second))

    def versions(self):
        """A version that is not accepted, one that came after the build, a stranger."""
        values = events(self.random, 200)
        old = [as_written(value, 1) for value in values]
        one = self.file("one.avro", avro.container_bytes(VERSIONS[1], old, "null", 50))
        for program in ("open", "closed"):
            entries = self.both("version 1", [one], [], 4, program=program)
            assert entries[1]["offset"] == 50 and "version 1" in entries[1]["message"], entries[1]
        mixed = (avro.framed("confluent", VERSIONS[3], values[:50], 13) + avro.framed("confluent", VERSIONS[1], old[50:60], 11)
                 + avro.framed("confluent", VERSIONS[1], old[60:70], 20) + avro.framed("confluent", VERSIONS[1], old[70:75], 99)
                 + avro.framed("confluent", VERSIONS[3], values[75:], 13))
        entries = self.both("ids", [f"{self.file('ids', mixed)}?format=avro-messages&framing=confluent"],
                            results(values[:50] + values[75:]), 25)
        assert entries[0]["offset"] == 50 and entries[-1]["offset"] == 74, entries
        stranger = record("other", ("id", "string"), ("sku", "string"), ("amount", "double"))
        entries = self.both("a stranger", [self.file("s.avro", avro.container_bytes(stranger, [dict(old[0], id="x", amount=1.5)]))],
                            [], 1)
        assert "`id`" in entries[0]["message"], entries
        relative = record("near", ("sku", "string"), ("quantity", "int"), ("more", TAGS[1]), ("amount", "float"), ("id", "int"), NOTE)
        near = [dict(value, more=value["tags"], at=0, tags=[]) for value in values]
        path = self.file("near.avro", avro.container_bytes(relative, near, "bzip2"))
        self.both("a relative", [path], results(near))
        entries = self.both("a relative, where versions are named", [path], [], 2, program="closed")
        assert "none of the versions" in entries[0]["message"], entries
        self.write_schemas(4)
        four = self.file("four.avro", avro.container_bytes(VERSIONS[4], values, "deflate"))
        out = self.work / "four.jsonl"
        self.call([self.work / "open", "--in", four, "--out", f"out={out}"])
        rows = [json.loads(line) for line in out.read_bytes().splitlines()]
        assert [{k: v for k, v in row.items() if k != "_meta"} for row in rows] == results(values), "version 4 by the binary"
        self.both("version 4, accepted", [four], results(values))
        entries = self.both("version 4, beyond the range", [four], [], 2, program="closed", reasons_differ=True)
        assert "version 4" in entries[0]["message"] or "none of the versions" in entries[0]["message"], entries
        for framing in ("single", "confluent"):
            path = self.file(f"four.{framing}", avro.framed(framing, VERSIONS[4], values, 14))
            self.both(f"version 4, {framing}", [f"{path}?format=avro-messages&framing={framing}"], results(values))

    def bad(self):
        """What is not sound, among what is."""
        values = events(self.random, 400)
        lines = json_lines(values).splitlines(keepends=True)
        kept = [value for i, value in enumerate(values) if i % 100 != 50]
        spoiled = b"".join(b'{"id":"x"}\n' if i % 100 == 50 else line for i, line in enumerate(lines))
        entries = self.both("bad lines", [self.file("bad.jsonl", spoiled)], results(kept), 4)
        assert [entry["offset"] for entry in entries] == [50, 150, 250, 350], entries
        assert all(entry["stream"] == "sales" and entry["partition"] == 0 and entry["byte"] > 0 for entry in entries)
        for codec in avro.CODECS:
            content = bytearray(avro.container_bytes(VERSIONS[3], values, codec, 100))
            marks = [at for at in range(len(content)) if content.startswith(avro.SYNC, at)]
            content[marks[1] + 24] ^= 0xFF  # in the second block
            path = self.file(f"bad.{codec}.avro", bytes(content))
            if codec == "null":
                continue  # what the byte means decides; see the tests of the decoders
            self.both(f"damaged block, {codec}", [path], results(values[:100] + values[200:]), 1, code=1)
        cut = self.file("cut/a.avro", avro.container_bytes(VERSIONS[3], values, "deflate", 100)[:-30])
        self.file("cut/b.avro", avro.container_bytes(VERSIONS[3], values))
        entries = self.both("a cut file among others", [cut.parent], results(values[:300] + values), 1, code=1)
        assert entries[0]["cause"] == "cut file" and entries[0]["input"] == str(cut), entries
        packed = gzip.compress(b"".join(lines))
        self.file("packed/a.jsonl.gz", packed[:-8])
        self.file("packed/b.jsonl", lines[399])
        self.both("a cut .gz among others", [self.work / "packed"], results(values + values[399:]), 1, code=1)
        shutil.rmtree(self.work / "packed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    formats = Formats(parser.parse_args())
    for part in (formats.containers, formats.text, formats.messages, formats.partitions, formats.bad, formats.versions):
        part()
    print(f"{formats.ran} inputs, equal both ways")


main()
