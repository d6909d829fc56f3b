# vol: Unix filters for 3D images. GNU make, pkg-config, a C11 compiler.
#
#   make            the programs, in build/
#   make help       this list
#   make demo       the tutorial on real data: build/demo/index.html
#   make check      all tests
#   make check-one  T=volclip: tests/volclip.bats alone
#   make mutants    small changes of the sources, each of which some test must notice; ONLY=
#   make interop    the stream in other people's readers
#   make check-aarch64  the kernels on an emulated ARM
#   make check-faults   every call that can fail, failing; files damaged; programs killed: tests/TRUST.md
#   make check-kills    only programs killed; RUNS=
#   make check-valgrind uninitialised memory, where valgrind is installed
#   make fuzz       FUZZ_SECONDS= for all targets together, with clang: tests/fuzz/
#   make check-scale  slabs on a Slurm of one node, which it starts (never part of check's packages)
#   make bench      time and memory beside other programs; ROUNDS= SIZES= JOBS=: tests/bench/run.py
#   make bench-results  writes its table and its chart into tests/bench/
#   make bench-large  more than 2^32 samples through a pipe, checked (never part of check)
#   make install    DESTDIR and prefix as usual
#   make uninstall  removes what that installed, with the same DESTDIR and prefix
#   make deb        a Debian package, in build/
#   make dist       the sources, as they are committed, in build/
#   make clean      removes build/, or the folder that B names
#
#   make DEBUG=1               unoptimized, in build/debug/
#   make SANITIZE=1            address and undefined behaviour sanitizers, in build/sanitize/
#   make SANITIZE=thread       thread sanitizer, in build/thread/
#   make STATIC=1              without shared libraries, in build/static/: for machines that lack them
#   make CC=clang B=build/clang

VERSION := 0.1.0
CC ?= gcc
PKG_CONFIG ?= pkg-config
RUNS ?= 600
prefix ?= /usr/local
bindir ?= $(prefix)/bin
mandir ?= $(prefix)/share/man
compdir ?= $(prefix)/share/bash-completion/completions
zshdir ?= $(prefix)/share/zsh/vendor-completions

CFLAGS ?= -O3 -g
ifdef DEBUG
B ?= build/debug
CFLAGS := -O0 -g3
endif
ifeq ($(SANITIZE),thread)
B ?= build/thread
CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
else ifdef SANITIZE
B ?= build/sanitize
CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
endif
ifdef STATIC
B ?= build/static
LDFLAGS += -static
PKG_CONFIG += --static
# LERC, one of libtiff's codecs, is C++.
MORE_LIBS := -lstdc++
endif
B ?= build

LIBS := libtiff-4 libpng zlib expat
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
# Programs and their threads run where a stack has 128 KiB. Sanitizers' frames are larger.
WARN += $(if $(findstring -fsanitize,$(CFLAGS)),,-Wframe-larger-than=16384)
# -ffp-contract=off: a fused multiply-add would change last bits from one CPU to the next.
# -fno-trapping-math: nobody reads the exception flags, so a choice between two floats may be a
# vector instruction. No value changes.
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DVOL_VERSION='"$(VERSION)"' -I. \
    $(WARN) -ffp-contract=off -fno-trapping-math -fno-math-errno -pthread $(shell $(PKG_CONFIG) --cflags $(LIBS) 2>/dev/null) \
    $(CPPFLAGS) $(CFLAGS)
# --as-needed: a program loads only the libraries that it uses.
ALL_LIBS := -Wl,--as-needed $(LDFLAGS) \
    $(shell $(PKG_CONFIG) --libs $(LIBS) 2>/dev/null) $(MORE_LIBS) -lm

