"""The PostgreSQL extension in a server of the tests' own.

    PORTBOOK=PROGRAM PORTBOOK_POSTGRES=MODULE test_postgres.py [--update]

What psql shows of tests/sql/postgres/portbook.sql, commands and all, is portbook.out beside it, as with
PostgreSQL's own regression tests; --update writes it.
"""

import difflib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from extension import installed, postgres

PROGRAM = os.environ["PORTBOOK"]
MODULE = os.environ["PORTBOOK_POSTGRES"]
HERE = pathlib.Path(__file__).resolve().parent
ENVIRONMENT = dict(os.environ, XDG_DATA_HOME="/nowhere", PORTBOOK_STORE="")
SKIPPED = 77  # meson's

SMALL = """Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,\
Registration Date,Modification Date,Reference,Service Code,Unauthorized Use Reported,\
Assignment Notes
late,7,tcp,An alias,,,,,,,,"This entry is an alias to ""early""."
early,7,tcp,The name,,,,,,,,
Wide,10-20,udp,A range,,,,,,,,
,21,udp,Reserved,,,,,,,,
portless,,,No port,,,,,,,,
"""

PARALLEL = """
CREATE EXTENSION portbook;
SET portbook.image = :'built_in';
CREATE TABLE asked AS
  SELECT port, transport FROM generate_series(0, 65535) AS port,
         (VALUES ('tcp'), ('udp'), ('sctp'), ('dccp')) AS t (transport);
CREATE TABLE names (port integer, transport text, name text, description text);
\\copy names FROM pstdin CSV HEADER
ANALYZE;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
"""


def portbook(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True,
                          env=ENVIRONMENT, timeout=120).stdout


def psql(server, images, script, *options):
    variables = [text for name, path in images.items() for text in ("-v", f"{name}={path}")]
    return subprocess.run([postgres.program("psql"), "-X", "-q", *variables, *options, server.url],
                          input=script, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, timeout=120,
                          env=dict(os.environ, LC_ALL="C.UTF-8", PGTZ="UTC")).stdout


def images_in(folder):
    os.chmod(folder, 0o755)
    images = {"small": folder + "/small", "built_in": folder + "/built-in"}
    pathlib.Path(folder + "/small.csv").write_text(SMALL, encoding="utf-8")
    portbook("--registry", folder + "/small.csv", "export", "--format", "image", "-o",
             images["small"])
    portbook("export", "--format", "image", "-o", images["built_in"])
    for path in images.values():
        os.chmod(path, 0o644)
    return images


def check_script(server, images):
    script = (HERE / "postgres/portbook.sql").read_text(encoding="utf-8")
    expected = HERE / "postgres/portbook.out"
    got = psql(server, images, script, "-a")
    if "--update" in sys.argv:
        expected.write_text(got, encoding="utf-8")
    wanted = expected.read_text(encoding="utf-8")
    sys.stdout.writelines(difflib.unified_diff(wanted.splitlines(True), got.splitlines(True),
                                               "expected", "got"))
    return got == wanted


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def check_parallel(server, images):
    """Workers answer as the dictionary does, and rows without a transport are of all."""
    names = portbook("export", "--format", "dictionary").decode()
    query = """SELECT count(*), count(nullif(name, '')),
                      sum((service_name(port, transport) IS DISTINCT FROM name
                           AND name IS NOT NULL)::int),
                      sum(((port_state(port, transport) = 'assigned')
                           <> (service_name(port, transport) IS NOT NULL))::int)
                 FROM asked LEFT JOIN names USING (port, transport)"""
    setup = PARALLEL.replace("FROM pstdin", f"FROM '{images['small']}.names'")
    pathlib.Path(images["small"] + ".names").write_text(names, encoding="utf-8")
    got = psql(server, images, setup + query + ";\nEXPLAIN (ANALYZE, FORMAT JSON) " + query + ";",
               "-A", "-t", "-v", "ON_ERROR_STOP=1")
    first, _, plan = got.partition("\n")
    count, named, wrong, unequal = first.split("|")
    if int(count) != 4 * 65536 or int(named) < 10000 or wrong != "0" or unequal != "0":
        print(f"of {count} ports {named} have names, {wrong} others, {unequal} another state")
        return False
    gather = [node for node in nodes(json.loads(plan)[0]["Plan"])
              if node["Node Type"].startswith("Gather")]
    if not gather or gather[0]["Workers Planned"] < 1:
        print(f"not parallel: {plan}")
        return False
    return True


def main():
    try:
        with installed(MODULE), postgres.Server() as server, \
                tempfile.TemporaryDirectory(prefix="portbook-sql-") as folder:
            images = images_in(folder)
            good = check_script(server, images)
            return 0 if check_parallel(server, images) and good else 1
    except postgres.Missing as missing:
        print(f"skipped: {missing}")
        return SKIPPED


if __name__ == "__main__":
    sys.exit(main())
