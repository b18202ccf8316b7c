"""The desk: requests filed beside what the disk does, and lists of many requests."""

import os
import tempfile

from common import below, figures, heading, line

SECONDS = 10

LISTS = {"list_all": "newest", "list_last": "last page", "list_state": "of a state",
         "list_procedure": "of a procedure", "list_applicant": "of an applicant",
         "list_reviewer": "of a reviewer", "list_overdue": "overdue",
         "list_queue": "a reviewer's queue", "list_text": "with a word",
         "list_no_text": "with a word that none has", "counts": "how many of each state"}


class Desk:
    def desk(self):
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            got = figures([self.build / "bench/desk", os.fspath(folder),
                           1 if self.quick else SECONDS])
        heading("Requests filed a second, each on disk", peer="fsyncs")
        line("one client", f"{got['filed']:.0f}", f"{got['fsyncs']:.0f}",
             f"{got['filed'] / got['fsyncs']:.2f}x")
        heading("A page of 100,000 requests", peer="limit")
        for name, text in LISTS.items():
            below(text, got[name], 50e6, 50000)
