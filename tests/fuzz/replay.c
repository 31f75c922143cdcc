/* Give a fuzz target each file of some folders, as libFuzzer would:
 *
 *     replay_TARGET FOLDER...
 *
 * A target that finds fault aborts. Nothing to read is a fault too. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { SIZE_MOST = 1 << 16 };

static int
replay_file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    unsigned char *data = malloc(SIZE_MOST);
    if (file == NULL || data == NULL) {
        perror(path);
        exit(1);
    }
    size_t size = fread(data, 1, SIZE_MOST, file);
    /* A block of the input's own size, so that reading beyond it is seen. */
    unsigned char *exact = realloc(data, size > 0 ? size : 1);
    int failed = exact == NULL || LLVMFuzzerTestOneInput(exact, size) != 0;
    fclose(file);
    free(exact);
    return failed;
}

int
main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (folder == NULL) {
            perror(argv[i]);
            return 1;
        }
        for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            if (entry->d_name[0] != '.' && replay_file(argv[i], entry->d_name) != 0) {
                return 1;
            }
            count += entry->d_name[0] != '.';
        }
        closedir(folder);
    }
    printf("%d inputs\n", count);
    return count == 0;
}
