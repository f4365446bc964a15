"""`rulec check` parses only what changed since the last check, and says what it would say without that."""
import os
import time

from program import CommandTest, HEAD, NOT_COMPILED, environment, main

RULE = 'import "streams.rule"\n\nrule r{0} {{\n  from  payments\n  where amount > {0}.5\n  emit  alerts {{ payment_id, amount }}\n}}\n'


class CheckCache(CommandTest):
    def setUp(self):
        super().setUp()
        self.project()
        for n in range(5):
            self.put(f"rules/r{n}.rule", RULE.format(n))
        self.cache = self.folder / "cache"

    def check(self, *flags, code=0, **more):
        return self.call("check", ".", "--format", "json", *flags, code=code, env=environment(XDG_CACHE_HOME=str(self.cache), **more))

    def kept(self):
        files = [path for path in self.cache.rglob("*") if path.is_file()]
        self.assertLessEqual(len(files), 1)
        return files[0].read_bytes() if files else None

    def same(self, code=0):
        """Warm, and without a cache."""
        with_cache, without = self.check(code=code), self.check("--no-cache", code=code)
        self.assertEqual(with_cache.out, without.out)
        self.assertEqual(with_cache.error, without.error)
        return with_cache

    def test_says_the_same(self):
        self.assertEqual(self.check("--no-cache").error, "checked 7 files: nothing found\n")
        self.assertIsNone(self.kept())
        self.same()
        kept = self.kept()
        self.assertIsNotNone(kept)
        self.same()
        self.assertEqual(self.kept(), kept)

    def test_sees_what_changed(self):
        self.check()
        kept = self.kept()
        self.put("rules/r3.rule", RULE.format(3).replace("amount >", "ammount >"))
        self.assertIn('"R0201"', self.same(code=NOT_COMPILED).out)
        self.assertNotEqual(self.kept(), kept)
        self.put("rules/r3.rule", RULE.format(3).replace("where", "were"))
        self.assertIn('"R01', self.same(code=NOT_COMPILED).out)
        self.put("rules/r3.rule", RULE.format(3))
        self.same()
        # What a file means depends on others, and is not kept.
        self.put("rules/streams.rule", HEAD.replace("payments", "transfers"))
        self.assertIn("`payments`", self.same(code=NOT_COMPILED).out)
        self.put("rules/streams.rule", HEAD)
        self.put("schemas/bank.Payment/1.avsc", (self.folder / "schemas/bank.Payment/1.avsc").read_text().replace("amount", "value"))
        self.assertIn("`amount`", self.same(code=NOT_COMPILED).out)

    def test_moved_files_are_where_they_are(self):
        self.put("rules/r3.rule", RULE.format(3) + "const unused = 1\n")
        self.check()
        (self.folder / "rules/r3.rule").rename(self.folder / "rules/moved.rule")
        self.assertIn("moved.rule", self.same().out)

    def test_what_is_gone_is_not_kept(self):
        self.check()
        kept = self.kept()
        for n in range(4):
            (self.folder / f"rules/r{n}.rule").unlink()
        self.check()
        self.assertLess(len(self.kept()), len(kept))
        # A check of one file forgets none of the others.
        kept = self.kept()
        self.call("check", "rules/large.rule", env=environment(XDG_CACHE_HOME=str(self.cache)))
        self.assertEqual(self.kept(), kept)

    def test_damage_is_no_matter(self):
        self.check()
        path = next(path for path in self.cache.rglob("*") if path.is_file())
        kept = path.read_bytes()
        for damaged in (b"", kept[:20], kept[:-1], kept + b"x", kept[:100] + b"\xff" + kept[101:], b"\0" * len(kept)):
            path.write_bytes(damaged)
            self.same()
            self.assertEqual(path.read_bytes(), kept)
        path.unlink()
        path.mkdir()
        self.same()

    def test_what_nobody_reads_goes_after_a_month(self):
        month = 31 * 24 * 3600
        self.check()
        kept = next(path for path in self.cache.rglob("*") if path.is_file())
        old, young = kept.with_name("0" * 32), kept.with_name("1" * 32)
        for path, age in ((old, month), (young, 60), (kept, month)):
            path.touch()
            os.utime(path, (time.time() - age,) * 2)
        self.check()  # writes nothing, but reads
        self.assertTrue(old.exists())
        self.put("rules/r3.rule", RULE.format(33))
        self.check()
        self.assertEqual([path.exists() for path in (old, young, kept)], [False, True, True])

    def test_no_place_is_no_matter(self):
        blocked = self.put("file", "")
        for place in (str(blocked), "relative", ""):
            ended = self.call("check", ".", env=environment(XDG_CACHE_HOME=place, HOME=str(blocked)))
            self.assertEqual(ended.error, "checked 7 files: nothing found\n")
        home = self.folder / "home"
        self.call("check", ".", env={key: value for key, value in environment(HOME=str(home)).items() if key != "XDG_CACHE_HOME"})
        self.assertTrue(any(path.is_file() for path in (home / ".cache" / "rulec").rglob("*")))
        self.assertEqual([path for path in self.folder.iterdir() if path.name.startswith(".")], [])


main()
