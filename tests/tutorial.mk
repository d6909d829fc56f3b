# The tutorial "Explore 3D images (of cells)", a target a figure; `make demo` runs it on the stack of
# nuclei in tests/data. Copy it for your own stacks:
#
#   make -f tutorial.mk STACK=mine.tif SPACING=0.29,0.065,0.065 DOWNSAMPLED=1,4,4 OUT=mine
#
# LEAST size of a nucleus that counts
# BINS bins of the histograms: fewer than the stack has levels, or some would stay empty
# BIN  folder of the programs; empty: they are on PATH
STACK ?= tests/data/cells_nuclei_30x126x126_u8.tif
SPACING ?= 0.58,0.065,0.065
DOWNSAMPLED ?= 1,8,8
UNIT ?= um
TILE ?= 8um
LEAST ?= 20um3
BINS ?= 32
OUT ?= demo
BIN ?=

# Names are taken as they are, with $ and quotes: stack, in and out are quoted for the shell if need be,
# STACK_HELD and D are for make, which can't hold every name, and as a target's none with a blank.
name = $(if $(filter file default,$(origin $1)),$($1),$(value $1))
quoted = '$(subst ','\'',$1)'
held = $(subst ;,\;,$(subst :,\:,$1))
empty :=
define newline


endef
ODD := *[[:cntrl:]]*|*[*?[]*|*\\*|*'|'*|'~'*|*')'|*' '
is = $(shell case $(call quoted,$($1)) in ($2) echo 1 ;; esac)
refuse = $(if $(findstring $(newline),$($1))$(call is,$1,$2),$(error $1: make can't hold the name '$($1)'))
override STACK := $(call name,STACK)
override OUT := $(call name,OUT)
override BIN := $(call name,BIN)
$(call refuse,STACK,$(ODD))$(call refuse,OUT,$(ODD)|*' '*|*%*)
STACK_HELD := $(subst $(empty) $(empty),\ ,$(call held,$(STACK)))
D := $(call held,$(OUT))
NOT_PLAIN := *[!A-Za-z0-9_./+,@=-]*
IS_ODD := $(call is,OUT,$(NOT_PLAIN))
q = $(if $(IS_ODD),$(quoted),$1)
stack := $(if $(call is,STACK,$(NOT_PLAIN)),$(call quoted,$(STACK)),$(STACK))
in = $(call q,$<)
out = $(call q,$@)

ifneq ($(BIN),)
export PATH := $(BIN):$(PATH)
endif

FIGURES := facts.txt spacing.txt refused.txt plane.png row.png views.png montage.png \
    gamma-1.png gamma-0.5.png gamma-1.5.png gamma-1.svg gamma-0.5.svg gamma-1.5.svg \
    projection.png bright.png equalized.png original.svg equalized.svg clipped.png clipped.svg limits.txt \
    local-default.png local-equal.png tiles.txt noisy.png median.png \
    nuclei.txt nuclei.png mean.png explore.html equalized.html nuclei.html
PRODUCTS := $(FIGURES:%=$D/%)

# All of it on one page, where the script that writes it stands beside this file.
TUTORIAL := $(lastword $(MAKEFILE_LIST))
PAGE_SCRIPT := $(wildcard $(dir $(TUTORIAL))tutorial_page.sh)
PAGE := $(if $(PAGE_SCRIPT),$D/index.html)

figures: $(PRODUCTS) $(PAGE)
	@printf 'The pictures are in %s:\n' $(call q,$(OUT)) && ls $(call q,$(OUT))
	@$(if $(PAGE),printf 'All of them on one page: %s\n' $(call q,$(OUT)/index.html))

$D/cells.nrrd: $(STACK_HELD)
	@mkdir -p $(call q,$(OUT))
	tiff2vol --spacing $(SPACING) --unit $(UNIT) --downsampled $(DOWNSAMPLED) $(stack) -o $(out)

# Load and print: shape, type, range, spacing.
$D/facts.txt: $D/cells.nrrd
	volinfo $(in) | tee $(out)

# The microscope's spacing, that of the downsampled images, and normalized.
$D/spacing.txt: $(STACK_HELD) $D/cells.nrrd
	{ tiff2vol --spacing $(SPACING) --unit $(UNIT) $(stack) | \
	    volinfo --header | sed -n 's/^spacing   /microscope/p'; \
	  volinfo --header $(call q,$(OUT)/cells.nrrd) | sed -n '/^spacing/p;/^normalized/p'; } | tee $(out)

# A volume is not a picture: what is said of it.
$D/refused.txt: $D/cells.nrrd
	! vol2png $(in) >$(call q,$(OUT)/refused.png) 2>$(out)
	@rm -f $(call q,$(OUT)/refused.png)
	@cat $(out)

$D/plane.png: $D/cells.nrrd
	vol2png --axis plane --index mid $(in) -o $(out)

$D/row.png: $D/cells.nrrd
	vol2png --axis row --index mid --aspect spacing $(in) -o $(out)

# Three views in true proportions, then the planes side by side.
$D/views.png: $D/cells.nrrd
	vol2png --views --zoom 3 $(in) -o $(out)

$D/montage.png: $D/cells.nrrd
	vol2png --montage 5x6 --gap 4 --numbers $(in) -o $(out)

# The brightest sample of all planes, with a scale bar: a pipe.
$D/projection.png: $D/cells.nrrd
	volproject --max $(in) | vol2png --zoom 4 --scalebar auto -o $(out)

# From the stack to a picture without a file between.
$D/bright.png: $(STACK_HELD)
	tiff2vol --spacing $(SPACING) --unit $(UNIT) --downsampled $(DOWNSAMPLED) $(stack) | \
	    volclip --percentiles 0.5,99.5 | volgamma --gamma 0.5 | vol2png --views --zoom 3 -o $(out)

# One file to look around in; and two volumes side by side.
$D/explore.html: $D/cells.nrrd
	vol2html --title "Original" $(in) -o $(out)

$D/equalized.html: $D/cells.nrrd $D/equalized.nrrd
	vol2html --title "Histogram equalization" --names original,equalized \
	    $(in) $(call q,$(OUT)/equalized.nrrd) -o $(out)

# Gamma, each plane with the histogram of its volume.
$D/gamma-%.nrrd: $D/cells.nrrd
	volgamma --gamma $* $(in) -o $(out)

$D/gamma-%.png: $D/gamma-%.nrrd
	vol2png --axis plane --index mid $(in) -o $(out)

$D/gamma-%.svg: $D/gamma-%.nrrd
	volhist --svg --bins $(BINS) --title "$(if $(filter 1,$*),Original,Gamma = $*)" $(in) -o $(out)

# Histogram equalization: the montage, histograms and CDFs before and after.
$D/equalized.nrrd: $D/cells.nrrd
	voleq $(in) -o $(out)

$D/original.svg: $D/cells.nrrd
	volhist --svg --bins $(BINS) --title Original $(in) -o $(out)

$D/equalized.svg: $D/equalized.nrrd
	volhist --svg --bins $(BINS) --title "Histogram equalization" $(in) -o $(out)

# Clip at the percentiles 0.5 and 99.5, and rescale.
$D/clipped.nrrd: $D/cells.nrrd
	volclip --percentiles 0.5,99.5 $(in) -o $(out)

$D/limits.txt: $D/cells.nrrd
	volhist --percentiles 0.5,99.5 $(in) | tee $(out)

$D/clipped.svg: $D/clipped.nrrd
	volhist --svg --bins $(BINS) --title "Clipped at 0.5 % and 99.5 %" $(in) -o $(out)

$D/equalized.png $D/clipped.png: $D/%.png: $D/%.nrrd
	vol2png --montage 5x6 --gap 4 --numbers $(in) -o $(out)

# Local contrast: tiles of the default shape, and of the same physical size along each axis.
$D/local-default.nrrd: $D/cells.nrrd
	volclahe $(in) -o $(out)

$D/local-equal.nrrd: $D/cells.nrrd
	volclahe --kernel $(TILE) $(in) -o $(out)

$D/tiles.txt: $D/cells.nrrd
	{ volclahe --verbose $(in); volclahe --kernel $(TILE) --verbose $(in); } 2>&1 >/dev/null | grep tiles | tee $(out)

$D/local-%.png: $D/local-%.nrrd
	vol2png --views --zoom 3 $(in) -o $(out)

# Salt and pepper: one sample in 25 becomes black or white. The median takes it away.
$D/noisy.nrrd: $D/clipped.nrrd
	perl -e 'srand 1; $$/ = "\n\n"; print scalar <>; $$/ = \4;' \
	    -e 'while (<>) { print rand > 0.04 ? $$_ : pack "f<", int rand 2 }' $(in) >$(out)

$D/median.nrrd: $D/noisy.nrrd
	volmedian --size 3 $(in) -o $(out)

$D/noisy.png $D/median.png: $D/%.png: $D/%.nrrd
	vol2png --axis plane --index mid $(in) -o $(out)

# Count: a smooth mask without holes, how deep voxels lie in it, a marker for each nucleus, the nuclei that
# grow from them, and a table with a line for each.
$D/mask.nrrd: $D/cells.nrrd
	volgauss --sigma 0.5um $(in) | volthreshold | volfill --planes -o $(out)

$D/depth.nrrd: $D/mask.nrrd
	voldistance $(in) | volgauss --sigma 1um -o $(out)

$D/markers.nrrd: $D/depth.nrrd $D/mask.nrrd
	volpeaks --size 6um --mask $(call q,$(OUT)/mask.nrrd) $(in) -o $(out)

$D/grown.nrrd: $D/depth.nrrd $D/markers.nrrd $D/mask.nrrd
	volwatershed --invert --markers $(call q,$(OUT)/markers.nrrd) --mask $(call q,$(OUT)/mask.nrrd) \
	    $(in) -o $(out)

$D/nuclei.nrrd: $D/grown.nrrd
	vollabel --values --min-size $(LEAST) $(in) -o $(out)

$D/nuclei.tsv: $D/nuclei.nrrd $D/cells.nrrd
	volmeasure $(in) $(call q,$(OUT)/cells.nrrd) -o $(out)

$D/nuclei.txt: $D/nuclei.tsv
	cut -f 1,3,17,21 $(in) | head -n 6 | tee $(out)

$D/nuclei.png: $D/nuclei.nrrd
	vol2png --montage 5x6 --gap 4 $(in) -o $(out)

$D/mean.png: $D/nuclei.nrrd $D/cells.nrrd
	volmeasure --paint mean $(in) $(call q,$(OUT)/cells.nrrd) | \
	    vol2png --axis plane --index mid --zoom 3 --cmap viridis --window minmax -o $(out)

$D/nuclei.html: $D/nuclei.nrrd
	vol2html --title Nuclei $(in) -o $(out)

# The page shows the commands that make would run in a folder `demo`, without running them: hence no
# jobs, no flags.
SETTINGS := STACK SPACING DOWNSAMPLED UNIT TILE LEAST BINS BIN
COMMANDS = MAKEFLAGS= $(MAKE) -nB -f $(TUTORIAL) \
    $(foreach setting,$(SETTINGS),$(call quoted,$(setting)=$($(setting)))) OUT=demo $(FIGURES:%=demo/%)

$D/index.html: $(PAGE_SCRIPT) $(TUTORIAL) $(PRODUCTS)
	@$(COMMANDS) | $(PAGE_SCRIPT) $(call quoted,$(OUT)) demo >$(call quoted,$@)

.PHONY: figures
.DELETE_ON_ERROR:
.SECONDARY:
