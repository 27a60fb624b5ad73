# SPDX-License-Identifier: GPL-2.0-only
# Tests of ldbtctl that need no module: units, whole program, terminal. All under ASan and UBSan.
include tests/guests/guests.mk
CTL_FAKE := $(O)/tests/ctl/ldbtctl-fake
CTL_PARTS = $(filter-out %/ldbtctl.o %/api.o,$(CTL_SAN_OBJS))

$(O)/tests/ctl/%.o: tests/ctl/%.c
	@mkdir -p $(@D)
	$(CC) $(CTL_CFLAGS) $(CTL_SAN) -MMD -MP -c $< -o $@

$(CTL_FAKE): $(O)/tests/ctl/fake_api.o $(CTL_PARTS) $(O)/userctl/san/ldbtctl.o
	$(CC) $(CTL_CFLAGS) $(CTL_SAN) $^ $(CTL_LIBS) -o $@

$(O)/tests/ctl/unit: $(O)/tests/ctl/unit.o $(O)/tests/ctl/fake_api.o $(CTL_PARTS)
	$(CC) $(CTL_CFLAGS) $(CTL_SAN) $^ $(CTL_LIBS) -lcmocka -o $@

$(O)/tests/ctl/tohost.elf: tests/ctl/tohost.S tests/guests/rt/guest.ld
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) $(RV_LDFLAGS) $< -o $@

$(O)/tests/ctl/keys.o: tests/ctl/keys.c
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -MMD -c $< -o $@

$(O)/tests/ctl/keys.elf: $(O)/tests/ctl/keys.o $(RV_RT) $(G)/rt/guest.ld
	$(RV_CC) $(RV_CFLAGS) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

$(O)/tests/ctl/in_pty: tests/ctl/in_pty.c
	@mkdir -p $(@D)
	$(CC) $(CTL_CFLAGS) $^ -lutil -o $@

CHECKS += check-ctl-unit check-ctl check-ctl-terminal check-ctl-machine check-ctl-install check-ctl-trace
.PHONY: check-ctl-unit check-ctl check-ctl-terminal check-ctl-machine check-ctl-install check-ctl-trace fuzz-ctl
check-ctl-unit: $(O)/tests/ctl/unit
	$<

check-ctl: $(O)/userctl/san/ldbtctl $(CTL_FAKE) $(O)/guests/hello.elf $(O)/tests/ctl/tohost.elf
	tests/ctl/run_bats.sh $(O) $(O)/userctl/san/ldbtctl $(CTL_FAKE)

check-ctl-terminal: $(CTL_FAKE) $(O)/guests/hello.elf
	$(PYTHON3) tests/ctl/terminal.py $(CTL_FAKE) $(O)/guests/hello.elf

# With the module, in the test machine.
check-ctl-machine: setup-vm modules $(O)/ldbtctl $(O)/guests/hello.elf $(addprefix $(O)/tests/ctl/,in_pty keys.elf tohost.elf)
	tests/ctl/machine.sh $(O)

check-ctl-install: setup-vm setup-module $(O)/guests/hello.elf
	tests/ctl/install.sh "$(MAKE) --no-print-directory" $(O)

.PHONY: setup-trace
setup-trace:
	@tests/tools/setup.sh trace

check-ctl-trace: setup-vm setup-trace modules $(O)/ldbtctl $(O)/tests/ctl/keys.elf
	O=$(O) tests/vm/run --mem 1024 --timeout 200 --file $(O)/tests/ctl/keys.elf --file /usr/bin/perf --file /usr/bin/trace-cmd \
		--file tests/ctl/in_trace.sh -- sh /in_trace.sh

# make fuzz-ctl [FUZZ_SECONDS=60]
$(O)/fuzz/ctl/fuzz_ctl: tests/ctl/fuzz_ctl.c userctl/elf_file.c userctl/elf_file.h
	@mkdir -p $(@D)
	clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $(filter %.c,$^) -o $@

fuzz-ctl: $(O)/fuzz/ctl/fuzz_ctl $(O)/guests/hello.elf $(O)/tests/ctl/tohost.elf
	mkdir -p $(O)/fuzz/ctl/corpus $(O)/fuzz/ctl/found
	cp $(O)/guests/hello.elf $(O)/tests/ctl/tohost.elf $(O)/fuzz/ctl/corpus
	$< -max_total_time=$(FUZZ_SECONDS) -max_len=20000 -artifact_prefix=$(O)/fuzz/ctl/found/ $(O)/fuzz/ctl/corpus

# The same for kernels, packed and in FIT images; check-ctl-fuzz tries as many inputs as take some seconds.
FUZZ_IMAGE := $(addprefix userctl/,image_fit.c image_hash.c image_linux.c tree.c unpack.c)
$(O)/fuzz/ctl/fuzz_image: tests/ctl/fuzz_image.c $(FUZZ_IMAGE) $(FUZZ_IMAGE:.c=.h)
	@mkdir -p $(@D)
	clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $(filter %.c,$^) -lfdt -lnettle -lz -lzstd -o $@

.PHONY: fuzz-image fuzz-image-seeds check-ctl-fuzz
fuzz-image-seeds: $(O)/fuzz/ctl/fuzz_image $(O)/ldbtctl
	tests/ctl/image_seeds.sh $(O)/ldbtctl $(O)/fuzz/ctl/image_corpus
	mkdir -p $(O)/fuzz/ctl/found

fuzz-image: fuzz-image-seeds
	$(O)/fuzz/ctl/fuzz_image -max_total_time=$(FUZZ_SECONDS) -max_len=20000 -artifact_prefix=$(O)/fuzz/ctl/found/ $(O)/fuzz/ctl/image_corpus

FUZZ_RUNS ?= 30000
CHECKS += check-ctl-fuzz
check-ctl-fuzz: fuzz-image-seeds
	rm -rf $(O)/fuzz/ctl/image_new && mkdir $(O)/fuzz/ctl/image_new
	if $(O)/fuzz/ctl/fuzz_image -runs=$(FUZZ_RUNS) -seed=1 -max_len=20000 -artifact_prefix=$(O)/fuzz/ctl/found/ \
		$(O)/fuzz/ctl/image_new $(O)/fuzz/ctl/image_corpus >$(O)/fuzz/ctl/image.log 2>&1; then \
		tail -n 1 $(O)/fuzz/ctl/image.log; echo "ctl-fuzz: 1 passed, 0 failed, 0 skipped"; \
	else tail -n 40 $(O)/fuzz/ctl/image.log; echo "ctl-fuzz: 0 passed, 1 failed, 0 skipped"; false; fi

-include $(wildcard $(O)/tests/ctl/*.d)
