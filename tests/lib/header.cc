// The header from C++: it compiles, links and answers. test_header.py builds and runs it.
#include <portbook/portbook.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

struct Close {
	void operator()(portbook *book) const { portbook_close(book); }
	void operator()(portbook_search *search) const { portbook_search_free(search); }
};

static std::vector<uint32_t> find(const portbook *book, uint16_t port)
{
	std::vector<uint32_t> rows(portbook_find_port(book, port, PORTBOOK_ANY, nullptr, 0));

	portbook_find_port(book, port, PORTBOOK_ANY, rows.data(), rows.size());
	return rows;
}

int main()
{
	portbook *opened = nullptr;

	if (portbook_open(nullptr, &opened) != 0)
		return 1;
	std::unique_ptr<portbook, Close> book(opened);
	std::unique_ptr<portbook_search, Close> search(portbook_search_new(book.get()));
	uint32_t row = 0;

	if (!search || portbook_search_text(search.get(), "https") == 0 ||
	    !portbook_search_next(search.get(), &row))
		return 1;
	for (uint32_t found : find(book.get(), 443)) {
		if (std::strcmp(portbook_row_text(book.get(), found, PORTBOOK_NAME), "https") != 0)
			return 1;
	}
	std::printf("%zu\n", find(book.get(), 443).size());
	return 0;
}
