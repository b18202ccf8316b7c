#include "accounts/peer.h"

#include <arpa/inet.h>

#include "accounts/rows.h"
#include "accounts/secret.h"

enum { ADDRESS_SIZE = 16, NETWORK_SIZE = 8 };

/* The address as one of IPv6. */
static bool read_address(struct slice peer, unsigned char ret_address[static ADDRESS_SIZE])
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	char text[ACCOUNT_PEER_SIZE] = "";

	if (peer.n == 0 || peer.n >= sizeof(text) || memchr(peer.p, '\0', peer.n))
		return false;
	memcpy(text, peer.p, peer.n);
	memcpy(ret_address, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, ret_address + sizeof(mapped)) == 1 ||
	       inet_pton(AF_INET6, text, ret_address) == 1;
}

/* IPv4 among IPv6 is written as such. */
static bool is_mapped(const unsigned char address[static ADDRESS_SIZE])
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(address, mapped, sizeof(mapped)) == 0;
}

static void write_address(const unsigned char address[static ADDRESS_SIZE],
			  char space[static ACCOUNT_PEER_SIZE])
{
	/* The space is large enough, which is all that could fail. */
	if (is_mapped(address))
		(void)inet_ntop(AF_INET, address + 12, space, ACCOUNT_PEER_SIZE);
	else
		(void)inet_ntop(AF_INET6, address, space, ACCOUNT_PEER_SIZE);
}

bool peer_address(struct slice peer, char ret_address[static ACCOUNT_PEER_SIZE])
{
	unsigned char address[ADDRESS_SIZE];

	if (slice_eq(peer, SLICE("unix"))) {
		memcpy(ret_address, "unix", sizeof("unix"));
		return true;
	}
	if (!read_address(peer, address))
		return false;
	write_address(address, ret_address);
	return true;
}

struct slice account_peer_key(struct slice peer, char space[static ACCOUNT_PEER_SIZE])
{
	unsigned char address[ADDRESS_SIZE];
	size_t n = peer.n < ACCOUNT_PEER_SIZE - 1 ? peer.n : ACCOUNT_PEER_SIZE - 1;

	if (read_address(peer, address)) {
		if (!is_mapped(address))
			memset(address + NETWORK_SIZE, 0, ADDRESS_SIZE - NETWORK_SIZE);
		write_address(address, space);
		return slice_cstr(space);
	}
	if (n > 0)
		memcpy(space, peer.p, n);
	space[n] = '\0';
	return (struct slice){space, n};
}

struct slice account_peer_address(struct slice text)
{
	unsigned char address[ADDRESS_SIZE];
	struct slice rest = text, host;

	if (slice_starts(text, SLICE("["))) {
		rest = slice_skip(text, 1);
		host = slice_cut(&rest, ']');
	} else {
		host = slice_cut(&rest, ':');
		/* More colons than one are those of IPv6. */
		if (slice_find_byte(rest, ':') != (size_t)-1)
			host = text;
	}
	return read_address(host, address) ? host : SLICE_NONE;
}

bool accounts_trust(const struct accounts *accounts, struct slice peer)
{
	char address[ACCOUNT_PEER_SIZE];
	bool trusted = false;

	if (!peer_address(peer, address))
		return false;
	for (size_t i = 0; i < accounts->proxy_count; i++)
		trusted |= slice_eq(slice_cstr(address), slice_cstr(accounts->proxies[i]));
	return trusted;
}

int accounts_by_proxy(const struct accounts *accounts, struct db *db, struct slice peer,
		      struct slice header, struct arena *arena, struct account *ret_account,
		      struct fault *fault)
{
	struct account account;
	struct login_key key;
	int result;

	if (!accounts_trust(accounts, peer))
		return fault_set(fault, ACCOUNT_REFUSED,
				 "this peer says nothing of who somebody is");
	if (header.n == 0 || !rows_login_key(header, &key))
		return fault_set(fault, ACCOUNT_REFUSED, "the proxy's header is no login");
	result = account_find(db, header, arena, &account, fault);
	if (result == 0 && account.disabled.p)
		return ACCOUNT_NONE;
	if (result == 0)
		*ret_account = account;
	return result;
}
