#!/bin/sh
# Some real answers by the program given, and then the built-in registry as a site, until it is
# interrupted.
set -u
portbook=$1

show() {
	printf '\n$ portbook'
	for word in "$@"; do
		case $word in
		*[!A-Za-z0-9_./=,-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	printf '\n'
	"$portbook" "$@" || true
}

show 44321
show pop3s/tcp _ipp._tcp
show 50000/udp
show search "port control protocol"
show list --ports 5430-5435 --transport tcp
show --json 5432/tcp
printf '\nMore: portbook --help\n\n'
# Whatever store there is: this is about what the program brings along.
exec env PORTBOOK_STORE= XDG_DATA_HOME=/nonexistent "$portbook" serve
