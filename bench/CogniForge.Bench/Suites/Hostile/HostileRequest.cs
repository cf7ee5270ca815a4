using CogniForge.Bench.Load;

namespace CogniForge.Bench.Suites.Hostile;

/// <summary>A request that a hostile client sends again and again.</summary>
/// <param name="Name">What it is, for the table.</param>
/// <param name="Request">The request.</param>
internal sealed record HostileRequest(string Name, PreparedRequest Request)
{
    /// <summary>Whether the client reads the responses.</summary>
    public bool IsRead { get; init; } = true;

    /// <summary>The connections that send it at once.</summary>
    public int Connections { get; init; } = 200;
}
