"""Calls of the programs for the tests in this folder: python3 FILE_test.py --bin DIR [unittest flags]."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("RULEC_SHARED", ROOT.parent / "shared"))
BIN = None  # set by main()

DONE, FINDINGS, NOT_COMPILED, USAGE, BUG = 0, 1, 2, 3, 4

PAYMENT = """{"type": "record", "name": "Payment", "namespace": "bank", "fields": [
  {"name": "payment_id", "type": "long"},
  {"name": "amount", "type": "double"},
  {"name": "country", "type": ["null", "string"], "default": null}
]}
"""
HEAD = 'schema Payment = avro "bank.Payment"\nstream payments : Payment {}\n'


class Ended:
    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout.decode(errors="backslashreplace")
        self.error = done.stderr.decode(errors="backslashreplace")

    def __str__(self):
        return f"ended with {self.code}\n{self.out}{self.error}"


# What `rulec check` keeps; removed when the tests end.
CACHE = tempfile.TemporaryDirectory(prefix="rulec_cache_")


def environment(**more):
    plain = {key: value for key, value in os.environ.items() if key not in ("GITHUB_ACTIONS", "NO_COLOR", "CI")}
    return {**plain, "CI": "true", "XDG_CACHE_HOME": CACHE.name, **more}


class CommandTest(unittest.TestCase):
    """Each test in a folder of its own, `self.folder`."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rulec_commands_"))
        self.addCleanup(self._remove)

    def _remove(self):
        for path in [self.folder, *self.folder.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(self.folder)

    def put(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def call(self, *argv, code=DONE, stdin=None, stdout=None, timeout=120, env=None, program="rulec"):
        """The command, run in the test's folder; fails the test if it does not end with `code`."""
        done = subprocess.run([BIN / program, *map(str, argv)], cwd=self.folder, env=env or environment(),
                              input=stdin, stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)
        if done.stdout is None:
            done.stdout = b""
        ended = Ended(done)
        if code is not None:
            self.assertEqual(ended.code, code, f"rulec {' '.join(map(str, argv))[:200]}\n{str(ended)[:4000]}")
        return ended

    def project(self):
        """A small program of two rules, one of which is doubtful."""
        self.put("rulec.toml", 'name = "small"\nrules = ["rules"]\n')
        self.put("schemas/bank.Payment/1.avsc", PAYMENT)
        self.put("rules/streams.rule", HEAD)
        self.put("rules/large.rule", 'import "streams.rule"\n\nrule large {\n  from  payments\n  where amount > 100.0\n'
                                     '  emit  alerts { payment_id, amount }\n}\n')

    def left(self):
        """Names of all files in the folder."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if not path.is_dir())


def main():
    global BIN
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    args, rest = parser.parse_known_args()
    sys.modules["program"].BIN = BIN = args.bin.resolve()
    unittest.main(module="__main__", argv=[sys.argv[0], *rest])
