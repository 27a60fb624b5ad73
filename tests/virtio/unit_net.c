// SPDX-License-Identifier: GPL-2.0-only
/* unit_net.c: the network card with libslirp behind it: ARP, ping, UDP both ways, a forwarded TCP port; and bad frames.
 * Next file: unit_9p.c. */
#include "driver.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../userctl/net.h"

enum {
	NET = 0,
	RX = 0,
	TX = 1,
	W = VIRTQ_DESC_WRITE,
	SLOT_BYTES = 2048,
	SLOTS = 8,
	HEADER = 12,
	ETH = 14,
	IP = 20,
	UDP = 8
};

#define RX_BUFFERS DRV_BUFFERS
#define TX_BUFFER  (DRV_BUFFERS + SLOTS * SLOT_BYTES)

static const uint8_t guest_mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 },
		     broadcast[6] = { 255, 255, 255, 255, 255, 255 };
static uint8_t host_mac[6];

static bool open_net(const char *arg)
{
	const struct virtio_model *model = virtio_models();

	for (; model; model = model->next)
		if (!strcmp(model->name, "net"))
			virtio_add(model, arg);
	return drv_create();
}

static void offer_buffer(uint32_t i)
{
	const struct drv_buffer buffer = { RX_BUFFERS + SLOT_BYTES * i, SLOT_BYTES, W };

	drv_add(RX, &buffer, 1);
}

static void begin(const char *arg, uint64_t features)
{
	uint32_t i;

	assert_true(open_net(arg));
	drv_start(NET, features);
	for (i = 0; i < SLOTS; i++)
		offer_buffer(i);
}

static void send_frame(const void *frame, uint32_t bytes, const struct net_header *header)
{
	const struct drv_buffer buffer = { TX_BUFFER, HEADER + bytes, 0 };

	memset(drv_at(TX_BUFFER), 0, HEADER);
	if (header)
		memcpy(drv_at(TX_BUFFER), header, HEADER);
	memcpy(drv_at(TX_BUFFER + HEADER), frame, bytes);
	drv_add(TX, &buffer, 1);
	assert_int_equal(drv_wait(TX, NULL), 0);
}

/* The next frame for the guest, of this Ethernet type; others are passed over. */
static const uint8_t *next_frame(uint16_t type, uint32_t *bytes)
{
	for (;;) {
		uint16_t head;
		uint32_t len = drv_wait(RX, &head);
		uint64_t gpa = drv.queue[RX].desc[head].gpa;
		static uint8_t copy[SLOT_BYTES];

		assert_in_range(len, HEADER + ETH, SLOT_BYTES);
		memcpy(copy, drv_at(gpa), len);
		offer_buffer((uint32_t)((gpa - RX_BUFFERS) / SLOT_BYTES));
		assert_int_equal(copy[10], 1); /* num_buffers */
		*bytes = len - HEADER;
		if (copy[HEADER + 12] == type >> 8 && copy[HEADER + 13] == (type & 0xff))
			return copy + HEADER;
	}
}

static void put_eth(uint8_t *frame, const uint8_t *to, uint16_t type)
{
	memcpy(frame, to, 6);
	memcpy(frame + 6, guest_mac, 6);
	frame[12] = (uint8_t)(type >> 8);
	frame[13] = (uint8_t)type;
}

enum { ARP_BYTES = ETH + 28 };

static void put_arp(uint8_t *frame)
{
	static const uint8_t request[] = { 0, 1, 8, 0, 6, 4, 0, 1 }, mine[] = { 10, 0, 2, 15 },
			     host[] = { 10, 0, 2, 2 };

	memset(frame, 0, ARP_BYTES);
	put_eth(frame, broadcast, 0x0806);
	memcpy(frame + ETH, request, sizeof(request));
	memcpy(frame + ETH + 8, guest_mac, 6);
	memcpy(frame + ETH + 14, mine, 4);
	memcpy(frame + ETH + 24, host, 4);
}

static void learn_host(void)
{
	uint8_t frame[ARP_BYTES];
	const uint8_t *reply;
	uint32_t bytes;

	put_arp(frame);
	send_frame(frame, sizeof(frame), NULL);
	reply = next_frame(0x0806, &bytes);
	assert_int_equal(reply[ETH + 7], 2); /* a reply */
	assert_memory_equal(reply + ETH + 14, frame + ETH + 24, 4);
	memcpy(host_mac, reply + ETH + 8, 6);
}

static uint16_t checksum(const uint8_t *bytes, uint32_t n, uint32_t sum)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		sum += (uint32_t)(i & 1 ? bytes[i] : bytes[i] << 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static void put_ip(uint8_t *ip, uint8_t proto, uint16_t payload)
{
	uint16_t total = (uint16_t)(IP + payload), sum;
	const uint8_t header[IP] = {
		0x45, 0, (uint8_t)(total >> 8), (uint8_t)total, 0, 0, 0, 0, 64, proto, 0, 0, 10, 0, 2, 15, 10, 0, 2, 2
	};

	memcpy(ip, header, IP);
	sum = (uint16_t)~checksum(ip, IP, 0);
	ip[10] = (uint8_t)(sum >> 8);
	ip[11] = (uint8_t)sum;
}

/* ---- tests ---- */

static void config_tells_address(void **state)
{
	(void)state;
	begin("user", 0);
	assert_int_equal(drv_config(NET, 0, 4), 0x12005452);
	assert_int_equal(drv_config(NET, 4, 2), 0x5634);
	assert_int_equal(drv_config(NET, 6, 2), 1); /* link is up */
	drv_destroy();
	begin("user,mac=02:00:00:00:00:09", 0);
	assert_int_equal(drv_config(NET, 5, 1), 9);
	drv_destroy();
}

static void answers_ping(void **state)
{
	uint8_t frame[ETH + IP + 16] = { 0 };
	const uint8_t *reply;
	uint32_t bytes;
	uint16_t sum;

	(void)state;
	begin("user", 0);
	learn_host();
	put_eth(frame, host_mac, 0x0800);
	put_ip(frame + ETH, 1, 16);
	frame[ETH + IP] = 8;
	memcpy(frame + ETH + IP + 8, "ldbtldbt", 8);
	sum = (uint16_t)~checksum(frame + ETH + IP, 16, 0);
	frame[ETH + IP + 2] = (uint8_t)(sum >> 8);
	frame[ETH + IP + 3] = (uint8_t)sum;
	send_frame(frame, sizeof(frame), NULL);
	reply = next_frame(0x0800, &bytes);
	assert_int_equal(reply[ETH + 9], 1);
	assert_int_equal(reply[ETH + IP], 0); /* echo reply */
	assert_memory_equal(reply + ETH + IP + 8, "ldbtldbt", 8);
	assert_memory_equal(reply, guest_mac, 6);
	drv_destroy();
}

static int udp_socket(struct sockaddr_in *at)
{
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	assert_int_equal(bind(fd, (struct sockaddr *)at, sizeof(*at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)at, &len), 0);
	return fd;
}

/* The guest leaves the checksum to the device, over an odd number of bytes; slirp would drop a wrong one. */
static void udp_both_ways(void **state)
{
	uint8_t frame[ETH + IP + UDP + 5] = { 0 }, pseudo[12] = { 10, 0, 2, 15, 10, 0, 2, 2, 0, 17, 0, UDP + 5 };
	const struct net_header header = { .flags = NET_NEEDS_CSUM, .csum_start = ETH + IP, .csum_offset = 6 };
	struct sockaddr_in at, from;
	socklen_t len = sizeof(from);
	int fd = udp_socket(&at);
	uint16_t port = ntohs(at.sin_port), sum;
	const uint8_t *reply;
	uint32_t bytes;
	char text[16];

	(void)state;
	begin("user", NET_F_CSUM | NET_F_GUEST_CSUM);
	learn_host();
	put_eth(frame, host_mac, 0x0800);
	put_ip(frame + ETH, 17, UDP + 5);
	frame[ETH + IP] = 0x30; /* from port 0x3039 */
	frame[ETH + IP + 1] = 0x39;
	frame[ETH + IP + 2] = (uint8_t)(port >> 8);
	frame[ETH + IP + 3] = (uint8_t)port;
	frame[ETH + IP + 5] = UDP + 5;
	sum = checksum(pseudo, sizeof(pseudo), 0);
	frame[ETH + IP + 6] = (uint8_t)(sum >> 8);
	frame[ETH + IP + 7] = (uint8_t)sum;
	memcpy(frame + ETH + IP + UDP, "hello", 5);
	send_frame(frame, sizeof(frame), &header);
	assert_int_equal(recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&from, &len), 5);
	assert_memory_equal(text, "hello", 5);
	assert_int_equal(sendto(fd, "back", 4, 0, (struct sockaddr *)&from, len), 4);
	reply = next_frame(0x0800, &bytes);
	assert_int_equal(reply[ETH + 9], 17);
	assert_memory_equal(reply + ETH + IP + UDP, "back", 4);
	assert_int_equal(((const struct net_header *)(reply - HEADER))->flags, NET_DATA_VALID);
	close(fd);
	drv_destroy();
}

