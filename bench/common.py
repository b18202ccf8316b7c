"""What the parts share: programs that are run, and lines that are printed."""

import pathlib
import subprocess


class Failed(Exception):
    pass


def call(arguments, timeout=100):
    try:
        done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True,
                              timeout=timeout, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(str(error)) from error
    if done.returncode != 0:
        raise Failed(f"{pathlib.Path(arguments[0]).name}: " +
                     (done.stderr.strip() or f"exit status {done.returncode}"))
    return done.stdout


def figures(arguments):
    """What a benchmark program reports: "name value", one a line."""
    return {name: float(value)
            for name, value in (line.split() for line in call(arguments).splitlines())}


def time_text(nanoseconds):
    for limit, unit in ((1e3, "ns"), (1e6, "us"), (1e9, "ms")):
        if nanoseconds < limit:
            break
    else:
        limit, unit = 1e12, "s"
    value = nanoseconds / (limit / 1e3)
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"


def size_text(count):
    return f"{count / 1e6:.2f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def heading(text, ours="portbook", peer="peer"):
    print(f"\n{text:<44} {ours:>10} {peer:>10} {'ratio':>8}  target")


def line(text, ours, peer="", ratio="", target="", met=True):
    verdict = target if met or not target else f"{target}  MISSED"
    print(f"  {text:<42} {ours:>10} {peer:>10} {ratio:>8}  {verdict}".rstrip())


def compare(text, ours, peer, at_least=None):
    """A line on two times; how many times as fast ours must be."""
    ratio = peer / ours
    line(text, time_text(ours), time_text(peer), f"{ratio:.{0 if ratio >= 100 else 1}f}x",
         f">= {at_least:g}x" if at_least else "", not at_least or ratio >= at_least)


def below(text, ours, peer, limit):
    """A line on two times; what ours must stay under, in microseconds."""
    line(text, time_text(ours), time_text(peer), f"{peer / ours:.0f}x", f"< {limit:g} us",
         ours < limit * 1000)
