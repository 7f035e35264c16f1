// SPDX-License-Identifier: GPL-2.0-only
#include "base/plain.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The bytes of the first letter of a text that is not empty, 0 where it is not UTF-8. */
static size_t letter(const unsigned char *s, uint32_t *code)
{
	/* Of letters of so many bytes, the least code that needs them. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = *s < 0x80 ? 1 : *s < 0xc0 ? 0 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4, i;

	*code = n < 2 ? *s : *s & (0x7f >> n);
	if (*s >= 0xf8)
		return 0;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	if (*code < least[n] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return n;
}

static bool steers(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
	       code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

char *plain(char *text)
{
	const unsigned char *from = (const unsigned char *)text;
	char *to = text;
	uint32_t code;

	while (*from) {
		size_t n = letter(from, &code);

		if (!n || steers(code)) {
			*to++ = '?';
		} else {
			memmove(to, from, n);
			to += n;
		}
		from += n ? n : 1;
	}
	*to = '\0';
	return text;
}

bool is_plain(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t code;
	size_t n;

	for (; *s; s += n) {
		n = letter(s, &code);
		if (!n || steers(code))
			return false;
	}
	return true;
}

bool is_utf8(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t code;
	size_t n;

	for (; *s; s += n) {
		n = letter(s, &code);
		if (!n)
			return false;
	}
	return true;
}
