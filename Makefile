# vol: Unix filters for 3D images. GNU make, pkg-config, a C11 compiler.
#
#   make            the programs, in build/
#   make demo       the tutorial on real data: pictures in build/demo/
#   make check      all tests
#   make interop    the stream in other people's readers
#   make bench      figures (never part of check)
#   make install    DESTDIR and prefix as usual
#   make clean
#
#   make DEBUG=1               unoptimized, in build/debug/
#   make SANITIZE=1            address and undefined behaviour sanitizers, in build/sanitize/
#   make CC=clang B=build/clang

VERSION := 0.1.0
CC ?= gcc
PKG_CONFIG ?= pkg-config
prefix ?= /usr/local
bindir ?= $(prefix)/bin
mandir ?= $(prefix)/share/man
compdir ?= $(prefix)/share/bash-completion/completions

CFLAGS ?= -O3 -g
ifdef DEBUG
B ?= build/debug
CFLAGS := -O0 -g3
endif
ifdef SANITIZE
B ?= build/sanitize
CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
endif
B ?= build

LIBS := libtiff-4 libpng zlib
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
# -ffp-contract=off: a fused multiply-add would change last bits from one CPU to the next.
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DVOL_VERSION='"$(VERSION)"' -I. \
    $(WARN) -ffp-contract=off -fno-math-errno -pthread $(shell $(PKG_CONFIG) --cflags $(LIBS) 2>/dev/null) \
    $(CPPFLAGS) $(CFLAGS)
# --as-needed: a program that reads no TIFF does not load libtiff.
ALL_LIBS := -Wl,--as-needed $(LDFLAGS) $(shell $(PKG_CONFIG) --libs $(LIBS) 2>/dev/null) -lm

TOOLS := $(patsubst tools/%.c,%,$(wildcard tools/*.c))
SHARED := $(patsubst %.c,$(B)/obj/%.o,$(wildcard common/*.c format/*.c))
PROGRAMS := $(TOOLS:%=$(B)/%)
CHECKS := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/check_*.c))

all: $(PROGRAMS)

$(PROGRAMS): $(B)/%: $(B)/obj/tools/%.o $(B)/libvol.a
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LIBS)

$(CHECKS): $(B)/tests/%: $(B)/obj/tests/%.o $(B)/libvol.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LIBS)

$(B)/libvol.a: $(SHARED)
	rm -f $@
	$(AR) rcs $@ $^

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

clean:
	rm -rf build

.PHONY: all clean
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
