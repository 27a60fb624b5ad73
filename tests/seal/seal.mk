# SPDX-License-Identifier: GPL-2.0-only
# The sealed world alone, tried out in the test machine: `make check-seal`, on other kernels `make check-seal KERNEL=6.12`.
SEAL_KERNEL := $(or $(KERNEL),6.1)
SEAL_DIR := $(O)/seal

CHECKS += check-seal
.PHONY: seal-source check-seal
seal-source: $(O)/gen/effects.h
	@mkdir -p $(SEAL_DIR)/seal
	@cp -pu --parents $(shell find kmod translator -name '*.[chS]' -o -name '*.ld' -o -name '*.kbuild') $(SEAL_DIR)
	@mkdir -p $(SEAL_DIR)/gen && cp -pu $(O)/gen/effects.h $(SEAL_DIR)/gen
	@cp -pu tests/seal/*.[ch] $(SEAL_DIR)/seal && cp -pu tests/seal/Kbuild $(SEAL_DIR)/Kbuild

check-seal: setup-vm seal-source
	@O=$(O) tests/seal/check.sh $(SEAL_KERNEL)
