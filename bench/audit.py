"""audit beside what people use instead: grep for what looks like a port, and a reader of YAML."""

import shutil
import subprocess
import sys

from common import compare, heading, line, time_text

FILES = 10000

COMPOSE = """services:
  web{0}:
    image: registry.example/team/web:{0}
    environment:
      LOG_LEVEL: info
    ports:
      - "{1}:8080"
      - "127.0.0.1:{2}:9090/udp"
    depends_on: [db]
  db:
    image: postgres:16
    expose: [5432]
"""

MANIFEST = """apiVersion: v1
kind: Service
metadata:
  name: web{0}
spec:
  selector: {{app: web}}
  ports:
    - name: http
      port: 80
      targetPort: {1}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web{0}
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.example/team/web
          ports:
            - containerPort: {1}
"""

# What each hundred files are, and what is in them: their number, and two ports.
KINDS = (
    (50, "yaml/{0}/compose.yaml", COMPOSE),
    (20, "yaml/{0}/web.yaml", MANIFEST),
    (10, "other/{0}/Dockerfile",
     "FROM debian\nARG PORT={1}\nRUN make install\nEXPOSE $PORT {2}/udp\n"),
    (10, "other/{0}/.env", "# settings\nLOG_LEVEL=info\nPORT={1}\nREDIS_PORT={2}\n"),
    (5, "other/{0}/web{0}.socket",
     "[Unit]\nDescription=Web\n\n[Socket]\nListenStream={1}\nListenDatagram=127.0.0.1:{2}\n"),
    (5, "other/{0}/nginx.conf",
     "events {{}}\nhttp {{\n  server {{\n    listen {1};\n    listen [::]:{2} ssl;\n  }}\n}}\n"),
)

GREP = "[0-9]{2,5}:[0-9]{2,5}|(PORT|[Pp]ort|EXPOSE|[Ll]isten)[^0-9]*[0-9]{2,5}"

LOAD = """
import pathlib, sys, yaml
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.yaml")):
    list(yaml.load_all(path.read_bytes(), yaml.CSafeLoader))
"""


def write_files(folder, count):
    number = 0
    while number < count:
        for share, path, text in KINDS:
            for _ in range(share):
                file = folder / path.format(number)
                file.parent.mkdir(parents=True)
                file.write_text(text.format(number, 1024 + number % 7000, 9000 + number % 900),
                                encoding="ascii")
                number += 1
    return number


class Audit:
    """Part of a Bench: program, folder and quick are its."""

    def audit(self):
        folder = self.folder / "audited"
        count = write_files(folder, FILES // 10 if self.quick else FILES)
        audit = [self.program, "audit", "--format", "ndjson"]
        heading(f"Ports in configuration files: {count:,} files", peer="grep -rE")
        got = self.spawn(20, [*audit, folder], [shutil.which("grep"), "-rE", GREP, folder])
        compare("all that looks like a port", got["time0"], got["time1"])
        line("    against the target", time_text(got["time0"]), target="< 2 s",
             met=got["time0"] < 2e9)
        if subprocess.run([sys.executable, "-c", "import yaml; yaml.CSafeLoader"], check=False,
                          capture_output=True).returncode != 0:
            line("PyYAML: not measured, tools/deps.sh bench installs it", "")
        else:
            yaml = folder / "yaml"
            got = self.spawn(5, [*audit, yaml], [sys.executable, "-c", LOAD, yaml])
            compare("YAML alone, loaded by PyYAML's C loader", got["time0"], got["time1"], 1)
        shutil.rmtree(folder)
