#!/usr/bin/env python3
"""Runs one example: makes its input, checks its rules, runs them by `rulec run` and as a built binary, and compares.

  run_example.py --bin DIR --work DIR EXAMPLE [--update]

What is asserted, at parallelism 1:
  - both ways give the same bytes, on standard output (JSON lines) and as Avro files
  - standard output is what EXAMPLE/expected.jsonl holds (--update rewrites it)
  - every record of an Avro output stands on standard output as well
  - the commands in EXAMPLE/README.md run in a copy of the folder; the counts that they tell of each output, and the
    lines of JSON that it shows, are in its text

EXAMPLE/example.toml says what to run:

  rules = ["rules/a.rule"]          # left out: the folder itself is the program
  outputs = ["alerts"]              # each is written as Avro as well
  errors = 3                        # rule errors that the run must count; left out: none
  [[input]]
  stream = "trades"                 # made by `rulec gen`
  count = 2000
  seed = 1
  shape = "trades.shape.toml"       # may be left out
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import container  # noqa: E402


def call(argv, code=0):
    """Standard output and error of a command that must end with `code`."""
    argv = [str(part) for part in argv]
    done = subprocess.run(argv, capture_output=True, timeout=300)
    if done.returncode != code:
        sys.exit(f"{' '.join(argv)}\nended with {done.returncode}, not {code}:\n"
                 f"{done.stderr.decode(errors='replace')}{done.stdout.decode(errors='replace')}")
    return done.stdout, done.stderr.decode(errors="replace")


def must_be_equal(what, left, right):
    if left == right:
        return
    left_lines, right_lines = left.splitlines(), right.splitlines()
    at = next((i for i, (a, b) in enumerate(zip(left_lines, right_lines)) if a != b),
              min(len(left_lines), len(right_lines)))
    show = lambda lines: lines[at][:400].decode(errors="replace") if at < len(lines) else "(no such line)"
    sys.exit(f"{what}: line {at + 1} of {len(left_lines)} and {len(right_lines)} differs:\n"
             f"  {show(left_lines)}\n  {show(right_lines)}")


def make_inputs(rulec, example, work, inputs):
    flags = []
    for number, spec in enumerate(inputs):
        file = work / f"{spec['stream']}_{number}.avro"
        gen = [rulec, "gen", example, spec["stream"], "--count", spec["count"], "--seed", spec["seed"], "--out"]
        shape = ["--shape", example / spec["shape"]] if "shape" in spec else []
        call([*gen, file, *shape])
        again = work / "again.avro"
        call([*gen, again, *shape])
        must_be_equal("`rulec gen` twice with one seed", file.read_bytes(), again.read_bytes())
        flags += ["--in", f"{spec['stream']}={file}"]
    return flags


def count_of_errors(text):
    found = re.search(r"(\d[\d,]*) (?:rule )?errors?\b", text)
    return int(found[1].replace(",", "")) if found else 0


def run_both_ways(rulec, job, paths, flags, outputs, work):
    """Standard output of both, and the Avro file of each output; asserts that they are equal."""
    jit, messages = call([rulec, "run", *paths, *flags, "--parallelism", "1"])
    built, built_messages = call([job, *flags, "--parallelism", "1"])
    must_be_equal("standard output of `rulec run` and of the job binary", jit, built)
    if count_of_errors(messages) != count_of_errors(built_messages):
        sys.exit(f"they count errors differently:\n{messages}{built_messages}")
    files = {}
    for name in outputs:
        targets = {way: work / f"{way}.{name}.avro" for way in ("jit", "built")}
        out = lambda way: [part for other in outputs for part in
                           ("--out", f"{other}={targets[way] if other == name else work / 'other.jsonl'}")]
        call([rulec, "run", *paths, *flags, *out("jit"), "--parallelism", "1"])
        call([job, *flags, *out("built"), "--parallelism", "1"])
        must_be_equal(f"output `{name}` as Avro", targets["jit"].read_bytes(), targets["built"].read_bytes())
        files[name] = targets["built"]
    return jit, messages, files


def run_readme(bin_dir, example, work):
    text = (example / "README.md").read_text()
    copy = work / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(example, copy)
    told = b""
    for command in re.findall(r"^    (rulec .*)$", text, re.MULTILINE):
        done = subprocess.run(["bash", "-c", command], cwd=copy, capture_output=True, timeout=300,
                              env={**os.environ, "XDG_CACHE_HOME": os.devnull, "PATH": f"{bin_dir.resolve()}:{os.environ['PATH']}"})
        if done.returncode:
            sys.exit(f"README.md: `{command}` ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
        told += done.stdout + done.stderr
    printed = told.decode()
    matches = re.search(r"matches: (.*)", printed)
    if not matches:
        sys.exit(f"README.md runs nothing:\n{printed}")
    for name, count in re.findall(r"(\w+) (\d[\d,]*\d|\d)", matches[1]):
        if not re.search(rf"\b{count}\b", text):
            sys.exit(f"README.md does not say that `{name}` has {count}:\n{matches[0]}")
    for line in re.findall(r"^    (\{.*)$", text, re.MULTILINE):
        if line not in printed.splitlines():
            sys.exit(f"README.md shows a line that is not printed:\n{line}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("example", type=pathlib.Path)
    args = parser.parse_args()
    example, work, rulec = args.example.resolve(), args.work, args.bin / "rulec"
    work.mkdir(parents=True, exist_ok=True)
    spec = tomllib.loads((example / "example.toml").read_text())
    paths = [example / rule for rule in spec["rules"]] if "rules" in spec else [example]

    flags = make_inputs(rulec, example, work, spec["input"])
    call([rulec, "check", *paths])
    job = work / "job"
    call([rulec, "build", *paths, "-o", job])
    names = sorted({name for name in spec["outputs"]})
    printed, messages, files = run_both_ways(rulec, job, paths, flags, names, work)

    if not printed:
        sys.exit("the example prints nothing")
    if count_of_errors(messages) != spec.get("errors", 0):
        sys.exit(f"expected {spec.get('errors', 0)} rule errors:\n{messages}")
    for name, file in files.items():
        lines = sum(line.startswith(b'{"%s":' % name.encode()) for line in printed.splitlines())
        if container.read(file).records != lines:
            sys.exit(f"output `{name}`: {container.read(file).records} records as Avro, {lines} lines of JSON")
    expected = example / "expected.jsonl"
    if args.update:
        expected.write_bytes(printed)
    must_be_equal(f"expected.jsonl of {example.name} and standard output", expected.read_bytes(), printed)
    run_readme(args.bin, example, work)
    print(f"{example.name}: {len(printed.splitlines())} records, equal both ways")


main()
