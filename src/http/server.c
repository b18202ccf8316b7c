#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/library.h"
#include "base/utf8.h"
#include "http/acceptor.h"
#include "http/lane.h"
#include "base/memory_file.h"
#include "http/recent.h"
#include "http/request.h"
#include "http/respond.h"

enum {
	/* Of a connection: its request's header, and then that of its response. */
	CONNECTION_MEMORY = 16 * 1024,
	/* A response takes this many times as long as a request may: a slow reader is a reader. */
	RESPONSE_FACTOR = 20,
	/* Bytes of a body that are copied for sending; larger ones stay where they are until then.
	 */
	COPY_MAX = 64 * 1024,
	REASON_MAX = 80,
	GRACE_SECONDS = 5, /* for what was given up to be sent */
};

#define MHD_FUNCTIONS(each)                                                                        \
	each(suspend_connection) each(resume_connection) each(start_daemon) each(stop_daemon)      \
		each(add_connection) each(get_connection_info) each(get_connection_values_n)       \
			each(lookup_connection_value) each(create_response_from_buffer)            \
				each(create_response_from_fd_at_offset64)                          \
					each(create_response_from_buffer_with_free_callback_cls)   \
						each(add_response_header) each(queue_response)     \
							each(destroy_response)

struct microhttpd {
#define MHD_MEMBER(name) typeof(MHD_##name) *name;
	MHD_FUNCTIONS(MHD_MEMBER)
#undef MHD_MEMBER
};

struct server {
	struct microhttpd mhd;
	struct server_options options;
	struct operations operations;
	_Atomic uint64_t generation; /* of answers: those of another one are forgotten */
	_Atomic unsigned changing;   /* changes under way: nothing is answered again meanwhile */
	struct MHD_Daemon *daemon;
	struct acceptor *acceptor;
	struct lane *lanes[SERVER_LANES]; /* for what takes long; NULL: nothing does */
	_Atomic uint64_t sending;	  /* bytes of memory in bodies that are on their way */
	_Atomic unsigned connections;	  /* that the library has, begun or not yet */
	pthread_mutex_t lock;		  /* of the list of connections */
	struct connection *first;
};

/*
 * A connection, from when it is accepted until it is closed. Its own thread changes it; another one
 * walks the list to close what takes too long, and so reads fd, deadline and busy.
 */
struct connection {
	struct server *server;
	struct connection *next, *previous;
	int fd;
	_Atomic int64_t deadline; /* nanoseconds; when to close it, unless it comes to something */
	atomic_bool busy;	  /* a request is being answered */
	bool begun;		  /* likewise, and its header was looked at */
	char peer[INET6_ADDRSTRLEN];
	/* Of the request that is being read or answered: */
	struct strbuf target, body;
	const struct route *route;
	struct slice method;
	struct slow *slow; /* it was handed to another thread, which is done when this is seen */
	int64_t began;	   /* nanoseconds */
	unsigned status;
	uint64_t bytes;
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void allow_time(struct connection *connection, int64_t from, unsigned factor)
{
	int64_t seconds = (int64_t)connection->server->options.seconds * factor;

	atomic_store_explicit(&connection->deadline, from + seconds * 1000000000,
			      memory_order_relaxed);
}

static struct slice lookup(struct MHD_Connection *connection, const struct microhttpd *mhd,
			   const char *name)
{
	return slice_cstr(mhd->lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *name,
				   size_t name_n, const char *value, size_t value_n)
{
	struct slice text = {value ? value : "", value ? value_n : 0};

	(void)kind;
	return request_add_header(context, (struct slice){name, name_n}, text) ? MHD_YES : MHD_NO;
}

/* Reads the header of a request. A refusal, of status 0 where there is nothing wrong with it. */
static struct refusal read_request(struct connection *connection, struct MHD_Connection *mhd,
				   const char *version, struct request_head *head,
				   struct http_request *request)
{
	request_begin(head);
	head->method = connection->method;
	head->target = strbuf_slice(&connection->target);
	head->target_cut = connection->target.failed;
	head->version = slice_cstr(version);
	connection->server->mhd.get_connection_values_n(mhd, MHD_HEADER_KIND, take_header, head);
	request->body = strbuf_slice(&connection->body);
	request->peer = slice_cstr(connection->peer);
	request->operations = &connection->server->operations;
	return request_read(head, request);
}

/* A response whose body is sent from where it was made. */
struct sending {
	struct server *server;
	struct http_response response;
};

/* Bytes of memory that a body has, which nobody else has a use for. */
static uint64_t own_bytes(const struct http_response *response)
{
	return response->body.size;
}

static void free_sending(void *context)
{
	struct sending *sending = context;

	atomic_fetch_sub(&sending->server->sending, own_bytes(&sending->response));
	http_response_done(&sending->response);
	free(sending);
}

/* The body as part of a file, whose descriptor the library closes; NULL: it is of none. */
static struct MHD_Response *make_of_file(const struct microhttpd *mhd,
					 const struct http_response *response, struct slice body)
{
	for (size_t i = 0; i < ARRAY_SIZE(response->files); i++) {
		struct MHD_Response *made;
		uint64_t offset;
		int fd;

		if (!response->files[i] ||
		    !memory_file_share(response->files[i], body, &fd, &offset))
			continue;
		made = mhd->create_response_from_fd_at_offset64(body.n, fd, offset);
		if (!made)
			close(fd);
		return made;
	}
	return NULL;
}

/* The body as the library sends it, which owns response from then; NULL without memory. */
static struct MHD_Response *make_body(struct server *server, struct http_response *response)
{
	const struct microhttpd *mhd = &server->mhd;
	struct slice body = respond_body(response);
	struct sending *sending;
	struct MHD_Response *made;

	if (body.n <= COPY_MAX)
		return mhd->create_response_from_buffer(body.n, (void *)body.p,
							MHD_RESPMEM_MUST_COPY);
	made = make_of_file(mhd, response, body);
	if (made)
		return made;
	sending = malloc(sizeof(*sending));
	if (!sending)
		return NULL;
	*sending = (struct sending){server, *response};
	made = mhd->create_response_from_buffer_with_free_callback_cls(body.n, (void *)body.p,
								       free_sending, sending);
	if (!made) {
		free(sending);
		return NULL;
	}
	atomic_fetch_add(&server->sending, own_bytes(response));
	*response = (struct http_response){};
	return made;
}

/* Headers are checked once more by the library, which takes none with a line break. */
static bool add_headers(const struct microhttpd *mhd, struct MHD_Response *made,
			const struct http_response *response)
{
	char name[REASON_MAX], value[HTTP_TEXT_MAX + 1];

	for (size_t i = 0; i < response->header_count; i++) {
		const struct http_header *header = &response->headers[i];

		if (header->name.n >= sizeof(name) || header->value.n >= sizeof(value))
			return false;
		memcpy(name, header->name.p, header->name.n);
		name[header->name.n] = '\0';
		memcpy(value, header->value.p, header->value.n);
		value[header->value.n] = '\0';
		if (mhd->add_response_header(made, name, value) != MHD_YES)
			return false;
	}
	return true;
}

/*
 * Sends what was answered; with last set, the connection is closed after it. With a key it is kept
 * for the next who asks.
 */
static enum MHD_Result send_response(struct connection *connection, struct MHD_Connection *mhd,
				     struct http_response *response, bool last,
				     const struct recent_key *key)
{
	const struct microhttpd *functions = &connection->server->mhd;
	struct http_response headers = *response;
	struct MHD_Response *made;
	enum MHD_Result result = MHD_NO;

	connection->status = response->status;
	connection->bytes = respond_body(response).n;
	connection->route = response->route;
	made = make_body(connection->server, response);
	if (!made)
		return MHD_NO;
	if (add_headers(functions, made, &headers) &&
	    (!last || functions->add_response_header(made, "Connection", "close") == MHD_YES))
		result = functions->queue_response(mhd, headers.status, made);
	if (result != MHD_YES || !key || connection->bytes > COPY_MAX ||
	    !recent_keep(
		    key,
		    &(struct recent_answer){made, headers.route, connection->bytes, headers.status},
		    functions->destroy_response))
		functions->destroy_response(made);
	return result;
}

static enum MHD_Result refuse(struct connection *connection, struct MHD_Connection *mhd,
			      const struct refusal *refusal)
{
	struct http_request request = {.method = HTTP_OTHER};
	struct http_response response = {};
	enum MHD_Result result = MHD_NO;

	if (http_problem(&response, refusal->status, refusal->title, refusal->detail) == 0) {
		respond(&request, &response);
		result = send_response(connection, mhd, &response, true, NULL);
	}
	http_response_done(&response);
	return result;
}

/*
 * Whether the answer depends on nothing but the target, If-None-Match and whether it is compressed.
 * What handlers look at beside that are Accept, of what is neither 200 nor 304, and what follows.
 */
static bool may_be_recent(const struct http_request *request)
{
	static const struct slice others[] = {SLICE("Range"), SLICE("Cookie"),
					      SLICE("Authorization")};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (http_header(request, others[i]).p)
			return false;
	}
	/* Beside the tags nothing looks at the date (RFC 9110, section 13.1.3). */
	return request->method == HTTP_GET && request->body.n == 0 &&
	       (http_header(request, SLICE("If-None-Match")).p ||
		!http_header(request, SLICE("If-Modified-Since")).p);
}

/* Whether an answer is the same for all who ask, until another edition is served. */
static bool is_repeatable(const struct http_response *response)
{
	return (response->status == 200 || response->status == 304) && response->route &&
	       !respond_is_private(response);
}

/* Sends an answer that was given before. */
static enum MHD_Result repeat(struct connection *connection, struct MHD_Connection *mhd,
			      const struct recent_answer *recent)
{
	connection->status = recent->status;
	connection->bytes = recent->bytes;
	connection->route = recent->route;
	return connection->server->mhd.queue_response(mhd, recent->status, recent->response);
}

/* A request that was read, and what becomes of its answer. */
struct asked {
	struct http_request request;
	struct http_response response;
	struct recent_key key;
	bool last, repeatable;
};

/* Who reads slowly what was made for them alone is not to have all the memory there is. */
static void make_room(struct server *server, struct asked *asked)
{
	struct http_response *response = &asked->response;

	if (respond_body(response).n <= COPY_MAX ||
	    atomic_load(&server->sending) + own_bytes(response) <= server->options.sending)
		return;
	/* Without memory for it there is no status, which sending fails for. */
	if (http_problem(response, 503, SLICE("Service Unavailable"),
			 SLICE("too much is being sent to others; a smaller part can be had")) < 0)
		response->status = 0;
	http_add_header(response, SLICE("Retry-After"), SLICE("10"));
	respond(&asked->request, response);
}

/* Sends the answer, and is done with it. */
static enum MHD_Result finish(struct connection *connection, struct MHD_Connection *mhd,
			      struct asked *asked)
{
	enum MHD_Result result;
	bool repeatable;

