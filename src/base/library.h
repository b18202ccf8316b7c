/*
 * Shared libraries that are opened when they are first needed, and not by the loader: at the start
 * of a program they would take longer than most of its answers.
 */
#ifndef PORTBOOK_BASE_LIBRARY_H
#define PORTBOOK_BASE_LIBRARY_H

#include "base/attr.h"
#include "base/fault.h"

/*
 * Finds functions of the shared library of that file name ("libz.so.1"). functions is a struct of
 * nothing but function pointers, in the order of the names; on failure it is as it was. The
 * library stays open until the program ends; opening it again costs next to nothing. what names
 * it for people. 0, or FAULT_SYSTEM where it is not there or lacks one of the functions.
 */
int library_open(const char *file, const char *what, const char *const *names, size_t count,
		 void *functions, struct fault *fault) MUST_USE;

#endif
