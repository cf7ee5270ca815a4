namespace CogniForge.Bench.Processes;

/// <summary>The benchmark's side channel into a server: a line in, a line out.</summary>
internal static class MemoryHook
{
    public const string Question = "memory?";

    public static void Answer()
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line == Question)
            {
                Console.WriteLine(ManagedMemory.Own());
            }
        }
    }
}
