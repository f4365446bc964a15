#!/usr/bin/env python3
"""Seeds for a fuzz target, from the repository's own files: fuzz_seeds.py TARGET FOLDER"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A word in the target's name -> files whose content is an input of that kind.
KINDS = {
    "schema": ("examples/**/*.avsc", "tests/**/*.avsc"),
    "rule": ("examples/**/*.rule", "tests/**/*.rule"),
    "text": ("examples/**/*.rule", "tests/**/*.rule"),
    "parse": ("examples/**/*.rule", "tests/**/*.rule"),
    "shape": ("examples/**/*.shape.toml",),
    "container": ("build/*/examples/**/*.avro",),
    "json": ("examples/*/*.jsonl",),
    "source": ("build/*/examples/**/*.avro",),
}
LARGEST = 65536


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    # What stands in tests/fuzz/corpus/KIND was made for targets of that kind.
    patterns = {f"tests/fuzz/corpus/{kind.name}/*" for kind in (ROOT / "tests/fuzz/corpus").glob("*") if kind.name in target}
    patterns |= {pattern for word, patterns in KINDS.items() if word in target for pattern in patterns}
    files = sorted(file for pattern in patterns for file in ROOT.glob(pattern) if file.stat().st_size > 0)
    for number, file in enumerate(files):
        with open(file, "rb") as seed, open(folder / f"seed_{number}{file.suffix}", "wb") as copy:
            copy.write(seed.read(LARGEST))


main()
