# SPDX-License-Identifier: GPL-2.0-only
# make fuzz-elf, fuzz-translate [FUZZ_SECONDS=60]: the loader of ldbt-bare; the translator on any guest words.
FUZZ_ELF := $(O)/fuzz/elf
FUZZ_TRANSLATE := $(O)/fuzz/translate
FUZZ_CLANG = clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -DLDBT_DEBUG -Itranslator -I$(O)/gen -Itests/host

$(FUZZ_ELF)/fuzz_elf: tests/fuzz/fuzz_elf.c tests/host/elf_load.c tests/host/elf_load.h
	@mkdir -p $(@D)
	$(FUZZ_CLANG) $(filter %.c,$^) -o $@

FUZZ_TRANSLATE_SRCS = tests/fuzz/fuzz_translate.c $(TRANSLATOR_NAMES:%=translator/%.c) $(O)/gen/decode.c $(O)/gen/rules.c

$(FUZZ_TRANSLATE)/fuzz_translate: $(FUZZ_TRANSLATE_SRCS) $(wildcard translator/*.h)
	@mkdir -p $(@D)
	$(FUZZ_CLANG) $(filter %.c,$^) -o $@

.PHONY: fuzz-elf fuzz-translate
fuzz-elf: $(FUZZ_ELF)/fuzz_elf $(BARE_GUESTS)
	mkdir -p $(FUZZ_ELF)/corpus $(FUZZ_ELF)/found
	cp $(BARE_GUESTS) $(FUZZ_ELF)/corpus
	$< -max_total_time=$(FUZZ_SECONDS) -max_len=20000 -artifact_prefix=$(FUZZ_ELF)/found/ $(FUZZ_ELF)/corpus

fuzz-translate: $(FUZZ_TRANSLATE)/fuzz_translate
	mkdir -p $(FUZZ_TRANSLATE)/corpus $(FUZZ_TRANSLATE)/found
	$< -max_total_time=$(FUZZ_SECONDS) -max_len=6000 -artifact_prefix=$(FUZZ_TRANSLATE)/found/ $(FUZZ_TRANSLATE)/corpus
