/* Folders for completion; see folder.h. */
#include "runtime/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The path with the user's home for ~; false if it is too long, or there is none. */
static bool
expand(const char *path, char *ret_path, size_t room)
{
    const char *home = "";
    if (path[0] == '~' && path[1] == '/') {
        home = getenv("HOME");
        path++;
    }
    int len = home == NULL ? -1 : snprintf(ret_path, room, "%s%s", home, path);
    return len >= 0 && (size_t)len < room;
}

static bool
is_folder(int fd, const struct dirent *entry)
{
    struct stat status;
    if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN) {
        return entry->d_type == DT_DIR;
    }
    return fstatat(fd, entry->d_name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

void
pc_folder_list(const char *folder,
               int (*sink)(void *ctx, const char *name, bool is_folder), void *ctx)
{
    char path[PATH_MAX];
    DIR *dir = expand(folder, path, sizeof path) ? opendir(path) : NULL;
    if (dir == NULL) {
        return;
    }
    const struct dirent *entry = NULL;
    bool more = true;
    while (more && (entry = readdir(dir)) != NULL) {
        bool own = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        more = own || sink(ctx, entry->d_name, is_folder(dirfd(dir), entry)) == 0;
    }
    (void)closedir(dir);
}

bool
pc_folder_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

char *
pc_folder_read(const char *path, size_t most, size_t *ret_len)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool plain = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                 (size_t)status.st_size <= most;
    char *bytes = plain ? malloc((size_t)status.st_size + 1) : NULL;
    ssize_t len = bytes == NULL ? -1 : read(fd, bytes, (size_t)status.st_size);
    if (fd >= 0) {
        close(fd);
    }
    if (len < 0) {
        free(bytes);
        return NULL;
    }
    *ret_len = (size_t)len;
    return bytes;
}
