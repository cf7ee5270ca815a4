using System.Diagnostics.CodeAnalysis;
using CogniForge.Bench.Processes;

/// <summary>Loaded by the runtime into each measured .NET server (<c>DOTNET_STARTUP_HOOKS</c>): answers the benchmark's question for its managed memory, and does nothing else.</summary>
[SuppressMessage(
    "Design",
    "CA1050:Declare types in namespaces",
    Justification = "The runtime looks for a type of this name in no namespace."
)]
internal static class StartupHook
{
    public static void Initialize() => new Thread(MemoryHook.Answer) { IsBackground = true }.Start();
}
