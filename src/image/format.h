/*
 * The bytes of an image. Only image/ and mkimage/ know them. All numbers are little-endian and
 * unsigned; u24 takes three bytes. A "text" is the number of a cell plus one, as u24; 0 is absent.
 *
 * OFFSET  SIZE  HEADER
 *      0     8  magic: 93 50 42 49 4d 47 0d 0a
 *      8     4  format version: IMAGE_VERSION
 *     12     4  number of sections, at least IMAGE_SECTION_COUNT; a reader ignores later ones
 *     16     8  size of the whole image in bytes
 *     24     8  checksum: XXH3, 64 bits, of the bytes before it, exclusive or that of the rest
 *     32   12n  one entry a section: u32 offset, u32 bytes of one record, u32 number of records
 *
 * A section's records are at least as long as given below; a reader steps by the length that the
 * entry states, so that records can grow. Sections may lie in any order, anywhere.
 *
 * A cell is a piece of text that one or more rows show in some column (or a person or fact has).
 * Cells are numbered from 0; those that searches look at come first. Their text stands in order,
 * each with a NUL after it.
 *
 * SECTION            SIZE  RECORD
 * IMAGE_FACTS           8  u8 fact (enum image_fact), u8 0, text title, text
 * IMAGE_ROWS            8  u16 first port, u16 last port, u8 transport (4: none), u8 flags,
 *                          u16 number of the row's element order plus one (0: none)
 * IMAGE_COLUMNS         3  text: of each row in the first column, then of each in the second, ...
 *                          of the first IMAGE_FULL_COLUMNS, which most rows have
 * IMAGE_EXTRAS          7  u24 row, u8 column, text: the other columns, of the rows that have them;
 *                          ascending by row, then by column
 * IMAGE_ORDERS          3  text: a distinct order of elements (struct row.order)
 * IMAGE_PEOPLE         15  text id, name, organization, uri, updated
 * IMAGE_PEOPLE_BY_ID    3  u24 person: in the order of their folded ids
 * IMAGE_CELLS           4  u32 offset of the cell's text; one record more than cells, for the end
 * IMAGE_TEXT            1  the text
 * IMAGE_RICH            6  u24 cell, u24 cell that is its rich text; ascending by cell. A cell
 *                          that is not here has the rich text that rich_read() makes of it
 * IMAGE_PORT_PAGES      2  u16 number of a page of ports; one for each IMAGE_PAGE ports of each
 *                          transport, 4 * 65536 / IMAGE_PAGE in all
 * IMAGE_PORTS           3  u24 for each port of a page: 0 none, n below IMAGE_LIST row n-1,
 *                          else a list at n-IMAGE_LIST
 * IMAGE_PORT_LISTS      3  u24 count, then that many u24 rows, ascending
 * IMAGE_NAMES          23  u24 cell, u8 how many rows have it where they follow each other and no
 *                          other name differs in letter case alone (else 0), u24 the first of
 *                          them, 16 bytes: the folded name and zeros, or only zeros where it is
 *                          longer; in folded order
 * IMAGE_NAME_SLOTS      4  u24 number of a name (the first of those that fold alike) plus one, u8
 *                          tag: a hash table (image_name_hash) of a power of two of slots, probed
 *                          upwards, never more than half full
 * IMAGE_USES            1  for each searched cell: the rows that show it, ascending, each as varint
 *                          of the distance to the one before (the first: to -1) less one
 * IMAGE_USES_FROM  3 or 4  offset of each searched cell's uses, u24 where that suffices, else u32;
 *                          one record more, for the end
 * IMAGE_GRAMS           8  u32 three folded bytes (first in bits 16-23), u32 offset in postings;
 *                          ascending, and one record more, for the end
 * IMAGE_POSTINGS        1  for each gram: the searched cells whose folded text has it, as uses
 * IMAGE_LETTERS     1 + n  u8 a folded ASCII byte, then a bit for each row (bit 0 of the first byte
 *                          is row 0), set where a searched column has it; only bytes that occur
 * IMAGE_COUNTS          4  u32 searched cells of searched columns, u32 those of the dates, which
 *                          follow them
 *
 * A varint is little-endian, seven bits a byte, the top bit set in all but the last: 0x2c is 44,
 * 0xac 0x02 is 300.
 */
#ifndef PORTBOOK_IMAGE_FORMAT_H
#define PORTBOOK_IMAGE_FORMAT_H

#include <stdint.h>

#include "base/slice.h"

#define IMAGE_MAGIC "\x93PBIMG\r\n"

