# SPDX-License-Identifier: GPL-2.0-only
# Tests of the prover (docs/PROOFS.md): planted wrong rules, damaged templates, the axioms at full width, and the list
# of proved rules. make check-mutate MUTATIONS=n lists damaged templates that mean the same in survivors.txt.
PROVE_DIR := $(O)/tests/prove
PLANTS := $(sort $(wildcard tests/prove/plant_*.rules))
AXIOM_OPERANDS ?= 1000000
MUTATIONS ?= 2000

$(PROVE_DIR)/%.o: tests/prove/%.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

$(PROVE_DIR)/axiom_test: $(PROVE_DIR)/axiom_test.o $(RULEC_PRIM)
	$(CC) $(LDFLAGS) $^ -o $@
$(PROVE_DIR)/mutate: $(addprefix $(PROVE_DIR)/,mutate.o damage.o) $(RULEPROVE_LIBS)
	$(CC) $(LDFLAGS) $^ -lz3 -o $@

.PHONY: check-prove check-axioms check-mutate
check-prove: $(RULEPROVE) $(O)/gen/tools.sum
	@mkdir -p $(PROVE_DIR)
	tests/prove/plants.sh $(RULEPROVE) $(PROVE_DIR)/log $(PLANTS) -- $(PROVE_INPUTS)
check-axioms: $(PROVE_DIR)/axiom_test $(RULEPROVE)
	$(RULEPROVE) -a
	$< $(AXIOM_OPERANDS)
check-mutate: $(PROVE_DIR)/mutate $(O)/gen/tools.sum
	$< $(MUTATIONS) $(PROVE_INPUTS) >$(PROVE_DIR)/survivors.txt || { cat $(PROVE_DIR)/survivors.txt; exit 1; }
	@tail -n 2 $(PROVE_DIR)/survivors.txt
CHECKS += check-prove check-axioms check-mutate

-include $(wildcard $(PROVE_DIR)/*.d)
