# A chain of filters that need statistics, over one volume of 8 or 16 bits in slabs. Its samples are read
# twice, however long the chain is: once to be counted, once to go through all filters. The statistics
# between are those of the values that occur, sent through the filters themselves. The result is that of
# the whole volume in one pipe, to the byte. Copy it, and write your own chain.
#
#   make -j8 -f chain.mk IN=cells.tif SLABS=16 OUT=chain
#
# A job that failed, or was killed, leaves nothing behind: make again goes on where it stopped.
IN ?= cells.tif
SLABS ?= 4
OUT ?= chain

# Names are taken as they are, with $ and quotes: q for the shell, held for make, which can't hold every
# name, and as a target's none with a blank.
name = $(if $(filter file default,$(origin $1)),$($1),$(value $1))
q = '$(subst ','\'',$1)'
all = $(foreach file,$1,$(call q,$(file)))
held = $(subst ;,\;,$(subst :,\:,$1))
empty :=
define newline


endef
ODD := *[[:cntrl:]]*|*[*?[]*|*\\*|*'|'*|'~'*|*')'|*' '
refuse = $(if $(findstring $(newline),$($1))$(shell case $(call q,$($1)) in ($(ODD)$2) echo 1 ;; esac),$(error $1: make can't hold the name '$($1)'))
override IN := $(call name,IN)
override OUT := $(call name,OUT)
$(call refuse,IN)$(call refuse,OUT,|*' '*|*%*)
VOLUME := $(subst $(empty) $(empty),\ ,$(call held,$(IN)))

SHELL := /bin/bash
.SHELLFLAGS := -e -o pipefail -c
NUMBERS := $(shell seq -w $(call q,$(SLABS)))
STATS := $(NUMBERS:%=$(OUT)/%.stats)
DONE := $(NUMBERS:%=$(OUT)/%.nrrd)
SLAB = tiff2vol --part $$(expr $(notdir $(basename $@)) + 0)/$(SLABS) $(call q,$(IN))
# What becomes of the values of the statistics before: carry,PROGRAM
carry = volstats --values $(call q,$<) | $(1) | volstats --counts $(call q,$<) -o $(call q,$@)

$(call held,$(OUT)/whole.nrrd): $(call held,$(DONE))
	volcat $(call all,$(DONE)) -o $(call q,$@)
	rm -f $(call all,$(DONE))

$(call held,$(DONE)): $(call held,$(OUT)/gamma.stats $(OUT)/equalized.stats)
	$(SLAB) | volgamma -g 0.5 | voleq --stats $(call q,$(OUT)/gamma.stats) | \
	    volclip -q 0.5,99.5 --stats $(call q,$(OUT)/equalized.stats) -o $(call q,$@)

$(call held,$(OUT)/equalized.stats): $(call held,$(OUT)/gamma.stats)
	$(call carry,voleq --stats $(call q,$<))

$(call held,$(OUT)/gamma.stats): $(call held,$(OUT)/volume.stats)
	$(call carry,volgamma -g 0.5)

$(call held,$(OUT)/volume.stats): $(call held,$(STATS))
	volstats --merge $(call all,$(STATS)) -o $(call q,$@)

$(call held,$(STATS)): $(VOLUME)
	@mkdir -p $(call q,$(OUT))
	$(SLAB) | volstats -o $(call q,$@)

.SECONDARY:
.DELETE_ON_ERROR:
