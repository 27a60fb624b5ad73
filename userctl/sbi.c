// SPDX-License-Identifier: GPL-2.0-only
/* sbi.c: debug console and the two legacy console calls. Next file: loop.c. */
#include "sbi.h"

#include "board.h"

enum { SBI_SUCCESS = 0, SBI_INVALID_PARAM = -3, DBCN_WRITE = 0, DBCN_READ = 1, DBCN_WRITE_BYTE = 2 };

/* The part of guest memory that a call names; NULL: there is none. */
static uint8_t *buffer(const struct machine *m, uint64_t gpa, uint64_t len_bytes)
{
	uint64_t off = gpa - BOARD_RAM_GPA;

	return off < m->ram.bytes && len_bytes <= m->ram.bytes - off ? m->ram.at + off : NULL;
}

static int take(struct dev *console)
{
	return console && console->model->take ? console->model->take(console) : -1;
}

static void write_buffer(struct machine *m, struct dev_host *host, struct ldbt_run *run)
{
	uint64_t len = run->sbi.args[0], i;
	const uint8_t *from = buffer(m, run->sbi.args[1], len);

	for (i = 0; from && i < len; i++)
		host->put(host, from[i]);
	run->sbi.error = from ? SBI_SUCCESS : SBI_INVALID_PARAM;
	run->sbi.value = from ? len : 0;
}

/* As much as there is; the call does not wait. */
static void read_buffer(struct machine *m, struct dev *console, struct ldbt_run *run)
{
	uint64_t len = run->sbi.args[0], gpa = run->sbi.args[1], done = 0;
	uint8_t *to = buffer(m, gpa, len);
	int byte;

	while (to && done < len && (byte = take(console)) >= 0)
		to[done++] = (uint8_t)byte;
	if (done && api_mem_written(m->vm_fd, gpa, done))
		done = 0;
	run->sbi.error = to ? SBI_SUCCESS : SBI_INVALID_PARAM;
	run->sbi.value = done;
}

static void serve_dbcn(struct machine *m, struct dev_host *host, struct dev *console, struct ldbt_run *run)
{
	switch (run->sbi.function) {
	case DBCN_WRITE: write_buffer(m, host, run); break;
	case DBCN_READ: read_buffer(m, console, run); break;
	case DBCN_WRITE_BYTE:
		host->put(host, (uint8_t)run->sbi.args[0]);
		run->sbi.error = SBI_SUCCESS;
		break;
	default: break; /* not supported: as the module has set it */
	}
}

void sbi_serve(struct machine *m, struct dev_host *host, struct dev *console, struct ldbt_run *run)
{
	switch (run->sbi.extension) {
	case LDBT_SBI_DBCN: serve_dbcn(m, host, console, run); break;
	case LDBT_SBI_PUTCHAR:
		host->put(host, (uint8_t)run->sbi.args[0]);
		run->sbi.error = SBI_SUCCESS;
		break;
	case LDBT_SBI_GETCHAR: run->sbi.error = take(console); break;
	default: break;
	}
}
