#!/usr/bin/env python3
"""What cannot be read or written: exit status 3, and one line that says where."""

import os
import subprocess
import unittest

from program import PROGRAM, Case, environment, run


class Registries(Case):
    def refused(self, content, *expected):
        path = self.folder / "bad"
        path.write_bytes(content)
        ran = run("-r", path, "21")
        self.assertEqual((ran.status, ran.out, ran.err.count("\n")), (3, "", 1))
        self.assertTrue(ran.err.startswith(f"portbook: {path}:"), ran.err)
        for part in expected:
            self.assertIn(part, ran.err)

    def test_missing(self):
        self.assert_ran(run("-r", "/nonexistent/file", "21"), 3,
                        "portbook: /nonexistent/file: cannot open: No such file or directory\n")

    def test_empty_name(self):
        for arguments in (("-r", "", "21"), ("export", "-o", ""), ("lint", ""),
                          ("export", "--format", "services", "--names", "")):
            ran = run(*arguments)
            self.assertEqual((ran.status, ran.out), (3, ""))
            self.assertTrue(ran.err.startswith('portbook: "": cannot '), ran.err)

    def test_folder(self):
        ran = run("-r", self.folder, "21")
        self.assert_ran(ran, 3, f"portbook: {self.folder}: is a folder, not a file\n")

    def test_no_registry(self):
        self.refused(b"", "empty")
        self.refused(b"something else\n", "not a registry document")

    def test_malformed(self):
        self.refused(self.registry.read_bytes().replace(b"</record>", b"</recard>", 1), "bad:4:")
        self.refused(self.registry.read_bytes().replace(b"<number>22<", b"<number>2x2<"),
                     "2x2")

    def test_lint_of_a_damaged_image(self):
        image = self.folder / "registry.img"
        self.ask("export", "--format", "image", "-o", image)
        changed = bytearray(image.read_bytes())
        changed[len(changed) // 2] ^= 1
        image.write_bytes(changed)
        self.assert_ran(run("lint", image), 3,
                        f"portbook: {image}: corrupt image: its checksum is wrong\n")

    def test_file_size_limit(self):
        target = self.folder / "target"
        done = subprocess.run(["sh", "-c", f"ulimit -f 16; exec '{PROGRAM}' export -o '{target}'"],
                              env=environment(), capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (3, f"portbook: {target}: cannot write: File too large\n"))
        self.assertEqual([path.name for path in self.folder.iterdir()
                          if path.name.startswith("target")], [])

    def test_damaged_image(self):
        image = self.folder / "registry.img"
        self.ask("export", "--format", "image", "-o", image)
        whole = image.read_bytes()
        self.refused(whole[:-1])
        self.refused(whole[:len(whole) // 2] + b"\xff" + whole[len(whole) // 2 + 1:])
        self.refused(whole[:16])

    def test_standard_input(self):
        with open(self.registry, "rb") as document:
            self.assertEqual(run("-r", "-", "21", stdin=document).out, self.ask("21").out)
        with open(os.devnull, "rb") as nothing:
            self.assert_ran(run("-r", "-", "21", stdin=nothing), 3,
                            "portbook: standard input: is empty\n")

    def test_terminal_is_not_told_what_to_do(self):
        name = self.folder / "a\033[31mb"
        ran = run("-r", name, "21")
        self.assertEqual(ran.status, 3)
        self.assertNotIn("\033", ran.err)
        self.assertNotIn("\033", run("no\033[31msuch").err)


class Output(Case):
    def test_closed_pipe(self):
        reading, writing = os.pipe()
        os.close(reading)
        ran = run("list", stdout=writing)
        os.close(writing)
        self.assert_ran(ran, 3, "portbook: standard output: Broken pipe\n")

    def test_closed_pipe_of_small_answer(self):
        reading, writing = os.pipe()
        os.close(reading)
        ran = self.ask("21", stdout=writing)
        os.close(writing)
        self.assert_ran(ran, 3, "portbook: standard output: Broken pipe\n")

    def test_full(self):
        for arguments in (["list"], ["21"], ["--help"], ["--version"], ["completion", "bash"]):
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                self.assert_ran(run(*arguments, stdout=full), 3,
                                "portbook: standard output: No space left on device\n")

    def closed(self, redirection, *arguments):
        return subprocess.run(["bash", "-c", f'exec "$0" "$@" {redirection}', PROGRAM, *arguments],
                              env=environment(), capture_output=True, timeout=60, check=False)

    def test_closed_descriptors(self):
        done = self.closed(">&-", "21")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stderr.decode(),
                         "portbook: standard output: Bad file descriptor\n")
        path = self.folder / "out.csv"
        done = self.closed("<&- >&- 2>&-", "export", "-o", str(path))
        self.assertEqual(done.returncode, 0)
        self.assertTrue(path.read_text(encoding="utf-8").startswith("Service Name,"))
        done = self.closed("2>&-", "nothing-of-that-name")
        self.assertEqual((done.returncode, done.stdout), (1, b""))


if __name__ == "__main__":
    unittest.main()
