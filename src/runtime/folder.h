/* Folders for completion: the part of struct pc_around that touches files. No Python. */
#ifndef PC_RUNTIME_FOLDER_H
#define PC_RUNTIME_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* As pc_around.list; `sink` is a pc_entry_sink. */
void pc_folder_list(const char *folder,
                    int (*sink)(void *ctx, const char *name, bool is_folder),
                    void *ctx);

/* As pc_around.exists and pc_around.read. */
bool pc_folder_exists(const char *path);
char *pc_folder_read(const char *path, size_t most, size_t *ret_len);

#endif
