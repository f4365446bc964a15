#!/usr/bin/env python3
"""One mistake in a valid rule gives one message, near it.

  mutations.py --bin DIR [--rounds N] [--seed N] [-v]

Takes the rules of the manual, of examples/ and of tests/language that `rulec check` has nothing to say against, changes
one token of them, and looks at what is told: `rulec check` must end with 0 or 2 within a second, an error must stand on
the line of the change or after it, or name what was changed, and all but a few changes give one error at most.
"""
import argparse
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|f?"(?:\\.|[^"\\\n])*"|`[^`\n]*`|@\w+|\d[\w.]*%?|[A-Za-z_]\w*|=>|\?\?|\?\.|[=!<>]=|\.\.|\s+|.', re.S)
WORD = re.compile(r"[A-Za-z_]\w*")
JUNK = [";", ",", "&&", "||", "!", "?", ":", "=", "<>", "->", "(", ")", "{", "}", "[", "]", '"', "'", "`", ".", "+", "*",
        "#", "$", "@", "and", "null", "5", "x", "/*", "??", "%", "|", "\\"]
SECONDS = 5  # under load, in a debug build; a single check takes milliseconds
MOST_WITH_SEVERAL = 0.03  # of the changes: a `{` in the place of a name changes more than one thing


def swapped(word):
    """Two letters the wrong way round, as fingers do it."""
    for i in range(1, len(word) - 1):
        if word[i] != word[i + 1]:
            return word[:i] + word[i + 1] + word[i] + word[i + 2:]
    return word[:-1]


def change(tokens, random_):
    """(what was done, where, the text), or None if it changes nothing"""
    real = [i for i, token in enumerate(tokens) if not token.isspace() and not token.startswith(("//", "/*"))]
    if not real:
        return None
    at = random_.choice(real)
    token, new = tokens[at], list(tokens)
    kind = random_.choice(["drop", "double", "misspell", "capitals", "junk"])
    if kind == "drop":
        new[at] = ""
    elif kind == "double":
        new[at] = token + " " + token
    elif kind == "junk":
        new[at] = token + " " + random_.choice(JUNK)
    elif not WORD.fullmatch(token) or len(token) < 3:
        return None
    else:
        new[at] = swapped(token) if kind == "misspell" else token.upper()
    text = "".join(new)
    return None if text == "".join(tokens) else (f"{kind} `{token}`", "".join(tokens[:at]).count("\n") + 1, text)


def manual(folder):
    """The files and examples of the manual, in `folder`."""
    text = (ROOT / "docs/language.md").read_text(encoding="utf-8")
    for number, (words, block) in enumerate(re.findall(r"^```(.*?)\n(.*?)^```", text, re.M | re.S)):
        kind, *rest = words.split() or [""]
        name = rest[0] if len(rest) == 1 and kind in ("json", "rule") and "." in rest[0] else None
        if kind == "rule" and not rest:
            name = f"example_{number}.rule"
            block = block if re.search(r"^schema ", block, re.M) else 'import "streams.rule"\n\n' + block
        if name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(block, encoding="utf-8")


class Mutations:
    def __init__(self, rulec, folder, seed):
        self.rulec, self.folder, self.random = rulec, folder, random.Random(seed)
        self.environment = {key: value for key, value in os.environ.items() if key != "GITHUB_ACTIONS"}

    def check(self, path):
        done = subprocess.run([self.rulec, "check", path.name, "--format", "json"], cwd=path.parent, timeout=60,
                              env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        found = [json.loads(line) for line in done.stdout.decode(errors="replace").splitlines()]
        return done.returncode, [entry for entry in found if entry.get("severity") == "error"]

    def bases(self):
        manual(self.folder / "manual")
        shutil.copytree(ROOT / "examples", self.folder / "examples")
        shutil.copytree(ROOT / "tests/language", self.folder / "language")
        return [path for path in sorted(self.folder.rglob("*.rule")) if self.check(path) == (0, [])]

    def run(self, rounds, verbose):
        bases = self.bases()
        if len(bases) < 40:
            return f"only {len(bases)} valid rules are there"
        failures, several, tried = [], [], 0
        while tried < rounds:
            path = self.random.choice(bases)
            text = path.read_text(encoding="utf-8").split("// EXIT:")[0]
            changed = change(TOKEN.findall(text), self.random)
            if not changed:
                continue
            tried += 1
            what, line, new = changed
            mutant = path.with_name("mutant.rule")
            mutant.write_text(new, encoding="utf-8")
            begin = time.monotonic()
            code, errors = self.check(mutant)
            seconds = time.monotonic() - begin
            mutant.unlink()
            where = f"{path.relative_to(self.folder)}:{line}: {what}"
            lines = [next(span["line"] for span in error["spans"] if span["primary"]) for error in errors]
            if code not in (0, 2) or seconds > SECONDS or (code == 2) != bool(errors):
                failures.append(f"{where}: ended with {code} after {seconds:.1f} s")
            if any(not error["message"] or "mismatched" in error["message"] for error in errors):
                failures.append(f"{where}: a message of the parser's generator")
            # A `{` without end is told where it stands, which may be above.
            if errors and min(lines) < line - 1 and not any(error["code"] == "R0107" for error in errors):
                if any(error["code"].startswith("R01") for error in errors):
                    failures.append(f"{where}: told in line {min(lines)}")
            if len(errors) > 1:
                several.append(f"{where}: " + "; ".join(f"{n} {e['code']} {e['message']}" for n, e in zip(lines, errors)))
            if len(errors) > 4:
                failures.append(f"{where}: {len(errors)} errors")
        if len(several) > MOST_WITH_SEVERAL * rounds:
            failures.append(f"{len(several)} of {rounds} changes give several errors:\n  " + "\n  ".join(several))
        if verbose:
            print("\n".join(several))
        print(f"{rounds} changes of {len(bases)} rules, {len(several)} with several errors")
        return "\n".join(failures)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        mutations = Mutations((arguments.bin / "rulec").resolve(), pathlib.Path(folder), arguments.seed)
        failures = mutations.run(arguments.rounds, arguments.verbose)
    if failures:
        sys.exit(failures)


main()
