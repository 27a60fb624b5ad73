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

# Hours, so not part of check: the module in every set-up of the machine; MATRIX='6.1-* bochs-*' selects, MATRIX=list lists.
.PHONY: check-matrix
check-matrix: setup-vm seal-source
	@$(MAKE) --no-print-directory module-source api-files guests hostile
	O=$(O) tests/vm/matrix.sh
