using System.Text.Json.Nodes;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>An input message.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">
/// A string, or content blocks of the types <c>text</c>, <c>image</c>, <c>document</c>, <c>tool_use</c>,
/// <c>tool_result</c> …
/// </param>
internal sealed record AnthropicMessageParam(
    string Role,
    [property: OneOf(typeof(string), typeof(IReadOnlyList<JsonObject>))] object Content
);
