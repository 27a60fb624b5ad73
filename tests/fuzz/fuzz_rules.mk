# SPDX-License-Identifier: GPL-2.0-only
# make fuzz-rules [FUZZ_SECONDS=60]: the compiler of rule files under random input. Findings land in $(O)/fuzz/rules.
FUZZ_RULES := $(O)/fuzz/rules
FUZZ_RULES_SRCS = tests/fuzz/fuzz_rules.c $(wildcard rules/lang/*.c rules/host/*.c) $(RULEC_NAMES:%=rules/rulec/%.c) \
	$(GEN_SRCS) $(addprefix translator/,prim_eval.c prim.c fp_parts.c fp_arith.c fp_cvt.c)

$(FUZZ_RULES)/fuzz_rules: $(FUZZ_RULES_SRCS) $(wildcard rules/*/*.h)
	@mkdir -p $(@D)
	clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Irules -Itranslator -I$(O)/gen \
		$(filter %.c,$^) -o $@

.PHONY: fuzz-rules
fuzz-rules: $(FUZZ_RULES)/fuzz_rules
	mkdir -p $(FUZZ_RULES)/corpus $(FUZZ_RULES)/found
	cp rules/*.rules $(wildcard tests/rulec/*.rules) $(FUZZ_RULES)/corpus
	$< -max_total_time=$(FUZZ_SECONDS) -max_len=4000 -timeout=20 -rss_limit_mb=2000 -dict=tests/fuzz/rules.dict \
		-artifact_prefix=$(FUZZ_RULES)/found/ $(FUZZ_RULES)/corpus
