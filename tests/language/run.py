#!/usr/bin/env python3
"""Language tests: a file is a rule, the command, and the whole output that the command must have.

  run.py --bin DIR [--update] FILE...

The first line of a file is `// RUN: rulec check FILE`. FILE stands for the file itself; the command runs in the file's
folder. INPUT stands for a file of the lines that stand behind `// IN: ` in it, WORK for a folder that is gone
afterwards. Several `// RUN:` lines run one after the other. The expected output, standard output before standard
error, stands at the file's end:

  // EXIT: 2
  // OUT: error[R0201]: …

A file whose name begins with `fail_` must end with 2, every other one with 0. --update rewrites the expectations.

What `rulec run` prints, a job binary of the same rules must print as well, and end with the same code. Files that have
no syntax errors are in the layout of `rulec fmt`.
"""
import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

EXIT, OUT, IN, RUN = "// EXIT: ", "// OUT:", "// IN: ", "// RUN: "
# How long a job took, and how fast that was, on its last line.
TIMING = re.compile(r"^([\d,]+ events?) in .*? s \(.*?\), ", re.MULTILINE)
# What `rulec run` needs and a job binary has in it; both take one value.
COMPILER_FLAGS = ("--schemas", "--target-cpu")


def split(text):
    """(the rule, its expectations)"""
    lines = text.splitlines(keepends=True)
    start = next((i for i, line in enumerate(lines) if line.startswith(EXIT)), len(lines))
    return "".join(lines[:start]), "".join(lines[start:])


def behind(prefix, rule):
    return [line.removeprefix(prefix) for line in rule.splitlines() if line.startswith(prefix)]


def call(argv, folder):
    environment = {**os.environ, "NO_COLOR": "1", "CI": "true", "TZ": "UTC", "XDG_CACHE_HOME": os.devnull}
    environment.pop("GITHUB_ACTIONS", None)
    done = subprocess.run(argv, cwd=folder, env=environment, timeout=120, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = (done.stdout + done.stderr).decode(errors="backslashreplace")
    return done.returncode, TIMING.sub(r"\1, ", output)


def run_as_binary(argv, rules, bin_dir, folder, work):
    """The command `rulec run` by a job binary: built from the same rules, called with the same flags."""
    job, flags, compiler_flags = pathlib.Path(work, "job"), [], []
    words = iter(argv[2:])
    for word in words:
        if word in COMPILER_FLAGS:
            compiler_flags += [word, next(words)]
        elif word not in rules:
            flags.append(word)
    code, output = call([bin_dir / "rulec", "build", *rules, *compiler_flags, "-o", job], folder)
    return (code, output) if code != 0 else call([job, *flags], folder)


def actual(file, rule, bin_dir):
    """(exit code, output as it is written into the file, what the job binary does otherwise)"""
    commands = behind(RUN, rule)
    if not rule.startswith(RUN + "rulec "):
        sys.exit(f"{file}: the first line must be `{RUN}rulec …`")
    code, output, other = 0, "", ""
    with tempfile.TemporaryDirectory() as work:
        lines = behind(IN, rule)
        source = pathlib.Path(work, "input.jsonl")
        source.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        for command in commands:
            names = {"FILE": file.name, "INPUT": str(source), "WORK": work}
            argv = [re.sub(r"\b(FILE|INPUT|WORK)\b", lambda word: names[word[1]], part) for part in command.split()]
            code, printed = call([bin_dir / argv[0], *argv[1:]], file.parent)
            if argv[1] == "run":
                built = run_as_binary(argv, [file.name], bin_dir, file.parent, work)
                if built != (code, printed):
                    other += f"the job binary ends with {built[0]} and prints\n{built[1]}"
            output += printed.replace(work, "WORK")
    wanted = "".join(f"{OUT} {line}".rstrip() + "\n" for line in output.splitlines())
    return code, f"{EXIT}{code}\n{wanted}", other


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("files", type=pathlib.Path, nargs="+")
    args = parser.parse_args()
    failed = 0
    for file in args.files:
        rule, want = split(file.read_text(encoding="utf-8"))
        code, got, other = actual(file, rule, args.bin.resolve())
        wanted_code = 2 if file.name.startswith("fail_") else 0
        if code != wanted_code:
            failed += 1
            print(f"{file}: ended with {code}, its name asks for {wanted_code}\n{got}")
        elif other:
            failed += 1
            print(f"{file}: `rulec run` prints\n{got}and {other}")
        elif call([args.bin.resolve() / "rulec", "fmt", "--check", file.name], file.parent)[0] == 1:
            failed += 1
            print(f"{file}: not in the layout of `rulec fmt`")
        elif args.update and got != want:
            file.write_text(rule + got, encoding="utf-8")
            print(f"{file}: rewritten")
        elif got != want:
            failed += 1
            print("".join(difflib.unified_diff(want.splitlines(True), got.splitlines(True), f"{file} (expected)", "actual")))
    print(f"{len(args.files) - failed} of {len(args.files)} passed")
    return 1 if failed else 0


sys.exit(main())
