# SPDX-License-Identifier: GPL-2.0-only
# The house rules as scripts.
CHECKS += check-includes check-size check-tree

.PHONY: check-includes check-size check-tree style format
check-includes check-size check-tree: check-%:
	O=$(O) tests/check/$*.sh

style: check-includes check-size check-tree

format:
	clang-format -i $$(git ls-files '*.c' '*.h')
