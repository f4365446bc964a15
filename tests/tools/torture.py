#!/usr/bin/env python3
"""Spoils what the programs read, in every way that a file can be spoiled, and watches how they take it.

  torture.py --bin DIR --work DIR [--seed N] [--smoke]

For each spoiled input: no signal, exit code as the manual tells (never 4), at most 20 s and 1 GiB of address space for a
job binary, a message when the code is not 0. What a cut file gives for a rule is the beginning of what the whole file gives.
"""
import argparse
import collections
import json
import pathlib
import random
import resource
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import container  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "order_desk"
SECONDS = 20


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def by_rule(printed):
    """The lines of each rule, in order: the order between rules is not defined."""
    lines = collections.defaultdict(list)
    for line in printed.splitlines():
        lines[json.loads(line).popitem()[1]["_meta"]["rule"]].append(line)
    return lines


def is_beginning(part, whole):
    return all(whole[rule][:len(lines)] == lines for rule, lines in part.items())


class Torture:
    def __init__(self, args):
        self.rulec, self.work = args.bin.resolve() / "rulec", args.work.resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.random = random.Random(args.seed)
        self.seed, self.smoke = args.seed, args.smoke
        self.seen, self.failures = collections.Counter(), 0

    def some(self, count, of):
        """`count` rising numbers below `of`, or all of them."""
        return range(of) if count >= of else sorted(self.random.sample(range(of), count))

    def expect(self, what, argv, codes, prefix_of=None, limit=True):
        """Runs; complains if it ends in another way. Returns standard output."""
        argv = [str(part) for part in argv]
        try:
            done = subprocess.run(argv, capture_output=True, timeout=SECONDS, preexec_fn=limited if limit else None)
        except subprocess.TimeoutExpired:
            return self.complain(what, argv, f"took more than {SECONDS} s")
        self.seen[what.split(",")[0], done.returncode] += 1
        message = done.stderr.decode(errors="replace").strip() + done.stdout.decode(errors="replace")[-300:]
        if done.returncode not in codes:
            self.complain(what, argv, f"ended with {done.returncode}, not one of {sorted(codes)}: {message[-600:]}")
        elif done.returncode != 0 and not message:
            self.complain(what, argv, f"ended with {done.returncode} and no message")
        elif prefix_of is not None and not is_beginning(by_rule(done.stdout), by_rule(prefix_of)):
            self.complain(what, argv, "the output is not a beginning of the whole file's")
        return done.stdout

    def complain(self, what, argv, why):
        self.failures += 1
        print(f"FAILED {what} (seed {self.seed}): {' '.join(argv)}\n  {why}", flush=True)
        return b""

    def containers(self):
        whole_file, spoiled = self.work / "whole.avro", self.work / "spoiled.avro"
        job = self.work / "job"
        self.expect("gen", [self.rulec, "gen", EXAMPLE, "orders", "--count", 400, "--seed", 3, "--out", whole_file,
                            "--shape", EXAMPLE / "orders.shape.toml"], {0}, limit=False)
        self.expect("build", [self.rulec, "build", EXAMPLE, "-o", job], {0}, limit=False)
        run = [job, "--in", f"orders={spoiled}"]
        data = whole_file.read_bytes()
        whole = self.expect("whole file", [job, "--in", f"orders={whole_file}"], {0})
        head = container.read_header(data)[2]

        def spoil(what, content, codes, prefix_of=None):
            spoiled.write_bytes(content)
            self.expect(what, run, codes, prefix_of)

        for at in self.some(60 if self.smoke else 4000, len(data)):
            spoil(f"cut container, at byte {at}", data[:at], {0, 1, 3} if at <= head else {0, 1}, whole)
        for _ in range(100 if self.smoke else 5000):
            content, at = bytearray(data), self.random.randrange(len(data))
            for offset in range(self.random.choice((1, 1, 2, 8))):
                content[(at + offset) % len(content)] = self.random.choice((0, 1, 0x7F, 0x80, 0xFF, self.random.randrange(256)))
            spoil(f"corrupt container, at byte {at}", bytes(content), {0, 1, 2, 3})
        at = len(data) - 8
        spoil("wrong sync marker", data[:at] + b"\0" + data[at + 1:], {1}, whole)
        for size in (-1, 1 << 20, 10 << 30, -(1 << 63), (1 << 63) - 1):
            for count in (0, 1, 10 << 30, -5):
                spoil(f"lying block, {count} records of {size} bytes",
                      data[:head] + container.long_bytes(count) + container.long_bytes(size) + data[head:], {1})
        for name, length in (("schema", 10 << 30), ("schema", -1), ("schema", (1 << 63) - 1)):
            content = b"Obj\x01" + container.long_bytes(1) + container.long_bytes(11) + b"avro." + name.encode()
            spoil(f"lying header, {length} bytes", content + container.long_bytes(length) + data[head:], {1, 3})
        spoil("no container", b"hello\n" * 1000, {1, 3})
        spoil("empty file", b"", {1, 3})
        self.schemas_of_containers(data, spoil)

    def schemas_of_containers(self, data, spoil):
        metadata, sync, head = container.read_header(data)
        texts = [b"", b"{", b"[]", b"null", b'"long"', b"[" * 100_000, b'{"type":' * 50_000, b"\xff\xfe", b'{"type":"record"}',
                 metadata["avro.schema"].replace(b'"int"', b'"long"'), metadata["avro.schema"].replace(b"WEB", b"NET")]
        for text in texts:
            out = b"Obj\x01" + container.long_bytes(1) + container.long_bytes(11) + b"avro.schema"
            out += container.long_bytes(len(text)) + text + b"\0" + sync
            spoil(f"writer's schema, {text[:20]!r}", out + data[head:], {0, 1, 2, 3})

    def rules(self):
        file = self.work / "spoiled.rule"
        text = (EXAMPLE / "rules" / "review.rule").read_bytes() + (EXAMPLE / "rules" / "streams.rule").read_bytes()

        def spoil(what, content):
            file.write_bytes(content)
            self.expect(what, [self.rulec, "check", file, "--schemas", EXAMPLE / "schemas"], {0, 2})

        for at in self.some(60 if self.smoke else 4000, len(text)):
            spoil(f"cut rule, at byte {at}", text[:at])
        for _ in range(60 if self.smoke else 4000):
            content, at = bytearray(text), self.random.randrange(len(text))
            content[at:at + self.random.randrange(3)] = self.random.randbytes(self.random.randrange(4))
            spoil(f"corrupt rule, at byte {at}", bytes(content))
        million = 1_000_000
        for what, content in (("parentheses", b"(" * million), ("braces", b"{" * million), ("quotes", b'"' * million),
                              ("backticks", b"`" * million), ("comments", b"/*" * (million // 2)),
                              ("minuses", b"rule a { from b where " + b"-" * million), ("zeros", b"\0" * million),
                              ("not", b"rule a { from b where " + b"not " * (million // 4)),
                              ("brackets", b"[" * million), ("signs", b"@" * million), ("high bytes", b"\xff" * million),
                              ("sum", b"rule a { from b where 1" + b" + 1" * (million // 4) + b" emit o { x } }"),
                              ("rules", b"rule a { from b emit c { d } }\n" * (million // 31)),
                              ("digits", b"const a = " + b"9" * million), ("name", b"a" * million)):
            spoil(f"a megabyte, {what}", content)

    def schemas(self):
        folder = self.work / "schemas" / "shop.Order"
        folder.mkdir(parents=True, exist_ok=True)
        text = (EXAMPLE / "schemas" / "shop.Order" / "1.avsc").read_bytes()
        file = self.work / "one.rule"
        file.write_text('schema Order = avro "shop.Order"\nstream orders : Order { time placed_at }\n'
                        "rule a { from orders emit o { order_id } }\n")

        def spoil(what, content):
            (folder / "1.avsc").write_bytes(content)
            self.expect(what, [self.rulec, "check", file], {0, 2})

        for at in self.some(40 if self.smoke else 2000, len(text)):
            spoil(f"cut schema, at byte {at}", text[:at])
        for _ in range(40 if self.smoke else 2000):
            content, at = bytearray(text), self.random.randrange(len(text))
            content[at] = self.random.randrange(256)
            spoil(f"corrupt schema, at byte {at}", bytes(content))
        for content in (b"[" * 1_000_000, b'{"a":' * 200_000, b"1" * 1_000_000, b"\xff" * 1000, b"not JSON"):
            spoil(f"schema that is none, {content[:8]!r}", content)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help="a hundredth of it")
    torture = Torture(parser.parse_args())
    torture.rules()
    torture.schemas()
    torture.containers()
    for (what, code), count in sorted(torture.seen.items()):
        print(f"{count:6}  {what}: ended with {code}")
    print(f"{sum(torture.seen.values())} runs, {torture.failures} failures, seed {torture.seed}")
    return 1 if torture.failures else 0


sys.exit(main())
