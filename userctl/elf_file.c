// SPDX-License-Identifier: GPL-2.0-only
/* elf_file.c: header, segments, and the symbol `tohost` if there is a symbol table. Next file: loader.c. */
#include "elf_file.h"

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct source {
	const uint8_t *bytes;
	size_t len;
	uint64_t ram_gpa, ram_bytes;
	char *err;
};

#define REFUSE(src, ...) (snprintf((src)->err, ELF_ERR_BYTES, __VA_ARGS__), -EINVAL)
#define HEX		 "%#" PRIx64

static bool in_file(const struct source *src, uint64_t off, uint64_t bytes)
{
	return off <= src->len && bytes <= src->len - off;
}

/* With bytes == 0: is the address itself in RAM or just behind it? */
static bool in_ram(const struct source *src, uint64_t gpa, uint64_t bytes)
{
	uint64_t off = gpa - src->ram_gpa;

	return gpa >= src->ram_gpa && off <= src->ram_bytes && bytes <= src->ram_bytes - off;
}

static int check_ident(const struct source *src, const Elf64_Ehdr *eh)
{
	if (memcmp(eh->e_ident, ELFMAG, SELFMAG))
		return REFUSE(src, "no ELF file: found magic %02x %02x %02x %02x, expected 7f 45 4c 46", eh->e_ident[0],
			      eh->e_ident[1], eh->e_ident[2], eh->e_ident[3]);
	if (eh->e_ident[EI_CLASS] != ELFCLASS64)
		return REFUSE(src, "ELF class: found %u, expected %u (64 bits)", eh->e_ident[EI_CLASS], ELFCLASS64);
	if (eh->e_ident[EI_DATA] != ELFDATA2LSB)
		return REFUSE(src, "ELF byte order: found %u, expected %u (little endian)", eh->e_ident[EI_DATA],
			      ELFDATA2LSB);
	return 0;
}

static int read_header(const struct source *src, Elf64_Ehdr *eh)
{
	int ret;

	if (src->len < sizeof(*eh))
		return REFUSE(src, "truncated: file has %zu bytes, expected an ELF header of %zu", src->len,
			      sizeof(*eh));
	memcpy(eh, src->bytes, sizeof(*eh));
	ret = check_ident(src, eh);
	if (ret)
		return ret;
	if (eh->e_machine != EM_RISCV)
		return REFUSE(src, "ELF machine: found %u, expected %u (RISC-V)", eh->e_machine, EM_RISCV);
	if (eh->e_type != ET_EXEC)
		return REFUSE(src, "ELF type: found %u, expected %u (executable, linked to fixed addresses)",
			      eh->e_type, ET_EXEC);
	if (eh->e_phentsize != sizeof(Elf64_Phdr))
		return REFUSE(src, "program header size: found %u, expected %zu", eh->e_phentsize, sizeof(Elf64_Phdr));
	if (!in_file(src, eh->e_phoff, (uint64_t)eh->e_phnum * sizeof(Elf64_Phdr)))
		return REFUSE(src, "truncated: file has %#zx bytes, expected %u program headers at " HEX, src->len,
			      eh->e_phnum, eh->e_phoff);
	return 0;
}

static int add_segment(const struct source *src, const Elf64_Phdr *ph, struct elf_file *elf)
{
	if (elf->nsegments == ELF_SEGMENTS_MAX)
		return REFUSE(src, "found more than %u segments to load, expected at most that", ELF_SEGMENTS_MAX);
	if (!in_file(src, ph->p_offset, ph->p_filesz))
		return REFUSE(
			src, "truncated: file has %#zx bytes, expected " HEX " bytes of segment " HEX " at offset " HEX,
			src->len, ph->p_filesz, ph->p_paddr, ph->p_offset);
	if (ph->p_filesz > ph->p_memsz)
		return REFUSE(src, "segment " HEX ": found " HEX " bytes in the file, expected at most its " HEX,
			      ph->p_paddr, ph->p_filesz, ph->p_memsz);
	if (!in_ram(src, ph->p_paddr, ph->p_memsz))
		return REFUSE(src,
			      "segment: found " HEX " bytes at " HEX ", expected a place in RAM [" HEX ", " HEX
			      "): see --mem",
			      ph->p_memsz, ph->p_paddr, src->ram_gpa, src->ram_gpa + src->ram_bytes);
	elf->segment[elf->nsegments++] =
		(struct elf_segment){ ph->p_paddr, ph->p_vaddr, ph->p_offset, ph->p_filesz, ph->p_memsz };
	return 0;
}

