#include "base/json.h"

#include "base/utf8.h"

/* Appends the text of a string. UTF-8 passes through, a malformed byte is U+FFFD. */
static void put_escaped(struct out *out, struct slice text)
{
	static const char short_forms[] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',  ['\f'] = 'f',
		['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
	};
	size_t done = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		char form = c < sizeof(short_forms) ? short_forms[c] : 0;
		bool malformed = false;
		uint32_t character;

		if (c >= 0x80) {
			size_t n = utf8_next(slice_skip(text, i), &character);

			i += n - 1;
			malformed = n == 1;
		}
		if (c >= ' ' && !form && !malformed)
			continue;
		out_put(out, slice_between(text.p + done, text.p + i));
		done = i + 1;
		if (malformed) {
			out_put(out, SLICE("\xef\xbf\xbd"));
		} else if (form) {
			out_byte(out, '\\');
			out_byte(out, form);
		} else {
			out_printf(out, "\\u%04x", (unsigned)c);
		}
	}
	out_put(out, slice_skip(text, done));
}

void json_put_string(struct out *out, struct slice text)
{
	out_byte(out, '"');
	put_escaped(out, text);
	out_byte(out, '"');
}
