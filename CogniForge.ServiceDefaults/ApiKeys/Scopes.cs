namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>The scopes of API keys. Each endpoint requires one; no scope includes another.</summary>
public static class Scopes
{
    /// <summary>Call models through the gateway.</summary>
    public const string LlmInvoke = "llm:invoke";

    /// <summary>Score inputs with the served models.</summary>
    public const string ServingInfer = "serving:infer";

    /// <summary>Read <c>/metrics</c> and the unified metrics API.</summary>
    public const string MetricsRead = "metrics:read";

    /// <summary>All scopes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[] { "llm", "serving", "analytics", "web" }.SelectMany(s => new[] { Read(s), Write(s), Admin(s) }),
        LlmInvoke,
        ServingInfer,
        MetricsRead,
    ];

    /// <summary>
    /// The scopes of the key for calls between services: what <c>web</c> reads of the others, and the models of
    /// <c>serving</c> that are language models.
    /// </summary>
    public static IReadOnlyList<string> ServiceCalls { get; } =
    [
        Read("llm"),
        Read("serving"),
        Read("analytics"),
        LlmInvoke,
    ];

    /// <summary>Read a service's data.</summary>
    /// <param name="service">The service's name, e.g. <c>llm</c>.</param>
    public static string Read(string service) => $"{service}:read";

    /// <summary>Change or add a service's data.</summary>
    /// <param name="service">The service's name.</param>
    public static string Write(string service) => $"{service}:write";

    /// <summary>Manage a service: its keys, its configuration.</summary>
    /// <param name="service">The service's name.</param>
    public static string Admin(string service) => $"{service}:admin";

    /// <summary>Whether a scope is one of <see cref="Admin"/>.</summary>
    internal static bool IsAdmin(string scope) => scope.EndsWith(":admin", StringComparison.Ordinal);
}
