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

NUMBERS := $(shell seq -w $(call q,$(SLABS)))
STATS := $(NUMBERS:%=$(OUT)/%.stats)
DONE := $(NUMBERS:%=$(OUT)/%.nrrd)
PART = volcrop --part $$(expr $(notdir $(basename $@)) + 0)/$(SLABS) $(call q,$(IN))

$(call held,$(OUT)/whole.nrrd): $(call held,$(DONE))
	volcat $(call all,$(DONE)) -o $(call q,$@)
	$(if $(KEEP),,rm -f $(call all,$(DONE) $(STATS)))

$(call held,$(DONE)): $(call held,$(OUT)/whole.stats)
	$(PART) | $(FILTER) $(call q,$<) -o $(call q,$@)

$(call held,$(OUT)/whole.stats): $(call held,$(STATS))
	volstats --merge $(call all,$(STATS)) -o $(call q,$@)

$(call held,$(STATS)): $(VOLUME)
	@mkdir -p $(call q,$(OUT))
	$(PART) | volstats -o $(call q,$@)

.SECONDARY:
.DELETE_ON_ERROR:
