namespace CogniForge.Bench.Load;

/// <summary>How a server is loaded.</summary>
/// <param name="Connections">Over how many connections.</param>
/// <param name="RequestsPerSecond">How many requests a second in all, evenly over the connections; null: each connection sends its next request when it has its answer.</param>
internal sealed record Traffic(int Connections, int? RequestsPerSecond = null)
{
    public string Title =>
        $"{Connections} connection{(Connections == 1 ? "" : "s")}{(RequestsPerSecond is { } rate ? $", {rate} a second" : "")}";
}