enum {
	IMAGE_VERSION = 1,
	IMAGE_HEADER_SIZE = 32,
	IMAGE_ENTRY_SIZE = 12,
	IMAGE_CHECKSUM_AT = 24,
	IMAGE_PAGE = 32, /* ports */
	IMAGE_LIST = 1 << 23,
};

enum image_section_kind {
	IMAGE_FACTS,
	IMAGE_ROWS,
	IMAGE_COLUMNS,
	IMAGE_EXTRAS,
	IMAGE_ORDERS,
	IMAGE_PEOPLE,
	IMAGE_PEOPLE_BY_ID,
	IMAGE_CELLS,
	IMAGE_TEXT,
	IMAGE_RICH,
	IMAGE_PORT_PAGES,
	IMAGE_PORTS,
	IMAGE_PORT_LISTS,
	IMAGE_NAMES,
	IMAGE_NAME_SLOTS,
	IMAGE_USES,
	IMAGE_USES_FROM,
	IMAGE_GRAMS,
	IMAGE_POSTINGS,
	IMAGE_LETTERS,
	IMAGE_COUNTS,
	IMAGE_SECTION_COUNT,
};

/* The checksum of an image, which has a whole header. */
uint64_t image_checksum(struct slice bytes);

/* Bytes of one record as this version writes it; of letters and USES_FROM: at least. */
extern const unsigned char image_record_size[IMAGE_SECTION_COUNT];

enum {
	IMAGE_FULL_COLUMNS = 6, /* name to contact */

	IMAGE_ROW_FIRST = 0,
	IMAGE_ROW_LAST = 2,
	IMAGE_ROW_TRANSPORT = 4,
	IMAGE_ROW_FLAGS = 5,
	IMAGE_ROW_ORDER = 6,

	IMAGE_NAME_RUN = 3,
	IMAGE_NAME_FIRST = 4,
	IMAGE_NAME_WORDS = 7,
	IMAGE_NAME_SHORT = 16, /* bytes */

	IMAGE_FLAG_PORTLESS = 1,
	IMAGE_FLAG_ASSIGNEE_GIVEN = 2,
	IMAGE_FLAG_STATE_SHIFT = 2, /* two bits: enum row_state */
};

static inline uint32_t image_u16(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t image_u24(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
}

static inline uint32_t image_u32(const unsigned char *p)
{
	return image_u24(p) | (uint32_t)p[3] << 24;
}

/* A number that takes three bytes, or four. */
static inline uint32_t image_uint(const unsigned char *p, uint32_t bytes)
{
	return bytes > 3 ? image_u32(p) : image_u24(p);
}

static inline uint64_t image_u64(const unsigned char *p)
{
	return (uint64_t)image_u32(p) | (uint64_t)image_u32(p + 4) << 32;
}

/* At most sixteen bytes as two numbers, what is missing as zeros. n > 0. */
static inline void image_words(const unsigned char *p, size_t n, uint64_t ret_words[static 2])
{
	ret_words[1] = 0;
	if (n >= 8) {
		ret_words[0] = image_u64(p);
		/* In two steps: a shift by 64 is none. */
		ret_words[1] = image_u64(p + n - 8) >> (4 * (16 - n)) >> (4 * (16 - n));
	} else if (n >= 4) {
		ret_words[0] = image_u32(p) | (uint64_t)image_u32(p + n - 4) << (8 * (n - 4));
	} else {
		ret_words[0] = (uint64_t)p[0] | (uint64_t)p[n / 2] << (8 * (n / 2)) |
			       (uint64_t)p[n - 1] << (8 * (n - 1));
	}
}

/* The hash of a text is this, from its length on, over each sixteen of its bytes. */
static inline uint64_t image_hash_words(uint64_t hash, const uint64_t words[static 2])
{
	hash = (hash ^ words[0]) * 0xd6e8feb86659fd93u;
	hash = (hash ^ hash >> 32 ^ words[1]) * 0xd6e8feb86659fd93u;
	return hash ^ hash >> 32;
}

/* The hash of a folded service name: where its probing starts, and its slot's tag. */
static inline uint32_t image_name_hash(struct slice folded)
{
	uint64_t hash = folded.n, words[2];

	while (folded.n > 0) {
		size_t n = folded.n < 16 ? folded.n : 16;

		image_words((const unsigned char *)folded.p, n, words);
		hash = image_hash_words(hash, words);
		folded = slice_skip(folded, n);
	}
	return (uint32_t)hash;
}

static inline uint32_t image_name_tag(uint32_t hash)
{
	return hash >> 24;
}

#endif