	make_room(connection->server, asked);
	repeatable = asked->repeatable && is_repeatable(&asked->response);
	result = send_response(connection, mhd, &asked->response, asked->last,
			       repeatable ? &asked->key : NULL);
	http_response_done(&asked->response);
	return result;
}

/* A request that takes long: another thread answers it while its connection is suspended. */
struct slow {
	struct lane_job job;
	struct server *server;
	struct MHD_Connection *mhd;
	struct http_header headers[REQUEST_HEADERS_MAX];
	struct asked asked;
};

static void slow_free(struct slow *slow)
{
	if (slow)
		http_response_done(&slow->asked.response);
	free(slow);
}

static void answer_slowly(struct lane_job *job, bool ends)
{
	struct slow *slow = (struct slow *)((char *)job - offsetof(struct slow, job));
	struct asked *asked = &slow->asked;

	/* Without memory for it there is no status, which sending fails for. */
	if (ends)
		(void)!http_problem(&asked->response, 503, SLICE("Service Unavailable"),
				    SLICE("the server ends"));
	else
		slow->server->options.answer(slow->server->options.site, &asked->request,
					     &asked->response);
	respond(&asked->request, &asked->response);
	slow->server->mhd.resume_connection(slow->mhd);
}

/* Hands a request over; false, where there is no memory for it. */
static bool hand_to_lane(struct connection *connection, struct MHD_Connection *mhd,
			 enum server_lane lane, const struct asked *asked)
{
	struct server *server = connection->server;
	struct slow *slow = malloc(sizeof(*slow));

	if (!slow)
		return false;
	slow->job.run = answer_slowly;
	slow->server = server;
	slow->mhd = mhd;
	slow->asked = *asked;
	memcpy(slow->headers, asked->request.headers,
	       asked->request.header_count * sizeof(slow->headers[0]));
	slow->asked.request.headers = slow->headers;
	connection->slow = slow;
	server->mhd.suspend_connection(mhd);
	lane_add(server->lanes[lane], &slow->job);
	return true;
}

/*
 * Another one whenever answers are to be forgotten, or another edition is served: both parts only
 * grow.
 */
static uint64_t generation(const struct server *server)
{
	const struct site *site = server->options.site;

	return atomic_load(&server->generation) + (site ? site_state(site) : 0);
}

static enum MHD_Result answer(struct connection *connection, struct MHD_Connection *mhd,
			      const char *version)
{
	struct server *server = connection->server;
	struct request_head head;
	struct asked asked = {.key.target = strbuf_slice(&connection->target)};
	enum server_lane lane = LANE_QUICK;
	struct recent_answer recent;
	struct refusal refusal;

	refusal = read_request(connection, mhd, version, &head, &asked.request);
	if (refusal.status != 0)
		return refuse(connection, mhd, &refusal);
	asked.last = atomic_load_explicit(&server->operations.stopping, memory_order_relaxed);
	asked.repeatable =
		!asked.last && may_be_recent(&asked.request) && atomic_load(&server->changing) == 0;
	/*
	 * Behind that, so that it is the new one when a change was just made; and before the answer
	 * is made, which what comes in between makes one of the past.
	 */
	asked.key.generation = generation(server);
	asked.key.gzip = respond_accepts_gzip(&asked.request);
	asked.key.tags = http_header(&asked.request, SLICE("If-None-Match"));
	if (asked.repeatable && recent_find(&asked.key, &recent))
		return repeat(connection, mhd, &recent);
	if (server->options.lane_of)
		lane = server->options.lane_of(&asked.request);
	if (lane != LANE_QUICK && hand_to_lane(connection, mhd, lane, &asked))
		return MHD_YES;
	server->options.answer(server->options.site, &asked.request, &asked.response);
	respond(&asked.request, &asked.response);
	return finish(connection, mhd, &asked);
}

/* What can be told before the body comes, and is: it is not waited for then. */
static struct refusal check_length(struct connection *connection, struct MHD_Connection *mhd)
{
	const struct microhttpd *functions = &connection->server->mhd;
	const union MHD_ConnectionInfo *info =
		functions->get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct slice length = lookup(mhd, functions, "Content-Length");

	if (info && info->header_size > SERVER_HEADER_MAX)
		return (struct refusal){431, SLICE("Request Header Fields Too Large"), SLICE_NONE};
	/* Of a length that is told at once there are no two opinions (RFC 9112, section 11.2). */
	if (lookup(mhd, functions, "Transfer-Encoding").p)
		return (struct refusal){411, SLICE("Length Required"),
					SLICE("the body's length is to be told by Content-Length")};
	if (length.p && (length.n > 6 || slice_find_byte(length, '-') != (size_t)-1))
		return (struct refusal){413, SLICE("Content Too Large"), SLICE_NONE};
	return (struct refusal){};
}

static enum MHD_Result begin(struct connection *connection, struct MHD_Connection *mhd,
			     const char *method)
{
	struct refusal refusal;

	connection->begun = true;
	connection->method = slice_cstr(method);
	atomic_store_explicit(&connection->busy, true, memory_order_relaxed);
	refusal = check_length(connection, mhd);
	if (lookup(mhd, &connection->server->mhd, "Content-Length").p)
		allow_time(connection, now(), 1);
	return refusal.status != 0 ? refuse(connection, mhd, &refusal) : MHD_YES;
}

/* Called with a request's header, with each piece of its body, and at its end. */
static enum MHD_Result take_request(void *context, struct MHD_Connection *mhd, const char *url,
				    const char *method, const char *version, const char *piece,
				    size_t *piece_n, void **request)
{
	struct connection *connection = *request;
	enum MHD_Result result;

	(void)context, (void)url;
	if (!connection)
		return MHD_NO;
	if (!connection->begun)
		return begin(connection, mhd, method);
	if (connection->slow) {
		connection->slow->asked.last |=
			atomic_load(&connection->server->operations.stopping);
		result = finish(connection, mhd, &connection->slow->asked);
		slow_free(take(connection->slow));
		return result;
	}
	if (*piece_n > 0) {
		strbuf_add(&connection->body, (struct slice){piece, *piece_n});
		*piece_n = 0;
		return MHD_YES;
	}
	allow_time(connection, now(), RESPONSE_FACTOR);
	if (connection->body.failed)
		return refuse(connection, mhd,
			      &(struct refusal){413, SLICE("Content Too Large"), SLICE_NONE});
	return answer(connection, mhd, version);
}

static void write_access(struct connection *connection, struct MHD_Connection *mhd,
			 uint64_t nanoseconds)
{
	const struct server_options *options = &connection->server->options;
	const struct microhttpd *functions = &connection->server->mhd;
	struct strbuf line = {};
	struct access_entry entry = {.time = time(NULL),
				     .peer = slice_cstr(connection->peer),
				     .method = connection->method,
				     .target = strbuf_slice(&connection->target),
				     .referer = lookup(mhd, functions, "Referer"),
				     .agent = lookup(mhd, functions, "User-Agent"),
				     .status = connection->status,
				     .bytes = connection->bytes,
				     .microseconds = nanoseconds / 1000};

	access_log_line(options->access, &entry, &line);
	if (!line.failed)
		/* Who reads it may have gone: requests are answered all the same. */
		(void)!write(options->access_fd, line.p, line.n);
	strbuf_done(&line);
}

/* A request was answered, or given up. */
static void end_request(void *context, struct MHD_Connection *mhd, void **request,
			enum MHD_RequestTerminationCode how)
{
	struct connection *connection = *request;
	struct server *server = context;
	int64_t ended = now();
	uint64_t took;

	if (!connection || !connection->begun)
		return;
	took = (uint64_t)(ended - connection->began);
	if (how != MHD_REQUEST_TERMINATED_COMPLETED_OK ||
	    slice_eq(connection->method, SLICE("HEAD")))
		connection->bytes = 0;
	if (connection->status != 0) {
		operations_count(&server->operations, connection->route, connection->status,
				 connection->bytes, took);
		if (server->options.access != ACCESS_OFF)
			write_access(connection, mhd, took);
	}
	connection->begun = false;
	slow_free(take(connection->slow));
	strbuf_done(&connection->body);
	allow_time(connection, ended, 1);
	atomic_store_explicit(&connection->busy, false, memory_order_relaxed);
}

static struct connection *connection_of(const struct microhttpd *mhd, struct MHD_Connection *of)
{
	const union MHD_ConnectionInfo *info =
		mhd->get_connection_info(of, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

/*
 * The library's memory, in which it would take the query to pieces that nobody asks it for; for
 * many of them there is no room, and then the client waits for an answer in vain (0.9.75).
 */
static void hide_query(char *target)
{
	char *mark = strchr(target, '?');

	if (mark && mark[1] != '\0')
		mark[1] = '\0';
}

/* A request's first line has come: its target is kept before the library takes it to pieces. */
static void *begin_request(void *context, const char *target, struct MHD_Connection *mhd)
{
	struct server *server = context;
	struct connection *connection = connection_of(&server->mhd, mhd);

	if (!connection)
		return NULL;
	connection->target.n = 0;
	connection->target.failed = false;
	strbuf_add(&connection->target, slice_cstr(target));
	hide_query((char *)target);
	connection->began = now();
	connection->status = 0;
	connection->bytes = 0;
	connection->route = NULL;
	connection->begun = false;
	return connection;
}

static void name_peer(const struct sockaddr *address, char space[static INET6_ADDRSTRLEN])
{
	const void *bytes = NULL;
	int family = address ? address->sa_family : AF_UNSPEC;

	if (family == AF_INET) {
		bytes = &((const struct sockaddr_in *)address)->sin_addr;
	} else if (family == AF_INET6) {
		const struct in6_addr *v6 = &((const struct sockaddr_in6 *)address)->sin6_addr;

		bytes = v6;
		if (IN6_IS_ADDR_V4MAPPED(v6)) {
			family = AF_INET;
			bytes = v6->s6_addr + 12;
		}
	}
	if (!bytes || !inet_ntop(family, bytes, space, INET6_ADDRSTRLEN))
		memcpy(space, "unix", sizeof("unix"));
}

static struct connection *open_connection(struct server *server, struct MHD_Connection *mhd)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	const union MHD_ConnectionInfo *info;

	if (!connection)
		return NULL;
	connection->server = server;
	connection->target.max = SERVER_HEADER_MAX;
	connection->body.max = SERVER_BODY_MAX;
	info = server->mhd.get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	connection->fd = info ? info->connect_fd : -1;
	info = server->mhd.get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	name_peer(info ? info->client_addr : NULL, connection->peer);
	allow_time(connection, now(), 1);
	pthread_mutex_lock(&server->lock);
	connection->next = server->first;
	if (server->first)
		server->first->previous = connection;
	server->first = connection;
	pthread_mutex_unlock(&server->lock);
	return connection;
}

static void close_connection(struct server *server, struct connection *connection)
{
	pthread_mutex_lock(&server->lock);
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		server->first = connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
	pthread_mutex_unlock(&server->lock);
	strbuf_done(&connection->target);
	strbuf_done(&connection->body);
	free(connection);
}

/* A connection begins, or ends; its descriptor is open until this returns. */
static void take_connection(void *context, struct MHD_Connection *mhd, void **socket_context,
			    enum MHD_ConnectionNotificationCode what)
{
	struct server *server = context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*socket_context = open_connection(server, mhd);
		if (*socket_context)
			atomic_fetch_add_explicit(&server->operations.connections_opened, 1,
						  memory_order_relaxed);
		return;
	}
	if (*socket_context) {
		close_connection(server, take(*socket_context));
		atomic_fetch_add_explicit(&server->operations.connections_closed, 1,
					  memory_order_relaxed);
	}
	atomic_fetch_sub(&server->connections, 1);
}

/* Targets are decoded by whoever knows what a slash or a plus means there. */
static size_t keep_escapes(void *context, struct MHD_Connection *mhd, char *text)
{
	(void)context, (void)mhd;
	return strlen(text);
}

/*
 * The library is given its connections, as it cannot stop to take them itself without a race that
 * ends the process (0.9.75: MHD_quiesce_daemon() with threads that wait by epoll).
 */
/*
 * The library's own limit of connections is out of reach, and is_full() is in its place: a thread
 * of 0.9.75 waits for itself for ever when it finds at its limit a connection that it was given.
 */
static struct MHD_Daemon *start_daemon(struct server *server)
{
	const struct server_options *options = &server->options;

