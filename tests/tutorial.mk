# The tutorial "Explore 3D images (of cells)", a target a figure; `make demo` runs it on the stack of
# nuclei in tests/data. Copy it for your own stacks:
#
#   make -f tutorial.mk STACK=mine.tif SPACING=0.29,0.065,0.065 DOWNSAMPLED=1,4,4 OUT=mine
#
# BINS bins of the histograms: fewer than the stack has levels, or some would stay empty
# BIN  folder of the programs; empty: they are on PATH
STACK ?= tests/data/cells_nuclei_30x126x126_u8.tif
SPACING ?= 0.58,0.065,0.065
DOWNSAMPLED ?= 1,8,8
UNIT ?= um
TILE ?= 8um
BINS ?= 32
OUT ?= demo
BIN ?=
ifneq ($(BIN),)
export PATH := $(BIN):$(PATH)
endif

FIGURES := facts.txt spacing.txt refused.txt plane.png row.png views.png montage.png \
    gamma-1.png gamma-0.5.png gamma-1.5.png gamma-1.svg gamma-0.5.svg gamma-1.5.svg \
    projection.png bright.png equalized.png original.svg equalized.svg clipped.png clipped.svg limits.txt \
    local-default.png local-equal.png tiles.txt noisy.png median.png \
    explore.html equalized.html
PRODUCTS := $(FIGURES:%=$(OUT)/%)

# All of it on one page, where the script that writes it stands beside this file.
TUTORIAL := $(lastword $(MAKEFILE_LIST))
PAGE_SCRIPT := $(wildcard $(dir $(TUTORIAL))tutorial_page.sh)
PAGE := $(PAGE_SCRIPT:%=$(OUT)/index.html)

figures: $(PRODUCTS) $(PAGE)
	@echo "The pictures are in $(OUT):" && ls $(OUT)
	@$(PAGE:%=echo "All of them on one page: %")

$(OUT)/cells.nrrd: $(STACK)
	@mkdir -p $(@D)
	tiff2vol --spacing $(SPACING) --unit $(UNIT) --downsampled $(DOWNSAMPLED) $< -o $@

# Load and print: shape, type, range, spacing.
$(OUT)/facts.txt: $(OUT)/cells.nrrd
	volinfo $< | tee $@

# The microscope's spacing, that of the downsampled images, and normalized.
$(OUT)/spacing.txt: $(STACK) $(OUT)/cells.nrrd
	{ tiff2vol --spacing $(SPACING) --unit $(UNIT) $< | \
	    volinfo --header | sed -n 's/^spacing   /microscope/p'; \
	  volinfo --header $(OUT)/cells.nrrd | sed -n '/^spacing/p;/^normalized/p'; } | tee $@

# A volume is no picture: what is said of it.
$(OUT)/refused.txt: $(OUT)/cells.nrrd
	! vol2png $< >$(OUT)/refused.png 2>$@
	@rm -f $(OUT)/refused.png
	@cat $@

$(OUT)/plane.png: $(OUT)/cells.nrrd
	vol2png --axis plane --index mid $< -o $@

$(OUT)/row.png: $(OUT)/cells.nrrd
	vol2png --axis row --index mid --aspect spacing $< -o $@

# Three views in true proportions, then the planes side by side.
$(OUT)/views.png: $(OUT)/cells.nrrd
	vol2png --views --zoom 3 $< -o $@

$(OUT)/montage.png: $(OUT)/cells.nrrd
	vol2png --montage 5x6 --gap 4 --labels $< -o $@

# The brightest sample of all planes, with a scale bar: a pipe.
$(OUT)/projection.png: $(OUT)/cells.nrrd
	volproject --max $< | vol2png --zoom 4 --scalebar auto -o $@

# From the stack to a picture without a file between.
$(OUT)/bright.png: $(STACK)
	tiff2vol --spacing $(SPACING) --unit $(UNIT) --downsampled $(DOWNSAMPLED) $< | \
	    volclip --percentiles 0.5,99.5 | volgamma --gamma 0.5 | vol2png --views --zoom 3 -o $@

