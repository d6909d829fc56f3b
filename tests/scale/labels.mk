# One mask in slabs: objects of each slab, put together where slabs touch, numbered as in one piece, and
# measured. Labels and table are those of the whole volume, to the byte. Copy it for your own volumes:
#
#   make -j8 -f labels.mk IN=mask.nrrd CELLS=cells.nrrd SLABS=16 RULE='--min-size 5um3' OUT=nuclei
#
# IN      a mask; every sample that is not 0 is in an object
# CELLS   volumes whose samples are measured in the objects, of the same shape; may be empty
# RULE    which objects stay (vollabel's --min-size, --max-size, --largest, --border drop)
# TOUCH   --connectivity 6 or 18; --values
# Names must not contain blanks. A job that failed, or was killed, leaves nothing behind: make again goes on
# where it stopped.
IN ?= mask.nrrd
CELLS ?=
SLABS ?= 4
RULE ?=
TOUCH ?=
OUT ?= objects

NUMBERS := $(shell seq -w $(SLABS))
LABELS := $(NUMBERS:%=$(OUT)/%.labels.nrrd)
PART = --part $$(expr $(firstword $(subst ., ,$(notdir $@))) + 0)/$(SLABS)

all: $(OUT)/labels.nrrd $(OUT)/objects.tsv

$(OUT)/labels.nrrd: $(LABELS)
	volcat $(LABELS) -o $@

# Each volume's slab, beside that of the labels, under its own name.
$(OUT)/objects.tsv: $(LABELS:.labels.nrrd=.measures)
	volmeasure --merge $^ -o $@

$(OUT)/%.measures: $(OUT)/%.labels.nrrd $(CELLS)
	@mkdir -p $(OUT)/$*
	$(foreach cells,$(CELLS),volcrop $(PART) $(cells) -o $(OUT)/$*/$(notdir $(cells)) &&) \
	    volmeasure --slab $< $(foreach cells,$(CELLS),$(OUT)/$*/$(notdir $(cells))) -o $@
	@rm -r $(OUT)/$*

$(LABELS): $(OUT)/%.labels.nrrd: $(OUT)/numbers $(OUT)/%.slab.nrrd
	vollabel --numbers $< $(OUT)/$*.slab.nrrd -o $@

$(OUT)/numbers: $(NUMBERS:%=$(OUT)/%.slab.nrrd)
	vollabel $(TOUCH) $(RULE) --merge $(^:.slab.nrrd=.list) -o $@

$(OUT)/%.slab.nrrd: $(IN)
	@mkdir -p $(OUT)
	volcrop $(PART) $< | vollabel $(TOUCH) --slab $(@:.slab.nrrd=.list) -o $@

.SECONDARY:
.DELETE_ON_ERROR:
