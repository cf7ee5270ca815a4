using System.Diagnostics.CodeAnalysis;
using CogniForge.Bench.Processes;

/// <summary>The runtime loads it into each measured .NET server (<c>DOTNET_STARTUP_HOOKS</c>).</summary>
/// <remarks>It only reports the managed memory when the benchmark requests it.</remarks>
[SuppressMessage(
    "Design",
    "CA1050:Declare types in namespaces",
    Justification = "The runtime requires a type with this name outside all namespaces."
)]
internal static class StartupHook
{
    public static void Initialize() => new Thread(MemoryHook.Serve) { IsBackground = true }.Start();
}
