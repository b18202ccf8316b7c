/* Inside accounts/: addresses of who asks. */
#ifndef PORTBOOK_ACCOUNTS_PEER_H
#define PORTBOOK_ACCOUNTS_PEER_H

#include "accounts/accounts.h"

/*
 * An address in the one form that is compared, NUL-terminated: one of IPv4 as such, however it is
 * mapped into IPv6; or "unix". False for what is none.
 */
bool peer_address(struct slice peer, char ret_address[static ACCOUNT_PEER_SIZE]) MUST_USE;

#endif
