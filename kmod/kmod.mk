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

.PHONY: modules module-source install install-module install-source dkms
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

# make install [DESTDIR=FOLDER]: module, ldbtctl, man page, udev rule, group. Below DESTDIR only files are placed; else the new
# rule and group are put to use, and depmod runs.
install: install-module install-ctl
	@test -n "$(DESTDIR)" || userctl/after_install.sh "$$(cat $(KDIR)/include/config/kernel.release)"

install-module: modules
	+@MAKEFLAGS= $(MAKE) -C $(KDIR) M=$(abspath $(KMOD_DIR)) $(if $(DESTDIR),INSTALL_MOD_PATH=$(abspath $(DESTDIR))) \
		INSTALL_MOD_DIR=extra INSTALL_MOD_STRIP=1 modules_install >$(O)/install.log 2>&1 || { cat $(O)/install.log; exit 1; }

# make dkms: gives the sources to Debian's dkms, which builds the module for each kernel that is installed, now and later.
DKMS_SOURCE = $(DESTDIR)/usr/src/ldbt-$(LDBT_VERSION)
install-source:
	@rm -rf $(DKMS_SOURCE) && mkdir -p $(DKMS_SOURCE)
	@cp -p --parents Makefile dkms.conf COPYING tests/tests.mk tests/tools/setup.sh \
		$$(find kmod rules translator -type f -not -name '*.o') $(DKMS_SOURCE)

dkms: install-source
	dkms add -m ldbt -v $(LDBT_VERSION)
	dkms build -m ldbt -v $(LDBT_VERSION)
	dkms install -m ldbt -v $(LDBT_VERSION)