/* Guest physical place of an address the file uses; 0: in no segment. */
static uint64_t to_gpa(const struct elf_file *elf, uint64_t gva)
{
	uint32_t i;

	for (i = 0; i < elf->nsegments; i++) {
		const struct elf_segment *seg = &elf->segment[i];

		if (gva - seg->gva < seg->mem_bytes)
			return seg->gpa + (gva - seg->gva);
	}
	return 0;
}

static int find_entry(const struct source *src, uint64_t entry, struct elf_file *elf)
{
	elf->entry = to_gpa(elf, entry);
	if (!elf->entry || elf->entry & 1)
		return REFUSE(src, "entry: found " HEX ", expected an even address in a segment", entry);
	return 0;
}

/* A damaged or absent symbol table is no error: it only means that there is no tohost. */
static uint64_t find_symbol(const struct source *src, const Elf64_Shdr *symtab, const Elf64_Shdr *strtab,
			    const char *name)
{
	uint64_t i, n = symtab->sh_size / sizeof(Elf64_Sym), len = strlen(name) + 1;
	Elf64_Sym sym;

	if (!in_file(src, symtab->sh_offset, symtab->sh_size) || !in_file(src, strtab->sh_offset, strtab->sh_size))
		return 0;
	for (i = 0; i < n; i++) {
		memcpy(&sym, src->bytes + symtab->sh_offset + i * sizeof(sym), sizeof(sym));
		if (sym.st_name < strtab->sh_size && len <= strtab->sh_size - sym.st_name &&
		    !memcmp(src->bytes + strtab->sh_offset + sym.st_name, name, len))
			return sym.st_value;
	}
	return 0;
}

static uint64_t find_tohost(const struct source *src, const Elf64_Ehdr *eh)
{
	Elf64_Shdr sh, str;
	uint32_t i;

	if (eh->e_shentsize != sizeof(sh) || !in_file(src, eh->e_shoff, (uint64_t)eh->e_shnum * sizeof(sh)))
		return 0;
	for (i = 0; i < eh->e_shnum; i++) {
		memcpy(&sh, src->bytes + eh->e_shoff + i * sizeof(sh), sizeof(sh));
		if (sh.sh_type != SHT_SYMTAB || sh.sh_link >= eh->e_shnum)
			continue;
		memcpy(&str, src->bytes + eh->e_shoff + sh.sh_link * sizeof(sh), sizeof(str));
		return find_symbol(src, &sh, &str, "tohost");
	}
	return 0;
}

int elf_parse(const uint8_t *bytes, size_t len_bytes, uint64_t ram_gpa, uint64_t ram_bytes, struct elf_file *elf,
	      char *err)
{
	struct source src = { bytes, len_bytes, ram_gpa, ram_bytes, err };
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	int ret = read_header(&src, &eh);
	uint32_t i;

	memset(elf, 0, sizeof(*elf));
	for (i = 0; !ret && i < eh.e_phnum; i++) {
		memcpy(&ph, bytes + eh.e_phoff + i * sizeof(ph), sizeof(ph));
		if (ph.p_type == PT_LOAD && ph.p_memsz)
			ret = add_segment(&src, &ph, elf);
	}
	if (!ret && !elf->nsegments)
		ret = REFUSE(&src, "found no segment to load, expected at least one");
	if (!ret)
		ret = find_entry(&src, eh.e_entry, elf);
	if (ret)
		return ret;
	elf->tohost = to_gpa(elf, find_tohost(&src, &eh));
	if (elf->tohost & 7 || !in_ram(&src, elf->tohost, sizeof(uint64_t)))
		elf->tohost = 0;
	return 0;
}
