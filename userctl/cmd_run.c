// SPDX-License-Identifier: GPL-2.0-only
/* cmd_run.c: ldbtctl run: options, then image, device tree, machine, terminal, and at the end the exit status.
 * Next file: loader.c. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot.h"
#include "ctl.h"
#include "rights.h"
#include "stats.h"
#include "term.h"
#include "virtio.h"
#include "watch.h"

#define TIMEOUT_S_MAX (366ULL * 24 * 3600)

struct run_options {
	struct boot_options boot;
	const char *dump_dtb;
	uint64_t timeout_s;
	bool tohost, stat, stat_json, hugetlb;
};

struct run {
	struct run_options opt;
	struct boot boot;
	struct machine machine;
	struct loop loop;
};

static const char usage[] =
	"Usage: ldbtctl run [OPTION]... [FILE]\n"
	"Runs a riscv64 guest on a machine like QEMU's virt board. FILE is a Linux Image (plain,\n"
	"gzip, zstd or EFI zboot), a FIT image with a kernel (see 'ldbtctl mkimg'), a disk with\n"
	"partitions, or an ELF program. Linux, and U-Boot for a disk, start in S-mode with the\n"
	"module as their SBI, an ELF program in M-mode.\n\n"
	"      --kernel=FILE   the same as FILE\n"
	"      --initrd=FILE   ramdisk\n"
	"      --bios=FILE     firmware for M-mode, which is told of the kernel (OpenSBI's fw_dynamic)\n"
	"      --u-boot=FILE   boot loader for a disk, in place of Debian's U-Boot\n"
	"      --mode=m|s      start in this mode: m without an SBI, s with the module's\n"
	"      --mem=N         guest memory in MiB, or with suffix K, M or G (128)\n"
	"      --hugetlb       take it from the host's pool of huge pages (2 MiB)\n"
	"      --dtb=FILE      device tree to give to the guest, in place of the one made for it\n"
	"      --append=TEXT   command line of the kernel (bootargs of the device tree)\n"
	"      --timeout=N     end after N seconds, with status 124\n"
	"      --tohost        the guest ends by writing to its symbol tohost (riscv-tests)\n"
	"      --stat[=json]   counters on standard error at the end\n"
	"      --dump-dtb=FILE write the device tree to FILE and run nothing\n"
	"      --help, --version\n\n"
	"Devices; each takes one of 8 places of virtio:\n";

static const char usage_end[] =
	"\nOn a terminal, Ctrl-A x ends the guest and Ctrl-A h lists the other keys.\n"
	"The exit status is the guest's; 124 time is over, 125 not started, 126 the guest cannot go on.\n";

/* Of devices: numbers above all characters, in the order of their models. */
enum { OPTION_DEVICE = 1000, OPTIONS_MAX = 64 };

