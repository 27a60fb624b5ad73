# SPDX-License-Identifier: GPL-2.0-only
# The room of tests: each folder adds its targets and appends its check to CHECKS.
-include tests/*/*.mk
