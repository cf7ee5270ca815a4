namespace CogniForge.Bench.Load;

/// <summary>The load on a server.</summary>
/// <param name="Connections">The number of connections.</param>
/// <param name="RequestsPerSecond">
/// The total rate, spread evenly over the connections; null if each connection sends as soon as it has its response.
/// </param>
internal sealed record Traffic(int Connections, int? RequestsPerSecond = null)
{
    public string Title =>
        $"{Connections} connection{(Connections == 1 ? "" : "s")}"
        + (RequestsPerSecond is { } rate ? $", {rate} a second" : "");
}
