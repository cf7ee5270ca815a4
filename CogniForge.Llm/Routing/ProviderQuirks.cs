using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Routing;

/// <summary>How a provider's chat completions differ from OpenAI's.</summary>
/// <param name="OutputLimit">
/// The only name under which the provider takes the output limit: <c>max_tokens</c> or <c>max_completion_tokens</c>.
/// Default: both.
/// </param>
/// <param name="Fields">
/// Fields that the provider refuses, with the name to send instead; an empty one drops the field.
/// <c>messages.name</c> is the field <c>name</c> of each message. Up to 100. Default: none.
/// </param>
/// <param name="Values">
/// The texts to send instead of others, by field, e.g. <c>messages.role</c>; an empty one drops the field. Up to 100
/// fields. Default: none.
/// </param>
/// <param name="ToolCallIdLength">
/// The length that ids of tool calls must have, in letters and digits, 4 to 40. Other ids are replaced. Default: any.
/// </param>
/// <param name="ThinkingParts">
/// Whether the provider takes earlier reasoning as a part of the content, <c>{"type":"thinking"}</c>, as Mistral does.
/// Default: false.
/// </param>
/// <param name="CacheControl">
/// Whether the provider takes Anthropic's <c>cache_control</c>. Default: for models with <c>claude</c> in their name.
/// </param>
/// <param name="ThinkingOff">
/// The fields that switch thinking off, e.g. <c>{"enable_thinking":false}</c>; none for models that do not think by
/// default. Up to 100. Default: unknown.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ProviderQuirks(
    string? OutputLimit = null,
    IReadOnlyDictionary<string, string?>? Fields = null,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>>? Values = null,
    int? ToolCallIdLength = null,
    bool? ThinkingParts = null,
    bool? CacheControl = null,
    IReadOnlyDictionary<string, JsonElement>? ThinkingOff = null
)
{
    /// <summary>Whether the provider takes no field of this name.</summary>
    public bool Drops(string field) =>
        Fields?.TryGetValue(field, out var name) == true && string.IsNullOrEmpty(name);

    /// <summary>Replaces each part that the settings of a user have.</summary>
    public ProviderQuirks With(ProviderQuirks? settings) =>
        settings is null
            ? this
            : new(
                settings.OutputLimit ?? OutputLimit,
                settings.Fields ?? Fields,
                settings.Values ?? Values,
                settings.ToolCallIdLength ?? ToolCallIdLength,
                settings.ThinkingParts ?? ThinkingParts,
                settings.CacheControl ?? CacheControl,
                settings.ThinkingOff ?? ThinkingOff
            );
}
