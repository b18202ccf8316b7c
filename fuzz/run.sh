#!/bin/sh
# Fuzzes every target for so many seconds in all, one after the other: fuzz/run.sh SECONDS
# [TARGET...]. What fails is kept in fuzz/findings/, with the exit status 1; what each target has
# learnt stays in build-fuzz/.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-fuzz
seconds=${1:?usage: fuzz/run.sh SECONDS [TARGET...]}
shift

if [ ! -e "$build/build.ninja" ]; then
	CC=clang meson setup "$build" "$root" -Dfuzz=true -Dbuildtype=debugoptimized \
		-Db_sanitize=address,undefined -Dc_args=-fsanitize=fuzzer-no-link >/dev/null
fi
[ $# -gt 0 ] || set -- query rich csv xhtml xml text services source image sections codec \
	request parameters sql nss annotate host policy application mail \
	form desk
for target; do
	programs="${programs:-} fuzz/fuzz_$target"
done
# shellcheck disable=SC2086 # names without blanks
ninja -C "$build" --quiet $programs

share=$((seconds / $#))
[ "$share" -gt 0 ] || share=1
mkdir -p "$root/fuzz/findings"
status=0
for target; do
	learnt=$build/learnt/$target
	mkdir -p "$learnt"
	set -- -max_total_time="$share" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
		-artifact_prefix="$root/fuzz/findings/$target-" -print_final_stats=1 -verbosity=1
	[ ! -e "$root/fuzz/$target.dict" ] || set -- "$@" -dict="$root/fuzz/$target.dict"
	echo "== $target: $share s"
	if UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 nice "$build/fuzz/fuzz_$target" "$@" \
		"$learnt" "$root/fuzz/corpus/$target" >"$build/learnt/$target.log" 2>&1; then
		grep -a -E '^stat::number_of_executed_units|^Done' "$build/learnt/$target.log" || true
	else
		status=1
		grep -a -E 'ERROR|SUMMARY|Test unit written' "$build/learnt/$target.log" || true
	fi
done
exit $status
