#!/usr/bin/env python3
"""Real data with reference answers: runs one rule and compares its rows with the set's expected ones.

  run_reference.py --bin DIR --work DIR --data DIR SET RULE INPUT...     INPUT: STREAM=FILE, FILE within the set

Runs it by `rulec run` and as a built binary. Ends with 77 (skipped) if the data are not there: they are read where
they are and are no part of this repository.
"""
import argparse
import pathlib
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser()
    for flag in ("--bin", "--work", "--data"):
        parser.add_argument(flag, type=pathlib.Path, required=True)
    parser.add_argument("set")
    parser.add_argument("rule")
    parser.add_argument("inputs", nargs="+")
    args = parser.parse_args()
    folder = args.data / args.set
    if not folder.is_dir():
        print(f"skipped: {folder} is missing; RULEC_SHARED names the folder that holds data/")
        return 77
    args.work.mkdir(parents=True, exist_ok=True)
    rule = folder / "rules" / f"{args.rule}.rule"
    common = []
    for source in args.inputs:
        stream, _, file = source.partition("=")
        common += ["--in", f"{stream}={folder / file}"]
    job = args.work / f"{args.rule}.job"
    schemas = ["--schemas", folder / "schemas"]
    ways = {
        "jit": [args.bin / "rulec", "run", rule, *schemas],
        "built": [job],
    }
    subprocess.run([args.bin / "rulec", "build", rule, *schemas, "-o", job], check=True)
    for way, argv in ways.items():
        actual = args.work / f"{args.rule}.{way}.jsonl"
        subprocess.run([*argv, *common, "--out", f"out={actual}"], check=True, timeout=300)
        print(f"{way}: ", end="", flush=True)
        subprocess.run([sys.executable, args.data / "compare.py", folder / "expected" / f"{args.rule}.jsonl", actual],
                       check=True)
    return 0


sys.exit(main())
