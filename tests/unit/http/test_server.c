#undef NDEBUG
#include "../testing.h"

#include <arpa/inet.h>
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/http.h"
#include "http/listen.h"
#include "http/server.h"

/* One large answer is more than half of what may be on its way. */
enum { LARGE = 20 << 20, SENDING_MAX = 2 * LARGE };

/* Slow requests: those under way say so, and go on when they are let. */
static sem_t begun, let;

static bool is_slow(const struct http_request *request)
{
	return slice_starts(request->path, SLICE("/slow"));
}

static enum server_lane lane_of(const struct http_request *request)
{
	return is_slow(request) ? LANE_SLOW : LANE_QUICK;
}

static void answer(struct site *site, const struct http_request *request,
		   struct http_response *response)
{
	assert(!site);
	if (is_slow(request)) {
		sem_post(&begun);
		while (sem_wait(&let) < 0)
			;
	}
	assert(http_respond(response, 200, HTTP_PLAIN) == 0);
	/* More than a socket takes that nobody reads. */
	for (size_t i = 0; i < LARGE / 16 && slice_eq(request->path, SLICE("/large")); i++)
		out_put(&response->body, SLICE("sixteen of bytes"));
	out_put(&response->body, request->path);
	/* It is not lost while its connection is suspended. */
	out_put(&response->body, http_header(request, SLICE("X-Mark")));
}

static struct server *start(struct sockaddr_in *ret_address)
{
	struct server_options options = {.answer = answer,
					 .lane_of = lane_of,
					 .socket_count = 1,
					 .threads = 1,
					 .connections = 10,
					 .seconds = 30,
					 .sending = SENDING_MAX};
	socklen_t size = sizeof(*ret_address);
	struct server *server;
	struct fault fault;

	assert_int_equal(listen_tcp(SLICE("127.0.0.1:0"), &options.sockets[0], &fault), 0);
	assert_int_equal(getsockname(options.sockets[0], (struct sockaddr *)ret_address, &size), 0);
	assert_int_equal(server_start(&options, &server, &fault), 0);
	return server;
}

static int ask(const struct sockaddr_in *address, const char *path)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[4000];
	int n = snprintf(text, sizeof(text),
			 "GET %s HTTP/1.1\r\nHost: x\r\nX-Mark: %s!\r\nConnection: close\r\n\r\n",
			 path, path);

	assert_true(fd >= 0);
	assert_true(n < (int)sizeof(text));
	assert_int_equal(connect(fd, (const struct sockaddr *)address, sizeof(*address)), 0);
	assert_int_equal(send(fd, text, (size_t)n, 0), n);
	return fd;
}

/* Reads until the end: a status and, somewhere, a text. */
static void assert_answer(int fd, const char *status, const char *text)
{
	char answer[4096];
	size_t n = 0;
	ssize_t some;

	while ((some = recv(fd, answer + n, sizeof(answer) - 1 - n, 0)) > 0)
		n += (size_t)some;
	answer[n] = '\0';
	close(fd);
	assert_int_equal(strncmp(answer + strlen("HTTP/1.1 "), status, 3), 0);
	assert_non_null(strstr(answer, text));
}

static int set_up(void **context)
{
	(void)context;
	return sem_init(&begun, 0, 0) | sem_init(&let, 0, 0);
}

static void test_quick_need_not_wait(void **context)
{
	enum { SLOW = 5 };
	struct sockaddr_in address;
	struct server *server = start(&address);
	int slow[SLOW];

	(void)context;
	for (size_t i = 0; i < SLOW; i++)
		slow[i] = ask(&address, "/slow");
	sem_wait(&begun);
	assert_answer(ask(&address, "/quick"), "200", "/quick/quick!");
	for (size_t i = 0; i < SLOW; i++)
		sem_post(&let);
	for (size_t i = 0; i < SLOW; i++)
		assert_answer(slow[i], "200", "/slow/slow!");
	server_stop(server, 10);
}

/* A client that does not wait for its answer. */
static void test_gone(void **context)
{
	struct sockaddr_in address;
	struct server *server = start(&address);

	(void)context;
	for (size_t i = 0; i < 5; i++)
		close(ask(&address, "/slow"));
	for (size_t i = 0; i < 5; i++)
		sem_post(&let);
	assert_answer(ask(&address, "/quick"), "200", "/quick");
	server_stop(server, 10);
}

/* The head of an answer; the rest of it is not read. */
static void assert_begins(int fd, const char *status)
{
	char head[13] = "";

	assert_int_equal(recv(fd, head, 12, MSG_WAITALL), 12);
	assert_string_equal(head + strlen("HTTP/1.1 "), status);
}

/* Large answers that nobody reads are only so many; other ones are given, and these later on. */
static void test_unread(void **context)
{
	struct sockaddr_in address;
	struct server *server = start(&address);
	int first = ask(&address, "/large"), next;

	(void)context;
	assert_begins(first, "200");
	assert_answer(ask(&address, "/large"), "503", "Retry-After: ");
	assert_answer(ask(&address, "/small"), "200", "/small");
	close(first);
	for (bool again = true; again; close(next)) {
		char head[12];

		next = ask(&address, "/large");
		assert_int_equal(recv(next, head, sizeof(head), MSG_WAITALL), sizeof(head));
		again = head[9] != '2';
	}
	server_stop(server, 0);
}

/* Queries are for whoever answers: what the library makes of them takes none of its memory. */
static void test_parameters(void **context)
{
	struct sockaddr_in address;
	struct server *server = start(&address);
	char path[1500] = "/?";

	(void)context;
	memset(path + 2, '&', sizeof(path) - 3);
	assert_answer(ask(&address, path), "400", "too many parameters");
	memset(path + 2, 'a', sizeof(path) - 3);
	assert_answer(ask(&address, path), "200", "//?aaaaaa");
	server_stop(server, 10);
}

static void *stop(void *context)
{
	server_stop(context, 0);
	return NULL;
}

/* What was begun is answered, what waits is refused, and nobody is left without an answer. */
static void test_stops(void **context)
{
	enum { SLOW = 5, BEGUN = 2 /* as many as there are threads for them */ };
	struct sockaddr_in address;
	struct server *server = start(&address);
	int slow[SLOW];
	pthread_t thread;

	(void)context;
	for (size_t i = 0; i < SLOW; i++) {
		slow[i] = ask(&address, "/slow");
		if (i < BEGUN)
			sem_wait(&begun);
	}
	/* All were read once this one is answered behind them. */
	assert_answer(ask(&address, "/quick"), "200", "/quick");
	assert_int_equal(pthread_create(&thread, NULL, stop, server), 0);
	/* The end comes sooner or later than this; either way those that are begun hold it up. */
	usleep(100000);
	for (size_t i = 0; i < BEGUN; i++)
		sem_post(&let);
	pthread_join(thread, NULL);
	for (size_t i = 0; i < SLOW; i++)
		assert_answer(slow[i], i < BEGUN ? "200" : "503", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_quick_need_not_wait, set_up),
		cmocka_unit_test_setup(test_gone, set_up),
		cmocka_unit_test_setup(test_unread, set_up),
		cmocka_unit_test_setup(test_parameters, set_up),
		cmocka_unit_test_setup(test_stops, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
