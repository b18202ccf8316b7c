#include <stdint.h>

#include "cli/cli.h"

enum {
	ROWS = 1u << FORMAT_TABLE | 1u << FORMAT_CSV | 1u << FORMAT_TSV | 1u << FORMAT_JSON |
	       1u << FORMAT_NDJSON,
	WHOLE = (ROWS & ~(1u << FORMAT_TABLE)) | 1u << FORMAT_XML | 1u << FORMAT_XHTML |
		1u << FORMAT_TEXT | 1u << FORMAT_IMAGE | 1u << FORMAT_SERVICES |
		1u << FORMAT_DICTIONARY | 1u << FORMAT_SQLITE | 1u << FORMAT_DATAPACKAGE,
};

#define TAKES(option) [OPTION_##option] = true

static const struct command commands[] = {
	{
		.name = SLICE("lookup"),
		.arguments = SLICE("QUERY..."),
		.summary = SLICE("Print the rows for ports and service names; the default"),
		.about = SLICE(
			"A QUERY is a port (443), a port and transport (443/tcp), a range of ports "
			"(6000-6010, 6000-6010/udp), a service name (https, https/tcp) or a DNS-SD "
			"service type (_https._tcp). Names match in any letter case. A port inside "
			"a range row finds that row; a port that no row covers is answered with "
			"its state and range.\n"
			"The exit status is 0 when every query finds an assigned row, and 1 when "
			"one does not: the port is reserved or unassigned, or nothing has that "
			"name. The nearest names are then suggested. What overlays have (portbook "
			"check --help) stands below the table, and is not registered."),
		.examples = SLICE("portbook 443\n"
				  "portbook lookup ssh 6000-6010/tcp _ipp._tcp\n"
				  "portbook --json https | jq '.[].first_port'"),
		.least = 1,
		.most = SIZE_MAX,
		.options = {TAKES(REGISTERED_ONLY)},
		.formats = ROWS,
		.format = FORMAT_TABLE,
		.opens = true,
		.run = lookup_run,
	},
	{
		.name = SLICE("search"),
		.arguments = SLICE("TEXT..."),
		.summary = SLICE("Print the rows in which TEXT occurs"),
		.about = SLICE(
			"TEXT is looked for in any letter case, in every column but the two dates; "
			"several words are one text with spaces between. Rows come in registry "
			"order unless sorted. As xhtml, a page is written as the published site "
			"has it: page 1 unless --page says which. What overlays have (portbook "
			"check --help) stands below the table, where it is not of pages, and is "
			"not registered.\n"
			"The exit status is 0 when a row is found, else 1."),
		.examples = SLICE("portbook search remote desktop\n"
				  "portbook search --regex '^x11' --in name\n"
				  "portbook search http --sort -port --page 2"),
		.least = 1,
		.most = SIZE_MAX,
		.options = {TAKES(PAGE), TAKES(REGEX), TAKES(IN), TAKES(CONTACTS), TAKES(SORT),
			    TAKES(REGISTERED_ONLY)},
		.formats = ROWS | 1u << FORMAT_XHTML,
		.format = FORMAT_TABLE,
		.run = search_run,
	},
	{
		.name = SLICE("list"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Print all rows, or those that pass filters"),
		.about = SLICE(
			"A row is printed when it passes every filter given; a filter with several "
			"values passes each of them. Rows without a port pass neither --ports nor "
			"--range, rows without a transport no --transport. What overlays have "
			"(portbook check --help) stands below the table, and is not registered.\n"
			"The exit status is 0 when a row is printed, else 1."),
		.examples = SLICE("portbook list --ports 8000-8100 --state assigned\n"
				  "portbook list --transport sctp,dccp --sort name\n"
				  "portbook list --range system --state unassigned --format csv"),
		.options = {TAKES(TRANSPORT), TAKES(PORTS), TAKES(STATE), TAKES(RANGE), TAKES(SORT),
			    TAKES(REGISTERED_ONLY)},
		.formats = ROWS,
		.format = FORMAT_TABLE,
		.run = list_run,
	},
	{
		.name = SLICE("person"),
		.arguments = SLICE("ID"),
		.summary = SLICE("Print a contact, and the rows that name it"),
		.about = SLICE(
			"ID is what the registry writes in brackets, as in [IETF_Chair], with or "
			"without them, in any letter case; several words stand for one id with _ "
			"between. Rows name a person as assignee, as contact or inside their "
			"notes. With --json the answer is an object of rows and people.\n"
			"The exit status is 0 when there is such a person, else 1."),
		.examples = SLICE("portbook person IETF_Chair\n"
				  "portbook person Jon Postel"),
		.least = 1,
		.most = SIZE_MAX,
		.formats = ROWS,
		.format = FORMAT_TABLE,
		.run = person_run,
	},
	{
		.name = SLICE("export"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Write the whole registry in another format"),
		.about = SLICE(
			"The formats are csv (the publisher's own, and the default), tsv, json, "
			"ndjson, xml (the publisher's, lossless), xhtml (the whole on one page, "
			"with the publisher's tables), text (the publisher's), services (for "
			"/etc/services), "
			"dictionary (CSV of port, transport, name and description, one record for "
			"each port and transport), sqlite (a database), datapackage (a folder of "
			"CSV, JSON and what describes them) and image (compiled, for fast reading "
			"with --registry)."),
		.examples =
			SLICE("portbook export > ports.csv\n"
			      "portbook --registry ports.xml export --format image -o ports.img\n"
			      "portbook export --format services --names names.txt"),
		.options = {TAKES(OUTPUT), TAKES(NAMES)},
		.formats = WHOLE,
		.format = FORMAT_CSV,
		.opens = true,
		.run = export_run,
	},
	{
		.name = SLICE("chart"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Write a picture of all ports"),
		.about = SLICE(
			"Each of the 65,536 ports of a transport is a cell, coloured by its state "
			"and range. They follow each other along a Hilbert curve, on which "
			"neighbouring ports stay neighbours and ranges are areas. The formats are "
			"svg and png, which the ending of FILE tells where --format does not; to "
			"standard output it is svg."),
		.examples = SLICE("portbook chart -o ports.svg\n"
				  "portbook chart --transport tcp -o tcp.png\n"
				  "portbook --as-of 2015-01-01 chart -o then.svg\n"
				  "portbook chart --over-time -o growth.svg"),
		.options = {TAKES(OUTPUT), TAKES(TRANSPORT), TAKES(OVER_TIME)},
		.formats = 1u << FORMAT_SVG | 1u << FORMAT_PNG,
		.format = FORMAT_TABLE, /* neither: the file's name says which */
		.opens = true,
		.run = chart_run,
	},
	{
		.name = SLICE("annotate"),
		.arguments = SLICE("[FILE...]"),
		.summary = SLICE("Add to flow records what service each is of"),
		.about = SLICE(
			"FILEs are CSV, TSV or lines of JSON, as exporters of flows write them; - "
			"or none is standard input. Columns with usual names are found; --columns "
			"names others. Each record is printed as it is, with service, "
			"service_port, "
			"service_side (src or dst) and service_state behind it. Which of the two "
			"ports is the service's is seen from what is assigned, and where. TCP, "
			"UDP, "
			"SCTP and DCCP are annotated, other protocols are not.\n"
			"The exit status is 1 when there was a record that cannot be read, which "
			"is printed as it is, and with --strict 3."),
		.examples = SLICE("portbook annotate flows.csv > annotated.csv\n"
				  "nfdump -r capture -o csv | portbook annotate --summary\n"
				  "portbook annotate --no-header --columns src=4,dst=5,proto=6 "
				  "flows.csv"),
		.words = VALUE_FILE,
		.most = SIZE_MAX,
		.options = {TAKES(OUTPUT), TAKES(TRANSPORT), TAKES(THREADS), TAKES(COLUMNS),
			    TAKES(NO_HEADER), TAKES(DELIMITER), TAKES(ADD), TAKES(DATE_COLUMN),
			    TAKES(STRICT), TAKES(SUMMARY), TAKES(MOST)},
		.formats = 1u << FORMAT_TABLE | 1u << FORMAT_CSV | 1u << FORMAT_JSON |
			   1u << FORMAT_SVG,
		.format = FORMAT_TABLE,
		.opens = true,
		.run = annotate_run,
	},
	{
		.name = SLICE("diff"),
		.arguments = SLICE("A B"),
		.summary = SLICE("Print what changed between two editions"),
		.about = SLICE(
			"A and B are dates (YYYY-MM-DD), whose editions the store has, documents "
			"or "
			"images; one of them may be -, standard input. Each "
			"thing is told once, as what it is: a renamed service, a new contact, a "
			"port "
			"taken out of an unassigned range. Where a row stands in its document is "
			"no "
			"change. Formats are table, json and ndjson (an object a change), unified "
			"(as diff -u writes it) and markdown (for release notes).\n"
			"The exit status is 0 when nothing differs, 1 when something does, and 3 "
			"for "
			"a document that cannot be read."),
		.examples = SLICE("portbook diff 2025-01-01 2026-01-01\n"
				  "portbook diff --format markdown old.img new.xml > notes.md\n"
				  "portbook diff --json old.csv new.csv | jq '.[].summary'"),
		.words = VALUE_FILE,
		.least = 2,
		.most = 2,
		.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_NDJSON |
			   1u << FORMAT_UNIFIED | 1u << FORMAT_MARKDOWN,
		.format = FORMAT_TABLE,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = diff_run,
	},
	{
		.name = SLICE("lint"),
		.arguments = SLICE("FILE"),
		.summary = SLICE("Print every finding about a registry document"),
		.about = SLICE(
			"FILE is a document (XML, CSV, XHTML, plain text, services) or an image; "
			"- is standard input. It is held against the rules of RFC 6335, the "
			"registry's own "
			"practice, and itself. A finding is a line with its place, severity, "
			"permanent number and rule, or an object with --json.\n"
			"The exit status is 0 when there is none, 1 when there is one, and 3 for a "
			"document that cannot be read."),
		.examples = SLICE("portbook lint service-names-port-numbers.xml\n"
				  "portbook lint --severity error ports.csv\n"
				  "portbook lint --explain --only 101,203"),
		.words = VALUE_FILE,
		.most = 1,
		.options = {TAKES(SEVERITY), TAKES(ONLY), TAKES(EXPLAIN)},
		.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_NDJSON,
		.format = FORMAT_TABLE,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = lint_run,
	},
	{
		.name = SLICE("audit"),
		.arguments = SLICE("PATH..."),
		.summary = SLICE("Print what is wrong with the ports in configuration files"),
		.about = SLICE(
			"A PATH is a file, or a folder with all that is in it but .git, .hg, .svn, "
			"node_modules and vendor. Ports are looked for in compose files, "
			"Kubernetes "
			"manifests, systemd's sockets and services, Dockerfiles, .env files, and "
			"the "
			"configuration of nginx, haproxy and firewalld. They are held against the "
			"registry and against each other. A finding is a line with its place, "
			"severity, permanent number and rule; or an object with --json, SARIF "
			"2.1.0 "
			"(sarif), or an annotation of GitHub's (github). A comment \"portbook: "
			"allow "
			"NUMBER,... REASON\" allows findings on its line, or on the next one where "
			"it stands alone.\n"
			"The exit status is 0 when there is no finding, 1 when there is one, and 3 "
			"for a PATH that cannot be read."),
		.examples =
			SLICE("portbook audit .\n"
			      "portbook audit --severity warning --format sarif . > ports.sarif\n"
			      "portbook audit --explain --only 1001,1202"),
		.words = VALUE_FILE,
		.most = SIZE_MAX,
		.options = {TAKES(SEVERITY), TAKES(ONLY), TAKES(EXPLAIN), TAKES(AGAINST)},
		.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_NDJSON |
			   1u << FORMAT_SARIF | 1u << FORMAT_GITHUB,
		.format = FORMAT_TABLE,
		.run = audit_run,
	},
	{
		.name = SLICE("import"),
		.arguments = SLICE("FILE..."),
		.summary = SLICE("Add editions to the store"),
		.about = SLICE(
			"A FILE is a document (XML, CSV, XHTML, plain text, services), compressed "
			"or not, an archive of these (tar, zip), a folder of either, or - for "
			"standard input. They may come in any order. A line is printed for each, "
			"once it is on disk: it was added, or held already. Of two different "
			"documents of one date both are kept, in the order in which they came. The "
			"store is made where there is none.\n"
			"A document that differs in more than half of its rows from the edition "
			"next to it is refused, unless --force is given.\n"
			"The exit status is 3 when a document was refused."),
		.examples = SLICE("portbook import service-names-port-numbers.xml\n"
				  "portbook import --date 2026-02-13 ports.csv\n"
				  "zstd -dc --long=27 editions.tar.zst | portbook import -"),
		.words = VALUE_FILE,
		.least = 1,
		.most = SIZE_MAX,
		.options = {TAKES(DATE), TAKES(FORCE)},
		.formats = 1u << FORMAT_TABLE,
		.format = FORMAT_TABLE,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = import_run,
	},
	{
		.name = SLICE("update"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Fetch the newest edition from its publisher into the store"),
		.about = SLICE(
			"The registry's XML is fetched, if it is not what was fetched last, and "
			"added to the store, which is made where there is none. A line says what "
			"is new. What is no whole document of this registry is refused. So is, "
			"unless "
			"--force is given, one whose date is yet to come, or from which more than "
			"5 % of the newest edition's rows or people are gone, or in which more "
			"than 20 % of the rows are others. An edition older than the newest one is "
			"not added; import does.\n"
			"The exit status is 0 when it was added or there is nothing to add, and 3 "
			"when it could not be fetched or was refused. With --check it is 1 when "
			"there is one to add.\n"
			"Certificates are checked against the system's authorities, or those in "
			"the file that $SSL_CERT_FILE names."),
		.examples = SLICE("portbook update\n"
				  "portbook update --check\n"
				  "systemctl enable --now portbook-update.timer"),
		.options = {TAKES(FORCE), TAKES(URL), TAKES(CHECK), TAKES(TIMEOUT)},
		.formats = 1u << FORMAT_TABLE,
		.format = FORMAT_TABLE,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = update_run,
	},
	{
		.name = SLICE("editions"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Print what the store holds"),
		.about = SLICE("An edition is named by its date; of several documents of one date "
			       "those after the first by date and number, as in 2026-02-13.2.\n"
			       "The exit status is 0 when there is one, else 1."),
		.examples = SLICE("portbook editions\n"
				  "portbook editions --json | jq -r '.[-1].sha256'"),
		.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_NDJSON,
		.format = FORMAT_TABLE,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = editions_run,
	},
	{
		.name = SLICE("log"),
		.arguments = SLICE("SUBJECT"),
		.summary = SLICE("Print the history of a name, port or person across editions"),
		.about = SLICE(
			"A SUBJECT is a service name (https, https/tcp), a port (443, 443/tcp) or "
			"the "
			"id of a person ([IETF_Chair], or without brackets what is no name). The "
			"first line tells it as it was in the first edition that has it; the "
			"others "
			"what changed, and with which edition.\n"
			"The exit status is 0 when something is printed, else 1."),
		.examples = SLICE("portbook log pcp\n"
				  "portbook log 5351/udp --json | jq -r '.[].change.summary'\n"
				  "portbook log '[IETF_Chair]'"),
		.least = 1,
		.most = SIZE_MAX,
		.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_NDJSON,
		.format = FORMAT_TABLE,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = log_run,
	},
	{
		.name = SLICE("changes"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Print what changed with each edition since a date"),
		.about = SLICE(
			"Without --since, what changed with the newest edition. Formats are table, "
			"json (an object an edition), ndjson (an object a change), markdown and "
			"atom "
			"(a feed); the last two begin with the newest edition.\n"
			"The exit status is 0 when something changed, else 1."),
		.examples =
			SLICE("portbook changes --since 2026-01-01\n"
			      "portbook changes --since 2025-01-01 --format atom > changes.atom"),
		.options = {TAKES(SINCE)},
		.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_NDJSON |
			   1u << FORMAT_MARKDOWN | 1u << FORMAT_ATOM,
		.format = FORMAT_TABLE,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = changes_run,
	},
	{
		.name = SLICE("store"),
		.arguments = SLICE("COMMAND"),
		.summary = SLICE("Verify the store, or copy it to another place"),
		.about = SLICE("The store is that of --store, of $PORTBOOK_STORE, or the user's "
			       "own."),
		.examples = SLICE("portbook store verify\n"
				  "portbook store copy postgresql://localhost/ports"),
		.least = 1,
		.refused = {TAKES(AS_OF)},
	},
	{
		.name = SLICE("store verify"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Read everything in the store again, and print what is wrong"),
		.about = SLICE("Each document must be what its digest says, and rows and people "
			       "must make it up.\n"
			       "The exit status is 0 when all is as it was added, else 1."),
		.examples = SLICE("portbook store verify\n"
				  "portbook --store postgresql://localhost/ports store verify"),
		.formats = 1u << FORMAT_TABLE,
		.format = FORMAT_TABLE,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = store_verify_run,
	},
	{
		.name = SLICE("store copy"),
		.arguments = SLICE("PLACE"),
		.summary = SLICE("Make a store at another place, of what this one has"),
		.about = SLICE("That is all editions, and the requests, accounts and leases of "
			       "a desk.\n"
			       "PLACE is a file or a postgresql:// URL that holds no store. "
			       "It stays as it was unless all is copied."),
		.examples = SLICE("portbook store copy backup.db\n"
				  "portbook store copy postgresql://localhost/ports"),
		.words = VALUE_FILE,
		.least = 1,
		.most = 1,
		.formats = 1u << FORMAT_TABLE,
		.format = FORMAT_TABLE,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = store_copy_run,
	},
	{
		.name = SLICE("check"),
		.arguments = SLICE("PORT[/TRANSPORT]..."),
		.summary = SLICE("Say whether a port is a good one for a service, and why"),
		.about = SLICE(
			"The verdict on a port is good, caution or bad: the worst that one of its "
			"findings weighs for the purpose. Findings are of the registry, of this "
			"machine (the ports it gives by chance or sets aside, who listens, what is "
			"reserved), of what holds in general, and of overlays; each has the number "
			"of its rule, its source and a date. --explain prints the rules. Without a "
			"TRANSPORT it is tcp, or those of --transport; A-B are all ports from A to "
			"B.\n"
			"Overlays are files in services(5) or CSV in portbook/overlays.d of the "
			"user's folder of configuration ($XDG_CONFIG_HOME) and of /etc, and a list "
			"of what is common and not registered, which is built in.\n"
			"The exit status is 0 when all ports are good, and 1 when one is not."),
		.examples = SLICE("portbook check 5000\n"
				  "portbook check --for web 8080 6000/tcp\n"
				  "portbook check --anywhere 7700-7710/udp --json"),
		.most = SIZE_MAX,
		.options = {TAKES(TRANSPORT), TAKES(EXPLAIN), TAKES(FOR), TAKES(REGISTERED_ONLY),
			    TAKES(ANYWHERE)},
		.formats = 1u << FORMAT_TABLE | 1u << FORMAT_CSV | 1u << FORMAT_JSON |
			   1u << FORMAT_NDJSON,
		.format = FORMAT_TABLE,
		.opens = true,
		.run = check_run,
	},
	{
		.name = SLICE("free"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Print ports that are good to use, best first"),
		.about = SLICE(
			"These are User Ports (1024-49151), or those of --ports, that check calls "
			"good for each transport of --transport (tcp): those with the fewest "
			"findings first, or those next to --near. The same question on the same "
			"machine gets the same ports.\n"
			"The exit status is 0 when there are as many as were asked for, else 1."),
		.examples = SLICE("portbook free\n"
				  "portbook free --near 5000 --count 1\n"
				  "portbook free --seed my-project --for web --transport tcp,udp"),
		.options = {TAKES(TRANSPORT), TAKES(PORTS), TAKES(FOR), TAKES(HOW_MANY),
			    TAKES(NEAR), TAKES(SEED), TAKES(REGISTERED_ONLY), TAKES(ANYWHERE)},
		.formats = 1u << FORMAT_TABLE | 1u << FORMAT_CSV | 1u << FORMAT_JSON |
			   1u << FORMAT_NDJSON,
		.format = FORMAT_TABLE,
		.opens = true,
		.run = free_run,
	},
	{
		.name = SLICE("reserve"),
		.arguments = SLICE("NAME -- COMMAND..."),
		.summary = SLICE("Take a port under a name, and hand it to a command"),
		.about = SLICE(
			"NAME gets the port that it had in this folder before; else an unassigned "
			"one that the kernel gives nobody by chance, no other name has, and, where "
			"there is one, nobody is known to use. The port is "
			"bound before anyone can look. COMMAND finds the socket, which listens "
			"already, as systemd hands it over (descriptor 3, $LISTEN_FDS, "
			"$LISTEN_PID, $LISTEN_FDNAMES), and the port in $PORT; with --hold it "
			"binds $PORT itself. Several ports are had by one reserve that runs "
			"another.\n"
			"The process becomes COMMAND, whose exit status and signals are its own. "
			"The name holds the port while it lives, and keeps it afterwards, until "
			"it is released or there is no other port for another name.\n"
			"Reservations are the user's, in portbook/reservations.db in the folder of "
			"state ($XDG_STATE_HOME), or where that cannot be written in "
			"$XDG_RUNTIME_DIR; or those of the file that $PORTBOOK_RESERVATIONS "
			"names.\n"
			"With the https:// URL of an organisation's registry as --registry, the "
			"port is one that its server lends to the account of a token, for this "
			"name, machine and folder. reserve then stays beside COMMAND, renews the "
			"lease, passes on signals, and gives the port back at the end.\n"
			"The exit status is that of COMMAND; 127 when it is not found, 126 when it "
			"cannot be run, and 3 when no port can be had; 77 when a registry's server "
			"does not take the token, and 75 when it cannot be reached."),
		.examples = SLICE("portbook reserve web -- ./serve\n"
				  "portbook reserve --hold socket api -- sh -c 'python3 -m "
				  "http.server $PORT'\n"
				  "portbook reserve --ports 8000-8099 docs -- ./serve\n"
				  "portbook reserve --registry https://ports.example web -- "
				  "./serve"),
		.least = 2,
		.most = SIZE_MAX,
		.options = {TAKES(PORT), TAKES(PORTS), TAKES(TRANSPORT), TAKES(ADDRESS),
			    TAKES(HOLD), TAKES(SYSTEM), TAKES(TOKEN_FILE), TAKES(TIMEOUT)},
		.refused = {TAKES(AS_OF)},
		.run = reserve_run,
	},
	{
		.name = SLICE("reservations"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Print which names have ports, and who holds them"),
		.about = SLICE("A port is held while the process lives that took it, and kept "
			       "afterwards: its name alone gets it, while there are others. With "
			       "the URL of a server as --registry, those that it lends.\n"
			       "The exit status is 0 when there is one, else 1."),
		.examples =
			SLICE("portbook reservations\n"
			      "portbook reservations --json | jq -r '.[] | select(.state == "
			      "\"held\").port'\n"
			      "portbook reservations --sysctl > /etc/sysctl.d/60-portbook.conf"),
		.options = {TAKES(SYSTEM), TAKES(SYSCTL), TAKES(TOKEN_FILE), TAKES(TIMEOUT)},
		.formats = 1u << FORMAT_TABLE | 1u << FORMAT_CSV | 1u << FORMAT_JSON |
			   1u << FORMAT_NDJSON,
		.format = FORMAT_TABLE,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = reservations_run,
	},
	{
		.name = SLICE("release"),
		.arguments = SLICE("NAME|PORT..."),
		.summary = SLICE("Give up the port of a name"),
		.about = SLICE(
			"NAME is one of this folder; PORT, or a range of ports, is of any. Either "
			"may name its transport (web/udp). What a process holds is not released: "
			"it is free when that ends. Those of other users are for root. With the "
			"URL of a server as --registry, what it lent is given back to it: of NAME, "
			"on this machine and in this folder.\n"
			"The exit status is 0 when all were released, and 1 when one was not "
			"there."),
		.examples = SLICE("portbook release web\n"
				  "portbook release 8000-8099/tcp"),
		.least = 1,
		.most = SIZE_MAX,
		.options = {TAKES(SYSTEM), TAKES(TOKEN_FILE), TAKES(TIMEOUT)},
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = release_run,
	},
	{
		.name = SLICE("serve"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Serve the registry as a site and an API by HTTP"),
		.about = SLICE(
			"The newest edition of the store is served, and others by their date; "
			"without a store, the built-in one; or that of --registry. A new edition, "
			"or a store that is made, is seen within seconds, or at once after SIGHUP, "
			"and no request fails for it. SIGTERM and SIGINT end the server when the "
			"requests under way "
			"are answered.\n"
			"It speaks plain HTTP: what faces a network stands behind a proxy with "
			"TLS. Sockets handed over by systemd are served. /healthz, /readyz and "
			"/metrics are for those who run it."),
		.examples = SLICE("portbook serve\n"
				  "portbook serve --listen '[::1]:8080' --access-log plain\n"
				  "portbook serve --unix /run/portbook.sock --base "
				  "https://ports.example"),
		.options = {TAKES(LISTEN), TAKES(UNIX), TAKES(BASE), TAKES(ACCESS_LOG),
			    TAKES(THREADS), TAKES(CONNECTIONS), TAKES(PER_ADDRESS),
			    TAKES(REQUEST_TIMEOUT), TAKES(MAIL), TAKES(MAIL_FROM),
			    TAKES(TRUST_PROXY), TAKES(PROXY_HEADER), TAKES(RATE)},
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = serve_run,
	},
	{
		.name = SLICE("who"),
		.arguments = SLICE("[PORT|NAME...]"),
		.summary = SLICE("Print what listens here, whose it is, and what is registered"),
		.about = SLICE(
			"The sockets of this network namespace that listen, or take datagrams from "
			"anywhere, or have a port without either; those on the ports that are "
			"named as for lookup, or all. Each is told with its process, and with what "
			"the "
			"registry has of its port. \"Registered\" is not \"running\": agreement "
			"is "
			"agrees where the process goes by a name of the service; other where that "
			"is the name of another registered service; unknown where it says "
			"nothing; unregistered where the port is not assigned, and dynamic where "
			"it never is. What overlays (portbook check --help) have of the port is "
			"told beside, with which of them.\n"
			"Processes of other users are seen by root alone; what was not seen is "
			"said.\n"
			"The exit status is 0 when there is a socket for each argument, else 1."),
		.examples = SLICE("portbook who\n"
				  "portbook who 5432 https 6000-6063/tcp\n"
				  "portbook who --all --json 22 | jq '.[].peer_address'\n"
				  "portbook who --watch"),
		.most = SIZE_MAX,
		.options = {TAKES(TRANSPORT), TAKES(ALL), TAKES(WATCH), TAKES(TIMES),
			    TAKES(REGISTERED_ONLY)},
		.formats = ROWS,
		.format = FORMAT_TABLE,
		.run = who_run,
	},
	{
		.name = SLICE("completion"),
		.arguments = SLICE("SHELL"),
		.summary = SLICE("Print the completion script of a shell: bash, zsh, fish"),
		.about = SLICE("The script is for the shell to read when it starts."),
		.examples = SLICE(
			"portbook completion bash > ~/.local/share/bash-completion/completions/"
			"portbook\n"
			"portbook completion zsh > ~/.zfunc/_portbook\n"
			"portbook completion fish > ~/.config/fish/completions/portbook.fish"),
		.words = VALUE_SHELL,
		.least = 1,
		.most = 1,
		.opens = true,
		.refused = {TAKES(AS_OF)},
		.run = completion_run,
	},
};

const struct command *command_at(size_t index)
{
	return index < ARRAY_SIZE(commands) ? &commands[index]
					    : request_command_at(index - ARRAY_SIZE(commands));
}

struct slice command_sub_name(const struct command *command, const struct command *group)
{
	struct slice word = slice_skip(command->name, group->name.n);

	if (!slice_starts(command->name, group->name) || !slice_starts(word, SLICE(" ")))
		return SLICE_NONE;
	word = slice_skip(word, 1);
	return slice_find_byte(word, ' ') == (size_t)-1 ? word : SLICE_NONE;
}

bool command_is_sub(const struct command *command)
{
	return slice_find_byte(command->name, ' ') != (size_t)-1;
}
