#!/bin/sh
# Feeds the archive of editions to test_history: all of them, or every n-th.
#     test_history.sh PROGRAM ARCHIVE [STEP]
set -eu
if [ ! -f "$2" ]; then
	echo "skipped: $2 is absent"
	exit 77
fi
zstd -dc --long=27 "$2" | "$1" "${3:-1}"
