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

# Names are taken as they are, with $ and quotes: q for the shell, held for make, which can't hold a name
# with a blank or another one of ODD.
name = $(if $(filter file default,$(origin $1)),$($1),$(value $1))
q = '$(subst ','\'',$1)'
define newline


endef
held = $(subst ;,\;,$(subst :,\:,$1))
ODD := *[[:space:]]*|*[*?[]*|*\\*|*'|'*|'~'*|*')'
refuse = $(if $(findstring $(newline),$($1))$(shell case $(call q,$($1)) in ($(ODD)|*%*) echo 1 ;; esac),$(error $1: make can't hold the name '$($1)'))
override IN := $(call name,IN)
override OUT := $(call name,OUT)
$(call refuse,IN)$(call refuse,OUT)
stacks = $(shell cd $(call q,$(IN)) && for stack in *.tif; do case $$stack in $1 esac; done)
STACKS := $(call stacks,($(ODD)) ;; (*) [ ! -e "$$stack" ] || printf '%s\n' "$${stack%.tif}" ;;)
REFUSED := $(call stacks,($(ODD)) echo refused ;;)

# A log beside its output is of a job that was killed as it ended.
$(shell for log in $(call q,$(OUT))/*.log; do [ ! -e "$${log%.log}.nrrd" ] || rm -f "$$log"; done)

all: $(call held,$(STACKS:%=$(OUT)/%.nrrd) $(STACKS:%=$(OUT)/%.html)) $(firstword $(REFUSED))

$(call held,$(OUT))/%.nrrd: $(call held,$(IN))/%.tif
	@mkdir -p $(call q,$(OUT))
	{ tiff2vol $(call q,$<) | $(PIPE) -o $(call q,$@); } 2>$(call q,$(OUT)/$*.log) || \
	    { cat $(call q,$(OUT)/$*.log) >&2; exit 1; }
	@rm -f $(call q,$(OUT)/$*.log)

$(call held,$(OUT))/%.html: $(call held,$(OUT))/%.nrrd
	vol2html --title $(call q,$*) $(call q,$<) -o $(call q,$@)

hash := \#
refused:
	@for stack in $(call q,$(IN))/*.tif; do case "$${stack$(hash)$(hash)*/}" in ($(ODD)) \
	    printf "stacks.mk: make can't hold the name %q: rename it\n" "$$stack" >&2 ;; esac; done; exit 1

.PHONY: all refused
