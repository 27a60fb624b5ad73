# SPDX-License-Identifier: GPL-2.0-only
# ruleprove: needs libz3-dev; nothing else of the build does.
PROVE_NAMES := term sem axiom axiom_fp alias guest host operand access cover goal events compare counter rule proved work
PROVE_OBJS = $(PROVE_NAMES:%=$(O)/rules/prove/%.o)
# Of rulec: what makes variants, not what prints them.
PROVE_RULEC := $(filter-out pool tables decision out_% listing,$(RULEC_NAMES))
# What a proof depends on besides the rule and the descriptions: all sources of rulec and ruleprove. Those that only
# print tables are in it as well: what they print is what was proved. port.h is not: it only names integer types.
PROVE_SOURCES := $(sort $(wildcard rules/lang/*.[ch] rules/host/*.[ch] rules/prove/*.[ch] rules/rulec/*.[ch])) \
	$(addprefix translator/,abi.h prim.c prim.h prim_eval.c prim_eval.h fp.h fp_parts.h fp_parts.c fp_arith.c fp_cvt.c rule.h)
PROVE_INPUTS = $(sort $(wildcard rules/riscv64*.isa)) $(HOST_ISA) $(O)/gen/tools.sum rules/gmem.def rules/norms.txt \
	$(sort $(wildcard rules/*.rules))

$(PROVE_OBJS) $(O)/rules/prove/main.o: $(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

# The pin map, for messages only; an object of its own, since those of the translator wait for proved rules.
$(O)/rules/prove/pins.o: translator/regs.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

RULEPROVE = $(O)/ruleprove
RULEPROVE_LIBS = $(PROVE_OBJS) $(PROVE_RULEC:%=$(O)/rules/rulec/%.o) $(RULEC_PRIM) $(HOST_LIB_OBJS) $(LANG_OBJS) $(O)/rules/prove/pins.o
$(RULEPROVE): $(O)/rules/prove/main.o $(RULEPROVE_LIBS)
	$(CC) $(LDFLAGS) $^ -lz3 -o $@

# Made every time and kept when nothing changed: the set of sources may change while no source is newer. Names are
# relative to the top, so that the place of the tree does not count.
.PHONY: sum-sources
$(O)/gen/tools.sum: sum-sources
	@mkdir -p $(@D)
	@sha256sum $(PROVE_SOURCES) >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# Everything from nothing, and the list anew.
prove: $(RULEPROVE) $(O)/gen/tools.sum
	$(RULEPROVE) -o rules/proved.txt $(PROVE_INPUTS)

# Only what the list lacks.
.PHONY: prove-new
prove-new: $(RULEPROVE) $(O)/gen/tools.sum
	$(RULEPROVE) -n rules/proved.txt -o rules/proved.txt $(PROVE_INPUTS)

-include $(PROVE_OBJS:.o=.d) $(O)/rules/prove/main.d $(O)/rules/prove/pins.d
