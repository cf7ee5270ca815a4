using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Supervision;

/// <summary>
/// A process of its own that outlives the AppHost, however that ends, and then ends what the AppHost has left behind.
/// It reads from a pipe whose other end only the AppHost holds: a line for each process started, and the end of the stream when the AppHost is gone.
/// </summary>
internal static class Supervisor
{
    public const string Verb = "supervise";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    public static int Main(string[] args)
    {
        if (args is not [Verb, var folder])
        {
            Console.Error.WriteLine("This is the supervisor of an AppHost's processes and is started by the AppHost.");
            return 1;
        }

        var roots = new List<(ProcessEntry Process, int StopSignal)>();
        while (Console.In.ReadLine() is { } line)
        {
            var words = line.Split(' ').Select(w => int.Parse(w, CultureInfo.InvariantCulture)).ToArray();
            roots.RemoveAll(r => !ProcessTable.IsAlive(r.Process));
            if (ProcessTable.Find(words[0]) is { } process)
                roots.Add((process, words[1]));
        }

        EndAll(roots, folder);
        RunFolder.Delete(folder);
        return 0;
    }

    private static void EndAll(List<(ProcessEntry Process, int StopSignal)> roots, string folder)
    {
        foreach (var (process, stopSignal) in roots.Where(r => ProcessTable.IsAlive(r.Process)))
            Signals.Send(process.Id, stopSignal);
        var asked = roots.Select(r => r.Process).ToHashSet();
        var deadline = TimeProvider.System.GetTimestamp();
        List<ProcessEntry> left;
        while ((left = Left(roots, folder)).Count > 0)
        {
            var isTimeUp = TimeProvider.System.GetElapsedTime(deadline) > Grace;
            foreach (var process in left)
            {
                if (isTimeUp)
                    Signals.Send(process.Id, Signals.Kill);
                else if (!HasAskedAncestor(process, roots) && asked.Add(process))
                    Signals.Send(process.Id, Signals.Terminate);
            }

            Task.Delay(Patience).GetAwaiter().GetResult();
        }
    }

    /// <summary>What a live root has started is the root's to end; only what has lost it is asked directly.</summary>
    private static bool HasAskedAncestor(ProcessEntry process, List<(ProcessEntry Process, int StopSignal)> roots) =>
        roots.Any(r => r.Process.Id == process.Session && ProcessTable.IsAlive(r.Process));

    private static List<ProcessEntry> Left(List<(ProcessEntry Process, int StopSignal)> roots, string folder)
    {
        var table = ProcessTable.Read();
        return [.. roots.Where(r => ProcessTable.IsAlive(r.Process)).SelectMany(r => ProcessTable.TreeOf(r.Process.Id, table))
            .Concat(table.Where(p => ProcessTable.HasVariable(p.Id, RunFolder.Variable, folder)))
            .Where(p => p.Id != Environment.ProcessId)
            .Distinct()];
    }
}
