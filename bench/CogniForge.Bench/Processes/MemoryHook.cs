namespace CogniForge.Bench.Processes;

/// <summary>The benchmark's side channel into a server: one line in, one line out.</summary>
internal static class MemoryHook
{
    public const string Command = "memory?";

    public static void Serve()
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line == Command)
            {
                Console.WriteLine(ManagedMemory.Own());
            }
        }
    }
}
