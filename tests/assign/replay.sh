#!/bin/sh
# Feeds the archive of editions to test_replay, with all scenarios or every n-th.
#     replay.sh PROGRAM STEP FOLDER ARCHIVE
set -eu
archive=$4
if [ -n "${PORTBOOK_DATA:-}" ]; then
	archive=$PORTBOOK_DATA/$(basename "$4")
fi
if [ ! -f "$archive" ]; then
	echo "skipped: $archive is absent"
	exit 77
fi
zstd -dc --long=27 "$archive" | "$1" "$2" "$3"/*.yaml
