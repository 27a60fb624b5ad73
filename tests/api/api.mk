# SPDX-License-Identifier: GPL-2.0-only
# Tests of the user API, in the test machine with the module; then load cycles and kills while guests run.
API_OBJS := $(addprefix $(O)/tests/api/,api.o test_system.o test_vm.o test_irq.o test_code_map.o test_vcpu.o test_run.o test_sbi.o test_growth.o)

$(API_OBJS): $(O)/tests/api/%.o: tests/api/%.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(CFLAGS) $(WARN) -MMD -MP -c $< -o $@

$(O)/tests/api/api: $(API_OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -lpthread -o $@

CHECKS += check-api check-smoke
.PHONY: check-api check-smoke setup-module
setup-module:
	@tests/tools/setup.sh module

check-api: setup-vm setup-module
	@$(MAKE) --no-print-directory modules api-files
	O=$(O) tests/api/check.sh

# The same tests with fewer cycles on the other kernels.
check-smoke: setup-vm
	@$(MAKE) --no-print-directory module-source api-files
	O=$(O) tests/api/smoke.sh 6.12 sid

.PHONY: api-files
api-files: $(O)/tests/api/api $(O)/ldbtctl $(O)/guests/hello.elf $(O)/guests/check/coremix.elf

-include $(API_OBJS:.o=.d)
