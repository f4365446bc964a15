#!/usr/bin/env python3
"""What the world does to a job: files that are not there, full disks, signals, readers that go away, input that lies.

  run_failures.py --bin DIR --work DIR

What is asserted, of `rulec run` and of a built binary: the exit code of the manual, a message that names what is wrong,
and that no file is half-written. Memory is bounded by limits of the process.
"""
import argparse
import bz2
import gzip
import json
import lzma
import os
import pathlib
import resource
import shutil
import signal
import struct
import subprocess
import sys
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import avro_bytes as avro  # noqa: E402
import container  # noqa: E402

SCHEMA = {"type": "record", "name": "Event", "namespace": "world",
          "fields": [{"name": "id", "type": "long"}, {"name": "text", "type": "string"}]}
RULE = """package world
schema Event = avro "world.Event"
stream events : Event
rule all { from events emit out { id, text } }
rule odd { from events where mod(id, 2) == 1 emit odds { id } }
"""
# Of a job binary; `rulec run` brings a compiler along.
ADDRESS_SPACE = 600 << 20


def limits(**each):
    def set_limits():
        for name, value in each.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    return set_limits


class Failures:
    def __init__(self, args):
        self.rulec, self.work = args.bin.resolve() / "rulec", args.work.resolve()
        shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "schemas" / "world.Event").mkdir(parents=True)
        (self.work / "schemas" / "world.Event" / "1.avsc").write_text(json.dumps(SCHEMA))
        self.rule = self.work / "world.rule"
        self.rule.write_text(RULE)
        self.job = self.work / "job"
        subprocess.run([self.rulec, "build", self.rule, "-o", self.job], check=True)
        self.events = [{"id": i, "text": f"event {i}"} for i in range(20_000)]
        self.input = self.file("in.avro", avro.container_bytes(SCHEMA, self.events, "deflate"))
        self.out, self.odds = self.work / "out.jsonl", self.work / "odds.jsonl"
        self.ways = {"run": [self.rulec, "run", self.rule], "built": [self.job]}
        self.checked = 0

    def file(self, name, content):
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def outs(self):
        return ["--out", f"out={self.out}", "--out", f"odds={self.odds}"]

    def call(self, what, argv, code, says=(), **more):
        argv = [str(part) for part in argv]
        done = subprocess.run(argv, capture_output=True, timeout=60, **more)
        text = done.stderr.decode(errors="replace")
        if done.returncode != code:
            sys.exit(f"{what}: {' '.join(argv)}\nended with {done.returncode}, not {code}:\n{text}")
        for part in [says] if isinstance(says, str) else says:
            if part not in text:
                sys.exit(f"{what}: {' '.join(argv)}\ndoes not say `{part}`:\n{text}")
        self.checked += 1
        return done.stdout, text

    def no_files(self, what):
        left = [path.name for path in self.work.iterdir() if path.name.startswith(("out.jsonl", "odds.jsonl"))]
        if left:
            sys.exit(f"{what}: leaves {left}")

    def each(self, what, flags, code, says, **more):
        """Both ways; no output may be there afterwards."""
        for way, start in self.ways.items():
            self.call(f"{what}, {way}", [*start, *flags], code, says, **more)
            self.no_files(what)

    def paths(self):
        outs = self.outs()
        self.each("a missing file", ["--in", "missing.avro", *outs], 3, ["cannot open `missing.avro`: No such file"])
        self.each("an empty folder", ["--in", self.folder("empty"), *outs], 3, "holds no file")
        self.each("a glob of nothing", ["--in", f"{self.work}/*.none", *outs], 3, "no file matches")
        self.each("no ending", ["--in", self.file("plain", b"x"), *outs], 3, "the ending tells no format")
        self.each("no container", ["--in", self.file("text.avro", b"hello\n" * 100), *outs], 3, "text.avro")
        self.each("unknown scheme", ["--in", "kafka://b:9092/t", *outs], 3, "this build reads and writes files only")
        self.each("unknown option", ["--in", f"{self.input}?colour=red", *outs], 3, "unknown option `colour`")
        self.each("no folder for an output", ["--in", self.input, "--out", f"out={self.work}/no/out.jsonl"], 3,
                  "No such file or directory")
        self.each("an output that is a folder", ["--in", self.input, "--out", f"out={self.folder('d.jsonl')}"], 3,
                  "it is a directory")
        self.each("one file for two outputs", ["--in", self.input, "--out", f"out={self.out}", "--out", f"odds={self.out}"],
                  3, "two outputs are written to")
        again = self.file("again.jsonl", b'{"id":1,"text":"a"}\n')
        for name in (again, f"{self.work}/./again.jsonl", self.link("link.jsonl", again), self.hard_link("hard.jsonl", again)):
            self.each("an output that is the input", ["--in", again, "--out", f"out={name}"], 3, "would replace the input")
        assert again.read_bytes() == b'{"id":1,"text":"a"}\n'
        if os.geteuid() != 0:
            closed = self.folder("closed")
            self.file("closed/a.avro", b"")
            closed.chmod(0)
            self.each("a folder without permission", ["--in", closed, *outs], 3, "Permission denied")
            closed.chmod(0o755)
        self.out.write_text("what was there\n")
        self.call("a missing file", [self.job, "--in", "missing.avro", "--out", f"out={self.out}"], 3)
        assert self.out.read_text() == "what was there\n", "an output of a failed job keeps what it held"
        self.out.unlink()

    def folder(self, name):
        (self.work / name).mkdir(exist_ok=True)
        return self.work / name

    def link(self, name, to):
        (self.work / name).symlink_to(to)
        return self.work / name

    def hard_link(self, name, to):
        os.link(to, self.work / name)
        return self.work / name

    def full_disk(self):
        outs = self.outs()
        self.each("a file that cannot grow", ["--in", self.input, *outs], 3, "File too large", preexec_fn=limits(FSIZE=100_000))
        self.each("/dev/full", ["--in", self.input, "--out", "out=/dev/full?format=jsonl", "--out", f"odds={self.odds}"], 3,
                  "cannot write `/dev/full`: No space left on device")
        disk = self.folder("disk")
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], capture_output=True)
        if mounted.returncode != 0:
            return
        try:
            for way, start in self.ways.items():
                self.call(f"a full disk, {way}", [*start, "--in", self.input, "--out", f"out={disk}/out.jsonl", "--out",
                                                 f"odds={self.odds}"], 3, "No space left on device")
                assert not list(disk.iterdir()), list(disk.iterdir())
                self.no_files("a full disk")
        finally:
            subprocess.run(["umount", disk], check=True)

    def signals(self):
        """Stopped while it waits: what was read is written."""
        lines = b"".join(json.dumps(event).encode() + b"\n" for event in self.events[:100])
        for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            for way, start in self.ways.items():
                read, write = os.pipe()
                job = subprocess.Popen([*map(str, start), "--in", "-", "--out", "odds=-", "--out", f"out={self.out}"],
                                       stdin=read, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                os.write(write, lines + b'{"id":')
                for _ in range(50):  # it is shown before the job ends
                    job.stdout.readline()
                assert not self.out.exists(), "a file appears at the end"
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                job.send_signal(number)
                _, text = job.communicate(timeout=30)
                del before
                if job.returncode != code:
                    sys.exit(f"{way}: signal {number} ends it with {job.returncode}, not {code}:\n{text.decode()}")
                assert len(self.out.read_bytes().splitlines()) == 100, text
                self.out.unlink()
                os.close(read)
                os.close(write)
                self.checked += 1

    def idle(self):
        """A pipe that nobody writes to costs no CPU, and what comes is answered at once."""
        read, write = os.pipe()
        job = subprocess.Popen([str(self.job), "--in", "-", "--out", "odds=-", "--out", "out=/dev/null?format=jsonl"],
                               stdin=read, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.write(write, b'{"id":1,"text":""}\n')
        job.stdout.readline()
        used = lambda: sum(map(int, pathlib.Path(f"/proc/{job.pid}/stat").read_text().rsplit(") ", 1)[1].split()[11:13]))
        before = used()
        slowest = 0
        for i in range(10):
            time.sleep(0.2)
            start = time.monotonic()
            os.write(write, b'{"id":%d,"text":""}\n' % (2 * i + 1))
            job.stdout.readline()
            slowest = max(slowest, time.monotonic() - start)
        ticks = used() - before
        os.close(write)
        assert job.wait(30) == 0
        os.close(read)
        assert ticks * 10 <= os.sysconf("SC_CLK_TCK"), f"{ticks} ticks of CPU in two idle seconds"
        assert slowest < 0.09, f"an event took {slowest:.3f} s"
        self.checked += 1

    def readers(self):
        for way, start in self.ways.items():
            job = subprocess.Popen([*map(str, start), "--in", str(self.input), "--out", f"odds={self.odds}"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            job.stdout.readline()
            job.stdout.close()
            text = job.stderr.read().decode()
            if job.wait(30) != 0 or "went away; all else is written" not in text:
                sys.exit(f"{way}: a reader that goes away: {job.returncode}\n{text}")
            assert len(self.odds.read_bytes().splitlines()) == len(self.events) // 2
            self.odds.unlink()
            self.checked += 1

    def closed_streams(self):
        for closing in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            for way, start in self.ways.items():
                argv = " ".join(map(str, [*start, "--in", self.input, *self.outs()]))
                done = subprocess.run(["sh", "-c", f"{argv} {closing}"], capture_output=True, timeout=60)
                assert done.returncode == 0, (way, closing, done)
                assert len(self.out.read_bytes().splitlines()) == len(self.events), (way, closing)
                assert all(line.startswith(b'{"_meta"') for line in self.out.read_bytes().splitlines()), (way, closing)
                self.out.unlink(), self.odds.unlink()
                self.checked += 1

    def changing(self):
        """A file that grows behind what is read, and one that is replaced: what was there when it was opened counts."""
        grown = self.file("grown.avro", self.input.read_bytes())
        self.call("before it grows", [self.job, "--in", grown, *self.outs()], 0)
        whole = self.out.read_bytes()
        content = grown.read_bytes()
        grown.write_bytes(content + content[-400:])
        self.call("a block and a half more", [self.job, "--in", grown, *self.outs()], 1, "grown.avro` at byte")
        assert self.out.read_bytes().startswith(whole)
        self.out.unlink(), self.odds.unlink()

    def lies(self):
        """Small files that claim much, in little memory."""
        text = json.dumps(SCHEMA).encode()

        def blocks(codec, *blocks_of):
            out = bytearray(b"Obj\1" + container.long_bytes(2))
            for key, value in ((b"avro.schema", text), (b"avro.codec", codec.encode())):
                out += container.long_bytes(len(key)) + key + container.long_bytes(len(value)) + value
            out += b"\0" + avro.SYNC
            for count, payload in blocks_of:
                out += container.long_bytes(count) + container.long_bytes(len(payload)) + payload + avro.SYNC
            return bytes(out)

        good = (1, avro.datum(SCHEMA, {"id": 7, "text": "good"}))
        zeros = bytes(1 << 20)
        packer = zlib.compressobj(9, wbits=-15)
        bomb = b"".join(packer.compress(zeros) for _ in range(300)) + packer.flush()
        huge = container.long_bytes(1) + container.long_bytes(1 << 40)
        frame = lambda size: b"\x28\xb5\x2f\xfd\xe0" + struct.pack("<Q", size) + b"\x01\x00\x00"
        cases = {
            "a deflate bomb": blocks("deflate", (1, bomb), (1, avro.deflate(good[1]))),
            "a bzip2 bomb": blocks("bzip2", (1, bz2.compress(zeros * 300)), (1, bz2.compress(good[1]))),
            "an xz bomb": blocks("xz", (1, lzma.compress(zeros * 300)), (1, lzma.compress(good[1]))),
            "an xz dictionary": blocks("xz", (1, lzma.compress(b"x" * 100, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}])),
                                       (1, lzma.compress(good[1]))),
            "snappy that claims 4 GiB": blocks("snappy", (1, b"\xff\xff\xff\xff\x0f" + b"\0" * 20), (1, avro.snappy(good[1]))),
            "snappy that claims 200 MiB": blocks("snappy", (1, b"\x80\x80\x80\x64" + b"\0" * 20), (1, avro.snappy(good[1]))),
            "zstandard that claims 2^60": blocks("zstandard", (1, frame(1 << 60)), (1, avro.zstandard(good[1]))),
            "zstandard that claims 250 MiB": blocks("zstandard", (1, frame(250 << 20)), (1, avro.zstandard(good[1]))),
            "a string of 1 TiB": blocks("null", (1, huge), good),
            "a million records in a byte": blocks("null", (1 << 20, b"\0"), good),
            "2^62 records": blocks("null", (1 << 62, b"\0\0"), good),
        }
        for what, content in cases.items():
            path = self.file("lie.avro", content)
            start = time.monotonic()
            done = subprocess.run([str(self.job), "--in", str(path), *self.outs()], capture_output=True, timeout=60,
                                  preexec_fn=limits(AS=ADDRESS_SPACE, CORE=0))
            if done.returncode not in (0, 1) or b"good" not in self.out.read_bytes():
                sys.exit(f"{what}: ended with {done.returncode}\n{done.stderr.decode()}")
            assert time.monotonic() - start < 20, what
            assert b"error" in done.stderr or b"bad record" in done.stderr, (what, done.stderr)
            self.checked += 1
        framed = struct.pack(">I", 0xFFFFFFFF) + b"x" * 100
        for what, content, flags in (("a message of 4 GiB", framed, "?format=avro-messages"),
                                     ("a line without end", b'{"id":1,"text":"' + b"x" * (3 << 20), "?format=jsonl"),
                                     ("nesting", b'{"id":1,"text":"","more":' + b"[" * (1 << 20) + b"\n", "?format=jsonl"),
                                     ("a bomb of zeros", gzip.compress(zeros * 300), "?format=jsonl&compression=gzip")):
            path = self.file("lie", content)
            done = subprocess.run([str(self.job), "--in", f"{path}{flags}", *self.outs()], capture_output=True, timeout=60,
                                  preexec_fn=limits(AS=ADDRESS_SPACE * 2, CORE=0))
            if done.returncode not in (0, 1) or (b"error" not in done.stderr and b"bad record" not in done.stderr):
                sys.exit(f"{what}: ended with {done.returncode}\n{done.stderr.decode()}")
            self.checked += 1

    def config(self):
        config = self.file("job.toml", f"""
progress = "never"
[in]
events = ["in.avro", {{ path = "more.csv", delimiter = ";" }}]
[out]
out = "out.jsonl"
odds = "odds.jsonl"
[limit]
line-bytes = "1MiB"
""".encode())
        self.file("more.csv", b"id;text\n-1;x\n")
        for way, start in self.ways.items():
            self.call(f"job.toml, {way}", [*start, "--config", config], 0, "20,001 events")
            self.call(f"job.toml and a flag, {way}", [*start, "--config", config, "--in", f"events={self.work}/more.csv?delimiter=;"],
                      0, "1 event in")
            self.out.unlink(), self.odds.unlink()
        for text, says in ((b"[in]\nevents = 3\n", "line 2: `events` is a file"), (b"\n\nx = 1\n", "line 3: there is no setting `x`"),
                           (b"[in]\nevents = {path='a', colour='red'}\n", "no option `colour`"), (b"[in\n", "line 1"),
                           (b"parallelism = 0\n", "--parallelism 0"), (b"[limit]\nlines = 1\n", "there is no limit `lines`")):
            self.each("job.toml", ["--config", self.file("bad.toml", text)], 3, says)
        self.each("no job.toml", ["--config", "none.toml"], 3, "none.toml: No such file")
        self.each("state", ["--in", self.input, "--state", "x"], 3, "no durable state")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    failures = Failures(parser.parse_args())
    for part in (failures.paths, failures.config, failures.full_disk, failures.signals, failures.idle, failures.readers,
                 failures.closed_streams, failures.changing, failures.lies):
        part()
    print(f"{failures.checked} runs, all as the manual says")


main()
