#!/usr/bin/env python3
"""export: its formats, where it writes, and what is left behind when it cannot."""

import os
import stat
import subprocess
import unittest

from program import PROGRAM, Case, environment, run

TITLES = ("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"
          "Registration Date,Modification Date,Reference,Service Code,"
          "Unauthorized Use Reported,Assignment Notes")


class Formats(Case):
    def test_rows(self):
        listed = {"csv": "list", "tsv": "list", "json": "list", "ndjson": "list"}
        for name, command in listed.items():
            with self.subTest(name):
                ran = self.ask("export", "--format", name)
                self.assert_ran(ran, 0)
                self.assertEqual(ran.out, self.ask(command, "--format", name).out)

    def test_default_is_csv(self):
        self.assertEqual(self.ask("export").out, self.ask("export", "--format", "csv").out)
        self.assertTrue(self.ask("export").out.startswith("Service Name,Port Number,"))

    def test_no_table(self):
        ran = self.ask("export", "--format", "table")
        self.assert_ran(ran, 2, "portbook: export prints no table\n")

    def test_xml_again(self):
        once = self.ask("export", "--format", "xml").out
        copy = self.folder / "copy.xml"
        copy.write_text(once, encoding="utf-8")
        self.assertEqual(run("-r", copy, "export", "--format", "xml").out, once)
        self.assertEqual(run("-r", copy, "export", "--json").out,
                         self.ask("export", "--json").out)

    def test_xml_of_many_references(self):
        csv = self.folder / "many.csv"
        people = "".join(f"[Person_{i}]" for i in range(500))
        rfcs = "".join(f"[RFC{i}]" for i in range(1, 501))
        csv.write_text(f"{TITLES}\r\na,1,tcp,A,{people},{people},,,{rfcs},,,\r\n", newline="")
        xml = self.folder / "many.xml"
        self.assert_ran(run("-r", csv, "export", "--format", "xml", "-o", xml), 0)
        self.assertEqual(run("-r", xml, "export").out, run("-r", csv, "export").out)

    def test_xml_is_the_document(self):
        document = self.folder / "layout.xml"
        text = self.ask("export", "--format", "xml").out
        for changed in (text, text.replace("\n    <", "\n\t<"), text.replace(">\n", ">", 9),
                        text.replace("</record>", "</record> \n\n<!-- a comment -->", 1),
                        text.replace("<people>", "\n<people>\n").replace("</registry>\n",
                                                                       "</registry>"),
                        text.replace("<registry", "<!-- another -->\n<registry")):
            document.write_text(changed, encoding="utf-8")
            self.assertEqual(run("-r", document, "export", "--format", "xml").out, changed)

    def test_image_is_read(self):
        image = self.folder / "registry.img"
        self.assert_ran(self.ask("export", "--format", "image", "-o", image), 0)
        for arguments in (["21"], ["search", "--json", "--contacts", "a"], ["export"]):
            self.assertEqual(run("-r", image, *arguments).out, self.ask(*arguments).out)
        # An image has no layout: what it gives is the document as usually laid out.
        xml = self.folder / "usual.xml"
        self.assert_ran(run("-r", image, "export", "--format", "xml", "-o", xml), 0)
        self.assertEqual(run("-r", xml, "export", "--json").out, self.ask("export", "--json").out)
        with open(image, "rb") as standard_input:
            self.assertEqual(run("-r", "-", "21", stdin=standard_input).out, self.ask("21").out)

    def test_same_image(self):
        image = [self.folder / name for name in ("one.img", "two.img")]
        for path in image:
            self.ask("export", "--format", "image", "-o", path)
        self.assertEqual(image[0].read_bytes(), image[1].read_bytes())

    def test_built_in(self):
        csv = self.folder / "built-in.csv"
        self.assert_ran(run("export", "-o", csv), 0)
        self.assertEqual(run("-r", csv, "list", "--json").out, run("list", "--json").out)


class Destinations(Case):
    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_file(self):
        path = self.folder / "out.csv"
        path.write_text("before")
        ran = self.ask("export", "-o", path)
        self.assert_ran(ran, 0)
        self.assertEqual(ran.out, "")
        self.assertEqual(path.read_bytes().decode(), self.ask("export").out)
        self.assertEqual(self.names(), ["out.csv", "registry.xml"])

    def test_standard_output(self):
        self.assertEqual(self.ask("export", "-o", "-").out, self.ask("export").out)

    def test_over_its_own_input(self):
        expected = self.ask("export", "--format", "xml").out
        self.assert_ran(self.ask("export", "--format", "xml", "-o", self.registry), 0)
        self.assertEqual(self.registry.read_text(encoding="utf-8"), expected)

    def test_link(self):
        target, link = self.folder / "target", self.folder / "link"
        target.write_text("before")
        link.symlink_to(target)
        self.assert_ran(self.ask("export", "-o", link), 0)
        self.assertTrue(link.is_symlink())
        self.assertTrue(target.read_text(encoding="utf-8").startswith("Service Name"))

    def test_permissions(self):
        path = self.folder / "out.csv"
        old = os.umask(0o027)
        try:
            self.ask("export", "-o", path)
        finally:
            os.umask(old)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)

    def test_pipe(self):
        path = self.folder / "pipe"
        os.mkfifo(path)
        with subprocess.Popen(["timeout", "20", "cat", path], stdout=subprocess.PIPE) as reader:
            ran = self.ask("export", "-o", path)
            self.assertTrue(stat.S_ISFIFO(os.stat(path).st_mode))
            self.assertEqual(reader.stdout.read().decode(), self.ask("export").out)
        self.assert_ran(ran, 0)

    def test_no_space(self):
        with open("/dev/full", "wb") as full:
            ran = self.ask("export", stdout=full)
        self.assert_ran(ran, 3, "portbook: standard output: No space left on device\n")

    @unittest.skipIf(os.geteuid() == 0, "who may replace devices does not try to")
    def test_device(self):
        self.assert_ran(self.ask("export", "-o", "/dev/null"), 0)
        self.assert_ran(self.ask("export", "-o", "/dev/full"), 3,
                        "portbook: /dev/full: cannot write: No space left on device\n")

    def test_no_space_leaves_nothing(self):
        path = self.folder / "out.csv"
        path.write_text("before")
        command = f'ulimit -f 1; exec "{PROGRAM}" export -o "{path}"'
        done = subprocess.run(["bash", "-c", "trap '' XFSZ; " + command], env=environment(),
                              stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stderr.decode(),
                         f"portbook: {path}: cannot write: File too large\n")
        self.assertEqual(path.read_text(), "before")
        self.assertEqual(self.names(), ["out.csv", "registry.xml"])

    def test_nowhere(self):
        ran = self.ask("export", "-o", self.folder / "none" / "out.csv")
        self.assertEqual(ran.status, 3)
        self.assertEqual(ran.err.count("\n"), 1)
        self.assertIn("none/out.csv: cannot create: No such file", ran.err)
        ran = self.ask("export", "-o", self.folder)
        self.assertEqual((ran.status, ran.err.count("\n")), (3, 1))


if __name__ == "__main__":
    unittest.main()
