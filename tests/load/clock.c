// SPDX-License-Identifier: GPL-2.0-only
/* Compares the clock of a guest that answers by UDP (clock_server.sh) with CLOCK_MONOTONIC here, over SECONDS. Usage: clock SECONDS
 * One exchange says: the guest's time, less the time here, lies between answer - received and answer - sent. Many exchanges in a
 * row intersect to a narrower interval. The intervals at the beginning and at the end bound how far the clocks went apart; that bound,
 * error included, must be at most 10 ms. For half of the time the guest is busy, for half of it idle. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PORT = 7777,
	EXCHANGES = 400, /* of one reading */
	WAIT_MS = 5000,	 /* for one answer */
	START_S = 1800,	 /* for the guest to start: only there to end a hang */
	BETWEEN_S = 30,
	LIMIT_NS = 10 * 1000 * 1000,
};

/* Guest's time less ours: least and most, in ns; at is ours. */
struct reading {
	int64_t least_ns, most_ns, at_ns, round_trip_ns;
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Sends word; the answer is the word, a blank, and a number. When it came is told too. False: no answer. */
static bool ask(int fd, const char *word, int64_t *answer_ns, int64_t *received_ns)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	size_t word_length = strlen(word);
	char text[64];
	ssize_t length;

	if (send(fd, word, word_length, 0) < 0)
		return false;
	while (poll(&poll_fd, 1, WAIT_MS) == 1) {
		length = recv(fd, text, sizeof(text) - 1, 0);
		*received_ns = now_ns();
		if (length < 0)
			return false;
		text[length] = 0;
		/* Another word: late, of an exchange that was given up. */
		if (strncmp(text, word, word_length) || text[word_length] != ' ')
			continue;
		*answer_ns = strtoll(text + word_length, NULL, 10);
		return true;
	}
	return false;
}

static bool read_clock(int fd, struct reading *r)
{
	int answers = 0;
	char word[32];

	*r = (struct reading){ .least_ns = INT64_MIN, .most_ns = INT64_MAX, .round_trip_ns = INT64_MAX };
	for (int i = 0; i < EXCHANGES; i++) {
		int64_t sent_ns = now_ns(), answer_ns, received_ns;

		snprintf(word, sizeof(word), "%" PRId64, sent_ns);
		if (!ask(fd, word, &answer_ns, &received_ns))
			continue;
		answers++;
		if (answer_ns - received_ns > r->least_ns)
			r->least_ns = answer_ns - received_ns;
		if (answer_ns - sent_ns < r->most_ns)
			r->most_ns = answer_ns - sent_ns;
		if (received_ns - sent_ns < r->round_trip_ns)
			r->round_trip_ns = received_ns - sent_ns;
		r->at_ns = received_ns;
	}
	return answers > EXCHANGES / 2;
}

/* How far the clocks can have gone apart between two readings. */
static int64_t apart_ns(const struct reading *a, const struct reading *b, int64_t *centre_ns)
{
	int64_t low = b->least_ns - a->most_ns, high = b->most_ns - a->least_ns;

	*centre_ns = (low + high) / 2;
	return llabs(low) > llabs(high) ? llabs(low) : llabs(high);
}

static int open_socket(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(PORT),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		fprintf(stderr, "clock: cannot open a socket to 127.0.0.1 port %d: %s\n", PORT, strerror(errno));
		exit(1);
	}
	return fd;
}

/* Until the first answer. */
static bool wait_for_guest(int fd)
{
	int64_t end_ns = now_ns() + START_S * INT64_C(1000000000), answer_ns, received_ns;

	while (now_ns() < end_ns) {
		if (ask(fd, "?", &answer_ns, &received_ns))
			return true;
		sleep(1);
	}
	return false;
}

/* Readings until seconds have passed since the first; the last is the last one taken. */
static bool follow(int fd, int seconds, const struct reading *first, struct reading *last)
{
	int64_t end_ns = first->at_ns + seconds * INT64_C(1000000000), centre_ns, bound_ns;

	do {
		sleep(BETWEEN_S);
		if (!read_clock(fd, last))
			return false;
		bound_ns = apart_ns(first, last, &centre_ns);
		printf("clock: after %.1f s: apart %.3f ms, at most %.3f ms (best round trip %.3f ms)\n",
		       (double)(last->at_ns - first->at_ns) / 1e9, (double)centre_ns / 1e6, (double)bound_ns / 1e6,
		       (double)last->round_trip_ns / 1e6);
		fflush(stdout);
	} while (last->at_ns < end_ns);
	return true;
}

/* The whole comparison; what it says is printed. */
static bool compare(int fd, int seconds)
{
	struct reading first, last;
	int64_t ignored, centre_ns, bound_ns;
	char word[32];

	if (!wait_for_guest(fd) || !read_clock(fd, &first)) {
		fprintf(stderr, "clock: the guest does not answer\n");
		return false;
	}
	printf("clock: first reading within %.3f ms\n", (double)(first.most_ns - first.least_ns) / 1e6);
	fflush(stdout);
	snprintf(word, sizeof(word), "busy %d", seconds / 2);
	if (!ask(fd, word, &ignored, &ignored) || !follow(fd, seconds, &first, &last)) {
		fprintf(stderr, "clock: the guest no longer answers\n");
		return false;
	}
	bound_ns = apart_ns(&first, &last, &centre_ns);
	printf("clock: %s: at most %.3f ms apart after %.1f s, limit %.3f ms\n",
	       bound_ns <= LIMIT_NS ? "passed" : "FAIL", (double)bound_ns / 1e6,
	       (double)(last.at_ns - first.at_ns) / 1e9, (double)LIMIT_NS / 1e6);
	return bound_ns <= LIMIT_NS;
}

int main(int argc, char **argv)
{
	int seconds = argc == 2 ? atoi(argv[1]) : 0, fd;
	int64_t ignored;
	bool is_good;

	if (seconds < 1) {
		fprintf(stderr, "Usage: clock SECONDS\n");
		return 2;
	}
	fd = open_socket();
	is_good = compare(fd, seconds);
	ask(fd, "end", &ignored, &ignored); /* the guest ends in any case, unless it hangs */
	return is_good ? 0 : 1;
}
