# SPDX-License-Identifier: GPL-2.0-only
# The rule compiler, and what it writes to gen/. RULEC_OBJS: everything but main(), also for ruleprove and the tests.
# RULEC_PROVED=--allow-unproved compiles rules without a proof, for development only.
include rules/rulec/gen.mk

RULEC_NAMES := match_parse rule_parse tmpl_parse test_parse names norms gmem form_info guest_info facts scratch shape \
	legal compile check testrun testeval ruletest ruleset pool tables decision out_rules out_tests digest sha256 listing
RULEC_OBJS = $(RULEC_NAMES:%=$(O)/rules/rulec/%.o) $(RULEC_PRIM)
# Primitives for the evaluator, built apart: the translator's own objects wait for generated headers.
RULEC_PRIM := $(addprefix $(O)/rules/rulec/,prim.o prim_eval.o fp_parts.o fp_arith.o fp_cvt.o)
$(RULEC_PRIM): $(O)/rules/rulec/%.o: translator/%.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

RULEC_PROVED ?= --proved rules/proved.txt

RULEC_ISA := $(sort $(wildcard rules/riscv64*.isa)) $(HOST_ISA)
RULEC_RULES := $(sort $(wildcard rules/*.rules))
RULEC_INPUTS = $(RULEC_ISA) $(O)/gen/tools.sum rules/gmem.def rules/norms.txt $(RULEC_RULES)

$(RULEC_NAMES:%=$(O)/rules/rulec/%.o) $(O)/rules/rulec/main.o: $(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

$(O)/rulec: $(O)/rules/rulec/main.o $(RULEC_OBJS) $(GEN_OBJS) $(LANG_OBJS) $(HOST_LIB_OBJS)
	$(CC) $(USER_CFLAGS) -o $@ $^

GEN_FILES := $(addprefix $(O)/gen/,ops.h effects.h decode.c disasm.c interp.c rules.h rules.c ruletests.c)

# One run writes all files. gen/tools.sum is made in rules/prove/prove.mk.
$(O)/gen/.stamp: $(O)/rulec $(RULEC_INPUTS) $(wildcard rules/proved.txt)
	@mkdir -p $(@D)
	$(O)/rulec --gen $(O)/gen $(RULEC_PROVED) $(RULEC_INPUTS)
	touch $@

$(GEN_FILES): $(O)/gen/.stamp ;

ALL += $(O)/rulec $(GEN_FILES)
-include $(RULEC_OBJS:.o=.d) $(O)/rules/rulec/main.d
