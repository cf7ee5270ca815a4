using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols;

/// <summary>
/// Makes a Claude think for an effort of OpenAI's formats, see <see cref="ModelProfile.ThinkingOn"/>: without thinking,
/// Anthropic's effort only shortens the text.
/// </summary>
internal static class ThinkingOn
{
    private static readonly string[] _sampling = ["temperature", "top_p", "top_k"];

    /// <summary>Adds the model's fields to a translated request with an effort, unless the client chose.</summary>
    /// <param name="target">The target.</param>
    /// <param name="body">A request of Anthropic's messages, which is changed.</param>
    public static void Write(ResolvedTarget target, JsonObject body)
    {
        if (
            target.Rules.ThinkingOn is { } fields
            && (body["output_config"] as JsonObject)?["effort"].Text() is not null
            && !body.ContainsKey("thinking")
            && !ExcludesThinking(body)
        )
        {
            foreach (var (name, value) in fields)
            {
                body.Set(name, value);
            }
        }
    }

    // platform.claude.com/docs/build-with-claude/extended-thinking: neither with a forced tool nor with sampling.
    private static bool ExcludesThinking(JsonObject body) =>
        (body["tool_choice"] as JsonObject)?["type"].Text() is "any" or "tool" || _sampling.Any(body.ContainsKey);
}
