/* The header alone, before any other and twice: it needs none, and guards itself. */
#include <portbook/portbook.h>
#include <portbook/portbook.h>

int main(void)
{
	uint32_t rows[1];
	portbook *book;
	size_t n;

	if (portbook_open(NULL, &book) != 0)
		return 1;
	n = portbook_find_port(book, 443, PORTBOOK_TCP, rows, 1);
	portbook_close(book);
	return n == 1 ? 0 : 1;
}
