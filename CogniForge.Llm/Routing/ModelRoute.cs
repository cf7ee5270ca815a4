using System.Text.Json.Nodes;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Routing;

/// <summary>Maps a model name that clients request to its targets.</summary>
/// <param name="Name">The name, e.g. <c>fast</c>; it may contain the wildcard <c>*</c>, e.g. <c>gpt-*</c>.</param>
/// <param name="Targets">The targets, at least one.</param>
internal sealed record ModelRoute(string Name, IReadOnlyList<Target> Targets)
{
    /// <summary>Other names of the route. Default: none.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Default values of fields in the request body, e.g. <c>temperature</c>. Default: none.</summary>
    public JsonObject? Defaults { get; init; }

    /// <summary>
    /// The maximum number of output tokens; also applies to requests that set no maximum. Default: no limit.
    /// </summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The rate limits that all requests of the route share. Default: none.</summary>
    public RateLimits? Limits { get; init; }

    /// <summary>The timeouts. Default: those of each provider.</summary>
    public TimeoutOverrides? Timeouts { get; init; }

    /// <summary>Which references to what providers keep pass. Default: own.</summary>
    public StatefulReferences StatefulReferences { get; init; } = StatefulReferences.Own;

    /// <summary>The beta features that pass to providers. Default: null, those of the gateway.</summary>
    public IReadOnlyList<string>? AllowedBetas { get; init; }

    public ConfigOrigin Origin { get; init; } = ConfigOrigin.Configuration;

    /// <summary>The name and the aliases.</summary>
    public IEnumerable<string> Names => Aliases.Prepend(Name);

    /// <summary>How responses are cached. Default: not at all.</summary>
    public CachePolicy? Cache { get; init; }
}
