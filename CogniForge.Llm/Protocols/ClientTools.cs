using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols;

/// <summary>
/// The providers' tools that the client runs itself, which cost only tokens. Anthropic's tool search is none of them:
/// it runs at the provider, which then calls the model again. OpenAI's is one if its execution is the client's.
/// </summary>
internal static class ClientTools
{
    /// <summary>More than providers add to explain one: Anthropic adds 1,234 tokens for its computer.</summary>
    public const int TokensPerTool = 2_048;

    // platform.claude.com/docs/en/agents-and-tools/tool-use/overview, client tools.
    private static readonly Regex _anthropics = new(
        @"\A(bash|text_editor|memory|computer)_20[0-9]{6}\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    // developers.openai.com/api/docs/guides: tools-local-shell, -apply-patch, -computer-use, -shell, -tool-search.
    private static readonly FrozenSet<string> _openAis = FrozenSet.Create(
        "local_shell",
        "apply_patch",
        "computer",
        "computer_use_preview"
    );

    /// <summary>Whether the client runs a tool of a provider with this protocol.</summary>
    public static bool Contains(Protocol protocol, JsonElement tool) =>
        tool.Members("type").ToList() is [var only]
        && only.Text() is { } type
        && protocol switch
        {
            Protocol.Messages => _anthropics.IsMatch(type),
            Protocol.Responses => _openAis.Contains(type)
                || (type == "shell" && IsLocal(tool))
                || (type == "tool_search" && IsOnly(tool.Members("execution"), "client")),
            _ => false,
        };

    /// <summary>Whether the client runs a tool of any provider.</summary>
    public static bool Contains(JsonElement tool) =>
        Contains(Protocol.Messages, tool) || Contains(Protocol.Responses, tool);

    // OpenAI's shell runs in a container of OpenAI's, for a fee, or at the client.
    private static bool IsLocal(JsonElement shell) =>
        shell.Members("environment").ToList() is [var environment] && IsOnly(environment.Members("type"), "local");

    private static bool IsOnly(IEnumerable<JsonElement> values, string text) =>
        values.ToList() is [var only] && only.Text() == text;
}
