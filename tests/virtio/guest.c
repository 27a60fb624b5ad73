// SPDX-License-Identifier: GPL-2.0-only
/* guest.c: a bare-metal driver for virtio by MMIO: entropy, a disk with code that is run from it, ARP and ping of the
 * network's host. Interrupts come by the PLIC; the same program runs on QEMU's virt board. What stands on the disk is
 * in_machine.sh's affair: sector n begins with the number n. Next file: in_machine.sh. */
#include "rt.h"

#define REG32(gpa)	    (*(volatile uint32_t *)(gpa))
#define SLOT(n)		    (0x10001000UL + 0x1000 * (n))
#define PRIORITY(irq)	    REG32(0xc000000UL + 4 * (irq))
#define ENABLE		    REG32(0xc002000UL)
#define THRESHOLD	    REG32(0xc200000UL)
#define CLAIM		    REG32(0xc200004UL)
#define csr_set(name, bits) __asm__ volatile("csrs " #name ", %0" ::"r"((uint64_t)(bits)) : "memory")
#define fence()		    __asm__ volatile("fence" ::: "memory")

enum {
	SLOTS = 8,
	SIZE = 8, /* entries of a queue */
	MAGIC = 0x00,
	DEVICE_ID = 0x08,
	DRIVER_FEATURES = 0x20,
	DRIVER_FEATURES_SEL = 0x24,
	QUEUE_SEL = 0x30,
	QUEUE_NUM = 0x38,
	QUEUE_READY = 0x44,
	QUEUE_NOTIFY = 0x50,
	IRQ_STATUS = 0x60,
	IRQ_ACK = 0x64,
	STATUS = 0x70,
	QUEUE_ADDRESS = 0x80, /* descriptors, available, used: 16 bytes apart */
	CONFIG = 0x100,
	DESC_NEXT = 1,
	DESC_WRITE = 2,
	FEATURE_EVENT_IDX = 29,
	MEI = 1 << 11,
	ID_NET = 1,
	ID_DISK = 2,
	ID_RNG = 4,
	TYPE_IN = 0,
	TYPE_OUT = 1,
	TYPE_FLUSH = 4,
	SECTOR = 512,
	CODE_ROUNDS = 500,
	PAGE = 4096,
};

struct desc {
	uint64_t gpa;
	uint32_t len_bytes;
	uint16_t flags, next;
};

struct queue {
	_Alignas(16) struct desc desc[SIZE];
	_Alignas(2) volatile uint16_t avail[2 + SIZE + 1];
	_Alignas(4) struct {
		volatile uint16_t flags, idx;
		volatile struct {
			uint32_t id, len_bytes;
		} ring[SIZE];
		volatile uint16_t avail_event;
	} used;
	uint16_t seen;
	uint64_t slot;
	uint32_t number;
};

static struct queue rng, disk, rx, tx;
static int passed, failed;
static uint64_t interrupts;

static void check(const char *name, uint64_t found, uint64_t wanted)
{
	if (found == wanted) {
		passed++;
		return;
	}
	failed++;
	rt_printf("FAIL: %s: %lu, expected %lu\n", name, found, wanted);
}

/* ---- driver ---- */

static uint64_t find(uint32_t id)
{
	uint32_t n;

	for (n = 0; n < SLOTS; n++)
		if (REG32(SLOT(n) + MAGIC) == 0x74726976 && REG32(SLOT(n) + DEVICE_ID) == id)
			return SLOT(n);
	return 0;
}

static void make_queue(struct queue *q, uint64_t slot, uint32_t number)
{
	const uint64_t at[3] = { (uint64_t)q->desc, (uint64_t)q->avail, (uint64_t)&q->used };
	uint32_t i;

	q->slot = slot;
	q->number = number;
	REG32(slot + QUEUE_SEL) = number;
	REG32(slot + QUEUE_NUM) = SIZE;
	for (i = 0; i < 3; i++) {
		REG32(slot + QUEUE_ADDRESS + 16 * i) = (uint32_t)at[i];
		REG32(slot + QUEUE_ADDRESS + 16 * i + 4) = (uint32_t)(at[i] >> 32);
	}
	REG32(slot + QUEUE_READY) = 1;
}

static void begin(uint64_t slot)
{
	uint32_t irq = (uint32_t)(slot - SLOT(0)) / 0x1000 + 1;

	REG32(slot + STATUS) = 0;
	REG32(slot + STATUS) = 3;
	REG32(slot + DRIVER_FEATURES_SEL) = 0;
	REG32(slot + DRIVER_FEATURES) = 1U << FEATURE_EVENT_IDX;
	REG32(slot + DRIVER_FEATURES_SEL) = 1;
	REG32(slot + DRIVER_FEATURES) = 1; /* VERSION_1 */
	REG32(slot + STATUS) = 11;
	check("features", REG32(slot + STATUS), 11);
	PRIORITY(irq) = 1;
	ENABLE |= 1U << irq;
}

static void offer(struct queue *q, uint16_t head)
{
	q->avail[2 + q->avail[1] % SIZE] = head;
	fence();
	q->avail[1]++;
	fence();
	REG32(q->slot + QUEUE_NOTIFY) = q->number;
}

/* Asleep until the queue's next chain was used; interrupts stay off, so the claim is made here. */
static uint32_t wait(struct queue *q)
{
	q->avail[2 + SIZE] = q->seen; /* used_event: tell me of the next one */
	fence();
	while (q->used.idx == q->seen) {
		uint32_t irq;

		__asm__ volatile("wfi" ::: "memory");
		irq = CLAIM;
		if (!irq)
			continue;
		interrupts++;
		REG32(SLOT(irq - 1) + IRQ_ACK) = REG32(SLOT(irq - 1) + IRQ_STATUS);
		CLAIM = irq;
		fence();
	}
	fence();
	return q->used.ring[q->seen++ % SIZE].len_bytes;
}

/* ---- entropy ---- */

static void test_rng(void)
{
	static uint8_t bytes[2][64];
	uint32_t i;

	begin(find(ID_RNG));
	make_queue(&rng, find(ID_RNG), 0);
	REG32(rng.slot + STATUS) = 15;
	for (i = 0; i < 2; i++) {
		rng.desc[0] = (struct desc){ (uint64_t)bytes[i], sizeof(bytes[i]), DESC_WRITE, 0 };
		offer(&rng, 0);
		check("entropy: length", wait(&rng), sizeof(bytes[i]));
	}
	check("entropy: twice the same", !memcmp(bytes[0], bytes[1], sizeof(bytes[0])), 0);
}

/* ---- disk ---- */

static uint8_t disk_run(uint32_t type, uint64_t sector, void *data, uint32_t len_bytes)
{
	static struct {
		uint32_t type, reserved;
		uint64_t sector;
	} header;
	static volatile uint8_t status;

	header.type = type;
	header.sector = sector;
	status = 0xff;
	disk.desc[0] = (struct desc){ (uint64_t)&header, sizeof(header), DESC_NEXT, len_bytes ? 1 : 2 };
	disk.desc[1] = (struct desc){ (uint64_t)data, len_bytes,
				      (uint16_t)(DESC_NEXT | (type == TYPE_IN ? DESC_WRITE : 0)), 2 };
	disk.desc[2] = (struct desc){ (uint64_t)&status, 1, DESC_WRITE, 0 };
	offer(&disk, 0);
	wait(&disk);
	return status;
}

static uint64_t data[SECTOR * 4 / 8];

static void test_disk(void)
{
	uint64_t sectors, i;

	begin(find(ID_DISK));
	make_queue(&disk, find(ID_DISK), 0);
	REG32(disk.slot + STATUS) = 15;
	sectors = REG32(disk.slot + CONFIG);
	check("disk: sectors", sectors, 2048);
	for (i = 0; i < sectors; i += 97) {
		check("disk: read", disk_run(TYPE_IN, i, data, SECTOR), 0);
		check("disk: contents", data[0], i);
	}
	check("disk: behind the end", disk_run(TYPE_IN, sectors, data, SECTOR), 1);
	for (i = 0; i < SECTOR * 4 / 8; i++)
		data[i] = 0x6c6462740000 + i;
	check("disk: write", disk_run(TYPE_OUT, 100, data, SECTOR * 4), 0);
	memset(data, 0, sizeof(data));
	check("disk: read back", disk_run(TYPE_IN, 102, data, SECTOR), 0);
	check("disk: what was written", data[1], 0x6c6462740000 + 2 * SECTOR / 8 + 1);
	check("disk: flush", disk_run(TYPE_FLUSH, 0, NULL, 0), 0);
}

/* ---- code that a device loads over other code, as page caches do ---- */

static _Alignas(PAGE) uint32_t code_page[PAGE / 4];

static uint64_t call_code(void)
{
	__asm__ volatile("fence.i" ::: "memory");
	return ((uint64_t(*)(void))code_page)();
}

static void put_code(uint64_t sector, uint32_t value)
{
	uint32_t *words = (uint32_t *)data;

	words[0] = value << 20 | 0x00000513; /* addi a0, x0, value */
	words[1] = 0x00008067;		     /* ret */
	check("code: write", disk_run(TYPE_OUT, sector, data, SECTOR), 0);
}

static void test_code(void)
{
	uint64_t wrong = 0, i;

	put_code(200, 11);
	put_code(201, 22);
	for (i = 0; i < CODE_ROUNDS; i++) {
		if (disk_run(TYPE_IN, 200 + (i & 1), code_page, SECTOR))
			wrong++;
		if (call_code() != (i & 1 ? 22 : 11))
			wrong++;
	}
	check("code: old code was run", wrong, 0);
}

/* ---- network ---- */

enum { FRAME = 1526, HEADER = 12, ETH = 14, IP = 20, ICMP = 8, PING_BYTES = ICMP + 8, PINGS = 100 };

static _Alignas(4) uint8_t rx_frame[SIZE][FRAME], tx_frame[FRAME];
static const uint8_t guest_ip[4] = { 10, 0, 2, 15 }, host_ip[4] = { 10, 0, 2, 2 };

static void net_send(uint32_t bytes)
{
	tx.desc[0] = (struct desc){ (uint64_t)tx_frame, HEADER + bytes, 0, 0 };
	offer(&tx, 0);
	wait(&tx);
}

/* The next frame of that type. */
static uint8_t *net_receive(uint32_t type)
{
	for (;;) {
		uint32_t id;
		uint8_t *frame;

		wait(&rx);
		id = rx.used.ring[(rx.seen - 1) % SIZE].id % SIZE;
		frame = rx_frame[id] + HEADER;
		offer(&rx, (uint16_t)id); /* not overwritten before SIZE other frames came */
		if ((uint32_t)(frame[12] << 8 | frame[13]) == type)
			return frame;
	}
}

static uint8_t *put_eth(const uint8_t *to, uint32_t type)
{
	uint8_t *frame = tx_frame + HEADER;
	uint32_t i;

	memset(tx_frame, 0, sizeof(tx_frame));
	memcpy(frame, to, 6);
	for (i = 0; i < 6; i++)
		frame[6 + i] = *(volatile uint8_t *)(tx.slot + CONFIG + i);
	frame[12] = (uint8_t)(type >> 8);
	frame[13] = (uint8_t)type;
	return frame;
}

static void put_checksum(uint8_t *at, const uint8_t *bytes, uint32_t n)
{
	uint32_t sum = 0, i;

	for (i = 0; i < n; i += 2)
		sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	at[0] = (uint8_t)(sum >> 8);
	at[1] = (uint8_t)sum;
}

