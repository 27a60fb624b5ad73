# SPDX-License-Identifier: GPL-2.0-only
# ldbt: the top of the build. Each room has its own *.mk; this file holds what they share.
#
#   make            ldbt.ko, ldbtctl and the user-space programs
#   make run        boots the test machine, loads ldbt.ko, boots Debian for riscv64 in it: a shell, or CMD='COMMAND';
#                   with GUEST=FILE a bare-metal riscv64 ELF program instead. KERNEL=6.1|6.12|sid GUEST_OS=13|sid BIOS=y
#   make guest.img  the guest that run boots, as one file    make debian.img  a disk with Debian 13: systemd, ssh, apt
#   make lmbench    each program of lmbench once in a Debian guest
#   make run-bare   runs GUEST in user space, without the module
#   make check      all tests, last line "N passed, N failed, N skipped"
#   make prove      re-proves every rule from nothing      make bench            tables: ours, QEMU, native, ratio
#   make install    module, ldbtctl, man page, udev rule, group; DESTDIR=FOLDER places files only    make dkms  by Debian's dkms
#   make style      formatting, includes, sizes            make clean            removes $(O)
# O=DIR builds elsewhere than build/. V=1 shows every command.
O ?= build
CC = gcc
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wvla
USER_CFLAGS = -std=gnu11 $(CFLAGS) $(WARN) -Itranslator -I$(O)/gen -Irules

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
ifneq ($(V),1)
.SILENT:
endif

ALL :=
CHECKS :=

include rules/rules.mk
include translator/translator.mk
-include userctl/userctl.mk kmod/kmod.mk
include tests/tests.mk

KERNEL ?= 6.1

export CMD

.PHONY: all check run run-bare prove bench style clean setup-build setup-module setup-check setup-prove setup-bench
# Two steps, because packages must be there before anything is compiled.
all: setup-build setup-module
	@echo "building below $(O)/"
	@$(MAKE) --no-print-directory products
	@$(MAKE) --no-print-directory modules >$(O)/modules.log 2>&1 || { cat $(O)/modules.log; exit 1; }

.PHONY: products
products: $(ALL)

setup-build setup-check setup-prove setup-bench: setup-%:
	@tests/tools/setup.sh $*

# The tests run one after the other; each says what it counted.
check: setup-check
	@$(MAKE) --no-print-directory all
	@O=$(O) tests/run.sh "$(MAKE) O=$(O)" $(CHECKS)

# A program of tests/guests is built below $(O).
ifdef GUEST
override GUEST := $(GUEST:tests/guests/%=$(O)/guests/%)
endif

# A terminal is handed through to the guest; Ctrl-A x quits.
run: setup-build setup-vm setup-guest
	@echo "building below $(O)/" >&2
	@$(MAKE) --no-print-directory products $(GUEST) >&2
	@echo "building ldbt.ko for the test machine's kernel" >&2
	@O=$(O) tests/vm/build-module --kernel $(KERNEL) >&2
	@echo "booting the test machine, loading ldbt.ko, running $(or $(GUEST),Debian $(GUEST_OS))" >&2
ifdef GUEST
	@O=$(O) tests/vm/run --kernel $(KERNEL) --smp 2 $(shell test -t 0 && echo --interactive) --file $(GUEST):/guest.elf -- \
		"insmod /ldbt.ko && ldbtctl run /guest.elf"
else
	@O=$(O) tests/boot/run.sh --kernel $(KERNEL) --guest $(GUEST_OS) $(if $(BIOS),--bios) "$$CMD"
endif

BARE_GUEST = $(or $(GUEST),$(O)/guests/hello.elf)
run-bare: setup-build
	@$(MAKE) --no-print-directory $(O)/ldbt-bare $(BARE_GUEST)
	$(O)/ldbt-bare $(BARE_GUEST)

clean:
	rm -rf $(O)
