#!/usr/bin/env python3
"""Runs a command to which the kernel gives no sockets of netlink: without_netlink.py COMMAND..."""

import ctypes
import os
import platform
import struct
import sys

SKIPPED = 77
# The number of socket(2), and what the kernel calls the machine (AUDIT_ARCH_*).
MACHINES = {"x86_64": (41, 0xC000003E), "aarch64": (198, 0xC00000B7)}

AF_NETLINK, EPERM = 16, 1
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06


def filter_program(number, machine):
    """What the kernel runs on each call: seccomp(2)."""
    steps = [(LOAD, 0, 0, 4), (JUMP_EQUAL, 0, 5, machine),
             (LOAD, 0, 0, 0), (JUMP_EQUAL, 0, 3, number),
             (LOAD, 0, 0, 16), (JUMP_EQUAL, 0, 1, AF_NETLINK),
             (RETURN, 0, 0, ERRNO | EPERM), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in steps), len(steps)


def main():
    if platform.machine() not in MACHINES:
        print(f"no filter for {platform.machine()}", file=sys.stderr)
        return SKIPPED
    code, count = filter_program(*MACHINES[platform.machine()])
    space = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", count,
                                                      ctypes.addressof(space)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or \
            libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0) != 0:
        print(f"no filter may be set: {os.strerror(ctypes.get_errno())}", file=sys.stderr)
        return SKIPPED
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
