#!/usr/bin/env python3
"""Tables as they look on terminals, and what terminals never get to see."""

import re
import unicodedata
import unittest

from program import ESCAPES, Case, environment, run, run_on_terminal

WIDTHS = (20, 40, 80, 200)


def width(line):
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in line)
    return len(line) + wide - sum(unicodedata.combining(c) > 0 for c in line)


def words(text):
    """The letters and digits of a table, however it is laid out."""
    return re.sub(r"\W", "", text)


class Tables(Case):
    def on_terminal(self, columns, *arguments, **options):
        return run_on_terminal(columns, "--registry", self.registry, *arguments, **options)

    def test_no_line_is_wider(self):
        for columns in WIDTHS:
            for arguments in (["list"], ["21", "22", "6000-6100", "50000"], ["gamma"],
                              ["search", "--contacts", "a"], ["person", "Beta_Inc"]):
                with self.subTest(columns=columns, arguments=arguments):
                    ran = self.on_terminal(columns, *arguments)
                    self.assertIn(ran.status, (0, 1))
                    text = ESCAPES.sub("", ran.out)
                    self.assertLessEqual(max(map(width, text.split("\n"))), columns)
                    self.assertEqual([line for line in text.split("\n")
                                      if line != line.rstrip()], [])

    def test_built_in(self):
        for columns in WIDTHS:
            with self.subTest(columns):
                text = ESCAPES.sub("", run_on_terminal(columns, "list", "--ports", "1-600").out)
                self.assertLessEqual(max(map(width, text.split("\n"))), columns)

    def test_nothing_is_lost(self):
        cells = [cell for line in self.ask("list", "--format", "tsv").lines[1:]
                 for cell in line.split("\t")]
        for columns in (40, 80, 200):
            text = words(ESCAPES.sub("", self.on_terminal(columns, "list").out))
            for cell in cells:
                # Cells side by side interleave where they wrap: their words are looked for.
                for word in re.findall(r"\w{1,6}", cell.replace("\u009b", " ")):
                    self.assertIn(word, text)

    def test_moves_below(self):
        text = ESCAPES.sub("", self.on_terminal(80, "alpha/tcp").out)
        self.assertIn("\n  Notes: Defined TXT keys: u=<username> and a text", text)
        self.assertNotIn("Service code", text)
        wide = ESCAPES.sub("", self.on_terminal(200, "alpha/udp").out)
        self.assertEqual(len(wide.splitlines()), 2)
        self.assertNotIn("Notes", wide)

    def test_width_of_environment(self):
        # A terminal that does not know its width: the variable, else 80.
        for columns, env in ((50, environment(COLUMNS="50")), (80, environment()),
                             (80, environment(COLUMNS="many")), (80, environment(COLUMNS="0"))):
            text = ESCAPES.sub("", self.on_terminal(0, "list", env=env).out)
            widest = max(map(width, text.split("\n")))
            self.assertLessEqual(widest, columns)
            self.assertGreater(widest, columns - 15)

    def test_help_fits(self):
        for columns in (40, 80, 200):
            text = run_on_terminal(columns, "search", "--help").out
            self.assertLessEqual(max(map(len, text.split("\n"))), max(min(columns, 80), 60))


class Colors(Case):
    def colored(self, *arguments, terminal=True, **changes):
        if terminal:
            return "\033[" in run_on_terminal(80, "-r", self.registry, *arguments,
                                              env=environment(**changes)).out
        return "\033[" in self.ask(*arguments, env=environment(**changes)).out

    def test_auto(self):
        self.assertTrue(self.colored("21"))
        self.assertFalse(self.colored("21", terminal=False))
        self.assertFalse(self.colored("21", NO_COLOR="1"))
        self.assertTrue(self.colored("21", NO_COLOR=""))
        self.assertFalse(self.colored("21", TERM="dumb"))
        self.assertFalse(self.colored("21", TERM=""))

    def test_always_and_never(self):
        self.assertFalse(self.colored("21", "--color", "never"))
        self.assertTrue(self.colored("21", "--color=always", terminal=False))
        self.assertTrue(self.colored("21", "--color=always", NO_COLOR="1"))
        self.assertTrue(self.colored("21", "--color=always", TERM="dumb"))

    def test_what_is_colored(self):
        out = run_on_terminal(80, "-r", self.registry, "search", "alph").out
        self.assertIn("\033[4mName\033[0m", out)
        self.assertIn("\033[1;4malph\033[0ma", out)
        self.assertIn("\033[1;4mAlph\033[0ma Transfer", out)
        out = run_on_terminal(80, "-r", self.registry, "22").out
        self.assertIn("\033[2mUnassigned\033[0m", out)

    def test_other_formats_have_none(self):
        for name in ("csv", "tsv", "json", "ndjson"):
            self.assertFalse(self.colored("search", "a", "--color=always", "--format", name))


class Safety(Case):
    def test_registry_text_is_not_obeyed(self):
        for arguments in (["7000"], ["7000", "--json"], ["7000", "--format", "csv"],
                          ["export", "--format", "xml"], ["export", "--format", "tsv"]):
            with self.subTest(arguments):
                out = run_on_terminal(80, "-r", self.registry, *arguments).out
                self.assertNotIn("\u009b", out)
                self.assertIn("\ufffd31m", out)
        self.assertIn("\u009b", self.ask("7000", "--format", "csv").out)

    def test_images_are_not_for_terminals(self):
        ran = run_on_terminal(80, "export", "--format", "image")
        self.assertEqual(ran.status, 2)
        self.assertIn("--output FILE", ran.out)

    def test_table_elsewhere_is_plain(self):
        self.assertNotIn("\033", run("list").out)
        self.assertNotIn("\u009b", self.ask("list").out)


if __name__ == "__main__":
    unittest.main()
