# SPDX-License-Identifier: GPL-2.0-only
# The test machine: emulated, with an unmodified Debian kernel (docs/TESTMACHINE.md).
CHECKS += check-vm

.PHONY: setup-vm check-vm
setup-vm:
	@tests/tools/setup.sh vm

check-vm: setup-vm
	O=$(O) tests/vm/check.sh

# Minutes, so not part of check.
.PHONY: check-vm-bochs
check-vm-bochs: setup-vm
	O=$(O) tests/vm/check.sh bochs
