using System.IO.Enumeration;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Limits;

/// <summary>What a key may do beyond its scopes. Whatever is not set is not limited.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record KeyLimits
{
    /// <summary>The routes or models that may be asked for, 1 to 100 names; <c>*</c> stands for anything, e.g. <c>gpt-*</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Routes { get; init; }

    /// <summary>The most that may be spent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Budget? Budget { get; init; }

    /// <summary>The most requests a minute, 1 to 1,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens a minute, input and output together, 1 to 1,000,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TokensPerMinute { get; init; }

    /// <summary>Whether a request may be made, by the name that it asks for or that of the route which answers it.</summary>
    public bool Allows(string model, string route)
    {
        foreach (var pattern in Routes ?? [])
        {
            if (
                FileSystemName.MatchesSimpleExpression(pattern, model, ignoreCase: false)
                || FileSystemName.MatchesSimpleExpression(pattern, route, ignoreCase: false)
            )
            {
                return true;
            }
        }

        return Routes is null;
    }
}
