# Many stacks, each a job of its own: a pipe from IN/*.tif to OUT/*.nrrd, and one page for each. Copy it for
# your own experiment, and change the pipe:
#
#   make -k -j8 -f stacks.mk IN=stacks OUT=done
#
# -k: a stack that fails harms no other; its message is in OUT/NAME.log, and a second make tries only what is
# missing. Outputs appear whole or not at all, also where make or a program is killed.
IN ?= stacks
OUT ?= done
PIPE ?= volmedian --size 3 | volclip -q 0.5,99.5

SHELL := /bin/bash
.SHELLFLAGS := -e -o pipefail -c
STACKS := $(basename $(notdir $(wildcard $(IN)/*.tif)))

# A log beside its output is of a job that was killed as it ended.
$(shell for log in $(OUT)/*.log; do [ ! -e "$${log%.log}.nrrd" ] || rm -f "$$log"; done)

all: $(STACKS:%=$(OUT)/%.nrrd) $(STACKS:%=$(OUT)/%.html)

$(OUT)/%.nrrd: $(IN)/%.tif
	@mkdir -p $(OUT)
	{ tiff2vol $< | $(PIPE) -o $@; } 2>$(OUT)/$*.log || { cat $(OUT)/$*.log >&2; exit 1; }
	@rm -f $(OUT)/$*.log

$(OUT)/%.html: $(OUT)/%.nrrd
	vol2html --title $* $< -o $@

.PHONY: all
