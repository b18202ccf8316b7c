"""The registry in PostgreSQL: a column of names by function, and by a join with an exported table."""

import json
import pathlib
import statistics
import subprocess
import sys

from common import Failed, call, compare, heading, line, time_text

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/sql"))

# pylint: disable=wrong-import-position
from extension import installed, postgres  # noqa: E402

ROWS = 10_000_000
FEW = 20  # times fewer for the join with ranges

# Half of the flows have one of ten ports, half any.
SETUP = """
CREATE EXTENSION portbook;
CREATE UNLOGGED TABLE flows AS
  SELECT CASE WHEN random() < 0.5
              THEN (ARRAY[443, 80, 53, 22, 25, 123, 3306, 8080, 6010, 5432])[1 + floor(random() * 10)::int]
              ELSE floor(random() * 65536)::int END AS port,
         (ARRAY['tcp', 'tcp', 'udp'])[1 + floor(random() * 3)::int] AS transport
    FROM generate_series(1, {rows});
CREATE UNLOGGED TABLE few AS SELECT * FROM flows LIMIT {few};
CREATE TABLE names (port integer, transport text, name text, description text);
COPY names FROM '{names}' CSV HEADER;
CREATE UNIQUE INDEX ON names (port, transport);
CREATE TABLE ranges AS
  SELECT transport, name, min(port) AS first_port, max(port) AS last_port
    FROM (SELECT *, port - row_number() OVER (PARTITION BY transport, name ORDER BY port) AS run
            FROM names) AS numbered GROUP BY transport, name, run;
CREATE UNIQUE INDEX ON ranges (transport, first_port);
VACUUM ANALYZE;
"""

FUNCTION = "SELECT service_name(port, transport), count(*) FROM flows GROUP BY 1"
JOIN = "SELECT name, count(*) FROM flows LEFT JOIN names USING (port, transport) GROUP BY 1"
# The same without names: what both of the first have to do besides.
NEITHER = "SELECT count(transport) FROM flows WHERE port >= 0"
FUNCTION_COUNT = "SELECT count(service_name(port, transport)) FROM flows"
JOIN_COUNT = "SELECT count(name) FROM flows LEFT JOIN names USING (port, transport)"
FUNCTION_FEW = FUNCTION.replace("flows", "few")
RANGES_FEW = """SELECT name, count(*) FROM few LEFT JOIN LATERAL
  (SELECT CASE WHEN port <= last_port THEN name END AS name FROM ranges
    WHERE ranges.transport = few.transport AND first_port <= port
    ORDER BY first_port DESC LIMIT 1) AS found ON true GROUP BY 1"""


def psql(server, script):
    done = subprocess.run([postgres.program("psql"), "-X", "-q", "-A", "-t", "-v",
                           "ON_ERROR_STOP=1", server.url], input=script, text=True,
                          capture_output=True, check=False, timeout=300)
    if done.returncode != 0:
        raise Failed(f"psql: {done.stderr.strip()}")
    return done.stdout


def explained(server, query):
    return json.loads(psql(server, f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query};"))[0]


def workers(plan):
    return plan.get("Workers Launched", 0) + sum(workers(one) for one in plan.get("Plans", []))


def medians(server, rounds, *queries):
    """Nanoseconds of queries by turns, as the server counts them."""
    times = [[] for _ in queries]
    for _ in range(rounds):
        for query, taken in zip(queries, times):
            taken.append(explained(server, query)["Execution Time"] * 1e6)
    return [statistics.median(taken) for taken in times]


class Sql:
    def sql(self):
        module = self.build / "src/sql/postgres/portbook.so"
        if not module.exists():
            raise Failed(f"{module} is missing: install postgresql-server-dev-15 and set the "
                         "build folder up again")
        try:
            with installed(module), postgres.Server() as server:
                self.measure_sql(server)
        except postgres.Missing as missing:
            raise Failed(str(missing)) from missing

    def measure_sql(self, server):
        rows = ROWS // 50 if self.quick else ROWS
        names = pathlib.Path(server.folder) / "names.csv"
        names.write_text(call([self.program, "export", "--format", "dictionary"]),
                         encoding="utf-8")
        names.chmod(0o644)
        psql(server, SETUP.format(rows=rows, few=rows // FEW, names=names))
        rounds = 3
        function, join, by_function, by_join, neither = medians(
            server, rounds, FUNCTION, JOIN, FUNCTION_COUNT, JOIN_COUNT, NEITHER)
        few, ranges = medians(server, rounds, FUNCTION_FEW, RANGES_FEW)
        launched = workers(explained(server, FUNCTION)["Plan"])
        heading(f"PostgreSQL: names of {rows / 1e6:g} million flows", "function", "join")
        line("workers beside the leader", str(launched), target=">= 1", met=launched >= 1)
        compare("counted by name; a table of every port", function, join, 5)
        compare("names counted, not by name", by_function, by_join)
        compare("    less the same without names", max(by_function - neither, 1),
                max(by_join - neither, 1), 5)
        line("    which takes", time_text(neither))
        compare(f"counted by name; a table of ranges, 1/{FEW}", few, ranges, 5)
