// SPDX-License-Identifier: GPL-2.0-only
/* image_fit.c: reads and writes FIT images by libfdt. Next file: boot.c, cmd_mkimg.c. */
#include "image_fit.h"

#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "image_hash.h"
#include "tree.h"

#define REFUSE(err, ...) (snprintf(err, IMAGE_ERR_BYTES, __VA_ARGS__), -EINVAL)

enum { TREE_BYTES = 4096 /* of a FIT without its parts */, DATA_ALIGN = 4 };

/* Name of a part in a configuration, its type, and its node as fit_write() names it. */
static const struct {
	const char *name, *type;
} parts[FIT_PARTS] = {
	[FIT_KERNEL] = { "kernel", "kernel" },
	[FIT_RAMDISK] = { "ramdisk", "ramdisk" },
	[FIT_FDT] = { "fdt", "flat_dt" },
};

struct source {
	const uint8_t *bytes;
	size_t len;
	char *err;
};

bool image_is_fit(const uint8_t *bytes, size_t len)
{
	return len >= 4 && !memcmp(bytes, "\xd0\x0d\xfe\xed", 4);
}

/* ---- reading ---- */

/* A string property; NULL: none, or it does not end. */
static const char *get_string(const struct source *src, int node, const char *name)
{
	int len;
	const char *text = fdt_getprop(src->bytes, node, name, &len);

	return text && len > 0 && !text[len - 1] ? text : NULL;
}

static bool get_u32(const struct source *src, int node, const char *name, uint32_t *value)
{
	int len;
	const void *at = fdt_getprop(src->bytes, node, name, &len);

	if (!at || len != 4)
		return false;
	*value = fdt32_ld(at);
	return true;
}

/* Data of a part: in the tree, or behind it. */
static int find_data(const struct source *src, int node, struct fit *fit, enum fit_part part)
{
	uint32_t off = 0, size = 0, base = 0;
	int len;
	const void *data = fdt_getprop(src->bytes, node, "data", &len);

	if (data) {
		fit->part[part].bytes = data;
		fit->part[part].len = (size_t)len;
		return 0;
	}
	if (!get_u32(src, node, "data-size", &size))
		return REFUSE(src->err, "FIT image without data: its %s has neither data nor data-size",
			      parts[part].name);
	if (get_u32(src, node, "data-offset", &off))
		base = (fdt_totalsize(src->bytes) + DATA_ALIGN - 1) & ~(uint32_t)(DATA_ALIGN - 1);
	else if (!get_u32(src, node, "data-position", &off))
		return REFUSE(src->err, "FIT image: its %s has data-size, but no data-offset or data-position",
			      parts[part].name);
	if (base > src->len || off > src->len - base || size > src->len - base - off)
		return REFUSE(src->err, "truncated FIT image: its %s of %u bytes does not lie in the file of %zu",
			      parts[part].name, size, src->len);
	fit->part[part].bytes = src->bytes + base + off;
	fit->part[part].len = size;
	return 0;
}

/* Nodes named hash, hash-1, hash@1, ...; signatures are not ours to check. U-Boot passes over a hash with uboot-ignore. */
static bool is_hash(const struct source *src, int node)
{
	const char *name = fdt_get_name(src->bytes, node, NULL);

	return name && !strncmp(name, "hash", strlen("hash")) && !fdt_getprop(src->bytes, node, "uboot-ignore", NULL);
}

static int check_hashes(const struct source *src, int node, const struct fit *fit, enum fit_part part)
{
	int child, ret = 0;

	fdt_for_each_subnode(child, src->bytes, node)
	{
		struct image_hash hash = { .part = parts[part].name };

		if (ret || !is_hash(src, child))
			continue;
		hash.algo = get_string(src, child, "algo");
		hash.value = fdt_getprop(src->bytes, child, "value", &hash.value_bytes);
		ret = image_check_hash(&hash, fit->part[part].bytes, fit->part[part].len, src->err);
	}
	return ret;
}

static int read_part(const struct source *src, int config, struct fit *fit, enum fit_part part)
{
	const char *name = get_string(src, config, parts[part].name), *arch;
	int images = fdt_path_offset(src->bytes, "/images"), node, ret;

	if (!name)
		return part == FIT_KERNEL ? REFUSE(src->err, "FIT image: its configuration names no kernel") : 0;
	node = images < 0 ? images : fdt_subnode_offset(src->bytes, images, name);
	if (node < 0)
		return REFUSE(src->err, "FIT image: its configuration names %s '%s', which is not there",
			      parts[part].name, name);
	arch = get_string(src, node, "arch");
	if (part == FIT_KERNEL && arch && strcmp(arch, "riscv"))
		return REFUSE(src->err, "FIT image for another machine: found arch %s, expected riscv", arch);
	ret = find_data(src, node, fit, part);
	return ret ? ret : check_hashes(src, node, fit, part);
}

