/*
 * A service for Wine's service manager: service.exe run | win32 CODE | own CODE | serve PORT [PIPE]
 * run: stays until it is stopped. win32, own: starts and ends with that exit code, of Windows or of its own.
 * serve: stays and answers every HTTP request on 127.0.0.1:PORT with 200; makes the named pipe PIPE too.
 */
#include <winsock2.h>
#include <windows.h>
#include <wchar.h>

static SERVICE_STATUS_HANDLE handle;
static HANDLE stopped;
static wchar_t *mode = L"run";
static wchar_t *pipe_name;
static DWORD number;

static void tell(DWORD state, DWORD win32, DWORD own)
{
    SERVICE_STATUS status = {SERVICE_WIN32_OWN_PROCESS, state, SERVICE_ACCEPT_STOP, win32, own, 0, 0};
    SetServiceStatus(handle, &status);
}

static DWORD WINAPI control(DWORD wanted, DWORD event, void *data, void *context)
{
    if (wanted == SERVICE_CONTROL_STOP)
        SetEvent(stopped);
    return NO_ERROR;
}

static DWORD WINAPI answer(void *listener)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                               "Connection: close\r\n\r\n{}";
    char request[4096];
    SOCKET link;

    while ((link = accept((SOCKET)listener, NULL, NULL)) != INVALID_SOCKET) {
        recv(link, request, sizeof(request), 0);
        send(link, text, sizeof(text) - 1, 0);
        shutdown(link, SD_SEND);
        while (recv(link, request, sizeof(request), 0) > 0)
            ;
        closesocket(link);
    }
    return 0;
}

static BOOL serve(void)
{
    struct sockaddr_in local = {0};
    WSADATA data;
    SOCKET listener;

    if (WSAStartup(MAKEWORD(2, 2), &data))
        return FALSE;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    local.sin_family = AF_INET;
    local.sin_port = htons((u_short)number);
    local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&local, sizeof(local)) || listen(listener, 8))
        return FALSE;
    if (pipe_name)
        CreateNamedPipeW(pipe_name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 1, 64, 64, 0, NULL);
    return CreateThread(NULL, 0, answer, (void *)listener, 0, NULL) != NULL;
}

static void WINAPI service_main(DWORD argc, wchar_t **argv)
{
    BOOL stays = !wcscmp(mode, L"run");

    stopped = CreateEventW(NULL, TRUE, FALSE, NULL);
    handle = RegisterServiceCtrlHandlerExW(L"", control, NULL);
    if (!wcscmp(mode, L"serve") && !(stays = serve()))
        number = ERROR_PROCESS_ABORTED;
    tell(SERVICE_RUNNING, 0, 0);
    if (stays)
        WaitForSingleObject(stopped, INFINITE);
    if (!wcscmp(mode, L"own"))
        tell(SERVICE_STOPPED, ERROR_SERVICE_SPECIFIC_ERROR, number);
    else
        tell(SERVICE_STOPPED, stays ? 0 : number, 0);
}

int wmain(int argc, wchar_t **argv)
{
    SERVICE_TABLE_ENTRYW table[] = {{L"", service_main}, {NULL, NULL}};
    if (argc > 1)
        mode = argv[1];
    if (argc > 2)
        number = wcstoul(argv[2], NULL, 10);
    if (argc > 3)
        pipe_name = argv[3];
    return StartServiceCtrlDispatcherW(table) ? 0 : 1;
}
