#!/usr/bin/env python3
"""Compiled rules beside hand-written C++ for the same bytes: medians, ratios and targets.

  bench.py --bin DIR --work DIR [--records 10000000] [--rounds 9] [--quick] [--json FILE]

Every program is measured whole, from its start to its written result, with its input in the page cache, on one core
(the one this script is bound to). Programs that are compared run in turns, so that a busy machine hurts both.
Ends with 1 if a result is wrong; a missed target is marked and does not end the run.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "tools"))
import container  # noqa: E402
import formats  # noqa: E402
import many_rules  # noqa: E402
import text_formats  # noqa: E402

EXAMPLE = ROOT / "examples" / "large_trades"


def measure(argv):
    """(wall seconds, CPU seconds, peak KiB); what the program writes goes to a file, so that no pipe slows it."""
    with open(os.devnull, "wb") as null:
        start = time.perf_counter()
        process = subprocess.Popen(argv, stdout=null, stderr=subprocess.PIPE)
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, argv))}\nended with {process.returncode}: {error.decode(errors='replace')}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def to_first_line(argv):
    """Wall seconds until the first line of output stands, with the rest read to its end."""
    start = time.perf_counter()
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        line = process.stdout.readline()
        seconds = time.perf_counter() - start
        process.stdout.read()
    if not line or process.wait() != 0:
        sys.exit(f"{' '.join(map(str, argv))}: no output")
    return seconds


def check_call(argv):
    done = subprocess.run([str(part) for part in argv], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, argv))}\nended with {done.returncode}: {done.stderr}{done.stdout}")


class Bench:
    def __init__(self, args):
        self.args, self.bin, self.work = args, args.bin.resolve(), args.work.resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.rows = []

    def row(self, what, value, unit, target=None, least=True):
        good = None if target is None else (value >= target if least else value <= target)
        self.rows.append({"what": what, "value": value, "unit": unit, "target": target, "met": good})
        wanted = "" if target is None else f"  {'>=' if least else '<='} {target:g} {unit}"
        mark = "" if good is None else ("  ok" if good else "  MISSED")
        print(f"{what:<58} {value:>9.3f} {unit:<6}{wanted}{mark}", flush=True)

    def data(self):
        """The input, made once for a number of records; small.avro holds a thousand, large_blocks.avro blocks of 1 MiB."""
        n = self.args.records
        trades, small = self.work / f"trades_{n}.avro", self.work / "small.avro"
        for path, count in ((trades, n), (small, 1000)):
            if not path.exists():
                print(f"making {path.name}", file=sys.stderr)
                part = path.with_name("part.avro")
                check_call([self.bin / "rulec", "gen", EXAMPLE, "trades", "--count", count, "--seed", 1, "--shape",
                            EXAMPLE / "trades.shape.toml", "--out", part])
                part.rename(path)
        blocks = self.work / f"large_blocks_{n}.avro"
        if not blocks.exists():
            # By a process of its own: a child's peak memory counts what its parent held when it was started.
            check_call([sys.executable, ROOT / "tests" / "tools" / "container.py", trades, self.work / "part.avro", 1 << 20])
            (self.work / "part.avro").rename(blocks)
        return trades, small, blocks

    def build(self, name, *paths):
        job = self.work / name
        check_call([self.bin / "rulec", "build", *paths, "--schemas", EXAMPLE / "schemas", "--target-cpu", "native",
                    "-o", job])
        return job

    def in_turns(self, programs):
        """name -> medians (wall, CPU, peak) of the programs, run in turns; the first round only warms the cache."""
        seen = {name: [] for name in programs}
        for turn in range(self.args.rounds + 1):
            for name, argv in programs.items():
                result = measure(argv)
                if turn > 0:
                    seen[name].append(result)
        return {name: [statistics.median(column) for column in zip(*results)] for name, results in seen.items()}

    def throughput(self, trades, blocks):
        n = self.args.records
        one, ten = self.build("one_rule", EXAMPLE), self.build("ten_rules", HERE / "ten_rules" / "ten_rules.rule")
        source = f"trades={trades}"
        programs = {}
        for peer in sorted(self.bin.glob("handwritten_trades_*")):
            programs[peer.name] = [peer, trades, self.work / "handwritten.avro", "3000", "10"]
        if not programs:
            sys.exit("the hand-written programs are not built (RULEC_BENCH)")
        programs["one rule"] = [one, "--in", source, "--out", f"alerts={self.work / 'one.avro'}"]
        programs["ten rules"] = [ten, "--in", source, "--out", f"alerts={self.work / 'ten.avro'}"]
        medians = self.in_turns(programs)
        for name, (wall, cpu, peak) in medians.items():
            self.row(f"{name}: wall", n / wall / 1e6, "M/s")
            self.row(f"{name}: CPU", n / cpu / 1e6, "M/s")
        peer = min((name for name in medians if name.startswith("handwritten")), key=lambda name: medians[name][0])
        kept = container.read(self.work / "one.avro").records
        self.row("records that pass", 100 * kept / n, "%")
        self.row("one rule / hand-written, wall", medians[peer][0] / medians["one rule"][0], "", 0.9)
        self.row("one rule / hand-written, CPU", medians[peer][1] / medians["one rule"][1], "")
        self.row("ten rules / one rule, wall", medians["one rule"][0] / medians["ten rules"][0], "", 0.6)
        self.row("peak memory, one rule", medians["one rule"][2] / 1024, "MiB", 128, least=False)
        peak = measure([one, "--in", f"trades={blocks}", "--out", f"alerts={self.work / 'blocks.avro'}"])[2]
        self.row("peak memory, blocks of 1 MiB", peak / 1024, "MiB", 128, least=False)
        self.compare_payloads("one.avro", "handwritten.avro", "blocks.avro")
        return one

    def compare_payloads(self, *names):
        """All must have written the same records, headers and sync markers apart."""
        if len({container.read(self.work / name).payload_digest() for name in names}) != 1:
            sys.exit(f"these results should be equal: {', '.join(names)}")

    def records_of(self, path):
        return container.read(path).records

    def start_up(self, one, small):
        rounds = max(5, self.args.rounds)
        cold = statistics.median([to_first_line([self.bin / "rulec", "run", EXAMPLE, "--in", f"trades={small}"]) for _ in range(rounds)])
        self.row("cold `rulec run` to the first event", cold * 1e3, "ms", 100, least=False)
        job = statistics.median([measure([one, "--in", f"trades={small}"])[1] for _ in range(rounds)])
        self.row("job binary, whole run over 1,000 events, CPU", job * 1e3, "ms", 20, least=False)
        libraries = subprocess.run(["ldd", one], capture_output=True, text=True).stdout
        self.row("libraries of the job binary with LLVM in their name", libraries.count("LLVM"), "", 0, least=False)

    def compile_times(self):
        program = self.bin / "compile_time"
        if not program.exists():
            sys.exit(f"{program} is not built (RULEC_BENCH)")
        samples = []
        for _ in range(max(5, self.args.rounds)):
            done = subprocess.run([program, EXAMPLE / "rules" / "large_trades.rule", EXAMPLE / "schemas"],
                                  capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"{program}: {done.stderr}")
            samples.append(json.loads(done.stdout))
        median = lambda key: statistics.median(sample[key] for sample in samples)
        self.row("first rule from text to running code, CPU", median("first_ms"), "ms", 40, least=False)
        self.row("each further rule, CPU", median("further_ms"), "ms", 10, least=False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true", help="a million records, three rounds: shows that it works")
    parser.add_argument("--json", type=pathlib.Path, help="write the rows there as well")
    args = parser.parse_args()
    if args.quick:
        args.records, args.rounds = 1_000_000, 3
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    print(f"load {os.getloadavg()[0]:.2f}, core {cores[-1]}, {args.records:,} records, {args.rounds} rounds", flush=True)
    bench = Bench(args)
    trades, small, blocks = bench.data()
    one = bench.throughput(trades, blocks)
    bench.start_up(one, small)
    bench.compile_times()
    formats.codecs(bench, check_call, one)
    formats.decoders(bench, trades)
    formats.resolution(bench, check_call)
    formats.wide(bench, check_call)
    text_formats.json_lines(bench, check_call, one)
    text_formats.csv(bench, check_call, one)
    formats.expressions(bench, check_call)
    many_rules.checking(bench, measure, check_call)  # first: a child's peak memory counts what this script held
    many_rules.throughput(bench, check_call, measure)
    if args.json:
        args.json.write_text(json.dumps(bench.rows, indent=1) + "\n")
    missed = [row["what"] for row in bench.rows if row["met"] is False]
    print(f"{len(missed)} targets missed{': ' + '; '.join(missed) if missed else ''}")


main()
