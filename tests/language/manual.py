#!/usr/bin/env python3
"""docs/language.md is true: every example is compiled and run, every row of its tables is tried.

  manual.py --bin DIR [--manual FILE] [-k WORD] [-v]

Blocks of code, by the words behind their three backticks:

  json PATH        a file that the examples find
  rule PATH        the same; so is the file with the streams, which examples import without saying so
  rule             an example. Unless it declares a schema itself, `import "streams.rule"` stands before it
  json in STREAM   input of the example above, a line each. Without one it reads the last that stood under a `rule PATH`
  json out         what it writes, each output's lines in order. `_meta` (and a field of `errors`) is compared where
                   the manual shows it; an `id` is shown as …
  diagnostics      what `rulec check` tells of the example instead, the first line of each
  (an example with a `test` is run by `rulec test`, and must pass)

Tables, by their first line:

  | expression | gives | type |
      Each expression is computed for the event that stands under the stream's declaration and gives this JSON of this
      type, or fails: `error: CAUSE` is a rule error, `error R0301` one of the compiler.
  | `+ -` | int | long | …
      Each line begins with the left operand's type. What the operators give for the two; – is R0301.
  | left | operators | right | result |
      The same for types that are named in a list; `same` is the left operand's type. A pair of types that no table has
      for an operator that has a table is an error, R0301 (of `and` and `or` R0302).
  | form | takes | gives |
      A form of one operand `x`, the types that it takes and what it gives for them; others are errors.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A field (or what else there is) of each type, in streams.rule of the manual.
OPERANDS = {
    "bool": "b", "int": "i", "long": "l", "float": "f", "double": "d", "decimal": "m", "string": "s", "bytes": "y",
    "date": "day", "timeofday": "clock", "timestamp": "at", "duration": "(at - at)", "uuid": "id", "enum": "side",
    "list": "xs", "map": "props", "record": "spot", "union": "either",
}
NONE = "–"


class Failure(Exception):
    pass


# ---- Reading the manual ----

Block = collections.namedtuple("Block", "line words text")
Table = collections.namedtuple("Table", "line head rows")  # rows: (line, cells)


def cells(line):
    parts = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    return [part.strip().replace("\\|", "|") for part in parts]


def read(path):
    """The blocks and tables in their order."""
    found, block, table = [], None, None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            if block is None:
                block = Block(number, line[3:].split(), [])
            else:
                found.append(Block(block.line, block.words, "".join(text + "\n" for text in block.text)))
                block = None
            table = None
        elif block is not None:
            block.text.append(line)
        elif line.startswith("|"):
            if table is None:
                table = Table(number, cells(line), [])
                found.append(table)
            elif not set(line) <= set("|- :"):
                table.rows.append((number, cells(line)))
        else:
            table = None
    return found


def code(cell):
    """`a` -> a"""
    match = re.fullmatch(r"(`+)(?: (?=`))?(.*?)(?:(?<=`) )?\1", cell)
    return match[2] if match else None


# ---- Running rulec ----

class Manual:
    def __init__(self, rulec, folder):
        self.rulec, self.folder = rulec, folder
        self.files = {}
        self.events = {}  # stream -> lines: of streams.rule
        self.typed_pairs = collections.defaultdict(dict)  # operator -> {(left, right): (result, line)}

    def put(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def call(self, *words):
        environment = {key: value for key, value in os.environ.items() if key != "GITHUB_ACTIONS"}
        environment.update(NO_COLOR="1", CI="true")
        done = subprocess.run([self.rulec, *words], cwd=self.folder, env=environment, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def program(self, text):
        self.put("main.rule", text if re.search(r"^schema ", text, re.MULTILINE) else IMPORT + text)

    def run(self, events, reads):
        """(lines of the outputs, lines of errors): name -> list"""
        words = ["run", "main.rule", "--out", "errors=errors.jsonl"]
        (self.folder / "errors.jsonl").unlink(missing_ok=True)
        for stream, lines in events.items():
            if stream in reads:
                self.put(f"in/{stream}.jsonl", lines)
                words += ["--in", f"{stream}=in/{stream}.jsonl"]
        status, out, err = self.call(*words)
        if status != 0:
            raise Failure(f"rulec run ended with {status}\n{out}{err}")
        outputs = collections.defaultdict(list)
        for line in out.splitlines():
            (name, record), = json.loads(line).items()
            outputs[name].append(record)
        errors = self.folder / "errors.jsonl"
        lines = errors.read_text(encoding="utf-8").splitlines() if errors.exists() else []
        return outputs, [json.loads(line) for line in lines]

    def streams_read(self, text):
        return set(re.findall(r"^\s*from\s+(\w+)", text, re.MULTILINE)) | set(re.findall(r"from (\w+)", text))

    # ---- Examples ----

    def example(self, rule, inputs, wanted, diagnostics):
        self.program(rule.text)
        if diagnostics is not None:
            status, out, err = self.call("check", "main.rule")
            told = [line for line in out.splitlines() if re.match(r"(error|warning)\[", line)]
            if told != diagnostics.text.splitlines():
                raise Failure(f"it tells\n{out}{err}")
            return
        status, out, err = self.call("check", "main.rule")
        if status != 0 or re.search(r"^(error|warning)\[", out, re.MULTILINE):
            raise Failure(f"it does not compile without a word\n{out}{err}")
        if re.search(r"^test ", rule.text, re.MULTILINE):
            status, out, err = self.call("test", "main.rule")
            if status != 0:
                raise Failure(f"its tests fail\n{out}{err}")
        if wanted is None:
            return
        outputs, errors = self.run(inputs or self.events, self.streams_read(rule.text))
        if errors:
            outputs["errors"] = errors
        self.compare(wanted, outputs)

    @staticmethod
    def compare(wanted, outputs):
        expected = collections.defaultdict(list)
        for line in wanted.text.splitlines():
            (name, record), = json.loads(line).items()
            expected[name].append(record)
        for name in expected.keys() | outputs.keys():
            got = outputs.get(name, [])
            want = expected.get(name, [])
            for i, record in enumerate(got):
                if i < len(want):
                    got[i] = shown_fields(name, record, want[i])
            if json.dumps(got) != json.dumps(want):
                shown = "\n".join(json.dumps({name: record}, ensure_ascii=False) for record in got)
                raise Failure(f"output {name} is\n{shown}")

    # ---- Tables of expressions ----

    def expressions(self, table):
        wrong, ran = [], []
        for number, (expression, gives, wanted_type) in table.rows:
            text = code(expression)
            if text is None:
                raise Failure(f"line {number}: the first cell is no code")
            (wrong if gives.startswith("error R") else ran).append((number, text, gives, code(wanted_type)))
        failures = self.compiler_errors([(number, text, gives.removeprefix("error ")) for number, text, gives, _ in wrong])
        if ran:
            failures += self.values(ran)
        return failures

    def compiler_errors(self, rows):
        # What does not parse keeps the others from being checked.
        unparsed = [row for row in rows if (row[2] or "").startswith("R01")]
        if unparsed and len(unparsed) < len(rows):
            return self.compiler_errors([row for row in rows if row not in unparsed]) + self.compiler_errors(unparsed)
        if not rows:
            return []
        self.program("".join(f"rule e{i} {{ from events emit o{i} {{ v: {row[1]} }} }}\n" for i, row in enumerate(rows)))
        status, out, err = self.call("check", "main.rule", "--format", "json")
        told = collections.defaultdict(set)
        for line in out.splitlines():
            entry = json.loads(line)
            if entry["type"] == "diagnostic" and entry["severity"] == "error":
                told[entry["spans"][0]["line"] - IMPORT.count("\n") - 1].add(entry["code"])
        return [f"line {number}: `{text}` is {', '.join(sorted(told[i])) or 'no error'}, not {wanted}"
                for i, (number, text, wanted) in enumerate(rows)
                if (len(told[i]) != 1 if wanted is None else told[i] != {wanted})]

    def types(self, rows):
        """The type of each expression."""
        self.program("".join(f"rule e{i} {{ from events emit o{i} {{ v: {text} }} }}\n" for i, text in enumerate(rows)))
        status, out, err = self.call("explain", "main.rule", "--stage", "typed")
        if status != 0:
            raise Failure(f"rulec explain ended with {status}\n{out}{err}")
        found = dict(re.findall(r"^output o(\d+) \{ v: (.*) \} with _meta$", out, re.MULTILINE))
        return [found[str(i)] for i in range(len(rows))]

    def values(self, rows):
        failures = []
        for (number, text, gives, wanted), found in zip(rows, self.types([row[1] for row in rows])):
            if wanted is not None and found != wanted:
                failures.append(f"line {number}: `{text}` is of type `{found}`, not `{wanted}`")
        return failures + self.results(rows)

    def results(self, rows):
        """What is wrong with the values. A run that does not end well is tried in halves, so that one row is told."""
        self.program("".join(f"rule e{i} {{ from events emit o{i} {{ v: {row[1]} }} }}\n" for i, row in enumerate(rows)))
        try:
            outputs, errors = self.run(self.events, {"events"})
        except Failure as error:
            if len(rows) == 1:
                return [f"line {rows[0][0]}: `{rows[0][1]}`: {error}"]
            half = len(rows) // 2
            return self.results(rows[:half]) + self.results(rows[half:])
        failures = []
        causes = {error.get("rule"): error for error in errors}
        for i, (number, text, gives, _) in enumerate(rows):
            if gives.startswith("error: "):
                cause = causes.get(f"e{i}", {}).get("cause")
                if cause != gives.removeprefix("error: "):
                    failures.append(f"line {number}: `{text}` is {outputs.get(f'o{i}', cause)}, not a rule error: {gives}")
                continue
            want = json.dumps(json.loads(code(gives) or gives), ensure_ascii=False)
            got = [json.dumps(record["v"], ensure_ascii=False) for record in outputs.get(f"o{i}", [])]
            if got != [want]:
                failures.append(f"line {number}: `{text}` gives {' '.join(got) or causes.get(f'e{i}')}, not {want}")
        return failures

    # ---- Tables of types ----

    def grid(self, table):
        for number, row in table.rows:
            for right, result in zip(table.head[1:], row[1:]):
                for operator in code(table.head[0]).split():
                    self.pair(operator, row[0], right, result, number)

    def typed_rows(self, table):
        for number, (lefts, operators, rights, result) in table.rows:
            for operator in code(operators).split():
                for left in lefts.split(", "):
                    for right in [left] if rights == "same" else rights.split(", "):
                        self.pair(operator, left, right, left if result == "same" else result, number)

    def pair(self, operator, left, right, result, number):
        for name in (left, right):
            if name not in OPERANDS:
                raise Failure(f"line {number}: `{name}` is no type")
        if (left, right) in self.typed_pairs[operator]:
            raise Failure(f"line {number}: {left} {operator} {right} is told twice")
        self.typed_pairs[operator][left, right] = (result, number)

    def form(self, table):
        right, wrong = [], []
        for number, (text, takes, gives) in table.rows:
            for name, operand in OPERANDS.items():
                form = re.sub(r"\bx\b", operand, code(text))
                if name in takes.split(", "):
                    right.append((number, form, name if gives == "same" else gives))
                else:
                    wrong.append((number, form, None))
        return self.typed_forms(right, wrong)

    def all_pairs(self):
        right, wrong = [], []
        for operator, pairs in self.typed_pairs.items():
            for left in OPERANDS:
                for other in OPERANDS:
                    result, number = pairs.get((left, other), (NONE, 0))
                    # What is never null needs no other value.
                    first = f"(if b then {OPERANDS[left]} else null)" if operator == "??" else OPERANDS[left]
                    text = f"{first} {operator} {OPERANDS[other]}"
                    if result == NONE:
                        wrong.append((number, text, "R0302" if operator in ("and", "or") else "R0301"))
                    elif result.startswith("R0"):
                        wrong.append((number, text, result))
                    else:
                        right.append((number, text, result))
        return self.typed_forms(right, wrong), len(right) + len(wrong)

    def typed_forms(self, right, wrong):
        """What is wrong with (line, expression, type) and (line, expression, code, or None for any)."""
        failures = self.compiler_errors(wrong)
        # What compiles at all, so that one mistake does not hide the rest.
        told = {failure.split("`")[1] for failure in self.compiler_errors([(n, text, "R") for n, text, _ in right])
                if " is no error," not in failure}
        failures += [f"`{text}` does not compile, and should be {result}" for _, text, result in right if text in told]
        right = [row for row in right if row[1] not in told]
        for (number, text, result), found in zip(right, self.types([row[1] for row in right])):
            if re.match(r"\w+", found)[0] != result and not (result == "record" and "." in found):
                failures.append(f"line {number}: `{text}` is {found}, not {result}")
        return failures


IMPORT = 'import "streams.rule"\n\n'


def shown_fields(output, record, wanted):
    """What the manual shows of a record: all but `_meta` and the fields of `errors`, which it may leave out."""
    shown = {}
    for key, value in record.items():
        if key not in wanted and (key == "_meta" or output == "errors"):
            continue
        if key == "_meta" and wanted[key].get("id") == "…":
            value = {**value, "id": "…"}
        shown[key] = value
    return shown


def check(path, rulec, word, verbose):
    failures, examples, rows = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        manual = Manual(rulec, pathlib.Path(folder))
        parts = read(path)
        last_file = None

        def attempt(line, action):
            try:
                told = action() or []
            except (Failure, ValueError, KeyError, subprocess.TimeoutExpired) as error:
                told = [f"line {line}: {error}"]
            failures.extend(told)
            if verbose:
                print(f"line {line}: {'wrong' if told else 'right'}", flush=True)

        for at, part in enumerate(parts):
            if isinstance(part, Table):
                if part.head == ["expression", "gives", "type"]:
                    rows += len(part.rows)
                    if not word:
                        attempt(part.line, lambda: manual.expressions(part))
                elif part.head == ["left", "operators", "right", "result"]:
                    manual.typed_rows(part)
                elif part.head == ["form", "takes", "gives"]:
                    if not word:
                        attempt(part.line, lambda: manual.form(part))
                elif code(part.head[0]) and part.head[1:] and all(name in OPERANDS for name in part.head[1:]):
                    manual.grid(part)
                continue
            if part.words[:1] in (["json"], ["rule"]) and len(part.words) == 2 and part.words[1] != "out":
                manual.put(part.words[1], part.text)
                last_file = part.words[1]
            elif part.words[:2] == ["json", "in"] and last_file == "streams.rule":
                manual.events[part.words[2]] = part.text
            elif part.words == ["rule"]:
                last_file = None
                rest = []
                for follower in parts[at + 1:]:
                    if not isinstance(follower, Block) or follower.words[:2] not in (["json", "in"], ["json", "out"], ["diagnostics"]):
                        break
                    rest.append(follower)
                inputs = {block.words[2]: block.text for block in rest if block.words[:2] == ["json", "in"]}
                wanted = next((block for block in rest if block.words == ["json", "out"]), None)
                told = next((block for block in rest if block.words == ["diagnostics"]), None)
                examples += 1
                if not word or word in part.text:
                    attempt(part.line, lambda: manual.example(part, inputs, wanted, told))
        pages = {page.stem for page in (ROOT / "docs/diagnostics").glob("R*.md")}
        failures += [f"there is no page of {each}" for each in
                     sorted(set(re.findall(r"R0\d{3}", path.read_text(encoding="utf-8"))) - pages)]
        pairs = 0
        if manual.typed_pairs and not word:
            more, pairs = manual.all_pairs()
            failures += more
    for failure in failures:
        print(failure)
    print(f"{examples} examples, {rows} expressions, {pairs} pairs of types: {len(failures)} wrong")
    return 1 if failures or not examples else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--manual", type=pathlib.Path, default=ROOT / "docs/language.md")
    parser.add_argument("-k", dest="word", default="", help="only examples that hold this word")
    parser.add_argument("-v", dest="verbose", action="store_true")
    args = parser.parse_args()
    return check(args.manual, (args.bin / "rulec").resolve(), args.word, args.verbose)


sys.exit(main())
