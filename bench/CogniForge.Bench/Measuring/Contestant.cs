using CogniForge.Bench.Load;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Measuring;

/// <summary>A request and the process that serves it.</summary>
/// <param name="Name">The name in the tables.</param>
/// <param name="Server">The process.</param>
/// <param name="Request">The request.</param>
/// <param name="Baseline">The contestant to compare with, measured just before in each round; null for a
/// baseline.</param>
/// <param name="Rest">Waits until the work after the responses is done; null to watch the server's CPU time
/// instead.</param>
internal sealed record Contestant(
    string Name,
    ServerProcess Server,
    PreparedRequest Request,
    Contestant? Baseline = null,
    Func<CancellationToken, Task>? Rest = null
);
