/* python.exe: gives its arguments to the interpreter's library, which panda3d's wheel carries without a program. */
#include <windows.h>

typedef int (*py_main)(int, wchar_t **);

int wmain(int argc, wchar_t **argv)
{
    HMODULE library = LoadLibraryW(PYTHON_DLL);
    py_main run = library ? (py_main)(void *)GetProcAddress(library, "Py_Main") : NULL;
    return run ? run(argc, argv) : 111;
}