static const struct option options[] = {
	{ "mem", required_argument, NULL, 'm' },      { "hugetlb", no_argument, NULL, 'H' },
	{ "dtb", required_argument, NULL, 'd' },      { "append", required_argument, NULL, 'a' },
	{ "timeout", required_argument, NULL, 't' },  { "kernel", required_argument, NULL, 'k' },
	{ "initrd", required_argument, NULL, 'i' },   { "bios", required_argument, NULL, 'b' },
	{ "mode", required_argument, NULL, 'M' },     { "u-boot", required_argument, NULL, 'u' },
	{ "tohost", no_argument, NULL, 'o' },	      { "stat", optional_argument, NULL, 's' },
	{ "dump-dtb", required_argument, NULL, 'D' }, { "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },	      { NULL, 0, NULL, 0 },
};

/* ---- options ---- */

static int set_stat(struct run_options *opt, const char *format)
{
	if (format && strcmp(format, "json") && strcmp(format, "text")) {
		ctl_error("--stat: found '%s', expected json or text", format);
		return -EINVAL;
	}
	opt->stat = true;
	opt->stat_json = format && !strcmp(format, "json");
	return 0;
}

static const struct virtio_model *device_of_option(int c)
{
	const struct virtio_model *model = virtio_models();

	for (; model && c > OPTION_DEVICE; c--)
		model = model->next;
	return c == OPTION_DEVICE ? model : NULL;
}

static int set_mode(struct run_options *opt, const char *mode)
{
	if (strcmp(mode, "m") && strcmp(mode, "s")) {
		ctl_error("--mode: found '%s', expected m or s", mode);
		return -EINVAL;
	}
	opt->boot.mode = *mode == 'm' ? BOOT_MODE_M : BOOT_MODE_S;
	return 0;
}

static int set_option(struct run_options *opt, int c)
{
	const struct virtio_model *device = device_of_option(c);

	if (device)
		return virtio_add(device, optarg);
	switch (c) {
	case 'm':
		return ctl_parse_bytes(optarg, "--mem", BOARD_RAM_BYTES_MIN, LDBT_MEMORY_BYTES_MAX,
				       &opt->boot.ram_bytes);
	case 't': return ctl_parse_number(optarg, "--timeout", 1, TIMEOUT_S_MAX, &opt->timeout_s);
	case 's': return set_stat(opt, optarg);
	case 'M': return set_mode(opt, optarg);
	case 'd': opt->boot.dtb = optarg; return 0;
	case 'a': opt->boot.append = optarg; return 0;
	case 'k': opt->boot.kernel = optarg; return 0;
	case 'i': opt->boot.initrd = optarg; return 0;
	case 'b': opt->boot.bios = optarg; return 0;
	case 'u': opt->boot.loader = optarg; return 0;
	case 'D': opt->dump_dtb = optarg; return 0;
	case 'o': opt->tohost = true; return 0;
	case 'H': opt->hugetlb = true; return 0;
	default: fputs("Try 'ldbtctl run --help'.\n", stderr); return -EINVAL;
	}
}

static void print_usage(void)
{
	const struct virtio_model *model;

	fputs(usage, stdout);
	for (model = virtio_models(); model; model = model->next)
		fputs(model->help, stdout);
	fputs(usage_end, stdout);
}

/* The options above and one for each device model, which has its name. */
static void make_options(struct option all[OPTIONS_MAX])
{
	const struct virtio_model *model;
	uint32_t n = sizeof(options) / sizeof(options[0]) - 1;
	int number = OPTION_DEVICE;

	memcpy(all, options, n * sizeof(options[0]));
	for (model = virtio_models(); model && n < OPTIONS_MAX - 1; model = model->next)
		all[n++] = (struct option){ model->name, required_argument, NULL, number++ };
	all[n] = (struct option){ 0 };
}

static bool check_options(struct run_options *opt, int count, char **files)
{
	bool has_kernel = opt->boot.kernel;

	if (opt->boot.ram_bytes % 4096) {
		ctl_error("--mem: found %" PRIu64 " bytes, expected a multiple of 4096", opt->boot.ram_bytes);
		return false;
	}
	if (opt->hugetlb && opt->boot.ram_bytes % RAM_HUGE_BYTES) {
		ctl_error("--mem: found %" PRIu64 " bytes, expected a multiple of 2 MiB with --hugetlb",
			  opt->boot.ram_bytes);
		return false;
	}
	if (count + has_kernel > 1 || (count + has_kernel == 0 && !opt->boot.bios)) {
		ctl_error("expected one file to run, found %d; try 'ldbtctl run --help'", count + has_kernel);
		return false;
	}
	if (opt->boot.bios && opt->boot.mode == BOOT_MODE_S) {
		ctl_error("--bios and --mode=s: a firmware starts in M-mode");
		return false;
	}
	if (count)
		opt->boot.kernel = files[0];
	return true;
}

/* true: run; else the process ends with *status. */
static bool parse_options(int argc, char **argv, struct run_options *opt, int *status)
{
	struct option all[OPTIONS_MAX];
	int c;

	make_options(all);
	*status = STATUS_RUN_FAILED;
	while ((c = getopt_long(argc, argv, "", all, NULL)) != -1) {
		if (c == 'h' || c == 'V') {
			if (c == 'h')
				print_usage();
			else
				puts("ldbtctl " LDBTCTL_VERSION);
			*status = STATUS_OK;
			return false;
		}
		if (set_option(opt, c))
			return false;
	}
	return check_options(opt, argc - optind, argv + optind);
}

/* ---- what the guest gets ---- */

static int write_tree(const char *path, const struct board_tree *tree)
{
	FILE *f = fopen(path, "wb");
	bool ok = f && fwrite(tree->fdt, tree->len_bytes, 1, f) == 1;

	if (f && fclose(f))
		ok = false;
	if (!ok)
		ctl_error("%s: %s", path, strerror(errno));
	return ok ? 0 : -EIO;
}

static int check_tohost(const struct run *run)
{
	if (!run->opt.tohost || run->boot.tohost)
		return 0;
	ctl_error("%s: found no symbol tohost, expected one for --tohost", run->opt.boot.kernel);
	return -EINVAL;
}

/* ---- running ---- */

static int start_guest(struct run *run)
{
	struct machine *m = &run->machine;
	int ret = machine_power_on(m, run->boot.start.is_s_mode);

	if (ret)
		return ret;
	boot_place(&run->boot, m->ram.at);
	ret = machine_set_start(m, &run->boot.start);
	if (ret)
		machine_power_off(m);
	return ret;
}

static void print_stats(const struct run *run)
{
	struct ldbt_stats stats = { 0 };
	struct stats_list list;
	int ret = api_get_stats(run->machine.vm_fd, &stats);

	if (ret) {
		ctl_error("--stat: %s", strerror(-ret));
		return;
	}
	stats_from_api(&stats, &list);
	if (!run->opt.stat_json)
		stats_print_text(stderr, &list);
	else if (stats_print_json(stderr, &list))
		ctl_error("--stat: no memory");
}

/* A restart of the guest is a new VM on the same memory: nothing of the old one can shine through. */
static void run_guest(struct run *run)
{
	do {
		loop_clear(&run->loop);
		if (start_guest(run)) {
			loop_stop(&run->loop, LOOP_FAILED, 0);
			return;
		}
		dev_power_on_all(run->loop.devs, &run->machine.mem);
		loop_run(&run->loop);
		dev_power_off_all(run->loop.devs);
		if (run->opt.stat && loop_verdict(&run->loop).end != LOOP_RESTART)
			print_stats(run);
		machine_power_off(&run->machine);
		if (loop_verdict(&run->loop).end == LOOP_RESTART)
			dev_reset_all(run->loop.devs);
	} while (loop_verdict(&run->loop).end == LOOP_RESTART);
}

static int run_watched(struct run *run)
{
	struct watch watch = {
		.loop = &run->loop,
		.console = dev_console(run->loop.devs),
		.timeout_s = run->opt.timeout_s,
	};
	int ret;

	if (run->opt.tohost)
		watch.tohost = (volatile uint64_t *)(run->machine.ram.at + (run->boot.tohost - BOARD_RAM_GPA));
	watch_block_signals();
	watch.has_escape = term_enter();
	ret = watch_start(&watch);
	if (!ret) {
		run_guest(run);
		watch_end(&watch);
	}
	term_leave();
	return ret;
}

static int run_machine(struct run *run)
{
	bool has_share = virtio_is_wanted("share"); /* until they are created */
	int ret = machine_create(&run->machine, run->opt.boot.ram_bytes, run->opt.hugetlb);

	if (ret)
		return ret;
	loop_init(&run->loop, &run->machine);
	ret = dev_create_all(&run->loop.host, &run->loop.devs);
	if (!ret) {
		dev_reset_all(run->loop.devs); /* before there is input to lose */
		ret = rights_drop(has_share);
		if (!ret)
			ret = run_watched(run);
		dev_destroy_all(run->loop.devs);
	}
	machine_destroy(&run->machine);
	return ret;
}

/* So that a shell sees what ended us. */
static int die_by(int signo)
{
	signal(signo, SIG_DFL);
	watch_unblock_signals();
	raise(signo);
	return STATUS_SIGNAL + signo;
}

static int final_status(const struct run *run, struct loop_verdict verdict)
{
	switch (verdict.end) {
	case LOOP_POWER_OFF: return verdict.number;
	case LOOP_TIMEOUT: ctl_error("time is over after %" PRIu64 " s", run->opt.timeout_s); return STATUS_RUN_TIMEOUT;
	case LOOP_QUIT: ctl_error("ended by Ctrl-A x"); return STATUS_OK;
	case LOOP_SIGNAL: ctl_error("ended by signal %d (%s)", verdict.number, strsignal(verdict.number)); break;
	case LOOP_ERROR: return STATUS_RUN_ERROR;
	default: return STATUS_RUN_FAILED;
	}
	return die_by(verdict.number);
}

static int run_image(struct run *run)
{
	if (run->opt.dump_dtb)
		return write_tree(run->opt.dump_dtb, &run->boot.tree) ? STATUS_RUN_FAILED : STATUS_OK;
	if (check_tohost(run) || run_machine(run))
		return STATUS_RUN_FAILED;
	return -1; /* the verdict says */
}

/* The file given may be a disk: the guest finds it behind virtio. */
static int add_disk(const struct boot *boot)
{
	const struct virtio_model *model = virtio_models();

	if (!boot->disk)
		return 0;
	while (model && strcmp(model->name, "disk"))
		model = model->next;
	return model ? virtio_add(model, boot->disk) : -ENODEV;
}

static int run_main(int argc, char **argv)
{
	struct run run = { .opt.boot.ram_bytes = BOARD_RAM_BYTES_DEFAULT };
	int status;

	if (!parse_options(argc, argv, &run.opt, &status))
		return status;
	if (boot_read(&run.opt.boot, &run.boot))
		return STATUS_RUN_FAILED;
	status = add_disk(&run.boot) ? STATUS_RUN_FAILED : run_image(&run);
	boot_free(&run.boot);
	return status < 0 ? final_status(&run, loop_verdict(&run.loop)) : status;
}

const struct command cmd_run = { "run", "runs a guest", run_main };