TOOLS := $(patsubst tools/%.c,%,$(wildcard tools/*.c))
SOURCES := $(wildcard common/*/*.c format/*/*.c format/*/*/*.c)
OBJECTS := $(patsubst %.c,$(B)/obj/%.o,$(SOURCES))
PROGRAMS := $(TOOLS:%=$(B)/%)
INJECT := $(B)/tests/inject.so
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(FUZZ:%=$(B)/tests/replay_%)
CHECKS := $(patsubst tests/units/%.c,$(B)/tests/%,$(wildcard tests/units/check_*.c))

COMPLETIONS := $(B)/completion/bash/vol $(B)/completion/zsh/_vol

all: $(PROGRAMS) $(COMPLETIONS)

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile

# The programs print the tables of their options.
$(COMPLETIONS): $(PROGRAMS) tools/completion.sh
	@mkdir -p $(@D)
	tools/completion.sh $(notdir $(@D)) $(PROGRAMS) >$@

$(PROGRAMS): $(B)/%: $(B)/obj/tools/%.o $(B)/libvol.a
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LIBS)

$(CHECKS): $(B)/tests/%: $(B)/obj/tests/units/%.o $(B)/obj/tests/units/guard.o $(B)/libvol.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LIBS)

# A fuzz target with a main of its own, for files that were found; and with libFuzzer's.
$(REPLAYS): $(B)/tests/replay_%: $(B)/obj/tests/fuzz/fuzz_%.o $(B)/obj/tests/fuzz/file.o \
    $(B)/obj/tests/fuzz/replay.o $(B)/libvol.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LIBS)

$(FUZZ:%=$(B)/fuzz_%): $(B)/fuzz_%: $(B)/obj/tests/fuzz/fuzz_%.o $(B)/obj/tests/fuzz/file.o $(B)/libvol.a
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(ALL_LIBS)

fuzz-targets: $(FUZZ:%=$(B)/fuzz_%)

# Without CFLAGS: sanitizers have their own malloc().
$(INJECT): tests/faults/inject.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARN) -O1 -fPIC -shared -o $@ $<

# q, not r: rooms may have files of the same name.
$(B)/libvol.a: $(OBJECTS)
	rm -f $@
	$(AR) qcs $@ $^

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The page of vol2html: the files in tools/vol2html as one template, and that as a C source.
PAGE_SCRIPTS := data colour slice state slab text view marks line gesture box histogram panel sheet link \
    main

$(B)/gen/vol2html_page.html: $(wildcard tools/vol2html/*) Makefile
	@mkdir -p $(@D)
	tools/vol2html/embed.sh page $(PAGE_SCRIPTS:%=%.js) >$@

$(B)/gen/vol2html_page.c: $(B)/gen/vol2html_page.html
	tools/vol2html/embed.sh source vol2html_page <$< >$@

$(B)/obj/gen/%.o: $(B)/gen/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/vol2html: $(B)/obj/gen/vol2html_page.o

BUILD_PACKAGES := gcc make pkg-config libc6-dev libtiff-dev libpng-dev zlib1g-dev libexpat1-dev
CHECK_PACKAGES := $(BUILD_PACKAGES) bats parallel perl time mandoc libtiff-tools netpbm teem-apps \
    python3-skimage python3-tifffile python3-mpmath python3-pil
AARCH64_PACKAGES := $(BUILD_PACKAGES) bats gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user \
    python3-skimage python3-mpmath
BENCH_PACKAGES := $(BUILD_PACKAGES) time python3-numpy
INTEROP_PACKAGES := $(BUILD_PACKAGES) bats perl teem-apps python3-vtk9

# Packages are looked for first, and make is begun anew behind them: flags come from pkg-config.
demo:
	@tests/packages.sh $(BUILD_PACKAGES)
	@$(MAKE) --no-print-directory demo-pictures

demo-pictures: all
	@$(MAKE) --no-print-directory -f tests/tutorial.mk BIN=$(abspath $(B)) OUT=$(B)/demo

# Test files run side by side where bats can do that: it takes its flag for two or more alone.
BATSJOBS = $(if $(shell [ "$$(nproc)" -gt 1 ] && parallel --version 2>/dev/null | grep GNU),--jobs $(shell nproc) --no-parallelize-within-files)

check:
	@tests/packages.sh $(CHECK_PACKAGES)
	@$(MAKE) --no-print-directory check-all

check-build: all $(CHECKS) $(INJECT) $(REPLAYS)

# The longest begin first, so that none is left to run alone at the end.
LONG := $(addprefix tests/,$(addsuffix .bats,vol2html_browser vol2html_browser_looks faults install threads \
    vol2png tiff2vol tiff_pixels tiff_damage))
ALL_TESTS := $(LONG) $(filter-out $(LONG),$(sort $(wildcard tests/*.bats)))

check-all: check-build
	B=$(abspath $(B)) bats $(BATSJOBS) $(BATSFLAGS) $(or $(TESTS),$(ALL_TESTS))

# T: volclip, or the path of a file.
check-one: check-build
	B=$(abspath $(B)) bats $(BATSFLAGS) $(or $(wildcard $(T)),$(T:%=tests/%.bats),$(error T=volclip runs tests/volclip.bats))

# Takes an hour or so: tests/mutants.py. ONLY: changes of files with that in their names.
mutants:
	/usr/bin/python3 tests/mutants.py $(if $(ONLY),--only '$(ONLY)')

check-faults: all $(INJECT)
	@tests/packages.sh $(CHECK_PACKAGES)
	/usr/bin/python3 tests/faults/sweep.py $(B) $(INJECT)
	/usr/bin/python3 tests/faults/damage.py $(B)
	/usr/bin/python3 tests/faults/kills.py --runs $(RUNS) $(B)

check-kills: all
	/usr/bin/python3 tests/faults/kills.py --runs $(RUNS) $(B)

check-scale: all
	@tests/packages.sh slurmctld slurmd slurm-client
	@$(MAKE) --no-print-directory check-all TESTS=tests/scale.bats

check-valgrind: all
	tests/valgrind.sh $(B)

FUZZ_SECONDS ?= 600
FUZZ_CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
    -fno-sanitize-recover=undefined
fuzz:
	@tests/packages.sh $(BUILD_PACKAGES) clang libclang-rt-14-dev
	@$(MAKE) --no-print-directory fuzz-targets B=build/fuzz CC=clang CFLAGS='$(FUZZ_CFLAGS)'
	tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS)

interop:
	@tests/packages.sh $(INTEROP_PACKAGES)
	@$(MAKE) --no-print-directory check-all TESTS=tests/interop

# The check programs run on an emulated ARM, where no library is: SOURCES are those that need none.
check-aarch64:
	@tests/packages.sh $(AARCH64_PACKAGES)
	@$(MAKE) --no-print-directory $(CHECKS)
	@$(MAKE) --no-print-directory $(CHECKS:$(B)/%=$(B)/aarch64/%) B=$(B)/aarch64 LDFLAGS=-static \
	    CC=aarch64-linux-gnu-gcc PKG_CONFIG=true SOURCES='$(filter-out common/stats/file_%,$(wildcard common/*/*.c)) $(addprefix format/png/,deflate.c filter.c huffman.c)'
	B=$(abspath $(B)) bats $(BATSFLAGS) tests/aarch64

