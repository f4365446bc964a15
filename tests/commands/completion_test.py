"""`rulec completion` for bash, zsh and fish, asked as the shells ask it."""
import os
import shutil
import subprocess
import unittest

import program
from program import CommandTest, main


class Completion(CommandTest):
    def shell(self, shell, script, *more):
        self.put("completion", self.call("completion", shell).out)
        path = f"{program.BIN}:{os.environ['PATH']}"
        done = subprocess.run([shell, *more, "-c", script], cwd=self.folder, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "PATH": path, "HOME": str(self.folder), "TERM": "dumb"})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split("\n")

    def bash(self, *words):
        line = " ".join(f"'{word}'" for word in ("rulec", *words))
        return self.shell("bash", f'''source ./completion
COMP_WORDS=({line}); COMP_CWORD={len(words)}; _rulec; printf '%s\\n' "${{COMPREPLY[@]}}"''')

    def fish(self, line):
        return [each.split("\t")[0] for each in self.shell("fish", f"source ./completion; complete -C 'rulec {line}'")]

    def test_bash(self):
        self.assertIn("check", self.bash("ch"))
        self.assertNotIn("run", self.bash("ch"))
        self.assertIn("--fail-level", self.bash("check", "--f"))
        self.assertIn("sarif", self.bash("check", "--format", "s"))
        self.assertEqual([word for word in self.bash("run", "--") if word in ("--state", "--metrics", "--in")], ["--in"])
        self.assertIn("check", self.bash("schema", "c"))
        self.assertIn("zsh", self.bash("completion", ""))
        self.put("here.rule", "")
        self.assertIn("here.rule", self.bash("check", "he"))

    @unittest.skipUnless(shutil.which("fish"), "there is no fish")
    def test_fish(self):
        self.assertIn("check", self.fish("ch"))
        self.assertIn("--fail-level", self.fish("check --f"))
        self.assertIn("sarif", self.fish("check --format "))
        self.assertIn("fish", self.fish("completion "))
        self.put("here.rule", "")
        self.assertIn("here.rule", self.fish("check he"))

    @unittest.skipUnless(shutil.which("zsh"), "there is no zsh")
    def test_zsh(self):
        # What would be offered is seen where it is added.
        script = '''autoload -Uz compinit; compinit -u -d ./dump
source ./completion
compadd() { print -l -- "${@}" }
_describe() { print -l -- "${(@P)2}" }
_arguments() { print -l -- "${@}" }
'''
        commands = self.shell("zsh", script + "words=(rulec ''); CURRENT=2; _rulec", "-f")
        self.assertTrue(any(line.startswith("check:") for line in commands), commands)
        flags = self.shell("zsh", script + "words=(rulec check ''); CURRENT=3; _rulec", "-f")
        self.assertTrue(any("--format[" in line and "sarif" in line for line in flags), flags)
        self.assertEqual(subprocess.run(["zsh", "-n", "./completion"], cwd=self.folder).returncode, 0)


main()
