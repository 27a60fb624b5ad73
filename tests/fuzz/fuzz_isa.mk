# SPDX-License-Identifier: GPL-2.0-only
# make fuzz-isa [FUZZ_SECONDS=60]: the reader of .isa files under random input; needs clang. Findings land in $(O)/fuzz/isa.
FUZZ_ISA := $(O)/fuzz/isa
FUZZ_SECONDS ?= 60

$(FUZZ_ISA)/fuzz_isa: tests/fuzz/fuzz_isa.c $(wildcard rules/lang/*.[ch]) rules/host/form.c
	@mkdir -p $(@D)
	clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Irules -Itranslator \
		$(filter %.c,$^) -o $@

.PHONY: fuzz-isa
fuzz-isa: $(FUZZ_ISA)/fuzz_isa
	mkdir -p $(FUZZ_ISA)/corpus $(FUZZ_ISA)/found
	cp rules/*.isa tests/rulec/*.isa $(FUZZ_ISA)/corpus
	$< -max_total_time=$(FUZZ_SECONDS) -max_len=20000 -timeout=20 -rss_limit_mb=2000 -dict=tests/fuzz/isa.dict \
		-artifact_prefix=$(FUZZ_ISA)/found/ $(FUZZ_ISA)/corpus