/* Connecting to the host's port makes the guest see a SYN, after it was asked for its address. */
static void forwards_a_port(void **state)
{
	static const uint8_t answer[] = { 0, 1, 8, 0, 6, 4, 0, 2 };
	uint8_t frame[ETH + 28] = { 0 };
	struct sockaddr_in at;
	int fd = udp_socket(&at), tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char arg[64];
	const uint8_t *seen;
	uint32_t bytes;

	(void)state;
	snprintf(arg, sizeof(arg), "user,hostfwd=tcp:127.0.0.1:%u-:22", ntohs(at.sin_port));
	begin(arg, 0);
	close(fd);
	assert_int_equal(connect(tcp, (struct sockaddr *)&at, sizeof(at)), 0);
	seen = next_frame(0x0806, &bytes);
	assert_int_equal(seen[ETH + 7], 1); /* a request */
	put_eth(frame, seen + 6, 0x0806);
	memcpy(frame + ETH, answer, sizeof(answer));
	memcpy(frame + ETH + 8, guest_mac, 6);
	memcpy(frame + ETH + 14, seen + ETH + 24, 4);
	memcpy(frame + ETH + 18, seen + ETH + 8, 10);
	send_frame(frame, sizeof(frame), NULL);
	seen = next_frame(0x0800, &bytes);
	assert_int_equal(seen[ETH + 9], 6);
	assert_int_equal(seen[ETH + IP + 2] << 8 | seen[ETH + IP + 3], 22);
	assert_int_equal(seen[ETH + IP + 13] & 0x12, 2); /* SYN, no ACK */
	close(tcp);
	drv_destroy();
}

/* Frames without sense go nowhere; those without a header break the card. */
static void bad_frames(void **state)
{
	static const uint8_t junk[3000];
	const struct drv_buffer huge = { DRV_BUFFERS, 4 << 20, 0 }, none = { DRV_BUFFERS, 11, 0 };
	struct net_header header = { .flags = NET_NEEDS_CSUM, .csum_start = 0xffff, .csum_offset = 0xffff };

	(void)state;
	begin("user", NET_F_CSUM);
	send_frame(junk, 0, NULL);
	send_frame(junk, 13, NULL);
	send_frame(junk, 3000, NULL);
	send_frame(junk, 60, &header);
	header.csum_start = 58;
	header.csum_offset = 1;
	send_frame(junk, 60, &header);
	drv_add(TX, &huge, 1);
	drv_wait(TX, NULL);
	learn_host(); /* still there */
	drv_add(TX, &none, 1);
	drv_wait_broken();
	drv_destroy();
}

static void small_buffer_breaks_the_card(void **state)
{
	const struct drv_buffer small = { RX_BUFFERS, 20, W }, ask = { TX_BUFFER, HEADER + ARP_BYTES, 0 };

	(void)state;
	assert_true(open_net("user"));
	drv_start(NET, 0);
	drv_add(RX, &small, 1);
	put_arp(drv_at(TX_BUFFER + HEADER));
	drv_add(TX, &ask, 1);
	drv_wait_broken();
	drv_destroy();
}

