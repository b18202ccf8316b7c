"""A PostgreSQL server that ends and starts again under a server with a desk: who asks meanwhile is told
to come again, and afterwards all is answered, without the server being started again as well."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

import serving

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import postgres  # noqa: E402

MAKE_DESK = os.environ["PORTBOOK_MAKE_DESK"]
AT_ONCE = 8  # more than there are desks


class Restart(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.database = postgres.Server()
        except postgres.Missing as missing:
            raise unittest.SkipTest(str(missing)) from missing
        cls.addClassCleanup(cls.database.remove)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        made = subprocess.run([MAKE_DESK, cls.database.url, now], check=True, capture_output=True,
                              timeout=60, env=serving.environment())
        cls.cookie = json.loads(made.stdout)["people"]["applicant"]["cookie"]
        cls.server = serving.Server("--store", cls.database.url)
        cls.addClassCleanup(cls.server.stop)

    def ask(self, path):
        connection = self.server.connect()
        try:
            connection.sendall(serving.request(path, "GET", f"Cookie: portbook={self.cookie}"))
            return serving.Stream(connection).response()
        finally:
            connection.close()

    def use_all(self):
        """Each of the desks has a connection then."""
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(self.ask, ["/desk/me"] * (2 * AT_ONCE)))
        self.assertEqual({answer.status for answer in answers}, {200})

    def test_away(self):
        self.use_all()
        self.database.kill()
        for path in ("/desk/me", "/desk", "/api/v1/me", "/ports/443", "/editions"):
            answer = self.ask(path)
            if answer.status != 200:
                self.assertEqual(answer.status, 503, path)
                self.assertGreaterEqual(int(answer["Retry-After"]), 1)
                self.assertNotIn(self.database.folder.encode(), answer.body)
        self.assertEqual(self.ask("/desk/me").status, 503)
        self.database.start()
        for path in ("/desk/me", "/desk", "/api/v1/me", "/ports/443", "/editions"):
            self.assertEqual(self.ask(path).status, 200, path)

    def test_started_again(self):
        """One at most meets a connection that was lost; the others have new ones."""
        self.use_all()
        self.database.kill()
        self.database.start()
        statuses = [self.ask("/desk/me").status for _ in range(AT_ONCE)]
        self.assertLessEqual(set(statuses[:1]), {200, 503})
        self.assertEqual(set(statuses[1:]), {200})


if __name__ == "__main__":
    unittest.main()
