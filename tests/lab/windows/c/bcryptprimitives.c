/* bcryptprimitives.dll: the one function of it that programs written in Rust need; Wine 8 has no such library. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(void *buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(unsigned char *buffer, SIZE_T length)
{
    return SystemFunction036(buffer, (ULONG)length);
}
