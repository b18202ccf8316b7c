#!/usr/bin/env python3
"""The API's description beside the API: paths, methods, operations and parameters are those that
there are; it is valid OpenAPI; and real answers, problems too, are as it says.

    test_openapi.py PROGRAM SHOW_API DESCRIPTION FOLDER

The validator is installed into the folder, from what package-lock.json beside this file names.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

HEAD = ("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,Registration Date,"
        "Modification Date,Reference,Service Code,Unauthorized Use Reported,Assignment Notes\r\n")
EDITIONS = {
    "2020-01-01": "a,1,tcp,A,[Ann],[Ann],2020-01-01,,[RFC6335],,,\r\nb,2,udp,B,,[Bob],,,,,,\r\n"
                  ",3-9,,Unassigned,,,,,,,,\r\n",
    "2021-01-01": "a,1,tcp,Aa,[Ann],[Eve],2020-01-01,,[RFC6335],,,\r\nb,2,tcp,B,,[Bob],,,,,,\r\n"
                  "c,3,tcp,C,,,,,,,,\"This entry is an alias to \"\"a\"\"\"\r\n"
                  ",4-9,,Unassigned,,,,,,,,\r\n",
}

# Beside these, each operation is asked for each parameter there is, without a value.
BUILTIN = ["/rows", "/rows?limit=1000&search=RFC", "/rows?sort=-port&transport=sctp,dccp", "/rows?range=dynamic", "/rows?portless=true&unauthorized_use=false",
           "/rows?search=nothing+like+this", "/rows?limit=0", "/rows?cursor=x", "/rows?as_of=2020-01-01",
           "/ports/443", "/ports/443/tcp", "/ports/0", "/ports/6003/udp", "/ports/65535/dccp", "/ports/65536",
           "/ports/1/icmp", "/services/https", "/services/PCP", "/services/htps", "/people/Tom_Lane",
           "/people/Nobody", "/editions", "/diff?from=2020-01-01", "/diff", "/log/https",
           "/check/5000", "/check/8080/tcp?for=web", "/check/7/udp?for=p2p", "/check/70000", "/check/1/icmp",
           "/check/1?for=fun", "/free", "/free?near=5000&count=3&transport=tcp,udp", "/free?range=30000-30100",
           "/free?range=dynamic&for=p2p&seed=a", "/free?count=0", "/free?range=9-1", "/free?near=x"]
STORE = ["/rows?as_of=2020-02-02", "/rows?limit=1", "/editions", "/diff?from=2020-01-01&to=2021-01-01",
         "/diff?from=2021-01-01&to=2020-01-01", "/diff?from=x", "/diff?from=2000-01-01", "/log/a", "/log/1/tcp",
         "/log/b/udp", "/log/Ann", "/log/zzz", "/log/1-2", "/ports/3?as_of=2020-06-01", "/services/c"]

# A value for each part of a path.
PARTS = {"port": "443", "transport": "tcp", "name": "https", "id": "Tom_Lane", "subject": "a"}


def show(program, store, addresses):
    done = subprocess.run([program, store], input="".join(f"{a}\n" for a in addresses), check=True,
                          capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout)


def make_store(program, folder):
    store = str(folder / "store")
    for date, rows in EDITIONS.items():
        path = folder / f"{date}.csv"
        path.write_bytes((HEAD + rows).encode())
        subprocess.run([program, "--store", store, "import", "--force", "--date", date, path], check=True,
                       stdout=subprocess.DEVNULL, timeout=60)
    return store


def operations(description):
    """(pattern, method, path, operation) of each."""
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield re.sub(r"\{\w+\}", "{}", path), method, path, operation


def parameters(description, operation):
    for parameter in operation.get("parameters", []):
        yield description["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]


def is_of_desk(operation):
    """Those are for one origin, and are tried by test_desk_api.py."""
    return "desk" in operation.get("tags", [])


def compare_routes(description, shown):
    """Complaints about paths, methods, operations and parts of paths."""
    methods = {"get": shown["get"], "post": shown["post"]}
    described = {(pattern, operation["operationId"], methods.get(method), not is_of_desk(operation))
                 for pattern, method, _, operation in operations(description)}
    routes = {(route["pattern"], route["operation"], route["methods"], route["cross_origin"])
              for route in shown["routes"]}
    for one in sorted(described ^ routes):
        yield f"{one} is {'described' if one in described else 'a route'} alone"
    for _, _, path, operation in operations(description):
        parts = [p["name"] for p in parameters(description, operation) if p["in"] == "path"]
        if parts != re.findall(r"\{(\w+)\}", path):
            yield f"{path} has parts {parts}"


def compare_parameters(description, show_api, store):
    """Each operation takes the parameters that are described, and no others."""
    names = sorted({p["name"] for p in description["components"]["parameters"].values()} | {"skey"})
    asked = []
    for _, _, path, operation in operations(description):
        if is_of_desk(operation):
            continue
        base = re.sub(r"\{(\w+)\}", lambda part: PARTS[part.group(1)], path)
        taken = {p["name"] for p in parameters(description, operation) if p["in"] == "query"}
        asked += [(f"{base}?{name}=", name in taken) for name in names]
    answers = show(show_api, store, [address for address, _ in asked])["answers"]
    for (address, taken), answer in zip(asked, answers, strict=True):
        refused = "is no parameter here" in answer["body"].get("detail", "")
        if refused == taken:
            yield f"{address} is {'refused' if refused else 'taken'}"


def install(folder):
    """False: it cannot be."""
    if (folder / "node_modules" / "ajv").exists():
        return True
    npm = shutil.which("npm")
    if not npm:
        return False
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    done = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=False,
                          capture_output=True, text=True, timeout=200)
    if done.returncode != 0:
        print(done.stderr)
    return done.returncode == 0


def main():
    program, show_api, description_path, installed = sys.argv[1:]
    description = json.loads(pathlib.Path(description_path).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        store = make_store(program, folder)
        shown = show(show_api, "-", ["/api/v1" + address for address in BUILTIN])
        answers = shown["answers"] + show(show_api, store, ["/api/v1" + a for a in STORE])["answers"]
        complaints = [*compare_routes(description, shown),
                      *compare_parameters(description, show_api, store)]
        for complaint in complaints:
            print(complaint)
        missing = {operation["operationId"] for *_, operation in operations(description)
                       if not is_of_desk(operation)} - \
            {answer["operation"] for answer in answers if answer["status"] == 200}
        if missing:
            complaints.append(missing)
            print("never answered:", *sorted(missing))
        (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
        if complaints:
            return 1
        if not install(pathlib.Path(installed)):
            print("SKIP: npm, or the validator that it installs, is not to be had here")
            return 77
        return subprocess.run(["node", HERE / "check.mjs", description_path, folder / "answers.json"],
                              cwd=installed, check=False, timeout=100).returncode


if __name__ == "__main__":
    sys.exit(main())