/* The default configuration, or else the first. */
static int find_config(const struct source *src)
{
	int configs = fdt_path_offset(src->bytes, "/configurations");
	const char *name;

	if (configs < 0)
		return configs;
	name = get_string(src, configs, "default");
	return name ? fdt_subnode_offset(src->bytes, configs, name) : fdt_first_subnode(src->bytes, configs);
}

int image_parse_fit(const uint8_t *bytes, size_t len, struct fit *fit, char *err)
{
	const struct source src = { bytes, len, err };
	int ret = tree_check(bytes, len), config, part;

	*fit = (struct fit){ 0 };
	if (ret == -FDT_ERR_TRUNCATED)
		return REFUSE(err, "truncated FIT image: found %zu bytes, expected %u", len,
			      len >= 8 ? fdt32_ld((const fdt32_t *)(const void *)(bytes + 4)) : 0);
	if (ret)
		return REFUSE(err, "damaged FIT image: %s", fdt_strerror(ret));
	if (fdt_path_offset(bytes, "/images") < 0)
		return REFUSE(err, "found a device tree, expected a FIT image: it has no /images; see --dtb");
	config = find_config(&src);
	if (config < 0)
		return REFUSE(err, "FIT image without a configuration: %s", fdt_strerror(config));
	fit->bootargs = get_string(&src, config, "bootargs");
	for (part = 0, ret = 0; part < FIT_PARTS && !ret; part++)
		ret = read_part(&src, config, fit, (enum fit_part)part);
	return ret;
}

/* ---- writing ---- */

static int first(int err, int more)
{
	return err ? err : more;
}

static int put_hash(void *fdt, const uint8_t *bytes, size_t len)
{
	int err = fdt_begin_node(fdt, "hash-1");

	err = first(err, fdt_property_string(fdt, "algo", "crc32"));
	err = first(err, fdt_property_u32(fdt, "value", (uint32_t)crc32_z(0, bytes, len)));
	return first(err, fdt_end_node(fdt));
}

static int put_part(void *fdt, const struct fit *fit, enum fit_part part)
{
	int err = fdt_begin_node(fdt, parts[part].name);

	err = first(err, fdt_property_string(fdt, "type", parts[part].type));
	err = first(err, fdt_property_string(fdt, "arch", "riscv"));
	err = first(err, fdt_property_string(fdt, "compression", "none"));
	if (part != FIT_FDT)
		err = first(err, fdt_property_string(fdt, "os", "linux"));
	err = first(err, fdt_property(fdt, "data", fit->part[part].bytes, (int)fit->part[part].len));
	err = first(err, put_hash(fdt, fit->part[part].bytes, fit->part[part].len));
	return first(err, fdt_end_node(fdt));
}

static int put_config(void *fdt, const struct fit *fit)
{
	int err = fdt_begin_node(fdt, "configurations"), part;

	err = first(err, fdt_property_string(fdt, "default", "conf-1"));
	err = first(err, fdt_begin_node(fdt, "conf-1"));
	for (part = 0; part < FIT_PARTS; part++)
		if (fit->part[part].bytes)
			err = first(err, fdt_property_string(fdt, parts[part].name, parts[part].name));
	if (fit->bootargs)
		err = first(err, fdt_property_string(fdt, "bootargs", fit->bootargs));
	err = first(err, fdt_end_node(fdt));
	return first(err, fdt_end_node(fdt));
}

static int put_root(void *fdt, const struct fit *fit)
{
	int err = fdt_begin_node(fdt, ""), part;

	err = first(err, fdt_property_string(fdt, "description", "guest of ldbt"));
	err = first(err, fdt_property_u32(fdt, "#address-cells", 1));
	err = first(err, fdt_begin_node(fdt, "images"));
	for (part = 0; part < FIT_PARTS; part++)
		if (fit->part[part].bytes)
			err = first(err, put_part(fdt, fit, (enum fit_part)part));
	err = first(err, fdt_end_node(fdt));
	err = first(err, put_config(fdt, fit));
	return first(err, fdt_end_node(fdt));
}

int fit_write(const struct fit *fit, struct blob *out)
{
	size_t room = TREE_BYTES + (fit->bootargs ? strlen(fit->bootargs) : 0);
	int err, part;

	for (part = 0; part < FIT_PARTS; part++)
		room += fit->part[part].len;
	if (room > INT32_MAX)
		return -FDT_ERR_NOSPACE;
	out->bytes = calloc(1, room);
	if (!out->bytes)
		return -FDT_ERR_NOSPACE;
	err = fdt_create(out->bytes, (int)room);
	err = first(err, fdt_finish_reservemap(out->bytes));
	err = first(err, put_root(out->bytes, fit));
	err = first(err, fdt_finish(out->bytes));
	if (err)
		blob_free(out);
	else
		out->len = fdt_totalsize(out->bytes);
	return err;
}
