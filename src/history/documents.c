/*
 * Documents are kept compressed, each as what differs from a neighbour's where there is one: an
 * edition takes a few kilobytes then. Chains of these are kept short, so that any of them is read
 * in some milliseconds.
 */
#include <stdio.h>
#include <stdlib.h>

#include "codec/codec.h"
#include "history/store.h"
#include "source/source.h"

enum {
	DEPTH_MAX = 16,	  /* documents that are unpacked to read one, beside the first */
	FIRST_LEVEL = 12, /* of a document without a neighbour */
};

/* A kept document's row; packed is borrowed from the statement. */
struct kept {
	struct db_statement *statement;
	struct slice base; /* absent: none */
	int64_t depth, bytes;
	struct slice packed;
};

static void kept_done(struct kept *kept)
{
	db_finish(kept->statement);
}

static int find_kept(struct history *history, struct slice sha256, struct kept *kept,
		     struct fault *fault)
{
	int result = db_query(history->db,
			      "SELECT base, depth, bytes, packed FROM documents WHERE sha256 = ?1",
			      DB_VALUES(db_value_text(sha256)), &kept->statement, fault);

	if (result < 0)
		return result;
	result = db_step(kept->statement, fault);
	if (result < 0)
		return result;
	if (result == 0)
		return fault_set(fault, FAULT_MALFORMED, "damaged store: document %.*s is missing",
				 (int)sha256.n, sha256.p);
	kept->base = db_text(kept->statement, 0);
	kept->depth = db_int(kept->statement, 1);
	kept->bytes = db_int(kept->statement, 2);
	kept->packed = db_bytes(kept->statement, 3);
	return 0;
}

static int endless(struct fault *fault)
{
	return fault_set(fault, FAULT_MALFORMED,
			 "damaged store: documents build on each other without end");
}

static void remember(struct history *history, struct strbuf *bytes, const char *sha256)
{
	strbuf_done(&history->document);
	history->document = *bytes;
	*bytes = (struct strbuf){};
	snprintf(history->document_sha256, sizeof(history->document_sha256), "%s", sha256);
}

static bool is_remembered(const struct history *history, struct slice sha256)
{
	return history->document.p && slice_eq(sha256, slice_cstr(history->document_sha256));
}

/* Unpacks a document upon the one that is remembered, or upon nothing. */
static int unpack_next(struct history *history, struct slice sha256, const struct kept *kept,
		       struct fault *fault)
{
	struct strbuf bytes CLEANUP(strbuf_done) = {};
	char digits[SHA256_DIGITS + 1];
	int result = codec_unpack(kept->packed,
				  kept->base.p ? strbuf_slice(&history->document) : SLICE_NONE,
				  SOURCE_DOCUMENT_MAX, &bytes, fault);

	if (result < 0)
		return result == FAULT_MALFORMED
			       ? fault_set(fault, FAULT_MALFORMED,
					   "damaged store: document %.*s cannot be unpacked",
					   (int)sha256.n, sha256.p)
			       : result;
	snprintf(digits, sizeof(digits), "%.*s", (int)sha256.n, sha256.p);
	remember(history, &bytes, digits);
	return 0;
}

int store_find_document(struct history *history, struct slice sha256, struct fault *fault)
{
	struct kept chain[DEPTH_MAX + 1] = {};
	struct slice wanted[DEPTH_MAX + 1] = {sha256};
	size_t length = 0;
	int result = 0;

	while (result == 0 && !is_remembered(history, wanted[length])) {
		result = find_kept(history, wanted[length], &chain[length], fault);
		if (result < 0 || !chain[length++].base.p)
			break;
		if (length > DEPTH_MAX) {
			result = endless(fault);
			break;
		}
		wanted[length] = chain[length - 1].base;
	}
	for (size_t i = length; i-- > 0 && result == 0;)
		result = unpack_next(history, wanted[i], &chain[i], fault);
	for (size_t i = 0; i < ARRAY_SIZE(chain); i++)
		kept_done(&chain[i]);
	return result;
}

