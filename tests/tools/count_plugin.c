// SPDX-License-Identifier: GPL-2.0-only
/* count_plugin.c: a TCG plugin for Debian 12's qemu-riscv64 (plugin interface version 1) that writes how often each
 * block of a riscv64 program ran, and the words of the block. count_insns.py turns that into figures: docs/PINS.md.
 *
 * Output, one line per block: times executed, address, hexadecimal words separated by spaces. The plugin interface
 * is declared here because Debian does not package its header; the functions are those that qemu-riscv64 exports. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

enum { CB_NO_REGS = 0, INLINE_ADD_U64 = 0 };

extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
						  void (*cb)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb));
extern void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *ptr, uint64_t imm);
extern void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*cb)(qemu_plugin_id_t id, void *arg), void *arg);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t idx);
extern const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
extern size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv);

int qemu_plugin_version = 1;

enum { BLOCK_INSNS_MAX = 512 }; /* QEMU's own limit of a block */

struct block {
	struct block *next;
	uint64_t runs, addr;
	size_t ninsns;
	uint32_t word[];
};

static struct block *blocks;
static char out_path[256];

static uint32_t insn_word(const struct qemu_plugin_insn *insn)
{
	uint32_t word = 0;
	size_t size = qemu_plugin_insn_size(insn);

	memcpy(&word, qemu_plugin_insn_data(insn), size < sizeof(word) ? size : sizeof(word));
	return word;
}

/* Called with QEMU's translation lock held, so the list needs none of its own. Blocks are never freed: a block that
 * QEMU translates again is a new line, and the reader adds them up. */
static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb), i;
	struct block *block;

	(void)id;
	if (n > BLOCK_INSNS_MAX)
		abort();
	block = calloc(1, sizeof(*block) + n * sizeof(block->word[0]));
	if (!block)
		abort();
	block->addr = qemu_plugin_tb_vaddr(tb);
	block->ninsns = n;
	for (i = 0; i < n; i++)
		block->word[i] = insn_word(qemu_plugin_tb_get_insn(tb, i));
	block->next = blocks;
	blocks = block;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, INLINE_ADD_U64, &block->runs, 1);
}

static void on_exit_write(qemu_plugin_id_t id, void *arg)
{
	FILE *out = fopen(out_path, "a");
	const struct block *block;
	size_t i;

	(void)id;
	(void)arg;
	if (!out)
		return;
	for (block = blocks; block; block = block->next) {
		if (!block->runs)
			continue;
		fprintf(out, "%" PRIu64 " %" PRIx64, block->runs, block->addr);
		for (i = 0; i < block->ninsns; i++)
			fprintf(out, " %" PRIx32, block->word[i]);
		fputc('\n', out);
	}
	fclose(out);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "count_plugin: give the output file: -plugin count_plugin.so,out=FILE\n");
		return -1;
	}
	snprintf(out_path, sizeof(out_path), "%s", argv[0] + 4);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, on_exit_write, NULL);
	return 0;
}
