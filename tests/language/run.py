#!/usr/bin/env python3
"""Language tests: a file is a rule, the command, and the whole output that the command must have.

  run.py --bin DIR [--update] FILE...

The first line of a file is `// RUN: rulec check FILE` (FILE stands for the file itself; the command runs in the file's
folder). The expected output, standard output before standard error, stands at the file's end:

  // EXIT: 2
  // OUT: error[R0201]: …

A file whose name begins with `fail_` must end with 2, every other one with 0. --update rewrites the expectations.
"""
import argparse
import difflib
import os
import pathlib
import subprocess
import sys

EXIT, OUT = "// EXIT: ", "// OUT:"


def split(text):
    """(the rule, its expectations)"""
    lines = text.splitlines(keepends=True)
    start = next((i for i, line in enumerate(lines) if line.startswith(EXIT)), len(lines))
    return "".join(lines[:start]), "".join(lines[start:])


def actual(file, rule, bin_dir):
    first = rule.splitlines()[0] if rule else ""
    if not first.startswith("// RUN: rulec "):
        sys.exit(f"{file}: the first line must be `// RUN: rulec …`")
    argv = [file.name if word == "FILE" else word for word in first.removeprefix("// RUN: ").split()]
    environment = {**os.environ, "NO_COLOR": "1", "CI": "true"}
    environment.pop("GITHUB_ACTIONS", None)
    done = subprocess.run([bin_dir / argv[0], *argv[1:]], cwd=file.parent, env=environment, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = (done.stdout + done.stderr).decode(errors="backslashreplace")
    lines = [f"{OUT} {line}".rstrip() for line in output.splitlines()]
    return done.returncode, "\n".join([f"{EXIT}{done.returncode}", *lines]) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("files", type=pathlib.Path, nargs="+")
    args = parser.parse_args()
    failed = 0
    for file in args.files:
        rule, want = split(file.read_text(encoding="utf-8"))
        code, got = actual(file, rule, args.bin.resolve())
        wanted_code = 2 if file.name.startswith("fail_") else 0
        if code != wanted_code:
            failed += 1
            print(f"{file}: ended with {code}, its name asks for {wanted_code}\n{got}")
        elif args.update and got != want:
            file.write_text(rule + got, encoding="utf-8")
            print(f"{file}: rewritten")
        elif got != want:
            failed += 1
            print("".join(difflib.unified_diff(want.splitlines(True), got.splitlines(True), f"{file} (expected)", "actual")))
    print(f"{len(args.files) - failed} of {len(args.files)} passed")
    return 1 if failed else 0


sys.exit(main())
