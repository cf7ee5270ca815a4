using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols;

/// <summary>
/// Adds what a model requires in the messages of a tool loop and clients of OpenAI's format drop, see <see
/// cref="ModelProfile.ToolHistory"/>.
/// </summary>
internal static class ToolHistory
{
    private const string Calls = "tool_calls";
    private const string InCall = Calls + ".";

    /// <summary>Whether a chat contains calls, and its model requires something with them.</summary>
    public static bool Concerns(ResolvedTarget target, JsonElement body) =>
        target.Rules.ToolHistory is not null && JsonMarshal.GetRawUtf8Value(body).IndexOf("\"tool_calls\""u8) >= 0;

    /// <summary>Adds the fields that are missing.</summary>
    /// <param name="target">The target.</param>
    /// <param name="body">The chat, which is changed.</param>
    public static void Complete(ResolvedTarget target, JsonObject body)
    {
        var messages = body["messages"].Objects().Where(m => m["role"].Text() == "assistant").ToList();
        if (
            !messages.Exists(HasCalls)
            || (body["thinking"] as JsonObject)?["type"].Text() == "disabled"
            || target.Rules.ToolHistory is not { } fields
        )
        {
            return;
        }

        foreach (var (path, value) in fields)
        {
            var isOfCall = path.StartsWith(InCall, StringComparison.Ordinal);
            foreach (var message in messages.Where(m => !isOfCall || HasCalls(m)))
            {
                if (isOfCall)
                {
                    Add(message[Calls].Objects().First(), path[InCall.Length..], value);
                }
                else
                {
                    Add(message, path, value);
                }
            }
        }
    }

    private static bool HasCalls(JsonObject message) => message[Calls].Objects().Any();

    private static void Add(JsonObject parent, string path, string value)
    {
        if (path.Split('.').Aggregate((JsonNode?)parent, (node, name) => (node as JsonObject)?[name]).Text() is null)
        {
            parent.Set(path, JsonSerializer.SerializeToElement(value));
        }
    }
}
