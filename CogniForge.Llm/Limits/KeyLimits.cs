using System.Text.Json.Serialization;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Limits;

/// <summary>The limits of an API key, or of a project. A limit that is not set does not apply.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record KeyLimits
{
    private const int MaxRoutes = 100;
    private const int MaxName = 200;

    /// <summary>The project that the key belongs to, whose limits apply too. Default: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Project { get; init; }

    /// <summary>
    /// The routes or models that the key may use, 1 to 100 names; <c>*</c> matches anything, e.g. <c>gpt-*</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Routes { get; init; }

    /// <summary>The most that the key may spend per period.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Budget? Budget { get; init; }

    /// <summary>The most requests a minute, 1 to 1,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens a minute, input and output together, 1 to 1,000,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TokensPerMinute { get; init; }

    /// <summary>The limits per minute; null: none.</summary>
    [JsonIgnore]
    public RateLimits? Rates =>
        this is { RequestsPerMinute: null, TokensPerMinute: null } ? null : new(RequestsPerMinute, TokensPerMinute);

    /// <summary>Whether anything but the routes is limited.</summary>
    [JsonIgnore]
    public bool HasQuota => this is not { Budget: null, RequestsPerMinute: null, TokensPerMinute: null };

    /// <summary>The fields that break a rule, each with the rule.</summary>
    public static IEnumerable<FieldError> Validate(KeyLimits limits)
    {
        if (limits.Routes is { Count: 0 or > MaxRoutes })
        {
            yield return new("routes", $"must name 1 to {MaxRoutes} routes");
        }

        for (var i = 0; i < (limits.Routes?.Count ?? 0); i++)
        {
            if (limits.Routes![i] is not { Length: >= 1 and <= MaxName } name || name.Any(char.IsControl))
            {
                yield return new($"routes[{i}]", $"must be a name of 1 to {MaxName} characters");
            }
        }

        var errors = new RateLimits(limits.RequestsPerMinute, limits.TokensPerMinute).Validate();
        foreach (var error in limits.Budget is { } budget ? budget.Validate().Concat(errors) : errors)
        {
            yield return error;
        }
    }
}