/* A frame over the guest's MTU is no reason to stop: the buffer waits for the next one. */
static void large_frames_are_dropped(void **state)
{
	static const uint8_t text[1400];
	const struct drv_buffer small = { RX_BUFFERS, 200, W };
	uint8_t frame[ETH + IP + UDP + 1] = { 0 };
	struct sockaddr_in at, from;
	socklen_t len = sizeof(from);
	int fd = udp_socket(&at);
	uint16_t head;
	char byte;

	(void)state;
	begin("user", NET_F_CSUM | NET_F_GUEST_CSUM);
	learn_host();
	put_eth(frame, host_mac, 0x0800);
	put_ip(frame + ETH, 17, UDP + 1);
	frame[ETH + IP] = 0x30;
	memcpy(frame + ETH + IP + 2, &at.sin_port, 2);
	frame[ETH + IP + 5] = UDP + 1;
	send_frame(frame, sizeof(frame), NULL);
	assert_int_equal(recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&from, &len), 1);
	drv_start(NET, NET_F_CSUM | NET_F_GUEST_CSUM);
	drv_add(RX, &small, 1);
	assert_int_equal(sendto(fd, text, sizeof(text), 0, (struct sockaddr *)&from, len), sizeof(text));
	assert_int_equal(sendto(fd, "back", 4, 0, (struct sockaddr *)&from, len), 4);
	assert_int_equal(drv_wait(RX, &head), HEADER + ETH + IP + UDP + 4);
	assert_memory_equal(drv_at(RX_BUFFERS + HEADER + ETH + IP + UDP), "back", 4);
	close(fd);
	drv_destroy();
}

/* More frames than buffers wait, and come when there are buffers. */
static void frames_wait_for_buffers(void **state)
{
	uint32_t i, bytes;

	(void)state;
	assert_true(open_net("user"));
	drv_start(NET, 0);
	for (i = 0; i < 20; i++) {
		uint8_t arp[ARP_BYTES];

		put_arp(arp);
		send_frame(arp, sizeof(arp), NULL);
	}
	offer_buffer(0);
	for (i = 0; i < 20; i++)
		next_frame(0x0806, &bytes);
	drv_destroy();
}

static void bad_options_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"usr",
		"user,hostfwd",
		"user,hostfwd=tcp:22",
		"user,hostfwd=icmp::22-:22",
		"user,hostfwd=tcp::22-22",
		"user,hostfwd=tcp::0-:22",
		"user,hostfwd=tcp::22-:0",
		"user,hostfwd=tcp::22-:65536",
		"user,hostfwd=tcp::22222222222222222222-:22",
		"user,hostfwd=tcp::22-:22x",
		"user,hostfwd=tcp:1.2.3.4.5:22-:22",
		"user,hostfwd=tcp:192.0.2.1:22-:22", /* not an address of this host */
		"user,mac=1:2:3:4:5",
		"user,mac=01:2:3:4:5:6",
		"user,mac=00:00:00:00:00:00x",
		"user,ifname=x",
		"tap",
		"tap,ifname=",
		"tap,ifname=0123456789abcdef",
		"tap,ifname=ldbt-nowhere",
		"tap,hostfwd=tcp::22-:22",
	};
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (open_net(bad[i]))
			fail_msg("--net=%s is taken", bad[i]);
		drv_destroy();
	}
}

static void none_is_no_card(void **state)
{
	uint32_t slot;

	(void)state;
	assert_true(open_net("none"));
	for (slot = 0; slot < 8; slot++)
		assert_int_not_equal(drv_read(slot, VIRTIO_MMIO_DEVICE_ID), 1);
	drv_destroy();
	assert_true(drv_create()); /* the default */
	for (slot = 0; slot < 8 && drv_read(slot, VIRTIO_MMIO_DEVICE_ID) != 1;)
		slot++;
	assert_in_range(slot, 0, 7);
	drv_destroy();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config_tells_address),
		cmocka_unit_test(answers_ping),
		cmocka_unit_test(udp_both_ways),
		cmocka_unit_test(forwards_a_port),
		cmocka_unit_test(bad_frames),
		cmocka_unit_test(small_buffer_breaks_the_card),
		cmocka_unit_test(large_frames_are_dropped),
		cmocka_unit_test(frames_wait_for_buffers),
		cmocka_unit_test(bad_options_are_refused),
		cmocka_unit_test(none_is_no_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
