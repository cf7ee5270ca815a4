using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>A route as it is set up.</summary>
/// <param name="Targets">Who answers: 1 to 100.</param>
/// <param name="Aliases">Other names, up to 100. Default: none.</param>
/// <param name="Defaults">Fields of the body that a request gets when it does not set them, e.g. <c>temperature</c>. Default: none.</param>
/// <param name="MaxOutputTokens">The most output tokens, 1 or more; a request that asks for more, or does not say, gets this. Default: no limit.</param>
/// <param name="Limits">What all its requests together are limited to, whoever sends them. Default: nothing.</param>
/// <param name="Timeouts">How long to wait. Default: the gateway's own.</param>
/// <param name="Cache">Whether answers are given again. Default: they are not.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RouteConfig(
    IReadOnlyList<TargetConfig?>? Targets,
    IReadOnlyList<string?>? Aliases = null,
    JsonElement? Defaults = null,
    int? MaxOutputTokens = null,
    RateLimitsConfig? Limits = null,
    TimeoutsConfig? Timeouts = null,
    CacheConfig? Cache = null
)
{
    private const int Max = 100;

    // What the gateway decides itself, or must know of a request before it goes out.
    private static readonly string[] _reserved =
    [
        "model",
        "messages",
        "input",
        "stream",
        "stream_options",
        "n",
        "max_tokens",
        "max_completion_tokens",
        "max_output_tokens",
    ];

    /// <summary>The rules that the document breaks by itself.</summary>
    public IEnumerable<FieldError> Validate(string name)
    {
        if (!ConfigNames.IsModel(name))
        {
            yield return new("name", ConfigNames.ModelRule);
        }

        if (Targets is not { Count: >= 1 and <= Max })
        {
            yield return new("targets", $"must have 1 to {Max} targets");
        }

        foreach (
            var error in (Targets ?? []).SelectMany(
                (t, i) => t is null ? [new($"targets[{i}]", "must be an object")] : t.Validate($"targets[{i}]")
            )
        )
        {
            yield return error;
        }

        foreach (var error in CheckAliases(name))
        {
            yield return error;
        }

        foreach (var error in CheckDefaults())
        {
            yield return error;
        }

        if (MaxOutputTokens < 1)
        {
            yield return new("maxOutputTokens", "must be 1 or more");
        }

        foreach (
            var error in (Limits?.Validate() ?? []).Concat(Timeouts?.Validate() ?? []).Concat(Cache?.Validate() ?? [])
        )
        {
            yield return error;
        }
    }

    /// <summary>The route. The document has been checked.</summary>
    public ModelRoute ToRoute(string name, ConfigOrigin origin) =>
        new(name, [.. Targets!.Select(t => new Target(t!.Provider!, t.Model!, t.Order, t.Weight ?? 1))])
        {
            Aliases = [.. (Aliases ?? []).OfType<string>()],
            Defaults = ReadDefaults(),
            MaxOutputTokens = MaxOutputTokens,
            Limits = Limits?.ToLimits(),
            Timeouts = Timeouts?.ToTimeouts(),
            Cache = Cache?.ToPolicy(),
            Origin = origin,
        };

    private JsonObject? ReadDefaults() =>
        Defaults is { } defaults ? StrictJson.Parse(JsonMarshal.GetRawUtf8Value(defaults)) : null;

    private IEnumerable<FieldError> CheckDefaults()
    {
        JsonObject? defaults;
        try
        {
            defaults = ReadDefaults();
        }
        catch (JsonException)
        {
            return [new("defaults", "must be an object, without duplicate names, of valid Unicode")];
        }

        return _reserved
            .Where(f => defaults?.ContainsKey(f) == true)
            .Select(f => new FieldError(
                $"defaults.{f}",
                $"cannot be a default{(f.StartsWith("max_", StringComparison.Ordinal) ? "; use maxOutputTokens" : "")}"
            ));
    }

    private IEnumerable<FieldError> CheckAliases(string name)
    {
        if (Aliases?.Count > Max)
        {
            yield return new("aliases", $"must have at most {Max} names");
        }

        foreach (var (i, alias) in (Aliases ?? []).Index())
        {
            if (!ConfigNames.IsModel(alias))
            {
                yield return new($"aliases[{i}]", ConfigNames.ModelRule);
            }
            else if (alias == name || Aliases!.Take(i).Contains(alias))
            {
                yield return new($"aliases[{i}]", "must be a name that the route does not have already");
            }
        }
    }
}
