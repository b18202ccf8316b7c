#!/usr/bin/env python3
"""What is installed: its files, and the header compiled as C and C++ by both compilers of each.

test_header.py BUILD-ROOT
"""

import pathlib
import sys
import tempfile
import unittest

from installed import C_COMPILERS, CXX_COMPILERS, WARNINGS, Installed

HERE = pathlib.Path(__file__).resolve().parent
BUILD = sys.argv.pop() if len(sys.argv) > 1 else None

# What a program that uses the library may ask for beyond what the header promises.
STRICT = ["-Wconversion", "-Wshadow", "-Wstrict-prototypes", "-Wundef"]


class Header(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.installed = Installed(BUILD, cls.folder)

    def run_program(self, compiler, source):
        self.installed.compile(compiler, HERE / source, "program", self.folder)
        return self.installed.run(["./program"], self.folder)

    def test_c(self):
        for compiler in C_COMPILERS:
            for standard in ("-std=c99", "-std=c11", "-std=gnu17"):
                with self.subTest(compiler=compiler[0], standard=standard):
                    self.run_program([*compiler, *STRICT, standard], "header.c")

    def test_cxx(self):
        for compiler in CXX_COMPILERS:
            for standard in ("-std=c++11", "-std=c++17"):
                with self.subTest(compiler=compiler[0], standard=standard):
                    self.assertEqual(self.run_program([*compiler, standard], "header.cc"), "3\n")

    def test_result_of_opening_must_be_looked_at(self):
        source = self.folder / "careless.c"
        source.write_text("#include <portbook/portbook.h>\n"
                          "int main(void)\n{\n\tportbook *book;\n\n"
                          "\tportbook_open(NULL, &book);\n\treturn 0;\n}\n", encoding="utf-8")
        for compiler in ("gcc", "clang"):
            with self.assertRaisesRegex(RuntimeError, "-W(error=)?unused-result"):
                self.installed.compile([compiler, *WARNINGS], source, "careless", self.folder)

    def test_files(self):
        """Header, library with its two links, configuration and pages; no static library."""
        files = {path.name for path in self.installed.root.rglob("*") if not path.is_dir()}
        self.assertLessEqual({"portbook.h", "portbook.pc", "libportbook.so", "libportbook.so.1",
                              "portbook.3", "portbook-image.5"}, files)
        self.assertEqual([name for name in files if name.endswith((".a", ".la"))], [])
        headers = [path for path in self.installed.root.rglob("*.h")]
        self.assertEqual([str(path)[-len("include/portbook/portbook.h"):] for path in headers],
                         ["include/portbook/portbook.h"])

    def test_pkg_config(self):
        """Nothing but the library itself; the version is the program's."""
        flags = self.installed.flags()
        self.assertEqual([flag for flag in flags if flag.startswith("-l")], ["-lportbook"])
        self.assertEqual([flag for flag in flags if not flag.startswith(("-I", "-L", "-l"))], [])
        version = self.installed.run(["pkg-config", "--modversion", "portbook"], self.folder)
        said = self.installed.run(["portbook", "--version"], self.folder)
        self.assertIn(version.strip(), said)


if __name__ == "__main__":
    unittest.main()
