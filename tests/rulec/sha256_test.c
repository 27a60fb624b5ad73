// SPDX-License-Identifier: GPL-2.0-only
/* sha256_test.c: SHA-256 against vectors of FIPS 180-2, appendix B, and of lengths around a block. */
#include <stdio.h>
#include <string.h>

#include "rulec/sha256.h"

static const struct {
	const char *text;
	unsigned int times;
	const char *hex;
} vectors[] = {
	{ "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
	{ "x", 55, "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072" },
	{ "x", 56, "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e" },
	{ "x", 63, "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2" },
	{ "x", 64, "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c" },
	{ "x", 65, "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9" },
	{ "x", 119, "000b48d4edf0fa7bee3c6236ecd2785baa5db4eeb8bb54341b029e0d9fa5fb0c" },
	{ "x", 120, "13f05a0b594787f5ecd315edc96141bd3243203d1b7d4f0836f37308b276ba98" },
	{ "x", 128, "24da1b81d0b16df6428eee73c69fcb2a93c76bc6df706f0c6670fe6bfe800464" },
};

int main(void)
{
	unsigned int failed = 0, n = sizeof(vectors) / sizeof(vectors[0]);

	for (unsigned int i = 0; i < n; i++) {
		uint8_t digest[SHA256_BYTES];
		char hex[SHA256_HEX];
		struct sha256 sha;

		sha256_start(&sha);
		for (unsigned int k = 0; k < vectors[i].times; k++)
			sha256_add(&sha, vectors[i].text, strlen(vectors[i].text));
		sha256_end(&sha, digest);
		sha256_hex(digest, hex);
		if (!strcmp(hex, vectors[i].hex))
			continue;
		printf("vector %u: %s, expected %s\n", i, hex, vectors[i].hex);
		failed++;
	}
	printf("check-sha256: %u passed, %u failed, 0 skipped\n", n - failed, failed);
	return failed ? 1 : 0;
}
