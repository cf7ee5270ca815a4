using CogniForge.Bench.Load;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Measuring;

/// <summary>A request and the process that answers it.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Server">The process.</param>
/// <param name="Request">The request.</param>
/// <param name="Baseline">What it is compared with, measured just before it in every round; null: it is a baseline.</param>
internal sealed record Contestant(string Name, ServerProcess Server, PreparedRequest Request, Contestant? Baseline = null);
