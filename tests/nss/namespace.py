"""Programs whose name service is of a test's own, in mount namespaces that the machine never sees."""

import pathlib
import subprocess

SKIPPED = 77

UNSHARE = ["unshare", "--mount", "--propagation", "private"]

# The folder $1 has services and nsswitch.conf, and perhaps the state of a store and of libnss-db.
MOUNTED = """set -e
mount --bind "$1/services" /etc/services
mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf
if [ -d "$1/portbook" ]; then
    mount -t tmpfs tmpfs /var/lib
    cp -Rp "$1/portbook" /var/lib/portbook
    [ ! -d "$1/misc" ] || cp -Rp "$1/misc" /var/lib/misc
fi
shift
exec "$@"
"""


def find():
    """The command that gives a namespace with mounts of its own; None: there is none to be had."""
    for command in (UNSHARE, [*UNSHARE, "--user", "--map-root-user"]):
        try:
            done = subprocess.run([*command, "sh", "-c", "mount --bind /etc /etc && "
                                   "mount -t tmpfs tmpfs /var/lib"], check=False,
                                  capture_output=True, timeout=60)
        except FileNotFoundError:
            return None
        if done.returncode == 0:
            return command
    return None


class Namespace:
    """Where /etc/services and the registry of the machine are made up."""

    def __init__(self, command, folder, module, *more):
        """more: folders that have other modules."""
        self.command, self.module = command, pathlib.Path(module).resolve()
        self.folder = pathlib.Path(folder)
        self.libraries = ":".join(map(str, [self.module.parent, *more]))

    def prepare(self, services, image=None):
        (self.folder / "services").write_bytes(services)
        if image is not None:
            state = self.folder / "portbook"
            state.mkdir(mode=0o755, exist_ok=True)
            (state / "portbook.db.image").write_bytes(image)
            (state / "portbook.db.image").chmod(0o644)

    def run(self, switch, command, text=b"", timeout=200, status=0):
        """What the command writes where nsswitch.conf says that of services."""
        (self.folder / "nsswitch.conf").write_text(f"services: {switch}\n")
        done = subprocess.run(
            [*self.command, "sh", "-c", MOUNTED, "sh", self.folder, "env",
             f"LD_LIBRARY_PATH={self.libraries}", *command],
            input=text, capture_output=True, timeout=timeout, check=False)
        if done.returncode != status:
            raise AssertionError(f"{command[0]} ended with {done.returncode}: "
                                 f"{done.stderr.decode(errors='replace')[-2000:]}")
        return done.stdout