/* The digest of the document of the edition of that format which is next to a number. */
static int find_neighbour(struct history *history, int64_t near, struct slice format,
			  char *ret_sha256, struct fault *fault)
{
	static const char *const statements[] = {
		"SELECT sha256 FROM editions WHERE edition <= ?1 AND format = ?2 "
		"ORDER BY edition DESC LIMIT 1",
		"SELECT sha256 FROM editions WHERE edition > ?1 AND format = ?2 "
		"ORDER BY edition LIMIT 1",
	};

	for (size_t i = 0; i < ARRAY_SIZE(statements); i++) {
		struct db_statement *statement CLEANUP(db_finishp) = NULL;
		int result = db_prepare(history->db, statements[i], &statement, fault);

		if (result < 0)
			return result;
		db_bind_int(statement, 1, near);
		db_bind_text(statement, 2, format);
		result = db_step(statement, fault);
		if (result < 0)
			return result;
		if (result > 0) {
			struct slice sha256 = db_text(statement, 0);

			snprintf(ret_sha256, SHA256_DIGITS + 1, "%.*s", (int)sha256.n, sha256.p);
			return 0;
		}
	}
	return 1;
}

/*
 * What to keep a document as the difference from: the neighbour, or where its chain is as long as
 * it may be the document that the chain begins with. 1: nothing.
 */
static int find_base(struct history *history, int64_t near, struct slice format, char *base,
		     int64_t *ret_depth, struct fault *fault)
{
	int result = find_neighbour(history, near, format, base, fault);

	for (size_t steps = 0; result == 0; steps++) {
		struct kept kept CLEANUP(kept_done) = {};

		if (steps > DEPTH_MAX)
			return endless(fault);
		result = find_kept(history, slice_cstr(base), &kept, fault);
		if (result < 0)
			return result;
		*ret_depth = kept.depth + 1;
		if ((steps == 0 && kept.depth < DEPTH_MAX) || !kept.base.p)
			return 0;
		snprintf(base, SHA256_DIGITS + 1, "%.*s", (int)kept.base.n, kept.base.p);
	}
	return result;
}

static int is_kept(struct history *history, const char *sha256, struct fault *fault)
{
	return db_execute(history->db, "SELECT 1 FROM documents WHERE sha256 = ?1",
			  DB_VALUES(db_value_text(slice_cstr(sha256))), fault);
}

static int insert(struct history *history, struct slice bytes, const char *sha256, const char *base,
		  int64_t depth, struct slice packed, struct fault *fault)
{
	return db_execute(history->db,
			  "INSERT INTO documents (sha256, bytes, base, depth, packed) "
			  "VALUES (?1, ?2, ?3, ?4, ?5)",
			  DB_VALUES(db_value_text(slice_cstr(sha256)),
				    db_value_int((int64_t)bytes.n), db_value_text(slice_cstr(base)),
				    db_value_int(depth), db_value_bytes(packed)),
			  fault);
}

int store_keep_document(struct history *history, struct slice bytes, const char *sha256,
			int64_t near, struct slice format, struct fault *fault)
{
	struct strbuf packed CLEANUP(strbuf_done) = {}, copy CLEANUP(strbuf_done) = {};
	char base[SHA256_DIGITS + 1];
	int64_t depth = 0;
	bool has_base;
	int result = is_kept(history, sha256, fault);

	if (result != 0)
		return result < 0 ? result : 0;
	result = find_base(history, near, format, base, &depth, fault);
	has_base = result == 0;
	if (has_base)
		result = store_find_document(history, slice_cstr(base), fault);
	if (result < 0)
		return result;
	result = codec_pack(bytes, has_base ? strbuf_slice(&history->document) : SLICE_NONE,
			    has_base ? CODEC_LEVEL_PATCH : FIRST_LEVEL, &packed, fault);
	if (result == 0)
		result = insert(history, bytes, sha256, has_base ? base : NULL,
				has_base ? depth : 0, strbuf_slice(&packed), fault);
	if (result < 0)
		return result;
	strbuf_add(&copy, bytes);
	if (!copy.failed)
		remember(history, &copy, sha256);
	return 0;
}
