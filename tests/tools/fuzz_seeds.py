#!/usr/bin/env python3
"""Seeds for a fuzz target, from the repository's own files: fuzz_seeds.py TARGET FOLDER"""
import bz2
import itertools
import lzma
import pathlib
import random
import struct
import sys
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A word in the target's name -> files whose content is an input of that kind.
KINDS = {
    "schema": ("examples/**/*.avsc", "tests/**/*.avsc"),
    "rule": ("examples/**/*.rule", "tests/**/*.rule"),
    "text": ("examples/**/*.rule", "tests/**/*.rule"),
    "parse": ("examples/**/*.rule", "tests/**/*.rule"),
    "shape": ("examples/**/*.shape.toml",),
    "container": ("build/*/examples/**/*.avro",),
    "source": ("build/*/examples/**/*.avro",),
}
LARGEST = 65536


def packed():
    """A payload in each codec of containers, behind the byte that chooses it (avro/decompressor_fuzz.cpp)."""
    text = b"a payload that repeats itself, " * 3
    check = struct.pack(">I", zlib.crc32(text))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    yield b"\0" + bytes([len(text), 60 << 2, len(text) - 1]) + text + check  # snappy, one literal
    yield b"\1" + b"\x28\xb5\x2f\xfd\x20" + bytes([len(text)]) + struct.pack("<I", len(text) << 3 | 1)[:3] + text
    yield b"\2" + bz2.compress(text)
    yield b"\3" + lzma.compress(text)
    yield b"\4" + deflate.compress(text) + deflate.flush()


def resolved():
    """Two versions of a schema and data of small numbers and empty texts (avro/resolution_fuzz.cpp)."""
    for folder in sorted({file.parent for file in ROOT.glob("**/schemas/*/*.avsc") if "build" not in file.parts}):
        for writer, reader in itertools.product(sorted(folder.glob("*.avsc")), repeat=2):
            yield b"\0".join((writer.read_bytes(), reader.read_bytes(), bytes(200)))


def data():
    """The choice of schemas and bytes that begin many data (compiler/emit/decoder_fuzz.cpp)."""
    source = random.Random(1)
    for case in range(96):
        yield bytes([case, 0]) + bytes(100)
        yield bytes([case, 0]) + bytes(source.choice((0, 0, 2, 2, 4, 1, 0x61, 0x80, 0xff)) for _ in range(100))


# A word in the target's name -> inputs that are made.
MADE = {"decompressor": packed, "resolution": resolved, "decoder": data}


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
    made = itertools.chain.from_iterable(make() for word, make in MADE.items() if target.startswith(word))
    for number, seed in enumerate(made):
        (folder / f"made_{number}").write_bytes(seed)


main()
