using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Converts <c>function_call</c>, which some servers still send instead of <c>tool_calls</c>, before a response is
/// translated.
/// </summary>
internal static class LegacyFunctionCall
{
    private const string Name = "function_call";

    /// <summary>Converts a complete response; returns it unchanged if it has none.</summary>
    public static ReadOnlyMemory<byte> ConvertWhole(ReadOnlyMemory<byte> json) => Convert(json, "message");

    /// <summary>Converts the events of a stream.</summary>
    public static async IAsyncEnumerable<SseEvent> ConvertAsync(IAsyncEnumerable<SseEvent> events)
    {
        await foreach (var item in events)
        {
            yield return item with
            {
                Data = Convert(item.Data, "delta"),
            };
        }
    }

    private static ReadOnlyMemory<byte> Convert(ReadOnlyMemory<byte> json, string member)
    {
        if (json.Span.IndexOf("\"function_call\""u8) < 0)
        {
            return json;
        }

        try
        {
            var response = StrictJson.Parse(json.Span);
            var isChanged = false;
            foreach (var choice in response["choices"].Objects())
            {
                if (choice[member] is JsonObject message && message[Name] is JsonObject call)
                {
                    message.Remove(Name);
                    if (!message["tool_calls"].Objects().Any())
                    {
                        message["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["function"] = call });
                    }

                    isChanged = true;
                }

                if (choice["finish_reason"].Text() == Name)
                {
                    choice["finish_reason"] = "tool_calls";
                    isChanged = true;
                }
            }

            return isChanged ? WireJson.Write(response, json.Length) : json;
        }
        catch (JsonException)
        {
            return json; // reading it reports the error
        }
    }
}
