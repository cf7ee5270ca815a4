using System.Text.Json.Serialization;

namespace CogniForge.Llm.Configuration;

/// <summary>A provider with the state of its targets.</summary>
/// <param name="Name">The unique name.</param>
/// <param name="Origin">The origin: <c>builtIn</c>, <c>configuration</c> or <c>api</c>.</param>
/// <param name="Kind">The name of the known provider whose address and rules apply, e.g. <c>groq</c>.</param>
/// <param name="BaseUrl">The base URL; null for the mock.</param>
/// <param name="HasKey">Whether an API key is configured. The API never returns the key.</param>
/// <param name="Protocols">The supported protocols.</param>
/// <param name="Targets">
/// The models that this replica has called since its start, up to 1,000 of all providers.
/// </param>
/// <param name="Timeouts">The timeouts, in milliseconds; absent: those of the service.</param>
internal sealed record ProviderInfo(
    string Name,
    ConfigOrigin Origin,
    string Kind,
    Uri? BaseUrl,
    bool HasKey,
    IReadOnlyList<string> Protocols,
    IReadOnlyList<TargetHealthInfo> Targets,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TimeoutsConfig? Timeouts = null
);
