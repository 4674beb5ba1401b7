/* vmnet-doctor.com: the same program for a console.
 *
 * vmnet-doctor.exe is a window program: shells do not wait for it. Shells prefer .com to .exe, so that typing
 * `vmnet-doctor` starts this, which starts the .exe beside it with the same arguments, handles and console, waits
 * for it and returns its exit code. Everything else is the .exe's work. */
#include <windows.h>

#define LONGEST 32768

static wchar_t program[LONGEST];

static DWORD give_up(const char *why)
{
    DWORD written;
    WriteFile(GetStdHandle(STD_ERROR_HANDLE), why, lstrlenA(why), &written, NULL);
    return 2;
}

/* The command line behind the program's own name, as it was typed. */
static wchar_t *arguments(wchar_t *line)
{
    BOOL quoted = FALSE;
    for (; *line; line++) {
        if (*line == L'"')
            quoted = !quoted;
        else if (!quoted && (*line == L' ' || *line == L'\t'))
            break;
    }
    return line;
}

static DWORD start(void)
{
    static wchar_t line[LONGEST];
    STARTUPINFOW how = { .cb = sizeof how };
    PROCESS_INFORMATION child;
    DWORD code = 2;
    DWORD length = GetModuleFileNameW(NULL, program, LONGEST);
    wchar_t *rest = arguments(GetCommandLineW());

    if (length < 4 || length >= LONGEST - 4)
        return give_up("vmnet-doctor: its own path is too long\n");
    lstrcpyW(program + length - 4, L".exe");
    if (length + lstrlenW(rest) + 3 >= LONGEST)
        return give_up("vmnet-doctor: the command line is too long\n");
    lstrcpyW(line, L"\"");
    lstrcatW(line, program);
    lstrcatW(line, L"\"");
    lstrcatW(line, rest);

    how.dwFlags = STARTF_USESTDHANDLES;
    how.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    how.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    how.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    /* Tells the .exe that a console of its parent's is waiting. */
    SetEnvironmentVariableW(L"VMNET_DOCTOR_CONSOLE", L"1");
    /* Ctrl+C is the child's business. */
    SetConsoleCtrlHandler(NULL, FALSE);
    if (!CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &how, &child))
        return give_up("vmnet-doctor: vmnet-doctor.exe is not beside vmnet-doctor.com\n");
    SetConsoleCtrlHandler(NULL, TRUE);
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    return code;
}

/* Without the C library: a few kilobytes. */
void __stdcall entry(void)
{
    ExitProcess(start());
}
