// SPDX-License-Identifier: GPL-2.0-only
/* cmd_mkimg.c: ldbtctl mkimg: packs a kernel, a ramdisk, a device tree and a command line into one file for `run`.
 * Next file: image_fit.c. */
#include <errno.h>
#include <getopt.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "boot.h"
#include "ctl.h"
#include "image_fit.h"
#include "loader.h"

struct mkimg_options {
	struct boot_options boot;
	const char *out;
};

static const char usage[] = "Usage: ldbtctl mkimg -o FILE --kernel=FILE [OPTION]...\n"
			    "Packs a guest into FILE, a FIT image, which 'ldbtctl run FILE' starts.\n\n"
			    "  -o, --output=FILE   the file to make\n"
			    "      --kernel=FILE   Linux Image (plain, gzip, zstd, EFI zboot) or ELF\n"
			    "      --initrd=FILE   ramdisk\n"
			    "      --dtb=FILE      device tree, in place of the one that run makes\n"
			    "      --append=TEXT   command line of the kernel\n"
			    "      --help, --version\n";

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' }, { "kernel", required_argument, NULL, 'k' },
	{ "initrd", required_argument, NULL, 'i' }, { "dtb", required_argument, NULL, 'd' },
	{ "append", required_argument, NULL, 'a' }, { "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },	    { NULL, 0, NULL, 0 },
};

/* STATUS_OK: go on; negative: all is done; else the exit status. */
static int parse_options(int argc, char **argv, struct mkimg_options *opt)
{
	int c;

	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		switch (c) {
		case 'o': opt->out = optarg; break;
		case 'k': opt->boot.kernel = optarg; break;
		case 'i': opt->boot.initrd = optarg; break;
		case 'd': opt->boot.dtb = optarg; break;
		case 'a': opt->boot.append = optarg; break;
		case 'h': fputs(usage, stdout); return -1;
		case 'V': puts("ldbtctl " LDBTCTL_VERSION); return -1;
		default: fputs("Try 'ldbtctl mkimg --help'.\n", stderr); return STATUS_USAGE;
		}
	}
	if (opt->out && opt->boot.kernel && optind == argc)
		return STATUS_OK;
	ctl_error("expected --output and --kernel and no other argument; try 'ldbtctl mkimg --help'");
	return STATUS_USAGE;
}

static int write_file(const char *path, const struct blob *blob)
{
	FILE *f = fopen(path, "wb");
	bool ok = f && fwrite(blob->bytes, blob->len, 1, f) == 1;
	int err = errno;

	if (f && fclose(f) && ok) {
		err = errno;
		ok = false;
	}
	if (ok)
		return STATUS_OK;
	ctl_error("%s: %s", path, strerror(err));
	if (f)
		remove(path);
	return STATUS_FAILED;
}

static int pack(const struct mkimg_options *opt, const struct blob *kernel, const struct blob *tree,
		const struct boot *boot)
{
	struct fit fit = { .bootargs = opt->boot.append };
	struct blob out = { 0 };
	int err, status;

	fit.part[FIT_KERNEL].bytes = kernel->bytes;
	fit.part[FIT_KERNEL].len = kernel->len;
	fit.part[FIT_RAMDISK].bytes = boot->initrd;
	fit.part[FIT_RAMDISK].len = boot->initrd_len;
	fit.part[FIT_FDT].bytes = tree->bytes;
	fit.part[FIT_FDT].len = tree->len;
	err = fit_write(&fit, &out);
	if (err) {
		ctl_error("%s: the image cannot be made, it may be too large: %s", opt->out, fdt_strerror(err));
		return STATUS_FAILED;
	}
	status = write_file(opt->out, &out);
	blob_free(&out);
	return status;
}

/* What `run` would refuse is refused here: boot_read() looks at all. The kernel goes in as it is, packed or not. */
static int mkimg_main(int argc, char **argv)
{
	struct mkimg_options opt = { .boot.ram_bytes = LDBT_MEMORY_BYTES_MAX };
	int status = parse_options(argc, argv, &opt);
	struct blob tree = { 0 };
	struct boot boot;

	if (status)
		return status < 0 ? STATUS_OK : status;
	if (boot_read(&opt.boot, &boot))
		return STATUS_FAILED;
	if (boot.disk) {
		ctl_error("%s: found a disk, expected a kernel: 'ldbtctl run' starts it as it is", opt.boot.kernel);
		status = STATUS_FAILED;
	} else if (image_is_fit(boot.kernel.bytes, boot.kernel.len)) {
		ctl_error("%s: found a FIT image, expected a kernel: it is packed already", opt.boot.kernel);
		status = STATUS_FAILED;
	} else if (opt.boot.dtb && loader_read_file(opt.boot.dtb, LOADER_FILE_BYTES_MAX, &tree)) {
		status = STATUS_FAILED;
	} else {
		status = pack(&opt, &boot.kernel, &tree, &boot);
	}
	blob_free(&tree);
	boot_free(&boot);
	return status;
}

const struct command cmd_mkimg = { "mkimg", "packs a guest into one file", mkimg_main };
