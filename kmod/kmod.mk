# SPDX-License-Identifier: GPL-2.0-only
# The module: `make modules KDIR=...` gives $(O)/ldbt.ko. Kbuild works on a copy of the sources below $(O), together with the
# generated tables: the tree stays clean, and the copy can be built elsewhere by plain kbuild (`make module-source`).
LDBT_VERSION := 0.1

KDIR_RUNNING := /lib/modules/$(shell uname -r)/build
KDIR ?= $(if $(wildcard $(KDIR_RUNNING)),$(KDIR_RUNNING),$(lastword $(sort $(wildcard /usr/src/linux-headers-6.1*-amd64))))

KMOD_JOBS ?= 2

KMOD_DIR := $(O)/kbuild
KMOD_GEN := $(addprefix $(O)/gen/,decode.c interp.c rules.c ops.h effects.h rules.h)
KMOD_SOURCES := $(shell find kmod translator -name '*.[chS]' -o -name '*.ld' -o -name '*.kbuild')

.PHONY: modules module-source dkms
# MAKEFLAGS is cleared because O= means something else to kbuild. Files keep their time stamps, so that kbuild compiles what changed.
module-source: $(KMOD_GEN)
	@mkdir -p $(KMOD_DIR)
	@cp -pu --parents $(KMOD_SOURCES) $(KMOD_DIR)
	@mkdir -p $(KMOD_DIR)/gen && cp -pu $(sort $(wildcard $(O)/gen/*.h) $(KMOD_GEN)) $(KMOD_DIR)/gen
	@cp -pu kmod/Kbuild $(KMOD_DIR)/Kbuild
	@echo $(LDBT_VERSION) | cmp -s - $(KMOD_DIR)/VERSION || echo $(LDBT_VERSION) >$(KMOD_DIR)/VERSION

modules: module-source
	@test -d "$(KDIR)" || { echo "ldbt: no kernel headers: apt install linux-headers-amd64, or KDIR=..."; exit 1; }
	+@MAKEFLAGS= $(MAKE) -j$(KMOD_JOBS) -C $(KDIR) M=$(abspath $(KMOD_DIR)) W=1 modules
	@cp -pu $(KMOD_DIR)/ldbt.ko $(O)/ldbt.ko