# Who is not installed is left out by name: python3-skimage teem-apps libvips-tools netpbm graphicsmagick.
bench:
	@tests/packages.sh $(BENCH_PACKAGES)
	@$(MAKE) --no-print-directory bench-table bench-curves

BENCH := PYTHONDONTWRITEBYTECODE=1 PATH=$(abspath $(B)):$$PATH $(or $(PYTHON),/usr/bin/python3) tests/bench/

bench-table: all
	@$(BENCH)run.py $(B)/bench
	@$(BENCH)table.py $(B)/bench/results.tsv >$(B)/bench/table.md
	@cat $(B)/bench/table.md

bench-curves: all
	@$(BENCH)curves.py $(B)/bench

bench-results:
	@$(BENCH)table.py --into tests/bench/RESULTS.md $(B)/bench/results.tsv $(wildcard $(B)/bench/curves.md)
	@$(BENCH)chart.py tests/bench/RESULTS.md medium >tests/bench/speed.svg

bench-large: all
	PATH=$(abspath $(B)):$$PATH tests/bench/large.sh

# to,FOLDER: where that is installed, quoted for the shell.
to = '$(subst ','\'',$(DESTDIR)$1)'
install: all
	install -d $(call to,$(bindir)) $(call to,$(mandir)/man1) $(call to,$(mandir)/man7) \
	    $(call to,$(compdir)) $(call to,$(zshdir))
	install -m 755 $(PROGRAMS) $(call to,$(bindir))
	install -m 644 $(TOOLS:%=tools/%.1) $(call to,$(mandir)/man1)
	install -m 644 tools/vol.7 tools/vol-cookbook.7 $(call to,$(mandir)/man7)
	install -m 644 $(B)/completion/bash/vol $(call to,$(compdir))
	for tool in $(TOOLS); do ln -sf vol $(call to,$(compdir))/$$tool; done
	install -m 644 $(B)/completion/zsh/_vol $(call to,$(zshdir))

uninstall:
	rm -f $(foreach tool,$(TOOLS),$(call to,$(bindir)/$(tool)) $(call to,$(mandir)/man1/$(tool).1) \
	    $(call to,$(compdir)/$(tool))) $(call to,$(mandir)/man7/vol.7) \
	    $(call to,$(mandir)/man7/vol-cookbook.7) $(call to,$(compdir)/vol) $(call to,$(zshdir)/_vol)

deb:
	@tests/packages.sh $(BUILD_PACKAGES) dpkg-dev
	@$(MAKE) --no-print-directory all
	rm -rf $(B)/deb
	@$(MAKE) --no-print-directory install prefix=/usr DESTDIR=$(B)/deb/vol
	tools/deb.sh $(VERSION) $(B)/deb $(B)

dist:
	git archive --prefix=vol-$(VERSION)/ --output=$(B)/vol-$(VERSION).tar.gz HEAD

clean:
	rm -rf $(B)

.PHONY: all help deb dist demo demo-pictures check check-build check-all check-one mutants check-faults check-kills check-valgrind fuzz \
    fuzz-targets check-scale interop check-aarch64 bench bench-table bench-curves \
    bench-results bench-large install uninstall clean
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
