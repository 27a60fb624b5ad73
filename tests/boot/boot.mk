# SPDX-License-Identifier: GPL-2.0-only
# Whole guests: Debian's kernel and an initramfs of its packages (docs/GUESTS.md).
CHECKS += check-boot
.PHONY: setup-guest guest.img check-boot check-boot-smoke
setup-guest:
	@tests/tools/setup.sh guest

# make guest.img [GUEST_OS=13|sid]
GUEST_OS ?= 13
guest.img: setup-build setup-guest
	@$(MAKE) --no-print-directory products
	O=$(O) tests/boot/image.sh $(GUEST_OS) $(O)/guest-$(GUEST_OS).img

check-boot: setup-vm setup-guest modules $(O)/ldbtctl
	O=$(O) tests/boot/check.sh

# The same on the other kernels, with another guest, by OpenSBI and by U-Boot: part of check-matrix, not of check.
check-boot-smoke: setup-vm setup-guest module-source $(O)/ldbtctl
	O=$(O) tests/boot/smoke.sh
ifndef MATRIX
check-matrix: check-boot-smoke
endif
