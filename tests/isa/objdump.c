// SPDX-License-Identifier: GPL-2.0-only
/* objdump.c: words to an ELF file, objdump's lines back to texts.
 *
 * An ELF file and not a raw binary, because its attributes tell objdump which extensions there are. */
#include "objdump.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char arch[] = "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0_zba1p0_zbb1p0_zbs1p0_svinval1p0";

enum { SEC_NULL, SEC_TEXT, SEC_ATTRIBUTES, SEC_NAMES, NR_SECS };
enum { SHT_RISCV_ATTRIBUTES_ = 0x70000003, FLAG_RVC = 1, TAG_FILE = 1, TAG_ARCH = 5 };

static const char names[] = "\0.text\0.riscv.attributes\0.shstrtab";
enum { NAME_TEXT = 1, NAME_ATTRIBUTES = 7, NAME_NAMES = 25 };

static size_t put_u32(char *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
	return sizeof(value);
}

/* RISC-V ELF psABI, "Attributes": format version, vendor block, file block, arch tag and string. */
static size_t attributes_write(char *at)
{
	static const char vendor[] = "riscv";
	size_t file_bytes = 1 + 4 + 1 + sizeof(arch), vendor_bytes = 4 + sizeof(vendor) + file_bytes, n = 0;

	at[n++] = 'A';
	n += put_u32(at + n, vendor_bytes);
	memcpy(at + n, vendor, sizeof(vendor));
	n += sizeof(vendor);
	at[n++] = TAG_FILE;
	n += put_u32(at + n, file_bytes);
	at[n++] = TAG_ARCH;
	memcpy(at + n, arch, sizeof(arch));
	return n + sizeof(arch);
}

static void section_set(Elf64_Shdr *sec, unsigned int name, unsigned int type, size_t offset, size_t size)
{
	sec->sh_name = name;
	sec->sh_type = type;
	sec->sh_offset = offset;
	sec->sh_size = size;
	sec->sh_addralign = 1;
}

static void elf_write(FILE *file, const uint32_t *word, size_t count, unsigned int word_bytes)
{
	Elf64_Ehdr head = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
			    .e_type = ET_REL,
			    .e_machine = EM_RISCV,
			    .e_version = EV_CURRENT,
			    .e_flags = FLAG_RVC,
			    .e_ehsize = sizeof(head),
			    .e_shentsize = sizeof(Elf64_Shdr),
			    .e_shnum = NR_SECS,
			    .e_shstrndx = SEC_NAMES };
	Elf64_Shdr sec[NR_SECS] = { 0 };
	char attributes[128];
	size_t attributes_bytes = attributes_write(attributes), at = sizeof(head) + sizeof(sec), i;

	head.e_shoff = sizeof(head);
	section_set(&sec[SEC_NAMES], NAME_NAMES, SHT_STRTAB, at, sizeof(names));
	at += sizeof(names);
	section_set(&sec[SEC_ATTRIBUTES], NAME_ATTRIBUTES, SHT_RISCV_ATTRIBUTES_, at, attributes_bytes);
	at += attributes_bytes;
	section_set(&sec[SEC_TEXT], NAME_TEXT, SHT_PROGBITS, at, count * word_bytes);
	sec[SEC_TEXT].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
	fwrite(&head, sizeof(head), 1, file);
	fwrite(sec, sizeof(sec), 1, file);
	fwrite(names, sizeof(names), 1, file);
	fwrite(attributes, attributes_bytes, 1, file);
	for (i = 0; i < count; i++)
		fwrite(&word[i], word_bytes, 1, file);
}

int objdump_open(struct objdump *dump, const uint32_t *word, size_t count, unsigned int word_bytes)
{
	char command[256];
	FILE *file;
	int fd;

	*dump = (struct objdump){ 0 };
	snprintf(dump->path, sizeof(dump->path), "%s/ldbt-words-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(dump->path);
	file = fd < 0 ? NULL : fdopen(fd, "wb");
	if (!file) {
		perror(dump->path);
		return -1;
	}
	elf_write(file, word, count, word_bytes);
	if (fclose(file)) {
		perror(dump->path);
		return -1;
	}
	snprintf(command, sizeof(command), "riscv64-linux-gnu-objdump -D -z -j .text -M no-aliases,numeric %s",
		 dump->path);
	dump->pipe = popen(command, "r");
	return dump->pipe ? 0 : -1;
}

/* "     1c:\t00000013          \taddi\tx0,x0,0 # comment": address, bytes, text. */
static int line_parse(struct objdump *dump, unsigned int word_bytes, char *line, char *text)
{
	char *end, *tab;

	if (strtoull(line, &end, 16) != dump->addr || *end != ':')
		return -1;
	tab = strchr(line, '\t');
	tab = tab ? strchr(tab + 1, '\t') : NULL;
	if (!tab)
		return -1;
	tab[strcspn(tab, "#\n")] = 0;
	for (end = tab + strlen(tab); end > tab + 1 && end[-1] == ' '; end--)
		end[-1] = 0;
	snprintf(text, OBJDUMP_TEXT_MAX, "%s", tab + 1);
	dump->addr += word_bytes;
	return 0;
}

int objdump_next(struct objdump *dump, unsigned int word_bytes, char text[OBJDUMP_TEXT_MAX])
{
	char line[512];

	while (fgets(line, sizeof(line), dump->pipe)) {
		if (!strchr(line, '\t'))
			continue; /* titles */
		if (!line_parse(dump, word_bytes, line, text))
			return 0;
		fprintf(stderr, "objdump: out of step at 0x%llx: %s", (unsigned long long)dump->addr, line);
		return -1;
	}
	fprintf(stderr, "objdump: ended at 0x%llx\n", (unsigned long long)dump->addr);
	return -1;
}

int objdump_close(struct objdump *dump)
{
	int status = pclose(dump->pipe);

	unlink(dump->path);
	return status;
}
