"""What README.md and docs/how_to tell a reader to type does what they show.

A page's blocks are taken in order, in a folder of its own that has the repository's `examples`. A line `path:` before a
block names the file that it is. In a block of `console` stand commands behind `$ ` and what they print, standard output
before standard error; `…` stands for any text within a line, and alone on a line for any lines. A command that ends with
another code than 0 has `[code]` as its last line. RULEC_UPDATE=1 rewrites outputs that differ.
"""
import os
import re
import shutil
import subprocess

import program
from program import CommandTest, ROOT, environment, main

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs/how_to").glob("*.md"))]


def blocks(text):
    """(language, name of the file or "", content, where it begins, where it ends)"""
    for block in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        before = text[:block.start()].rstrip().splitlines()
        named = before[-1] if before and re.fullmatch(r"[\w./-]+:", before[-1]) else ""
        yield block[1], named[:-1], block[2], block.start(2), block.end(2)


def pattern(expected):
    lines = [".*" if line == "…" else ".*".join(map(re.escape, line.split("…"))) for line in expected.splitlines()]
    text = ""
    for shown, line in zip(expected.splitlines(), lines):
        text += "(?:.*\n)*" if shown == "…" else line.replace(".*", "[^\n]*") + "\n"
    return re.compile(text)


class Docs(CommandTest):
    def printed(self, command):
        # What a job does takes its time; a page shows it without.
        path = f"{program.BIN}:.:{os.environ['PATH']}"
        done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=environment(PATH=path, NO_COLOR="1"),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        text = (done.stdout + done.stderr).decode()
        if text and not text.endswith("\n"):
            text += "\n"
        self.assertNotEqual(done.returncode, program.BUG, f"{command}\n{text}")
        self.assertNotIn("out of memory", text)
        return text + (f"[{done.returncode}]\n" if done.returncode else "")

    def run_console(self, content):
        """The block as it is now."""
        actual = ""
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", content, re.MULTILINE):
            got = self.printed(command)
            actual += f"$ {command}\n" + (expected if pattern(expected).fullmatch(got) else got)
        return actual

    def run_page(self, page):
        text, shown = page.read_text(), []
        for language, name, content, begin, end in blocks(text):
            if language == "console":
                shown.append((begin, end, content, self.run_console(content)))
            elif name:
                self.put(name, content)
        if os.environ.get("RULEC_UPDATE"):
            for begin, end, _, actual in reversed(shown):
                text = text[:begin] + actual + text[end:]
            page.write_text(text)
        self.assertGreater(len(shown), 0, f"{page} shows no command")
        for _, _, content, actual in shown:
            self.assertEqual(content, actual, page)

    def test_pages(self):
        self.maxDiff = None
        whole = self.folder
        for page in PAGES:
            with self.subTest(page=page.relative_to(ROOT)):
                self.folder = whole / page.stem
                shutil.copytree(ROOT / "examples", self.folder / "examples")
                self.run_page(page)
        self.folder = whole


main()
