#!/usr/bin/env python3
"""Help, man page and completions say the same, and the program does it."""

import re
import shutil
import subprocess
import unittest

from program import ROOT, Case, run

MAN = (ROOT / "man" / "portbook.1").read_text(encoding="utf-8")

OPTION = re.compile(r"^  (?:-(\w), |    )--([a-z-]+)(?: (\S+))?(?:  |$)", re.M)


def options_of(text):
    """(letter, name, whether it takes a value) of the options that a help text lists."""
    return {(letter, name, bool(value)) for letter, name, value in OPTION.findall(text)}


def listed(*arguments):
    """The commands that a help text lists."""
    text = run(*arguments, "--help").out
    if "\nCommands:\n" not in text:
        return []
    section = text[text.index("\nCommands:\n"):text.index("\nOptions of")]
    return re.findall(r"^  ([a-z]+(?: [a-z]+){0,2})", section, re.M)


def commands(*group):
    """Those with sub-commands stand before these."""
    return [name for first in listed(*group) for name in [first, *commands(*first.split())]]


class Help(Case):
    def test_program(self):
        ran = run("--help")
        self.assert_ran(ran, 0)
        self.assertEqual(run("-h").out, ran.out)
        self.assertEqual(listed(), ["lookup", "search", "list", "person", "export",
                                      "chart", "annotate", "diff", "lint", "audit", "import", "update",
                                      "editions", "log",
                                      "changes", "store", "check", "free", "reserve", "reservations", "release", "serve", "who",
                                      "completion", "request"])
        self.assertIn("--registry FILE", ran.out)

    def test_sub_commands(self):
        self.assertEqual(listed("store"), ["store verify", "store copy"])

    def test_commands(self):
        for command in commands():
            with self.subTest(command):
                words = command.split()
                ran = run(*words, "--help")
                self.assert_ran(ran, 0)
                self.assertTrue(ran.out.startswith(f"Usage: portbook {command} "))
                self.assertEqual(run("--help", *words).out, ran.out)
                self.assertLessEqual(max(map(len, ran.lines)), 80)
                refused = options_of(run("--help").out) - options_of(ran.out)
                self.assertLessEqual({name for _, name, _ in refused}, {"as-of", "registry"})
                ran = run(*words, "--as-of", "2020-01-01", "a", "b", "c")
                self.assertEqual(f"{command} takes no --as-of" in ran.err, "as-of" in {name for _, name, _ in refused})

    def test_version(self):
        ran = run("--version")
        self.assert_ran(ran, 0)
        self.assertRegex(ran.lines[0], r"^portbook \d+\.\d+\.\d+$")
        self.assertIn("2026-08", ran.out)
        self.assertIn("https://www.iana.org/assignments/service-names-port-numbers/"
                      "service-names-port-numbers.xml", ran.out)
        self.assertIn("--registry FILE", ran.out)
        self.assertEqual(run("-V").out, ran.out)


