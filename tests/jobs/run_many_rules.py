#!/usr/bin/env python3
"""Many rules in one program give what each gives alone.

  run_many_rules.py --bin DIR --work DIR [--seed N]

Random rules (equalities and ranges that an index finds, conditions that it cannot use, lists, several emits, rule
errors, streams that are derived from their outputs) share a few outputs. What is asserted:
  - each rule's records and errors are those of a program with this rule alone, in the same order
  - all outputs together hold no more
  - the records of one event, from one rule to one output, stand in the order of the emits
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys

SCHEMA = {"type": "record", "name": "Sale", "namespace": "shop", "fields": [
    {"name": "id", "type": "long"}, {"name": "sku", "type": "string"}, {"name": "amount", "type": "double"},
    {"name": "quantity", "type": "long"}, {"name": "note", "type": ["null", "string"], "default": None},
    {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
    {"name": "tags", "type": {"type": "array", "items": "string"}}]}
HEAD = 'package shop.many\nschema Sale = avro "shop.Sale"\nstream sales : Sale { time at  watermark 5s }\n'
EVENTS = 5000


def events(rng):
    skus = [f"sku-{n}" for n in range(40)] + ["a longer name of a thing"]
    return [{"id": i, "sku": rng.choice(skus), "amount": rng.randrange(4000) / 4, "quantity": rng.randrange(0, 12),
             "note": rng.choice([None, "plain", "a text of more than twelve bytes"]),
             "at": 1_700_000_000_000_000 + rng.randrange(10**6) * 1000,
             "tags": rng.choices(["red", "green", "blue", "a rather long tag"], k=rng.randrange(5))} for i in range(EVENTS)]


def condition(rng):
    sku = f'"sku-{rng.randrange(42)}"'
    low, high = sorted(rng.sample(range(1000), 2))
    return " and ".join(rng.sample([
        f"sku == {sku}", f'sku in [{sku}, "sku-1", "a longer name of a thing"]', f"amount between {low} and {high}",
        f"quantity >= {rng.randrange(12)}", f"amount < {high}", 'note == "plain"', "note is null", f"mod(id, 3) == {rng.randrange(3)}",
        f"length(sku) > {rng.randrange(6)}", "true"], rng.randrange(1, 4)))


FIELDS = ("{ id, sku, value: amount * 2 }", '{ id, sku: f"{sku} of {note ?? "nobody"}", value: amount }')


def rule(rng, number):
    """(name, text): rules 0, 5, 10, … feed a stream that three rules read."""
    name = f"r{number}"
    key = rng.choice(["", " partition by sku", " partition by id", " partition by sku, quantity", " partition by at"])
    kind = rng.randrange(6)
    emit = f"emit out_{rng.randrange(3)} {rng.choice(FIELDS)}"
    if kind == 0:
        return name, f"from sales{key} where {condition(rng)} expand tags as tag emit tagged {{ id, tag, note }}"
    if kind == 1:
        return name, (f"from sales{key} where {condition(rng)} emit pairs {{ id, part: 1 }} "
                      f"emit pairs {{ id, part: 2 }} where quantity > 3 {emit}")
    if kind == 2:
        return name, f"from sales{key} where {condition(rng)} let share = mod(100, quantity) emit shares {{ id, share }}"
    if kind == 3:
        return name, f"from sales{key} where {condition(rng)} {emit} emit seen {{ id }} where mod(id, 2) == 0"
    return name, f"from sales{key} where {condition(rng)} {emit}"


READERS = "".join(f"rule reads_{n} {{ from seen where mod(id, {n + 2}) == 0 emit again {{ id, by: {n} }} }}\n" for n in range(3))


def run(args, folder, rules):
    """By output, the lines."""
    folder.mkdir(parents=True)
    program = folder / "program.rule"
    feeds = any("emit seen" in text for text in rules.values())
    program.write_text(HEAD + "".join(f"rule {name} {{ {text} }}\n" for name, text in rules.items()) +
                       (READERS if feeds else ""))
    done = subprocess.run([args.bin / "rulec", "run", program, "--schemas", args.work / "schemas", "--in",
                           args.work / "sales.jsonl", "--out", f"errors={folder / 'errors.jsonl'}"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{program}: {done.stderr}")
    found = {"errors": [json.loads(line) for line in (folder / "errors.jsonl").read_text().splitlines()]}
    for line in done.stdout.splitlines():
        (output, record), = json.loads(line).items()
        found.setdefault(output, []).append(record)
    return found


def of_rule(found, name):
    mine = {}
    for output, records in found.items():
        kept = [r for r in records if (r["rule"] if output == "errors" else r["_meta"]["rule"]) == f"shop.many.{name}"]
        if output == "errors":  # the place in the text is another one
            kept = [(r["offset"], r["cause"], r["operands"]) for r in kept]
        if kept:
            mine[output] = kept
    return mine


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.bin = args.bin.resolve()
    rng = random.Random(args.seed)
    shutil.rmtree(args.work, ignore_errors=True)
    (args.work / "schemas" / "shop.Sale").mkdir(parents=True)
    (args.work / "schemas" / "shop.Sale" / "1.avsc").write_text(json.dumps(SCHEMA))
    (args.work / "sales.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events(rng)))
    for count in (5, 60):
        rules = dict(rule(rng, number) for number in range(count))
        together = run(args, args.work / f"together_{count}", rules)
        total = sum(len(records) for records in together.values())
        derived = sum(len(of_rule(together, f"reads_{n}").get("again", [])) for n in range(3))
        for name, text in rules.items():
            alone = of_rule(run(args, args.work / f"{name}_of_{count}", {name: text}), name)
            mine = of_rule(together, name)
            if alone != mine:
                sys.exit(f"seed {args.seed}, {count} rules: {name} gives something else alone: {text}")
            total -= sum(len(records) for records in mine.values())
            pairs = [(r["id"], r["part"]) for r in mine.get("pairs", [])]
            if pairs != sorted(pairs):
                sys.exit(f"seed {args.seed}, {count} rules: the pairs of {name} are out of order")
        seen = [r["id"] for r in together.get("seen", [])]
        again = sum(1 for i in seen for n in range(3) if i % (n + 2) == 0)
        if total != derived or derived != again:
            sys.exit(f"seed {args.seed}, {count} rules: {total} records of no rule, {derived} derived, not {again}")
        print(f"{count} rules: {sum(map(len, together.values())):,} records, {len(together['errors']):,} errors, {derived:,} derived")


if __name__ == "__main__":
    main()