# One file to look around in; and two volumes side by side.
$(OUT)/explore.html: $(OUT)/cells.nrrd
	vol2html --title "Original" $< -o $@

$(OUT)/equalized.html: $(OUT)/equalized.nrrd $(OUT)/cells.nrrd
	vol2html --title "Histogram equalization" --names equalized,original \
	    --beside $(OUT)/cells.nrrd $< -o $@

# Gamma, each plane with the histogram of its volume.
$(OUT)/gamma-%.nrrd: $(OUT)/cells.nrrd
	volgamma --gamma $* $< -o $@

$(OUT)/gamma-%.png: $(OUT)/gamma-%.nrrd
	vol2png --axis plane --index mid $< -o $@

$(OUT)/gamma-%.svg: $(OUT)/gamma-%.nrrd
	volhist --svg --bins $(BINS) --title "$(if $(filter 1,$*),Original,Gamma = $*)" $< -o $@

# Histogram equalization: the montage, histograms and CDFs before and after.
$(OUT)/equalized.nrrd: $(OUT)/cells.nrrd
	voleq $< -o $@

$(OUT)/original.svg: $(OUT)/cells.nrrd
	volhist --svg --bins $(BINS) --title Original $< -o $@

$(OUT)/equalized.svg: $(OUT)/equalized.nrrd
	volhist --svg --bins $(BINS) --title "Histogram equalization" $< -o $@

# Clip at the percentiles 0.5 and 99.5, and rescale.
$(OUT)/clipped.nrrd: $(OUT)/cells.nrrd
	volclip --percentiles 0.5,99.5 $< -o $@

$(OUT)/limits.txt: $(OUT)/cells.nrrd
	volhist --percentiles 0.5,99.5 $< | tee $@

$(OUT)/clipped.svg: $(OUT)/clipped.nrrd
	volhist --svg --bins $(BINS) --title "Clipped at 0.5 % and 99.5 %" $< -o $@

$(OUT)/equalized.png $(OUT)/clipped.png: $(OUT)/%.png: $(OUT)/%.nrrd
	vol2png --montage 5x6 --gap 4 --labels $< -o $@

# Local contrast: tiles of the default shape, and of the same size along each axis in the world.
$(OUT)/local-default.nrrd: $(OUT)/cells.nrrd
	volclahe $< -o $@

$(OUT)/local-equal.nrrd: $(OUT)/cells.nrrd
	volclahe --kernel $(TILE) $< -o $@

$(OUT)/tiles.txt: $(OUT)/cells.nrrd
	{ volclahe --verbose $<; volclahe --kernel $(TILE) --verbose $<; } 2>&1 >/dev/null | grep tiles | tee $@

$(OUT)/local-%.png: $(OUT)/local-%.nrrd
	vol2png --views --zoom 3 $< -o $@

# Salt and pepper: one sample in 25 becomes black or white. The median takes it away.
$(OUT)/noisy.nrrd: $(OUT)/clipped.nrrd
	perl -e 'srand 1; $$/ = "\n\n"; print scalar <>; $$/ = \4;' \
	    -e 'while (<>) { print rand > 0.04 ? $$_ : pack "f<", int rand 2 }' $< >$@

$(OUT)/median.nrrd: $(OUT)/noisy.nrrd
	volmedian --size 3 $< -o $@

$(OUT)/noisy.png $(OUT)/median.png: $(OUT)/%.png: $(OUT)/%.nrrd
	vol2png --axis plane --index mid $< -o $@

# The page shows the commands that make would run, without running them: hence no jobs, no flags.
COMMANDS = MAKEFLAGS= $(MAKE) -nB -f $(TUTORIAL) $(MAKEOVERRIDES) $(PRODUCTS)

$(OUT)/index.html: $(PAGE_SCRIPT) $(TUTORIAL) $(PRODUCTS)
	@$(COMMANDS) | $(PAGE_SCRIPT) $(OUT) >$@

.PHONY: figures
.DELETE_ON_ERROR:
.SECONDARY:
