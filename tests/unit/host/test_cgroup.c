#undef NDEBUG
#include "host/cgroup.h"

#include "../testing.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *text, *unit, *kind, *container;
} cases[] = {
	{"0::/system.slice/nginx.service\n", "nginx.service", NULL, NULL},
	{"0::/system.slice/system-foo.slice/foo@a.service/worker\n", "foo@a.service", NULL, NULL},
	{"0::/user.slice/user-1000.slice/user@1000.service/app.slice/web.service\n", "web.service",
	 NULL, NULL},
	{"0::/user.slice/user-1000.slice/session-3.scope\n", "session-3.scope", NULL, NULL},
	{"0::/init.scope\n", "init.scope", NULL, NULL},
	{"0::/\n", NULL, NULL, NULL},
	{"", NULL, NULL, NULL},
	{"no cgroup at all", NULL, NULL, NULL},
	{"::::\n:\n::\n", NULL, NULL, NULL},
	/* Version 1: its own hierarchy has the units. */
	{"4:memory:/a.service\n1:name=systemd:/system.slice/b.service\n3:cpu:/c.service\n",
	 "b.service", NULL, NULL},
	{"0::/system.slice/docker-" ID ".scope\n", NULL, "docker", ID},
	{"12:pids:/docker/" ID "\n1:name=systemd:/docker/" ID "\n", NULL, "docker", ID},
	{"0::/system.slice/docker-" ID ".scope/system.slice/inner.service\n", NULL, "docker", ID},
	{"0::/docker/" ID "/docker/abcdefabcdef\n", NULL, "docker", ID},
	{"0::/machine.slice/libpod-" ID ".scope/container\n", NULL, "podman", ID},
	{"0::/user.slice/user@1.service/user.slice/libpod-" ID ".scope\n", "user@1.service",
	 "podman", ID},
	{"0::/libpod_parent/libpod-" ID "\n", NULL, "podman", ID},
	{"0::/machine.slice/libpod-conmon-" ID ".scope\n", "libpod-conmon-" ID ".scope", NULL,
	 NULL},
	{"0::/kubepods.slice/kubepods-pod1_2.slice/cri-containerd-" ID ".scope\n", NULL,
	 "kubernetes", ID},
	{"0::/kubepods.slice/kubepods-burstable.slice/crio-" ID ".scope\n", NULL, "kubernetes", ID},
	{"0::/kubepods/besteffort/pod11-22/" ID "\n", NULL, "kubernetes", ID},
	{"0::/kubepods/besteffort/pod11-22/docker-" ID ".scope\n", NULL, "kubernetes", ID},
	{"0::/system.slice/kubepods-pod1.slice:cri-containerd:" ID "\n", NULL, "kubernetes", ID},
	{"0::/lxc.payload.web/system.slice/x.service\n", NULL, "lxc", "web"},
	{"4:memory:/lxc/web\n", NULL, "lxc", "web"},
	{"0::/lxc.payload/web\n", NULL, "lxc", "web"},
	{"0::/lxc.monitor.web\n", NULL, NULL, NULL},
	{"0::/machine.slice/machine-deb.scope/payload\n", NULL, "nspawn", "deb"},
	{"0::/machine.slice/systemd-nspawn@deb.service/payload\n", NULL, "nspawn", "deb"},
	/* What only looks like one. */
	{"0::/system.slice/docker.service\n", "docker.service", NULL, NULL},
	{"0::/system.slice/docker-proxy.service\n", "docker-proxy.service", NULL, NULL},
	{"0::/docker/not-an-id\n", NULL, NULL, NULL},
	{"0::/docker-0123.scope\n", "docker-0123.scope", NULL, NULL},
	{"0::/system.slice/docker-" ID "0.scope\n", "docker-" ID "0.scope", NULL, NULL},
	{"0::/machine-.scope\n", "machine-.scope", NULL, NULL},
};

static void expect(struct slice got, const char *expected)
{
	if (!expected) {
		assert_null(got.p);
	} else {
		assert_int_equal(got.n, strlen(expected));
		assert_memory_equal(got.p, expected, got.n);
	}
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct cgroup cgroup = cgroup_parse(slice_cstr(cases[i].text));

		print_message("# case %zu\n", i);
		expect(cgroup.unit, cases[i].unit);
		expect(cgroup.kind, cases[i].kind);
		expect(cgroup.container, cases[i].container);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
