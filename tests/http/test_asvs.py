"""asvs.csv has each point of OWASP ASVS 4.0.3, level 1, and the tests that it names are there."""

import csv
import pathlib
import re
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# Of level 1: the points of each section. V1 has none; what is not listed is deleted, or above.
LEVEL_1 = {
    "2.1": range(1, 13), "2.2": (1, 2, 3), "2.3": (1,), "2.5": range(1, 7), "2.7": range(1, 5),
    "2.8": (1,), "3.1": (1,), "3.2": (1, 2, 3), "3.3": (1, 2), "3.4": range(1, 6), "3.7": (1,),
    "4.1": (1, 2, 3, 5), "4.2": (1, 2), "4.3": (1, 2), "5.1": range(1, 6), "5.2": range(1, 9),
    "5.3": range(1, 11), "5.5": range(1, 5), "6.2": (1,), "7.1": (1, 2), "7.4": (1,),
    "8.2": (1, 2, 3), "8.3": range(1, 5), "9.1": (1, 2, 3), "10.3": (1, 2, 3),
    "11.1": range(1, 6), "12.1": (1,), "12.3": range(1, 6), "12.4": (1, 2), "12.5": (1, 2),
    "12.6": (1,), "13.1": (1, 3), "13.2": (1, 2, 3), "13.3": (1,), "14.2": (1, 2, 3),
    "14.3": (2, 3), "14.4": range(1, 8), "14.5": (1, 2, 3),
}


class Table(unittest.TestCase):
    def setUp(self):
        with open(HERE / "asvs.csv", newline="") as file:
            self.rows = list(csv.DictReader(file))

    def test_each_point_is_there_once(self):
        wanted = [f"{section}.{number}" for section, numbers in LEVEL_1.items()
                  for number in numbers]
        self.assertEqual([row["requirement"] for row in self.rows], wanted)

    def test_what_applies_is_tested(self):
        for row in self.rows:
            with self.subTest(row["requirement"]):
                self.assertIn(row["applies"], ("yes", "no"))
                self.assertEqual(bool(row["shown_by"]), row["applies"] == "yes")
                if row["applies"] != "yes":
                    self.assertGreater(len(row["note"]), 10, "a reason is to be given")

    def test_tests_are_there(self):
        builds = "".join(path.read_text() for path in (ROOT / "tests").rglob("meson.build"))
        for row in self.rows:
            for test in row["shown_by"].split():
                file, name = test.split(":")
                text = (ROOT / file).read_text()
                start = (r"(?m)^\s+def " if file.endswith(".py") else
                         r"(?m)^static void " if file.endswith(".c") else r"(?m)^test\(\"")
                self.assertIsNotNone(re.search(start + name.replace("_", "[ _]") + r"\b", text),
                                     (row["requirement"], test))
                # And they are run.
                if file.endswith(".c"):
                    self.assertRegex(text, rf"cmocka_unit_test\w*\({name}\b", row["requirement"])
                if file.endswith(".py"):
                    self.assertRegex(name, "^test_|^tearDownClass$", row["requirement"])
                    stem = pathlib.Path(file).stem.removeprefix("test_")
                    self.assertRegex(builds, rf"test_{stem}\.py'|'{stem}'", row["requirement"])


if __name__ == "__main__":
    unittest.main()
