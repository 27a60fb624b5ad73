# SPDX-License-Identifier: GPL-2.0-only
# Whole guests: Debian's kernel and an initramfs of its packages (docs/GUESTS.md).
CHECKS += check-boot
.PHONY: setup-guest setup-debian guest.img debian.img check-boot check-boot-smoke check-debian
setup-guest:
	@tests/tools/setup.sh guest

setup-debian: setup-guest
	@tests/tools/setup.sh debian

# make guest.img [GUEST_OS=13|sid]
GUEST_OS ?= 13
guest.img: setup-build setup-guest
	@$(MAKE) --no-print-directory products
	O=$(O) tests/boot/image.sh $(GUEST_OS) $(O)/guest-$(GUEST_OS).img

# A disk with systemd, ssh and apt, in the cache folder; by hand, as its test: both take long.
debian.img: setup-debian
	@tests/boot/debian

check-debian: setup-vm setup-debian modules $(O)/ldbtctl
	O=$(O) tests/boot/debian.sh

check-boot: setup-vm setup-guest modules $(O)/ldbtctl
	O=$(O) tests/boot/check.sh

# The same on the other kernels, with another guest, by OpenSBI and by U-Boot: part of check-matrix, not of check.
check-boot-smoke: setup-vm setup-guest module-source $(O)/ldbtctl
	O=$(O) tests/boot/smoke.sh
ifndef MATRIX
check-matrix: check-boot-smoke
endif
