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

SHELL := /bin/bash
.SHELLFLAGS := -e -o pipefail -c
NUMBERS := $(shell seq -w $(SLABS))
STATS := $(NUMBERS:%=$(OUT)/%.stats)
DONE := $(NUMBERS:%=$(OUT)/%.nrrd)
SLAB = tiff2vol --part $$(expr $* + 0)/$(SLABS) $(IN)
# What becomes of the values of the statistics before: carry,PROGRAM
carry = volhist --values $< | $(1) | volhist --stats --counts $< -o $@

$(OUT)/whole.nrrd: $(DONE)
	volcat $(DONE) -o $@
	rm -f $(DONE)

$(OUT)/%.nrrd: $(OUT)/gamma.stats $(OUT)/equalized.stats
	$(SLAB) | volgamma -g 0.5 | voleq --stats $(OUT)/gamma.stats | \
	    volclip -q 0.5,99.5 --stats $(OUT)/equalized.stats -o $@

$(OUT)/equalized.stats: $(OUT)/gamma.stats
	$(call carry,voleq --stats $<)

$(OUT)/gamma.stats: $(OUT)/volume.stats
	$(call carry,volgamma -g 0.5)

$(OUT)/volume.stats: $(STATS)
	volhist --merge $(STATS) -o $@

$(OUT)/%.stats: $(IN)
	@mkdir -p $(OUT)
	$(SLAB) | volhist --stats -o $@

.SECONDARY:
.DELETE_ON_ERROR:
