using CogniForge.Bench.Load;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Measuring;

/// <summary>A request and the process that answers it.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Server">The process.</param>
/// <param name="Request">The request.</param>
/// <param name="Baseline">What it is compared with, measured just before it in every round; null: it is a baseline.</param>
/// <param name="Rest">Waits until the server has done what its answers left to do; null: it is seen by its CPU time.</param>
internal sealed record Contestant(
    string Name,
    ServerProcess Server,
    PreparedRequest Request,
    Contestant? Baseline = null,
    Func<CancellationToken, Task>? Rest = null
);