class SameEverywhere(Case):
    @classmethod
    def setUpClass(cls):
        cls.options = {command: options_of(run(*command.split(), "--help").out)
                       for command in commands()}
        cls.all = set().union(*cls.options.values())

    def test_there_are_options(self):
        self.assertGreaterEqual(len(self.all), 20)

    def test_man_page(self):
        described = set()
        for line in re.findall(r"^\.It (Fl .*)$", MAN, re.M):
            names = re.match(r"(?:Fl (\w) , )?Fl Fl ([\w-]+)(?: (Ar .*))?$", line)
            self.assertIsNotNone(names, line)
            described.add((names.group(1) or "", names.group(2), bool(names.group(3))))
        self.assertEqual(described, self.all)
        described = MAN[MAN.index(".Ss Commands"):MAN.index(".Ss Options")]
        self.assertEqual(re.findall(r"^\.It Cm ([a-z]+(?: [a-z]+){0,2})", described, re.M),
                         [command for command in commands() if not listed(*command.split())])

    def test_man_page_by_command(self):
        """Each option stands under a heading that names the commands that take it."""
        options = MAN[MAN.index(".Ss Options"):MAN.index(".Sh FORMATS")]
        for part in re.split(r"^\.Pp\n(?=Options? of)", options, flags=re.M)[1:]:
            heading = part[:part.index(".Bl")]
            takers = set(re.findall(r"^\.Cm (\w+)", heading, re.M))
            for name in re.findall(r"^\.It .*?Fl Fl ([\w-]+)", part, re.M):
                self.assertEqual(takers, {command.split()[0] for command, options in self.options.items()
                                          if name in {option[1] for option in options}})

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not here")
    def test_man_page_is_well_formed(self):
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning",
                               ROOT / "man" / "portbook.1"], capture_output=True, check=False)
        self.assertEqual(done.stdout.decode(), "")

    def test_bash(self):
        script = run("completion", "bash").out
        for command, options in self.options.items():
            pattern = re.escape(command.replace(" ", "\\ "))
            words = re.search(rf"^\t{pattern}\) words='(.*)' (?:files=1 )?;;$", script, re.M).group(1).split()
            self.assertEqual({word for word in words if word.startswith("--")},
                             {"--" + name for _, name, _ in options})
        values = {name for names in re.findall(r"^\t(-\S+)\)$", script, re.M)
                  for name in re.findall(r"--([\w-]+)", names)}
        self.assertEqual(values, {name for _, name, value in self.all if value})

    def test_zsh(self):
        script = run("completion", "zsh").out
        found = {(letter, name) for letter, name in
                 re.findall(r"'\(-(\w) --([\w-]+)\)'", script)}
        found |= {("", name) for name in re.findall(r"^\t\t'--([\w-]+)", script, re.M)}
        self.assertEqual(found, {(letter, name) for letter, name, _ in self.all})

    def test_fish(self):
        script = run("completion", "fish").out
        found = {(letter, name, " -x" in rest or " -r" in rest) for letter, name, rest in
                 re.findall(r"(?: -s (\w))? -l ([\w-]+)(.*)$", script, re.M)}
        self.assertEqual(found, self.all)

    def test_shells_accept_them(self):
        for shell in ("bash", "zsh", "fish"):
            if not shutil.which(shell):
                continue
            with self.subTest(shell):
                script = self.folder / "script"
                script.write_text(run("completion", shell).out)
                done = subprocess.run([shell, "-n", script], capture_output=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, b""))

    def complete(self, *words):
        """What bash would offer for the last word."""
        script = run("completion", "bash").out + (
            'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; _portbook\n'
            'printf "%s\\n" "${COMPREPLY[@]}"\n')
        done = subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True,
                              cwd=self.folder, check=False)
        self.assertEqual(done.stderr, b"")
        return done.stdout.decode().split("\n")[:-1]

    def test_completing(self):
        self.assertEqual(self.complete("portbook", "sea"), ["search"])
        self.assertEqual(self.complete("portbook", "search", "--pa"), ["--page"])
        self.assertEqual(self.complete("portbook", "list", "--pa"), [""])
        self.assertEqual(self.complete("portbook", "--color", "a"), ["auto", "always"])
        self.assertEqual(self.complete("portbook", "--color", "=", "n"), ["never"])
        self.assertEqual(self.complete("portbook", "list", "--state", "assigned,un"),
                         ["assigned,unassigned"])
        self.assertEqual(self.complete("portbook", "completion", "z"), ["zsh"])
        self.assertEqual(self.complete("portbook", "store", ""), self.complete("portbook", "store", "--")
                         + ["verify", "copy"])
        self.assertEqual(self.complete("portbook", "store", "v"), ["verify"])
        self.assertEqual(self.complete("portbook", "store", "verify", "v"), [""])
        (self.folder / "two words.xml").write_text("")
        self.assertEqual(self.complete("portbook", "-r", "two"), ["two words.xml"])
        self.assertEqual(self.complete("portbook", "lint", "two"), ["two words.xml"])
        self.assertEqual(self.complete("portbook", "store", "copy", "two"), ["two words.xml"])
        self.assertEqual(self.complete("portbook", "lint", "--se"), ["--severity"])
        self.assertEqual(self.complete("portbook", "lint", "--severity", "w"), ["warning"])


class Usage(Case):
    def refused(self, expected, *arguments):
        self.assert_ran(run(*arguments), 2, f"portbook: {expected}\n")

    def test_usage(self):
        self.refused("unknown option --pge; nearest: --page", "search", "x", "--pge", "2")
        self.refused("unknown option -x; portbook --help lists them", "-x")
        self.refused("--format needs FORMAT", "443", "--format")
        self.refused("lookup takes no --page; it is for: search", "443", "--page", "2")
        self.refused("lookup needs QUERY...; portbook lookup --help explains")
        self.refused("lookup prints no xml", "443", "--format", "xml")
        self.refused('completion: "tcsh" is none of bash, zsh, fish', "completion", "tcsh")

    def test_wrong_usage_prints_nothing(self):
        self.assertEqual(run("443", "--page", "2").out, "")


if __name__ == "__main__":
    unittest.main()
