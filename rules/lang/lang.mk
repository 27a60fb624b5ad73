# SPDX-License-Identifier: GPL-2.0-only
# Reader of .isa files; a library of objects for rulec, ruleprove and the tests. It calls form_parse() of rules/host.
LANG_SRCS := $(sort $(wildcard rules/lang/*.c))
LANG_OBJS = $(LANG_SRCS:%.c=$(O)/%.o)

$(LANG_OBJS): $(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

-include $(LANG_OBJS:.o=.d)
