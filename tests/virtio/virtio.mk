# SPDX-License-Identifier: GPL-2.0-only
# Devices of ldbtctl over a small driver in user space, under ASan and UBSan; fuzzers with a bounded count.
include tests/guests/guests.mk
VIRTIO_UNITS := unit_queue unit_relay unit_blk unit_net unit_console unit_9p
VIRTIO_PARTS = $(O)/tests/virtio/driver.o $(O)/tests/ctl/fake_api.o $(CTL_PARTS)

$(O)/tests/virtio/%.o: tests/virtio/%.c
	@mkdir -p $(@D)
	$(CC) $(CTL_CFLAGS) $(CTL_SAN) -MMD -MP -c $< -o $@

$(VIRTIO_UNITS:%=$(O)/tests/virtio/%): %: %.o $(VIRTIO_PARTS)
	$(CC) $(CTL_CFLAGS) $(CTL_SAN) $^ $(CTL_LIBS) -lcmocka -o $@

$(O)/tests/virtio/guest.o: tests/virtio/guest.c
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -MMD -c $< -o $@

$(O)/tests/virtio/virtio.elf: $(O)/tests/virtio/guest.o $(RV_RT) $(G)/rt/guest.ld
	$(RV_CC) $(RV_CFLAGS) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

CHECKS += check-virtio check-virtio-fuzz check-virtio-machine check-virtio-linux check-virtio-vhost
.PHONY: check-virtio check-virtio-fuzz check-virtio-machine check-virtio-linux check-virtio-vhost
check-virtio: $(VIRTIO_UNITS:%=$(O)/tests/virtio/%)
	tests/virtio/units.sh $^

# Fuzzers: a bounded count for make check, FUZZ_SECONDS by hand.
VIRTIO_FUZZERS := $(addprefix $(O)/fuzz/virtio/fuzz_,virtq relay mmio p9)
$(O)/fuzz/virtio/fuzz_virtq: $(addprefix userctl/,virtq.c iov.c gmem.c ctl.c)
$(O)/fuzz/virtio/fuzz_relay: $(addprefix userctl/,relay.c virtq.c iov.c gmem.c ctl.c)
$(O)/fuzz/virtio/fuzz_mmio: $(addprefix userctl/,virtq.c iov.c gmem.c ctl.c dev.c virtio.c virtio_run.c virtio_mmio.c dev_virtio_rng.c \
	dev_virtio_net.c net_user.c net_tap.c net_vhost.c relay.c)
$(O)/fuzz/virtio/fuzz_p9: $(addprefix userctl/,p9.c p9_wire.c p9_fid.c p9_dir.c p9_file.c p9_attr.c ctl.c)

$(VIRTIO_FUZZERS): $(O)/fuzz/virtio/%: tests/virtio/%.c tests/ctl/fake_api.c
	@mkdir -p $(@D)
	clang -std=gnu11 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $(filter %.c,$^) $(CTL_LIBS) -o $@

.PHONY: check-virtio-fuzz fuzz-virtio
check-virtio-fuzz: $(VIRTIO_FUZZERS)
	tests/virtio/fuzz.sh $(O)/fuzz/virtio runs

# make fuzz-virtio [FUZZ_SECONDS=60]: of each
fuzz-virtio: $(VIRTIO_FUZZERS)
	tests/virtio/fuzz.sh $(O)/fuzz/virtio $(FUZZ_SECONDS)

# With the module, in the test machine.
check-virtio-machine: setup-vm modules $(O)/ldbtctl $(O)/tests/virtio/virtio.elf
	O=$(O) tests/vm/run --smp 2 --timeout 600 --module tun --module vhost_net --file $(O)/tests/virtio/virtio.elf --file tests/virtio/in_machine.sh -- sh /in_machine.sh

check-virtio-linux: setup-vm setup-guest modules $(O)/ldbtctl
	@mkdir -p $(O)/tests/virtio
	tests/virtio/linux.sh $(O) linux

check-virtio-vhost: setup-vm setup-guest modules $(O)/ldbtctl $(O)/guests/hello.elf
	@mkdir -p $(O)/tests/virtio
	tests/virtio/linux.sh $(O) vhost

$(O)/tests/virtio/unit_9p: $(O)/tests/virtio/p9_client.o

-include $(wildcard $(O)/tests/virtio/*.d)
