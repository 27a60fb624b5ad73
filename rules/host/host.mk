# SPDX-License-Identifier: GPL-2.0-only
# The host side: reading, encoding, decoding and printing host instructions. Linked by rulec, ruleprove and tests.
HOST_LIB_OBJS := $(addprefix $(O)/rules/host/,form.o encode.o decode.o hprint.o)

$(O)/rules/host/%.o: rules/host/%.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -c -o $@ $<

-include $(HOST_LIB_OBJS:.o=.d)
