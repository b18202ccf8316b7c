# Meson builds; this names the few things that people do. `make run` and `make test` set a fresh
# machine up by themselves: tools/deps.sh installs what is missing and says so.

ARGS ?=
FUZZ_SECONDS ?= 60
SOAK_KILLS ?= 200
SOAK_SWAPS ?= 10000
SOAK_PORTS ?= 10000
BENCH_ARGS ?=
PREFIX ?= /usr/local
PACKAGES ?= build-packages

.PHONY: all run test bench fuzz soak install static package package-test deps clean

all: build/build.ninja
	@ninja -C build --quiet >build/build.log || { cat build/build.log; exit 1; }

build/build.ninja:
	@tools/deps.sh build
	@mkdir -p build
	@meson setup build --buildtype=release -Doptimization=2 -Dtests=false \
		-Dc_link_args=-s --prefix=$(PREFIX) \
		>build/setup.log || { cat build/setup.log; exit 1; }

run: all
	@if [ -n '$(value ARGS)' ]; then build/portbook $(ARGS); else tools/tour.sh build/portbook; fi

test:
	@tools/deps.sh build test browser
	@python3 tests/run.py

bench: all
	@tools/deps.sh build bench
	@[ -e build/src/sql/postgres/portbook.so ] || { meson configure --clearcache build && \
		ninja -C build reconfigure && ninja -C build; } >build/bench.log || { cat build/bench.log; exit 1; }
	@ninja -C build --quiet bench-programs
	@python3 bench/run.py build $(BENCH_ARGS)

fuzz:
	@tools/deps.sh build test
	@fuzz/run.sh $(FUZZ_SECONDS)

# What the tests do a few times, to no end: imports that are killed, editions swapped under load,
# connections held, ports taken, and desks that are killed.
DESK_MANY = tests/unit/desk/unit_desk_test_many
soak: all
	@tools/deps.sh build test
	@PORTBOOK_ROWS=1000000 python3 -B tests/annotate/test_reference.py build/portbook
	@$(CC) -O2 -o build/holder tests/cli/holder.c
	@PORTBOOK_PORTS=$(SOAK_PORTS) PORTBOOK_LEASES=$(SOAK_PORTS) PORTBOOK_HOLDER=build/holder \
		PORTBOOK=build/portbook python3 -B tests/cli/test_reserve_race.py -v
	@for engine in sqlite postgres; do PORTBOOK_LEASES=2000 PORTBOOK_DESK_ENGINE=$$engine \
		PORTBOOK=build/portbook python3 -B tests/http/test_lease_race.py -v || exit 1; done
	@PORTBOOK_CONNECTIONS=10000 PORTBOOK=build/portbook python3 -B tests/http/test_connections.py -v
	@for engine in sqlite postgres; do \
		PORTBOOK_DESK_ENGINE=$$engine PORTBOOK_DESK_CLIENTS=200 PORTBOOK_DESK_NAMES=50 \
		PORTBOOK_DESK_KILLS=$(SOAK_KILLS) PORTBOOK=build/portbook \
		python3 -B tests/http/test_desk_race.py -v || exit 1; done
	@PORTBOOK_SWAPS=$(SOAK_SWAPS) PORTBOOK=build/portbook python3 -B tests/http/test_swaps.py -v
	@PORTBOOK_KILLS=$(SOAK_KILLS) python3 -B tests/cli/test_kill.py -v
	@PORTBOOK_KILLS=$(SOAK_KILLS) python3 tests/postgres.py python3 -B tests/cli/test_kill.py -v
	@[ -e build-soak/build.ninja ] || meson setup build-soak --buildtype=release >build/soak.log
	@ninja -C build-soak --quiet $(DESK_MANY)
	@PORTBOOK_KILLS=$(SOAK_KILLS) build-soak/$(DESK_MANY) sqlite
	@PORTBOOK_KILLS=$(SOAK_KILLS) python3 tests/postgres.py build-soak/$(DESK_MANY) postgres

# A folder that was set up for another prefix is for this one from now on.
install: build/build.ninja
	@meson configure build -Dprefix=$(PREFIX)
	@$(MAKE) --no-print-directory all
	@meson install -C build --no-rebuild

# build-static/portbook: one file that runs where nothing else is.
static: build-static/build.ninja
	@ninja -C build-static --quiet portbook >build-static/build.log || \
		{ cat build-static/build.log; exit 1; }

build-static/build.ninja:
	@tools/deps.sh build
	@mkdir -p build-static
	@meson setup build-static --buildtype=release -Doptimization=2 -Dtests=false -Dstatic=true \
		-Dc_link_args=-s >build-static/setup.log || { cat build-static/setup.log; exit 1; }

# Debian packages, in the folder PACKAGES.
package:
	@tools/deps.sh build package
	@tools/package.sh $(PACKAGES)

# On a fresh Debian system in a folder, and the static program in an empty one: root, and the network.
package-test: package static
	@python3 -B tests/package/test_packages.py $(PACKAGES) build-static/portbook

deps:
	@tools/deps.sh build test browser bench package

clean:
	@rm -rf build build-*
