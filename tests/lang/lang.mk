# SPDX-License-Identifier: GPL-2.0-only
# Tests of the language front end, with the sanitizers on: they bring their own objects of rules/.
LANGT_DIR := $(O)/tests/lang
LANGT_FLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all
LANGT_SRCS := $(sort $(wildcard tests/lang/*.c)) $(sort $(wildcard rules/lang/*.c)) rules/host/form.c
LANGT_OBJS := $(LANGT_SRCS:%.c=$(LANGT_DIR)/%.o)

$(LANGT_OBJS): $(LANGT_DIR)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) $(LANGT_FLAGS) -MMD -MP -c $< -o $@

$(LANGT_DIR)/lang_test: $(LANGT_OBJS)
	$(CC) $(USER_CFLAGS) $(LANGT_FLAGS) $^ -lm -o $@

.PHONY: check-lang
check-lang: $(LANGT_DIR)/lang_test
	$<
CHECKS += check-lang

-include $(LANGT_OBJS:.o=.d)
