/* request account password: from a terminal, twice and unseen, or from a file. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "cli/request_account.h"

enum { LINE_MAX_BYTES = 1024 };

struct password {
	char bytes[LINE_MAX_BYTES];
	size_t n;
};

static void password_done(struct password *password)
{
	explicit_bzero(password, sizeof(*password));
}

/* The first line, without its end. */
static int read_line(int fd, struct password *password, struct fault *fault)
{
	ssize_t got;

	password->n = 0;
	while (password->n < sizeof(password->bytes)) {
		got = read(fd, password->bytes + password->n, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fault_set(fault, FAULT_SYSTEM, "cannot read a password: %s",
					 strerror(errno));
		if (got == 0 || password->bytes[password->n] == '\n')
			break;
		password->n++;
	}
	if (password->n > 0 && password->bytes[password->n - 1] == '\r')
		password->n--;
	return 0;
}

/* Without echo. Signals wait, so that none leaves the terminal like that. */
static int ask(const char *what, struct password *password, struct fault *fault)
{
	struct termios before, unseen;
	sigset_t all, old;
	int result;

	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return fault_set(fault, FAULT_SYSTEM, "cannot ask for a password: %s",
				 strerror(errno));
	unseen = before;
	unseen.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	/* In this order: what is typed once it asks is not lost. */
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen) < 0 ||
	    write(STDERR_FILENO, what, strlen(what)) < 0)
		result = fault_set(fault, FAULT_SYSTEM, "cannot ask for a password: %s",
				   strerror(errno));
	else
		result = read_line(STDIN_FILENO, password, fault);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	(void)!write(STDERR_FILENO, "\n", 1);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return result;
}

/* 0; STATUS_USAGE, which was said; or a negative fault. */
static int ask_twice(struct password *password, struct fault *fault)
{
	struct password again CLEANUP(password_done) = {};
	int result = ask("New password: ", password, fault);

	if (result == 0)
		result = ask("Once more: ", &again, fault);
	if (result < 0)
		return result;
	if (slice_eq((struct slice){password->bytes, password->n},
		     (struct slice){again.bytes, again.n}))
		return 0;
	say("the two are not the same");
	return STATUS_USAGE;
}

static int read_password(const struct arguments *arguments, struct password *password,
			 struct fault *fault)
{
	const char *path = arguments->word_count > 1 ? arguments->words[1] : "-";
	int fd, result;

	if (strcmp(path, "-") == 0)
		return arguments->word_count < 2 && isatty(STDIN_FILENO)
			       ? ask_twice(password, fault)
			       : read_line(STDIN_FILENO, password, fault);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, "cannot open %s: %s", path, strerror(errno));
	result = read_line(fd, password, fault);
	close(fd);
	return result;
}

static int set(struct account_work *work)
{
	struct desking *desking = work->desking;
	int result = account_password_set(work->db, work->account.number, work->data, 0,
					  &desking->fault);

	out_put(&work->note, SLICE(",\"did\":\"password\""));
	if (result == 0 && work->account.has_password)
		result = desk_warn(desking->desk, &work->account, "its password was changed",
				   desking->now, &desking->fault);
	return account_refused(desking, result);
}

/* Before the transaction: others are not kept waiting by that. */
static int make_hash(struct desking *desking, const struct password *password,
		     struct account_hash *ret_hash)
{
	struct accounts *accounts CLEANUP(accounts_closep) = NULL;
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	int result = desking_find_account(desking, slice_cstr(desking->cli->arguments.words[0]),
					  &arena, &account);

	if (result == 0)
		result = accounts_open(NULL, &accounts, &desking->fault);
	if (result != 0)
		return result;
	return account_refused(desking,
			       account_password_hash(accounts, &account,
						     (struct slice){password->bytes, password->n},
						     ret_hash, &desking->fault));
}

static int change(struct desking *desking)
{
	struct password password CLEANUP(password_done) = {};
	struct account_hash hash;
	int result = account_admit_self(desking);

	if (result == 0)
		result = read_password(&desking->cli->arguments, &password, &desking->fault);
	if (result == 0)
		result = make_hash(desking, &password, &hash);
	return result == 0 ? account_work(desking, SLICE("account"), set, &hash) : result;
}

int request_account_password_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, change);
}
