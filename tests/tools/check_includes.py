#!/usr/bin/env python3
"""Counts the includes between the folders of the tree and fails on one that goes the wrong way.

  check_includes.py [--root DIR] [--table]     exit 0 if every include is allowed, 1 if not
  check_includes.py --self-test                shows that each kind of wrong include is caught

The rules are those of docs/architecture.md "Which folder may include which". Tests and fuzz targets beside the code
may see what their program links: they are held to the rules between roads, not to those between phases.
"""
import argparse
import collections
import pathlib
import re
import sys
import tempfile

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]', re.MULTILINE)
SOURCES = {".h", ".cpp", ".c", ".def"}
ROADS = ("avro", "compiler", "runtime", "generate", "stdlib")

# Phase -> what of the compiler it may include, besides itself.
COMPILER = {
    "source": set(),
    "diagnostics": {"source"},
    "types": {"source", "diagnostics"},
    "ast": {"source", "diagnostics"},
    "parse": {"ast", "source", "diagnostics"},
    "format": {"parse", "ast", "source", "diagnostics"},
    "lint": {"ast", "source", "diagnostics"},
    "fixtures": {"ast", "source", "diagnostics"},
    "typed": {"types", "source", "diagnostics"},
    "check": {"typed", "types", "ast", "source", "diagnostics"},
    "plan": {"types", "source", "diagnostics"},
    "planner": {"plan", "typed", "types", "source", "diagnostics"},
    "lower": {"plan", "types", "source", "diagnostics"},
    "emit": {"lower", "plan", "types", "source", "diagnostics"},
    "driver": {"emit", "plan", "planner", "typed", "types", "check", "parse", "ast", "source", "diagnostics"},
}

# Folder of the record's road -> what of the runtime it may include, besides itself, `base` and `abi`.
RUNTIME = {
    "abi": set(),
    "base": set(),
    "record": set(),
    "metrics": set(),
    "time": set(),
    "source": {"time", "record"},
    "decode": {"record", "module", "source"},
    "route": {"record", "state"},
    "state": {"record", "time"},
    "module": set(),
    "execute": {"route", "time", "state", "module", "record"},
    "encode": {"record", "module", "sink"},
    "sink": {"record", "time"},
    "checkpoint": {"state", "source", "sink", "time"},
    "testing": {"source", "sink", "time", "record", "module"},
}

# Folders that see everything of their road.
RUNTIME_ALL = {"job"}
# A package's headers -> the only folders that may include them.
PACKAGES = {
    re.compile(r"^antlr4|^Rule(Lexer|Parser)"): {"compiler/parse"},
    re.compile(r"^(llvm|llvm-c|lld|clang)/"): {"compiler/lower", "compiler/emit"},
    re.compile(r"^CLI/"): {"compiler/driver", "runtime/job"},
    re.compile(r"^rocksdb/|^librdkafka/"): set(),
}


def folder_of(path):
    """`compiler/parse` for compiler/parse/x.cpp and below; the first part alone for a road without phases."""
    parts = pathlib.PurePosixPath(path).parts
    if parts[0] in ("compiler", "runtime") and len(parts) > 2:
        return f"{parts[0]}/{parts[1]}"
    return parts[0]


def wrong_between(source, target, is_test):
    """Why a file of folder `source` may not include one of folder `target`, or None."""
    road, _, phase = source.partition("/")
    to_road, _, to_phase = target.partition("/")
    if road == "tests" or source == "compiler/driver":
        return None
    if road == to_road:
        if phase == to_phase or is_test:
            return None
        if road == "compiler" and to_phase not in COMPILER.get(phase, set()):
            return "that arrow between phases is not drawn"
        if road == "runtime" and phase not in RUNTIME_ALL and to_phase not in RUNTIME.get(phase, set()) | {"base", "abi"}:
            return "that arrow between folders of the runtime is not drawn"
        return None
    if to_road == "tests":
        return "only tests include tests"
    if road == "runtime":
        return None if to_road in ("avro", "stdlib") else "the runtime sees neither the compiler nor its tools"
    if road == "compiler":
        if to_road in ("avro", "stdlib") or target == "runtime/abi":
            return None
        return "the compiler sees of the runtime only runtime/abi"
    if road == "generate" and to_road in ("avro", "stdlib"):
        return None
    if road == "stdlib":
        return None if target == "runtime/abi" else "the library sees runtime/abi alone"
    return f"`{road}` stands apart from `{to_road}`"


