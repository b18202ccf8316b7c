#!/bin/sh
# Installs the Debian packages that a purpose needs and that are missing, and says so.
#     tools/deps.sh PURPOSE...        purposes: build, test, browser, bench, package
set -eu

build="gcc libc6-dev meson ninja-build pkgconf libcurl4-openssl-dev libarchive-dev libexpat1-dev libjansson-dev libpcre2-dev \
libmicrohttpd-dev libpng-dev libpq-dev libsodium-dev libsqlite3-dev libssl-dev libxxhash-dev libyaml-dev libzstd-dev python3 \
zlib1g-dev"
test="g++ clang clang-format curl iproute2 libclang-rt-14-dev libcmocka-dev libxml2-utils mandoc man-db \
nghttp2-server openssl parallel postgresql postgresql-server-dev-15 sqlite3 systemd wget zstd zsh fish"
browser="chromium"
# Which brings nodejs; others' nodejs brings it, and is not to be replaced.
command -v npm >/dev/null || { test="$test npm"; browser="$browser npm"; }
bench="git iproute2 tar zstd libcdb-dev libxml2-utils libc-bin libnss-db mawk nginx postgresql \
postgresql-server-dev-15 python3-yaml wrk"
package="debhelper debootstrap dh-nss dpkg-dev fakeroot lintian postgresql-server-dev-15"

packages= modules=
for purpose in "$@"; do
	case $purpose in
	build) packages="$packages $build" ;;
	test) packages="$packages $test" ;;
	browser) packages="$packages $browser" modules=$(dirname "$0")/../tests/browser ;;
	bench) packages="$packages $bench" modules="$modules $(dirname "$0")/../bench/duckdb" ;;
	package) packages="$packages $package" ;;
	*) echo "tools/deps.sh: no purpose named $purpose" >&2; exit 2 ;;
	esac
done

# What drives the browser, and a peer of the benchmarks, of the versions that their lock files have.
install_modules() {
	for folder in $modules; do
		[ ! -d "$folder/node_modules" ] || continue
		command -v npm >/dev/null || { echo "No npm to install $folder with" >&2; continue; }
		echo "Installing what $folder needs there"
		(cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || return
	done
}

if ! command -v dpkg-query >/dev/null; then
	echo "tools/deps.sh: not a Debian system; these packages, or what they are called here, are" \
		"needed:$packages" >&2
	exit 0
fi

missing=
for package in $packages; do
	status=$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true)
	case $status in
	ii*) ;;
	*) missing="$missing $package" ;;
	esac
done
if [ -z "$missing" ]; then
	install_modules
	exit
fi

echo "Installing missing packages:$missing"
if [ "$(id -u)" -ne 0 ]; then
	echo "tools/deps.sh: that takes root; run: apt-get install$missing" >&2
	exit 1
fi
# The tests start a server of their own; the package would make one for the system, and start it.
clusters=/etc/postgresql-common/createcluster.conf
case "$missing " in
*" postgresql "*)
	if [ ! -e "$clusters" ]; then
		mkdir -p "${clusters%/*}"
		echo "create_main_cluster = false" >"$clusters"
	fi
	;;
esac
# No more does nginx run but while it is measured.
nginx= policy=
case "$missing " in
*" nginx "*)
	nginx=yes
	if [ ! -e /usr/sbin/policy-rc.d ]; then
		policy=/usr/sbin/policy-rc.d
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod 755 "$policy"
	fi
	;;
esac
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log" ${policy:+"$policy"}' EXIT
# shellcheck disable=SC2086
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	echo "tools/deps.sh: the packages could not be installed" >&2
	exit 1
fi
if [ -n "$nginx" ] && [ -d /run/systemd/system ]; then
	systemctl --quiet disable nginx
fi
install_modules
