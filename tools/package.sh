#!/bin/sh
# Builds the Debian packages of this tree, in a copy of it, and has lintian look at them.
#     tools/package.sh FOLDER         where the packages are put
set -eu

[ $# -eq 1 ] || { echo "usage: tools/package.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
trap 'exit 1' HUP INT TERM

mkdir "$copy/portbook"
tar -C "$root" --exclude='./build*' --exclude=./.git --exclude=./fuzz/findings \
	--exclude=node_modules --exclude=__pycache__ -c . | tar -C "$copy/portbook" -x
cd "$copy/portbook"
if ! dpkg-buildpackage --build=binary --no-sign >"$copy/log" 2>&1; then
	tail -n 40 "$copy/log" >&2
	echo "tools/package.sh: the packages could not be built" >&2
	exit 1
fi
cd "$copy"
# It is no package of a distribution's, whose first upload closes a wish for it.
lintian --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs \
	portbook_*.changes
mv ./*.deb portbook_*.changes portbook_*.buildinfo "$folder"
for package in "$folder"/*.deb; do echo "$package"; done