	return server->mhd.start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_USE_ITC |
			MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME,
		0, NULL, NULL, take_request, NULL, MHD_OPTION_THREAD_POOL_SIZE, options->threads,
		MHD_OPTION_CONNECTION_LIMIT, UINT_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		options->per_address, MHD_OPTION_CONNECTION_TIMEOUT, options->seconds,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, begin_request, server,
		MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED,
		end_request, server, MHD_OPTION_NOTIFY_CONNECTION, take_connection, server,
		MHD_OPTION_END);
}

static bool is_full(void *context)
{
	const struct server *server = context;

	return atomic_load(&server->connections) >= server->options.connections;
}

/* Over a limit, or without memory, the library closes it. */
static void hand_over(void *context, int fd, const struct sockaddr *peer, socklen_t peer_size)
{
	struct server *server = context;

	atomic_fetch_add(&server->connections, 1);
	if (server->mhd.add_connection(server->daemon, fd, peer, peer_size) != MHD_YES)
		atomic_fetch_sub(&server->connections, 1);
}

static void end_lanes(struct server *server)
{
	for (size_t i = 0; i < SERVER_LANES; i++) {
		if (server->lanes[i])
			lane_end(server->lanes[i]);
	}
}

static int start_lanes(struct server *server, struct fault *fault)
{
	static const unsigned threads[SERVER_LANES] = {
		[LANE_SLOW] = 2, [LANE_DESK] = 4, [LANE_LOGIN] = 2};
	int result = 0;

	for (size_t i = 0; i < SERVER_LANES && result == 0; i++) {
		if (threads[i] > 0)
			result = lane_start(threads[i], &server->lanes[i], fault);
	}
	return result;
}

