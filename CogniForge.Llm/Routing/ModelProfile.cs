using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Routing;

/// <summary>The properties of some of a provider's models.</summary>
/// <param name="Model">The provider's name of the model; <c>*</c> matches anything.</param>
/// <param name="MaxOutputTokens">The most output tokens that the model generates, 1 or more. Default: unknown.</param>
/// <param name="Fields">
/// Fields that this model refuses, beside those of the provider's <c>quirks.fields</c>. Up to 100. Default: none.
/// </param>
/// <param name="ThinkingOff">
/// The fields that switch this model's thinking off, before <c>quirks.thinkingOff</c>; <c>a.b</c> is a field within
/// another. Up to 100. Default: Anthropic's own switch there, elsewhere unknown.
/// </param>
/// <param name="OutputLimit">
/// The only name under which this model takes the output limit, before <c>quirks.outputLimit</c>. Default: that one.
/// </param>
/// <param name="Values">
/// The texts to send instead of others, by field, each field before that of <c>quirks.values</c>; of an object, its
/// <c>type</c> is the text. <c>json_object</c> replaces a response format by this type, or drops it if the prompt does
/// not mention JSON. Up to 100 fields. Default: none.
/// </param>
/// <param name="ThinkingOn">
/// The fields that make a Claude think that does so only on request, for an effort of a client of another format. Up to
/// 100. Default: none.
/// </param>
/// <param name="WithTools">
/// The fields to send in each chat with tools; values of the client that differ are dropped. Up to 100. Default: none.
/// </param>
/// <param name="ToolHistory">
/// The fields that this model requires in each earlier message of the assistant after a tool was called, for clients
/// that dropped them; <c>tool_calls.…</c> is a field of a message's first call. Not sent while <c>thinking</c> is
/// <c>disabled</c>. Up to 100. Default: none.
/// </param>
/// <param name="WhileThinking">
/// As <c>values</c>, unless <c>thinking</c> is <c>disabled</c>. Up to 100 fields. Default: none.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ModelProfile(
    string? Model,
    int? MaxOutputTokens = null,
    IReadOnlyDictionary<string, string?>? Fields = null,
    IReadOnlyDictionary<string, JsonElement>? ThinkingOff = null,
    string? OutputLimit = null,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>>? Values = null,
    IReadOnlyDictionary<string, JsonElement>? ThinkingOn = null,
    IReadOnlyDictionary<string, JsonElement>? WithTools = null,
    IReadOnlyDictionary<string, string>? ToolHistory = null,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>>? WhileThinking = null
)
{
    public bool Matches(string model) => FileSystemName.MatchesSimpleExpression(Model, model, ignoreCase: false);
}
