# One volume in slabs, each a job of its own: statistics of each, merged, applied to each, joined. The
# result is that of the whole volume, to the byte. Copy it for your own volumes:
#
#   make -j8 -f slabs.mk IN=cells.nrrd SLABS=16 FILTER='voleq --stats' OUT=equalized
#
# FILTER  a program that takes a statistics file
# KEEP    set: slabs and their statistics are kept
# A job that failed, or was killed, leaves nothing behind: make again goes on where it stopped.
IN ?= cells.nrrd
SLABS ?= 4
FILTER ?= voleq --stats
OUT ?= slabs

NUMBERS := $(shell seq -w $(SLABS))
STATS := $(NUMBERS:%=$(OUT)/%.stats)
DONE := $(NUMBERS:%=$(OUT)/%.nrrd)
PART = volcrop --part $$(expr $* + 0)/$(SLABS) $(IN)

$(OUT)/whole.nrrd: $(DONE)
	volcat $(DONE) -o $@
	$(if $(KEEP),,rm -f $(DONE) $(STATS))

$(OUT)/%.nrrd: $(OUT)/whole.stats
	$(PART) | $(FILTER) $(OUT)/whole.stats -o $@

$(OUT)/whole.stats: $(STATS)
	volhist --merge $(STATS) -o $@

$(OUT)/%.stats: $(IN)
	@mkdir -p $(OUT)
	$(PART) | volhist --stats -o $@

.SECONDARY:
.DELETE_ON_ERROR:
