"""The library as it is after `meson install`, for programs that use it."""

import os
import pathlib
import subprocess

# Both compilers of each language, and how the header promises to be compiled.
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
C_COMPILERS = [["gcc", "-std=c99", *WARNINGS], ["clang", "-std=c99", *WARNINGS]]
CXX_COMPILERS = [["g++", "-std=c++11", *WARNINGS], ["clang++", "-std=c++11", *WARNINGS]]


class Installed:
    """Installs the build below a folder; compiles and runs what uses it there."""

    def __init__(self, build, folder):
        self.root = pathlib.Path(folder) / "installed"
        subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet",
                        "--tags", "devel,runtime,man",
                        "--destdir", self.root], check=True)
        configuration, = self.root.rglob("portbook.pc")
        library, = self.root.rglob("libportbook.so.1")
        program, = self.root.rglob("bin/portbook")
        self.environment = dict(os.environ,
                                PKG_CONFIG_LIBDIR=str(configuration.parent),
                                PKG_CONFIG_SYSROOT_DIR=str(self.root),
                                LD_LIBRARY_PATH=str(library.parent),
                                PATH=f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        self.shared_object = library

    def run(self, command, folder):
        """What a command prints to standard output; it must succeed and say nothing else."""
        done = subprocess.run(command, cwd=folder, env=self.environment, text=True, timeout=120,
                              capture_output=True, check=False)
        if done.returncode != 0 or done.stderr:
            raise RuntimeError(f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def flags(self):
        """What pkg-config says a program needs."""
        return self.run(["pkg-config", "--cflags", "--libs", "portbook"], "/").split()

    def compile(self, compiler, source, program, folder):
        self.run([*compiler, "-o", program, source, *self.flags(), "-pthread"], folder)