static void ask_for_host(uint8_t host_mac[6])
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 }, arp[8] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	uint8_t *frame = put_eth(all, 0x806);

	memcpy(frame + ETH, arp, sizeof(arp));
	memcpy(frame + ETH + 8, frame + 6, 6);
	memcpy(frame + ETH + 14, guest_ip, 4);
	memcpy(frame + ETH + 24, host_ip, 4);
	net_send(ETH + 28);
	frame = net_receive(0x806);
	check("ARP: a reply of the host", !memcmp(frame + ETH + 14, host_ip, 4), 1);
	memcpy(host_mac, frame + ETH + 8, 6);
}

/* What the reply brings is run where it lies: eight frames later other code comes there. */
static uint64_t ping(const uint8_t host_mac[6], uint8_t number)
{
	const uint32_t code[2] = { (uint32_t)number << 20 | 0x00000513, 0x00008067 }; /* addi a0, x0, number; ret */
	static const uint8_t ip[12] = { 0x45, 0, 0, IP + PING_BYTES, 0, 0, 0, 0, 64, 1, 0, 0 };
	uint8_t *frame = put_eth(host_mac, 0x800), *icmp = frame + ETH + IP;

	memcpy(frame + ETH, ip, sizeof(ip));
	memcpy(frame + ETH + 12, guest_ip, 4);
	memcpy(frame + ETH + 16, host_ip, 4);
	put_checksum(frame + ETH + 10, frame + ETH, IP);
	icmp[0] = 8;
	icmp[7] = number;
	memcpy(icmp + ICMP, code, sizeof(code));
	put_checksum(icmp + 2, icmp, PING_BYTES);
	net_send(ETH + IP + PING_BYTES);
	frame = net_receive(0x800);
	check("ping: a reply", frame[ETH + IP], 0);
	check("ping: its number", frame[ETH + IP + 7], number);
	__asm__ volatile("fence.i" ::: "memory");
	return ((uint64_t(*)(void))(frame + ETH + IP + ICMP))();
}

static void test_net(void)
{
	uint64_t wrong = 0;
	uint8_t host_mac[6], n;
	uint16_t i;

	begin(find(ID_NET));
	make_queue(&rx, find(ID_NET), 0);
	make_queue(&tx, find(ID_NET), 1);
	REG32(tx.slot + STATUS) = 15;
	for (i = 0; i < SIZE; i++) {
		rx.desc[i] = (struct desc){ (uint64_t)rx_frame[i], FRAME, DESC_WRITE, 0 };
		offer(&rx, i);
	}
	ask_for_host(host_mac);
	for (n = 1; n <= PINGS; n++)
		wrong += ping(host_mac, n) != n;
	check("ping: old code was run", wrong, 0);
}

/* ---- a device told nonsense must not take the rest with it ---- */

static void test_broken(void)
{
	rng.desc[0] = (struct desc){ (uint64_t)data, 64, DESC_WRITE | DESC_NEXT, 0 };
	offer(&rng, 0);
	while (!(REG32(rng.slot + STATUS) & 64))
		;
	REG32(rng.slot + IRQ_ACK) = REG32(rng.slot + IRQ_STATUS);
	memset(&rng, 0, sizeof(rng));
	test_rng();
	check("disk: still there", disk_run(TYPE_IN, 7, data, SECTOR), 0);
	check("disk: contents afterwards", data[0], 7);
}

int main(void)
{
	THRESHOLD = 0;
	csr_set(mie, MEI);
	test_rng();
	test_disk();
	test_code();
	test_net();
	test_broken();
	check("interrupts came", interrupts > 0, 1); /* how many is a matter of speed */
	rt_printf("%lu interrupts\n", interrupts);
	rt_printf("virtio-guest: %d passed, %d failed, 0 skipped\n", passed, failed);
	rt_printf("flushed\n");
	if (REG32(disk.slot + CONFIG) == 2048 && !disk_run(TYPE_IN, 300, data, SECTOR) && data[1] == 1)
		for (;;) /* in_machine.sh wants to kill us */
			;
	return failed ? 1 : 0;
}
