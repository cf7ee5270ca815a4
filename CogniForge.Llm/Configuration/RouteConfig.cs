using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>A route maps a model name that clients request to its targets.</summary>
/// <param name="Targets">The targets, 1 to 100.</param>
/// <param name="Aliases">Other names of the route, up to 100. Default: none.</param>
/// <param name="Defaults">Default values of fields in the request body, e.g. <c>temperature</c>. Default: none.</param>
/// <param name="MaxOutputTokens">
/// The maximum number of output tokens, 1 or more; also applies to requests that set no maximum. Default: no limit.
/// </param>
/// <param name="Limits">The rate limits that all requests of the route share. Default: none.</param>
/// <param name="Timeouts">The timeouts. Default: those of each provider.</param>
/// <param name="Cache">How responses are cached. Default: not at all.</param>
/// <param name="StatefulReferences">
/// Which references to what providers keep for the gateway's account pass, e.g. <c>previous_response_id</c>:
/// <c>none</c>; <c>own</c>, those that this gateway returned to the same key within 30 days; <c>any</c>. Default: own.
/// </param>
/// <param name="AllowedBetas">
/// The features that pass in <c>anthropic-beta</c> and <c>OpenAI-Beta</c>, up to 100 names; <c>*</c> matches anything.
/// Default: those that use nothing that providers keep for the account.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RouteConfig(
    IReadOnlyList<TargetConfig?>? Targets,
    IReadOnlyList<string?>? Aliases = null,
    JsonElement? Defaults = null,
    int? MaxOutputTokens = null,
    RateLimitsConfig? Limits = null,
    TimeoutsConfig? Timeouts = null,
    CacheConfig? Cache = null,
    StatefulReferences? StatefulReferences = null,
    IReadOnlyList<string?>? AllowedBetas = null
)
{
    private const int Max = 100;
    private const int MaxDefaultsBytes = 64 * 1024;
    private const int MaxBeta = 200;

    // The gateway sets these itself, or needs them before it sends the request.
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

        foreach (var error in ValidateAliases(name))
        {
            yield return error;
        }

        foreach (var error in ValidateDefaults())
        {
            yield return error;
        }

        foreach (var error in ValidateBetas())
        {
            yield return error;
        }

        if (StatefulReferences is { } references && !Enum.IsDefined(references))
        {
            yield return new("statefulReferences", "must be one of none, own, any");
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

    private IEnumerable<FieldError> ValidateBetas()
    {
        if (AllowedBetas?.Count > Max)
        {
            yield return new("allowedBetas", $"must have at most {Max} names");
        }

        foreach (var (i, name) in (AllowedBetas ?? []).Index())
        {
            if (name is not { Length: >= 1 and <= MaxBeta } || name.Any(c => c is <= ' ' or > '~' or ','))
            {
                yield return new($"allowedBetas[{i}]", $"must be 1 to {MaxBeta} ASCII characters without , and spaces");
            }
        }
    }

    /// <summary>Converts the valid model.</summary>
    public ModelRoute ToRoute(string name, ConfigOrigin origin) =>
        new(name, [.. Targets!.Select(t => new Target(t!.Provider!, t.Model!, t.Order, t.Weight ?? 1))])
        {
            Aliases = [.. (Aliases ?? []).OfType<string>()],
            Defaults = ReadDefaults(),
            MaxOutputTokens = MaxOutputTokens,
            Limits = Limits?.ToLimits(),
            Timeouts = Timeouts?.ToTimeouts(),
            Cache = Cache?.ToPolicy(),
            StatefulReferences = StatefulReferences ?? Routing.StatefulReferences.Own,
            AllowedBetas = AllowedBetas is null ? null : [.. AllowedBetas.OfType<string>()],
            Origin = origin,
        };

    private JsonObject? ReadDefaults() =>
        Defaults is { } defaults ? StrictJson.Parse(JsonMarshal.GetRawUtf8Value(defaults)) : null;

    private IEnumerable<FieldError> ValidateDefaults()
    {
        if (Defaults is { } value && JsonMarshal.GetRawUtf8Value(value).Length > MaxDefaultsBytes)
        {
            return [new("defaults", $"must have at most {MaxDefaultsBytes} bytes")];
        }

        JsonObject? defaults;
        try
        {
            defaults = ReadDefaults();
        }
        catch (JsonException)
        {
            return [new("defaults", "must be an object of valid Unicode without duplicate names")];
        }

        return _reserved
            .Where(f => defaults?.ContainsKey(f) == true)
            .Select(f => new FieldError(
                $"defaults.{f}",
                $"cannot be a default{(f.StartsWith("max_", StringComparison.Ordinal) ? "; use maxOutputTokens" : "")}"
            ));
    }

    private IEnumerable<FieldError> ValidateAliases(string name)
    {
        if (Aliases?.Count > Max)
        {
            yield return new("aliases", $"must have at most {Max} names");
            yield break;
        }

        foreach (var (i, alias) in (Aliases ?? []).Index())
        {
            if (!ConfigNames.IsModel(alias))
            {
                yield return new($"aliases[{i}]", ConfigNames.ModelRule);
            }
            else if (alias == name || Aliases!.Take(i).Contains(alias))
            {
                yield return new($"aliases[{i}]", "must differ from the other names of the route");
            }
        }
    }
}
