#!/usr/bin/env python3
"""Every code of the registry has a page in docs/diagnostics, and every page is true.

  pages.py --bin DIR [--root DIR] [CODE...]

Under `## Example` and `## Fix` stand files, each a block of code; a line `path:` before one names it, else it is
main.rule. A line "Told by `rulec …`." says which command tells the diagnostic, else it is `rulec check main.rule`. The
example must raise the page's code and no other; its files with those of the fix over them must raise nothing.

What no page can show is listed here with the test that raises it.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HEADINGS = ["What", "Why", "Example", "Fix"]
DEFAULT = "rulec check main.rule"

# A file of many megabytes, bytes that are no text, a hundred errors, a file that cannot be read: code -> test.
RARE = "compiler/driver/rare_codes_test.cpp"
ELSEWHERE = {code: RARE for code in ("R0103", "R0104", "R0105", "R0120", "R0121", "R0123", "R0212", "R0608")}


def registry(root):
    """code -> (name, severity), as diagnostics.def has them"""
    text = (root / "compiler/diagnostics/diagnostics.def").read_text(encoding="utf-8")
    rows = re.findall(r'^RULEC_DIAGNOSTIC\((\w+),\s*"(R\d{4})",\s*Severity::(\w+),', text, re.MULTILINE)
    return {code: (name, severity) for name, code, severity in rows}


def sections(page):
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return parts[0], dict(zip(parts[1::2], parts[2::2]))


def files(section):
    found, name, block = {}, "main.rule", None
    for line in section.splitlines():
        if line.startswith("```"):
            if block is not None:
                found[name] = "\n".join(block) + "\n"
                name = "main.rule"
            block = [] if block is None else None
        elif block is not None:
            block.append(line)
        elif line.endswith(":") and " " not in line:
            name = line[:-1]
    return found


def told(bin_dir, command, contents):
    """(the codes that the command tells, its whole output)"""
    words = command.split()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in contents.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        environment = {key: value for key, value in os.environ.items() if key != "GITHUB_ACTIONS"}
        done = subprocess.run([bin_dir / words[0], *words[1:], "--format", "json"], cwd=folder, env=environment,
                              capture_output=True, timeout=60)
    output = done.stdout.decode(errors="replace")
    try:
        lines = [json.loads(line) for line in output.splitlines()]
    except ValueError:
        return None, output + done.stderr.decode(errors="replace")
    if not lines or lines[0].get("type") != "version":
        return None, output + done.stderr.decode(errors="replace")
    return [line["code"] for line in lines if line["type"] == "diagnostic"], output + done.stderr.decode(errors="replace")


def wrong_with(code, name, severity, root, bin_dir):
    """What is wrong with the page of `code`, or None."""
    path = root / "docs/diagnostics" / f"{code}.md"
    if not path.exists():
        return "there is no page"
    title, parts = sections(path.read_text(encoding="utf-8"))
    if not title.startswith(f"# {code}: "):
        return f"the page does not begin with `# {code}: `"
    missing = [heading for heading in HEADINGS if heading not in parts]
    if missing:
        return f"the page has no section {missing[0]}"
    if code in ELSEWHERE:
        test = root / ELSEWHERE[code]
        known = test.exists() and re.search(rf"TEST.*\b\w*Is{code}\b", test.read_text(encoding="utf-8"))
        return None if known else f"{ELSEWHERE[code]} does not raise {name}"
    example, fix = files(parts["Example"]), files(parts["Fix"])
    if not example or not fix:
        return "example or fix has no code, and no other test is named"
    command = re.search(r"^Told by `(rulec [^`]+)`", parts["Example"], re.MULTILINE)
    command = command[1] if command else DEFAULT
    codes, output = told(bin_dir, command, example)
    if codes is None or set(codes) != {code}:
        return f"the example tells {codes}\n{output}"
    codes, output = told(bin_dir, command, {**example, **fix})
    return None if codes == [] else f"the fix tells {codes}\n{output}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("codes", nargs="*")
    args = parser.parse_args()
    rows = registry(args.root)
    failed = 0
    for code, (name, severity) in sorted(rows.items()):
        if args.codes and code not in args.codes:
            continue
        wrong = wrong_with(code, name, severity, args.root, args.bin.resolve())
        if wrong:
            failed += 1
            print(f"{code} {name}: {wrong}")
    strays = [path.stem for path in (args.root / "docs/diagnostics").glob("R*.md") if path.stem not in rows]
    for stray in strays:
        print(f"{stray}: there is a page and no such code")
    print(f"{len(rows)} codes, {failed + len(strays)} wrong")
    return 1 if failed or strays or not rows else 0


sys.exit(main())
