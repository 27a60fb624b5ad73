// SPDX-License-Identifier: GPL-2.0-only
/* work.c: see work.h. Next file: proved.c. */
#include "prove/work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "prove/proved.h"

enum { PROGRESS_SECONDS = 10 };

/* What the workers share. */
struct board {
	unsigned int next; /* first rule that nobody has taken */
	unsigned int done;
	struct rule_result result[];
};

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* One rule; its messages leave in one piece. */
static void prove_one(const struct ruleset *set, const struct crule *rule, unsigned int stride,
		      struct rule_result *result)
{
	struct rule_result r;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	rule_prove(set, rule, stride, out, &r);
	fclose(out);
	fwrite(text, 1, len, stderr);
	fflush(stderr);
	free(text);
	*result = r;
}

static void worker(const struct ruleset *set, const struct work *work, const struct proved *known, struct board *board)
{
	const struct crule *rule = set->first;
	unsigned int at = 0, take;

	while ((take = __atomic_fetch_add(&board->next, 1, __ATOMIC_RELAXED)) < set->nrules) {
		for (; at < take; at++)
			rule = rule->next;
		if ((!work->only || !strcmp(work->only, rule->name)) && !proved_has(known, take))
			prove_one(set, rule, work->stride, &board->result[take]);
		else
			memset(&board->result[take], 0, sizeof(board->result[take]));
		__atomic_fetch_add(&board->done, 1, __ATOMIC_RELAXED);
	}
}

/* Waits for the workers and says now and then how far they are. */
static void wait_workers(const struct ruleset *set, const struct board *board, unsigned int running)
{
	double start = seconds_now(), said = start;
	int status;

	while (running) {
		pid_t pid = waitpid(-1, &status, WNOHANG);

		if (pid > 0) {
			running--;
			if (!WIFEXITED(status) || WEXITSTATUS(status))
				fprintf(stderr, "ruleprove: a worker died\n");
			continue;
		}
		usleep(50000);
		if (seconds_now() - said < PROGRESS_SECONDS)
			continue;
		said = seconds_now();
		fprintf(stderr, "ruleprove: %u of %u rules, %.0f s\n", board->done, set->nrules, said - start);
	}
}

static void add_up(const struct ruleset *set, const struct board *board, struct total *total)
{
	for (unsigned int i = 0; i < set->nrules; i++) {
		const struct rule_result *r = &board->result[i];

		total->rules += r->arms || r->unproved;
		total->sum.arms += r->arms;
		total->sum.variants += r->variants;
		total->sum.cases += r->cases;
		total->sum.proofs += r->proofs;
		total->sum.unproved += r->unproved;
	}
}

static struct board *board_create(unsigned int nrules)
{
	size_t bytes = sizeof(struct board) + nrules * sizeof(struct rule_result);
	struct board *board = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (board == MAP_FAILED)
		return NULL;
	for (unsigned int i = 0; i < nrules; i++)
		board->result[i].unproved = 1; /* until a worker says otherwise */
	return board;
}

int work_run(const struct ruleset *set, const struct proved *known, struct work *work)
{
	struct board *board = board_create(set->nrules);
	double start = seconds_now();
	unsigned int n;

	if (!board)
		return -ENOMEM;
	fflush(stdout);
	for (n = 0; n < work->nworkers; n++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (!pid) {
			worker(set, work, known, board);
			_exit(0);
		}
	}
	wait_workers(set, board, n);
	add_up(set, board, &work->total);
	work->total.seconds = seconds_now() - start;
	work->result = board->result;
	return n ? 0 : -EAGAIN;
}
