# SPDX-License-Identifier: GPL-2.0-only
# ldbtctl, and the same under ASan and UBSan for the tests.
CTL_NAMES := api board cmd_doctor cmd_mkimg cmd_run cmd_stat ctl dev dev_rtc dev_syscon dev_uart elf_file ldbtctl loader loop machine ram sbi stats \
	term watch doctor_bugs doctor_cpu doctor_module
# what the guest starts with
CTL_NAMES += boot image_fit image_hash image_linux tree unpack
# virtio and its devices
CTL_NAMES += gmem iov virtq virtio virtio_run virtio_mmio dev_virtio_rng
CTL_NAMES += rights
CTL_NAMES += dev_virtio_blk disk
CTL_NAMES += dev_virtio_net net_user net_tap net_vhost relay
CTL_NAMES += dev_virtio_console
CTL_NAMES += dev_virtio_9p p9 p9_wire p9_fid p9_dir p9_file p9_attr
CTL_OBJS := $(CTL_NAMES:%=$(O)/userctl/%.o)
CTL_SAN_OBJS := $(CTL_NAMES:%=$(O)/userctl/san/%.o)
CTL_LIBS := -lslirp -lcap-ng -lseccomp -lfdt -lcjson -lnettle -lz -lzstd -lpthread
CTL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARN)
CTL_SAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all

$(O)/userctl/%.o: userctl/%.c
	@mkdir -p $(@D)
	$(CC) $(CTL_CFLAGS) -MMD -MP -c $< -o $@

$(O)/userctl/san/%.o: userctl/%.c
	@mkdir -p $(@D)
	$(CC) $(CTL_CFLAGS) $(CTL_SAN) -MMD -MP -c $< -o $@

$(O)/ldbtctl: $(CTL_OBJS)
	$(CC) $(CTL_CFLAGS) $(LDFLAGS) $^ $(CTL_LIBS) -o $@

$(O)/userctl/san/ldbtctl: $(CTL_SAN_OBJS)
	$(CC) $(CTL_CFLAGS) $(CTL_SAN) $^ $(CTL_LIBS) -o $@

ALL += $(O)/ldbtctl

# Part of make install.
.PHONY: install-ctl
install-ctl: $(O)/ldbtctl
	install -D -m 755 $< $(DESTDIR)/usr/sbin/ldbtctl
	install -D -m 644 userctl/ldbtctl.1 $(DESTDIR)/usr/share/man/man1/ldbtctl.1
	install -D -m 644 userctl/60-ldbt.rules $(DESTDIR)/usr/lib/udev/rules.d/60-ldbt.rules
	install -D -m 644 userctl/ldbt.sysusers $(DESTDIR)/usr/lib/sysusers.d/ldbt.conf

-include $(CTL_OBJS:.o=.d) $(CTL_SAN_OBJS:.o=.d)