/* Once no connections are taken any more. */
static void server_free(struct server *server)
{
	/* The library ends the process where a connection is suspended when it is stopped. */
	end_lanes(server);
	if (server->daemon)
		server->mhd.stop_daemon(server->daemon);
	for (size_t i = 0; i < SERVER_LANES; i++)
		lane_free(server->lanes[i]);
	pthread_mutex_destroy(&server->lock);
	free(server);
}

int server_start(const struct server_options *options, struct server **ret_server,
		 struct fault *fault)
{
	static const char *const names[] = {
#define MHD_NAME(name) "MHD_" #name,
		MHD_FUNCTIONS(MHD_NAME)
#undef MHD_NAME
	};
	struct server *server = calloc(1, sizeof(*server));
	int result;

	if (!server)
		return fault_memory(fault);
	result = library_open("libmicrohttpd.so.12", "libmicrohttpd", names, ARRAY_SIZE(names),
			      &server->mhd, fault);
	if (result < 0) {
		free(server);
		return result;
	}
	server->options = *options;
	pthread_mutex_init(&server->lock, NULL);
	if (options->lane_of)
		result = start_lanes(server, fault);
	if (result == 0 && !(server->daemon = start_daemon(server)))
		result = fault_set(fault, FAULT_SYSTEM, "the server does not start");
	if (result == 0)
		result = acceptor_start(&(struct acceptor_options){server->options.sockets,
								   options->socket_count, is_full,
								   hand_over, server},
					&server->acceptor, fault);
	if (result < 0) {
		server_free(server);
		return result;
	}
	*ret_server = server;
	return 0;
}

struct operations *server_operations(struct server *server)
{
	return &server->operations;
}

void server_forget(struct server *server)
{
	atomic_fetch_add(&server->generation, 1);
}

void server_begin_change(struct server *server)
{
	atomic_fetch_add(&server->changing, 1);
}

void server_end_change(struct server *server)
{
	atomic_fetch_sub(&server->changing, 1);
}

/*
 * Whether the client of a connection that waits has ended it. The library does not see that where
 * the end came together with what was read last (0.9.75: it waits for an edge that is past).
 */
static bool has_ended(const struct connection *connection)
{
	char byte;

	return !atomic_load_explicit(&connection->busy, memory_order_relaxed) &&
	       recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void server_sweep(struct server *server)
{
	int64_t time = now();

	pthread_mutex_lock(&server->lock);
	for (struct connection *one = server->first; one; one = one->next) {
		bool late = atomic_load_explicit(&one->deadline, memory_order_relaxed) < time;

		if (!late && !has_ended(one))
			continue;
		/* Its thread is told by this, and closes it. */
		shutdown(one->fd, SHUT_RDWR);
		if (!late)
			continue;
		atomic_store_explicit(&one->deadline, INT64_MAX, memory_order_relaxed);
		atomic_fetch_add_explicit(&server->operations.connections_timed_out, 1,
					  memory_order_relaxed);
	}
	pthread_mutex_unlock(&server->lock);
}

/* Tells connections that wait that nothing more is read. Whether there is any connection. */
static bool close_idle(struct server *server)
{
	bool any;

	pthread_mutex_lock(&server->lock);
	any = server->first != NULL;
	for (struct connection *one = server->first; one; one = one->next) {
		if (!atomic_load_explicit(&one->busy, memory_order_relaxed))
			shutdown(one->fd, SHUT_RD);
	}
	pthread_mutex_unlock(&server->lock);
	return any;
}

/* Waits for connections to end, but for no longer than that. */
static void drain(struct server *server, unsigned seconds)
{
	int64_t end = now() + (int64_t)seconds * 1000000000;

	/* What was taken last may not be in the list yet. */
	do
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	while (close_idle(server) && now() < end);
}

void server_stop(struct server *server, unsigned seconds)
{
	if (!server)
		return;
	atomic_store(&server->operations.stopping, true);
	acceptor_stop(server->acceptor);
	/* Clients are not to wait in a queue for nobody; unless another server will come. */
	for (size_t i = server->options.inherited; i < server->options.socket_count; i++)
		shutdown(server->options.sockets[i], SHUT_RDWR);
	drain(server, seconds);
	/* What waits for a thread is told that it ends, and has a moment to be sent. */
	end_lanes(server);
	drain(server, GRACE_SECONDS);
	for (size_t i = 0; i < server->options.socket_count; i++)
		close(server->options.sockets[i]);
	server_free(server);
}
