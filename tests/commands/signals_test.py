"""A signal ends every command with 130 or 143, and nothing half-written stays."""
import os
import signal
import subprocess
import threading
import time

import program
from program import CommandTest, main


class Signals(CommandTest):
    def setUp(self):
        super().setUp()
        self.project()
        self.before = self.left()

    def start(self, *argv, **pipes):
        return subprocess.Popen([program.BIN / "rulec", *argv], cwd=self.folder, stderr=subprocess.PIPE, **pipes)

    def ends(self, process, code):
        error = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, code, error)
        self.assertEqual(self.left(), self.before)

    def until(self, condition):
        for _ in range(3000):
            if condition():
                return
            time.sleep(0.01)
        self.fail("waited for half a minute")

    def test_a_command_that_writes_takes_its_file_away(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            process = self.start("gen", ".", "payments", "--count", "1000000000", "--out", "p.avro")
            self.until(lambda: self.left() != self.before)
            process.send_signal(number)
            self.ends(process, code)

    def test_a_command_that_reads(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            process = self.start("fmt", "-", stdin=subprocess.PIPE)
            self.until(lambda: self.signals("SigCgt", process.pid) >> (number - 1) & 1)
            process.send_signal(number)
            self.ends(process, code)

    def signals(self, kind, pid):
        """The set of signals that a process catches or ignores."""
        with open(f"/proc/{pid}/status") as file:
            return int(next(line for line in file if line.startswith(kind)).split()[1], 16)

    def test_the_second_signal_ends_a_job_at_once(self):
        # The reader of a FIFO does not read, so that the job cannot end by itself.
        os.mkfifo(self.folder / "out")
        self.before = self.left()
        reader = os.open(self.folder / "out", os.O_RDONLY | os.O_NONBLOCK)
        process = self.start("run", ".", "--in", "-", "--out", "alerts=out?format=jsonl", "--out", "errors=e.jsonl",
                             stdin=subprocess.PIPE)
        feed = threading.Thread(target=self.feed, args=(process.stdin.fileno(),))
        feed.start()
        try:
            self.until(lambda: self.left() != self.before and self.blocked(process.pid))
            process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            self.assertIsNone(process.poll(), "the first is a request")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(60), 143)
            feed.join(60)
            self.ends(process, 143)
        finally:
            process.kill()
            os.close(reader)

    def feed(self, descriptor):
        try:
            while True:
                os.write(descriptor, b'{"payment_id": 1, "amount": 200.0}\n' * 1000)
        except BrokenPipeError:
            pass

    def blocked(self, pid):
        """Has the FIFO been filled? Then the process sleeps, time and again."""
        for _ in range(5):
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(") ", 1)[1][0] != "S":
                    return False
            time.sleep(0.05)
        return True

    def test_a_bug_of_ours_ends_with_4(self):
        self.call("build", ".", "-o", "job")
        os.mkfifo(self.folder / "rows.jsonl")
        self.before = self.left()
        for command in ([program.BIN / "rulec", "run", "."], [self.folder / "job"]):
            for number in (signal.SIGABRT, signal.SIGSEGV):
                process = subprocess.Popen([*command, "--in", "rows.jsonl", "--out", "a.jsonl"], cwd=self.folder,
                                           stderr=subprocess.PIPE)
                self.until(lambda: self.left() != self.before)
                process.send_signal(number)
                error = process.communicate(timeout=60)[1]
                self.assertEqual(process.returncode, 4, error)
                self.assertIn(b"please report it", error)
                self.assertEqual(self.left(), self.before)

    def test_a_signal_that_was_ignored_stays_ignored(self):
        process = subprocess.Popen(["sh", "-c", 'trap "" INT; exec "$0" "$@"', program.BIN / "rulec", "fmt", "-"],
                                   cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.until(lambda: self.signals("SigCgt", process.pid) >> (signal.SIGTERM - 1) & 1)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(b"package a\n", timeout=60)
        self.assertEqual((process.returncode, out), (0, b"package a\n"), error)


main()
