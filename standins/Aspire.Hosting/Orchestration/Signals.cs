using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

internal static class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>To a process, or with a negative number to its group. A process that is gone already is no error.</summary>
    public static void Send(int process, int signal)
    {
        if (!OperatingSystem.IsWindows())
            _ = NativeKill(process, signal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int process, int signal);
}
