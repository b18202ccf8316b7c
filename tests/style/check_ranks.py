#!/usr/bin/env python3
"""Folders of src/ have ranks: one includes only those of lower rank, and of those their face.

The face of a folder is its header of the same name; the few others that may be included from
outside are listed. Only the named folders may use the named system headers.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

RANKS = {
    "base": 0,
    "record": 1, "archive": 1, "db": 1, "codec": 1, "fetch": 1, "tree": 1,
    "registry": 2, "image": 2, "builtin": 2, "policy": 2, "mail": 2, "lease": 2,
    "changes": 3, "current": 3, "host": 3, "lint": 3, "mkimage": 3, "query": 3, "application": 3, "accounts": 3,
    "render": 4, "chart": 4, "assign": 4,
    "source": 5, "package": 5,
    "lib": 5,
    "history": 6,
    "reserve": 6, "overlay": 6, "advice": 7,
    "import": 7, "update": 7, "timeline": 7, "preflight": 7,
    "desk": 8,
    "http": 9,
    "annotate": 8,
    "audit": 8,
    "cli": 10, "nss": 10, "sql": 10,
}

# Faces beside <folder>/<folder>.h; None: every header of the folder.
FACES = {
    "base": None,
    "record": None,
    "query": {"query/query.h", "query/rowset.h"},
    "render": {"render/changes.h", "render/csv.h", "render/dictionary.h", "render/image_page.h", "render/render.h", "render/services.h", "render/text.h",
               "render/xhtml.h", "render/xhtml_writer.h", "render/xml.h"},
    "image": {"image/image.h"},
    "policy": {"policy/policy.h", "policy/procedure.h"},
    "annotate": {"annotate/annotate.h", "annotate/header.h", "annotate/input.h", "annotate/services.h"},
    "fetch": {"fetch/fetch.h", "fetch/smtp.h"},
    "host": {"host/identity.h", "host/processes.h", "host/sockets.h", "host/sysctl.h"},
    "tree": {"tree/jansson.h", "tree/tree.h"},
    "http": {"http/access_log.h", "http/desk_access.h", "http/listen.h", "http/operations.h", "http/server.h", "http/site.h", "http/upkeep.h"},
}

# A header that one folder alone may include of another.
PRIVATE = {"image/format.h": {"mkimage"}}

# System and library headers that belong to one folder.
ONLY = {
    "curl/curl.h": {"fetch"},
    "archive.h": {"archive"},
    "archive_entry.h": {"archive"},
    "expat.h": {"source", "audit"},
    "pcre2.h": {"query"},
    "png.h": {"chart"},
    "jansson.h": {"tree"},
    "yaml.h": {"tree"},
    "sqlite3.h": {"db"},
    "libpq-fe.h": {"db"},
    "openssl/sha.h": {"codec"},
    "zstd.h": {"codec"},
    "microhttpd.h": {"http"},
    "zlib.h": {"http"},
    "dlfcn.h": {"base", "fetch"},
    "xxhash.h": {"base"},
    "sys/mman.h": {"base", "current"},
    "sodium.h": {"accounts"},
    "portbook/portbook.h": {"lib"},
    "nss.h": {"nss"},
    "sqlite3ext.h": {"sql"},
    "postgres.h": {"sql"},
    "fmgr.h": {"sql"},
}

# Programs that run while building, outside of the ranks.
EXEMPT = {"builtin/generate.c"}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)


def complaints(path):
    folder = path.relative_to(ROOT / "src").parts[0]
    for quote, header in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if header in ONLY and folder not in ONLY[header]:
            yield f"{header} belongs to {', '.join(ONLY[header])}"
        if quote == "<":
            continue
        other = header.split("/")[0]
        if other == folder or "/" not in header:
            continue
        if other not in RANKS:
            yield f"{header} is of no known folder"
        elif RANKS[other] >= RANKS[folder]:
            yield f"{header} is of rank {RANKS[other]}, this folder of rank {RANKS[folder]}"
        elif header in PRIVATE:
            if folder not in PRIVATE[header]:
                yield f"{header} is for {', '.join(PRIVATE[header])} alone"
        elif FACES.get(other, {f"{other}/{other}.h"}) is not None and \
                header not in FACES.get(other, {f"{other}/{other}.h"}):
            yield f"{header} is private to {other}/"


def main():
    files = sorted(p for p in (ROOT / "src").rglob("*.[ch]"))
    found = 0
    for folder in sorted({p.relative_to(ROOT / "src").parts[0] for p in files}):
        if folder not in RANKS:
            print(f"src/{folder}: has no rank")
            found += 1
    for path in files:
        name = str(path.relative_to(ROOT / "src"))
        if name in EXEMPT or name.split("/")[0] not in RANKS:
            continue
        for complaint in complaints(path):
            print(f"src/{name}: {complaint}")
            found += 1
    print(f"{len(files)} files, {found} complaints")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
