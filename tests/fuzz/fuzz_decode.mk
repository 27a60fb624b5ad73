# SPDX-License-Identifier: GPL-2.0-only
# make fuzz-decode [FUZZ_SECONDS=60]: decoder and disassembler on any words; needs clang. Findings land in $(O)/fuzz/decode.
FUZZ_DECODE := $(O)/fuzz/decode
FUZZ_DECODE_SRCS = tests/fuzz/fuzz_decode.c $(O)/gen/decode.c $(O)/gen/disasm.c translator/disasm.c translator/csr_name.c

$(FUZZ_DECODE)/fuzz_decode: $(FUZZ_DECODE_SRCS)
	@mkdir -p $(@D)
	clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Itranslator -I$(O)/gen $^ -o $@

.PHONY: fuzz-decode
fuzz-decode: $(FUZZ_DECODE)/fuzz_decode
	mkdir -p $(FUZZ_DECODE)/corpus $(FUZZ_DECODE)/found
	$< -max_total_time=$(FUZZ_SECONDS) -max_len=264 -artifact_prefix=$(FUZZ_DECODE)/found/ $(FUZZ_DECODE)/corpus
