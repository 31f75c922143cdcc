/* For a program that is linked whole, and loads nothing: SQLite would load extensions with
 * this, if it were asked to. The linker puts it in the place of dlopen(), of which it warns. */
#include <stddef.h>

void *__wrap_dlopen(const char *file, int mode);

void *
__wrap_dlopen(const char *file, int mode)
{
    (void)file;
    (void)mode;
    return NULL;
}
