/* azcmagent.exe: prints the file beside it that has the name of its first argument (`show.txt`), or fails. */
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

int wmain(int argc, wchar_t **argv)
{
    wchar_t path[MAX_PATH * 2], *name;
    char block[4096];
    size_t size;
    FILE *file;

    GetModuleFileNameW(NULL, path, MAX_PATH);
    name = wcsrchr(path, L'\\') + 1;
    swprintf(name, MAX_PATH, L"%ls.txt", argc > 1 ? argv[1] : L"help");
    file = _wfopen(path, L"rb");
    if (!file)
        return 1;
    while ((size = fread(block, 1, sizeof(block), file)) > 0)
        fwrite(block, 1, size, stdout);
    fclose(file);
    return 0;
}