def wrong_package(source, header):
    for pattern, allowed in PACKAGES.items():
        if pattern.search(header) and source not in allowed:
            return f"only {', '.join(sorted(allowed)) or 'nothing yet'} may include it"
    return None


def scan(root):
    """(counts by (from, to), list of complaints)"""
    counts, wrong = collections.Counter(), []
    files = sorted(f for top in (*ROADS, "tests") for f in (root / top).rglob("*") if f.suffix in SOURCES)
    for file in files:
        name = file.relative_to(root).as_posix()
        source, is_test = folder_of(name), file.stem.endswith(("_test", "_fuzz", "_fixture"))
        text = file.read_text(encoding="utf-8", errors="replace")
        for match in INCLUDE.finditer(text):
            header, line = match[2], text.count("\n", 0, match.start(2)) + 1
            reason = wrong_package(source, header) if source != "tests" else None
            if match[1] == '"' and header.split("/")[0] in (*ROADS, "tests"):
                target = folder_of(header)
                counts[source, target] += 1
                reason = reason or wrong_between(source, target, is_test)
            if reason:
                wrong.append(f"{name}:{line}: {source} includes {header}: {reason}")
    return counts, wrong


SELF_TEST = [  # file, line, is it wrong?
    ("runtime/decode/a.cpp", '#include "compiler/plan/plan.h"', True),
    ("runtime/decode/b_test.cpp", '#include "compiler/plan/plan.h"', True),
    ("runtime/decode/c.cpp", '#include "avro/schema.h"', False),
    ("runtime/base/d.cpp", '#include "runtime/job/job.h"', True),
    ("runtime/sink/t.cpp", '#include "runtime/encode/row_writer.h"', True),
    ("runtime/job/e.cpp", '#include "runtime/sink/sink.h"', False),
    ("compiler/check/f.cpp", '#include "runtime/job/job.h"', True),
    ("compiler/plan/g.h", '#include "runtime/abi/program.h"', False),
    ("compiler/plan/h.h", '#include "compiler/check/check.h"', True),
    ("compiler/parse/i.cpp", "#include <antlr4-runtime.h>", False),
    ("compiler/check/j.cpp", "#include <antlr4-runtime.h>", True),
    ("compiler/driver/k.cpp", "#include <llvm/IR/Module.h>", True),
    ("compiler/emit/l.cpp", "#  include <llvm/IR/Module.h>", False),
    ("compiler/driver/m.cpp", '#include "runtime/job/job.h"', False),
    ("avro/n.cpp", '#include "runtime/abi/abi.h"', True),
    ("avro/o.cpp", '#include "compiler/types/type.h"', True),
    ("generate/p.cpp", '#include "runtime/base/random.h"', True),
    ("compiler/types/q.cpp", '#include "tests/jobs/runner.h"', True),
    ("stdlib/u.cpp", '#include "runtime/abi/abi.h"', False),
    ("stdlib/v.cpp", '#include "runtime/base/text.h"', True),
    ("stdlib/w_test.cpp", '#include "compiler/types/type.h"', True),
    ("runtime/encode/x.cpp", '#include "stdlib/text_of_values.h"', False),
    ("tests/jobs/r.cpp", '#include "compiler/emit/codegen.h"', False),
    ("compiler/parse/s_test.cpp", '#include "compiler/driver/commands.h"', False),
]


def self_test():
    failed = 0
    for name, line, want in SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, name)
            file.parent.mkdir(parents=True)
            file.write_text("// a file\n" + line + "\n")
            got = bool(scan(pathlib.Path(folder))[1])
            if got != want:
                failed += 1
                print(f"{name}: {line}: expected to be {'refused' if want else 'allowed'}")
    print(f"{len(SELF_TEST) - failed} of {len(SELF_TEST)} as expected")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--table", action="store_true", help="print how often each folder includes each other one")
    parser.add_argument("--self-test", action="store_true")
    args = parser.parse_args()
    if args.self_test:
        return self_test()
    counts, wrong = scan(args.root)
    if args.table:
        for (source, target), count in sorted(counts.items()):
            print(f"{count:5}  {source} -> {target}")
    print("\n".join(wrong + [f"{sum(counts.values())} includes between folders, {len(wrong)} in the wrong direction"]))
    return 1 if wrong or not counts else 0


sys.exit(main())
