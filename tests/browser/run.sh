#!/bin/sh
# Runs the browser tests with a program: run.sh PORTBOOK. 77 (skipped) where there is no browser for
# them, or not what tools/deps.sh installs for it.
set -eu
PORTBOOK=$(realpath "$1")
export PORTBOOK
cd "$(dirname "$0")"
for needed in node "${CHROMIUM:-chromium}"; do
	if ! command -v "$needed" >/dev/null; then
		echo "skipped: there is no $needed (tools/deps.sh browser)"
		exit 77
	fi
done
if [ ! -d node_modules ]; then
	echo "skipped: there are no node_modules (tools/deps.sh browser)"
	exit 77
fi
exec node test_all.mjs
