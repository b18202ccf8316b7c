"""The name service switch's module beside glibc's "files" and libnss-db's "db" of the same names."""

import pathlib
import shutil
import statistics
import sys

from common import call, compare, heading, line, time_text

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/nss"))

import namespace  # noqa: E402  pylint: disable=wrong-import-position

# What libnss-db makes its databases with.
RECIPE = pathlib.Path("/var/lib/misc/Makefile")
# Look-ups a process: as many as their source has the speed for.
COUNTS = {"files": 400, "db": 4000, "portbook": 40000, "nothing": 40000}
ROUNDS = 5


class Nss:
    """Part of a Bench: program, build, folder and rounds are its."""

    def name_service(self):
        heading("getservbyport, getservbyname through glibc")
        command = namespace.find()
        if not command:
            line("no mount namespace is to be had to measure in", "")
            return
        got = self.measure_sources(command)
        for key, text in (("port", "by port, any key"), ("port_zipf", "by port, Zipf keys"),
                          ("name", "by name, any key"), ("name_zipf", "by name, Zipf keys")):
            ours = got["portbook"][key]
            compare(f"{text}, files", ours, got["files"][key], 200)
            if "db" in got:
                compare("    db", ours, got["db"][key], 25)
            line("    glibc alone; the module alone", time_text(got["nothing"][key]),
                 time_text(got["direct"][key]))

    def measure_sources(self, command):
        """The medians of each source: source -> what -> nanoseconds."""
        folder = self.folder / "nss"
        folder.mkdir()
        folder.chmod(0o755)
        space = namespace.Namespace(command, folder, self.build / "src/libnss_portbook.so.2",
                                    self.build / "bench")
        services = folder / "names"
        call([self.program, "export", "--format", "services", "-o", services])
        call([self.program, "export", "--format", "image", "-o", folder / "image"])
        space.prepare(services.read_bytes(), (folder / "image").read_bytes())
        sources = list(COUNTS)
        if RECIPE.exists() and shutil.which("makedb"):
            (folder / "misc").mkdir()
            # In the namespace it is where everything is that looks for it.
            recipe = shutil.copy(RECIPE, folder / "recipe")
            space.run("files", ["make", "-s", "-f", recipe, f"VAR_DB={folder}/misc",
                                f"{folder}/misc/services.db"])
        else:
            sources.remove("db")
            line("db: not measured, libnss-db is missing", "")
        program = [self.build / "bench/nss", services]
        rounds = {source: [] for source in [*sources, "direct"]}
        for _ in range(self.rounds(ROUNDS)):
            for source in sources:
                rounds[source].append(space.run(source, [*program, str(COUNTS[source])]))
            rounds["direct"].append(space.run("files", [
                *program, str(COUNTS["portbook"]), space.module]))
        return {source: medians(outputs) for source, outputs in rounds.items()}


def medians(outputs):
    rounds = [dict(row.split() for row in output.decode().splitlines()) for output in outputs]
    return {name: statistics.median(float(got[name]) for got in rounds) for name in rounds[0]}
